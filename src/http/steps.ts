import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../schema/core/builder.js';
import type { Recorded } from './log.js';

/** An operation that is about to be executed. */
export interface Execution extends ExecutionArgs {
  contextValue: Context & Recorded;
}

/** Sees the result, and may add to its extensions in place: a copy of a result takes several times as long to write. */
export type After = (result: ExecutionResult) => void;

/** Something that belongs to every execution: throws to refuse it, and answers what is to be done after it, if anything. */
export type Step = (execution: Execution) => After | undefined;

export type Execute = (execution: Execution) => ExecutionResult | Promise<ExecutionResult>;

/** All of our steps as one hook: Yoga wraps each of its hooks in promises, and none of these waits for anything. */
export function useSteps(steps: readonly Step[], execute: Execute): Plugin<Context & Recorded> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const afters = steps.map((step) => step(args));
      setExecuteFn(execute as typeof executeFn); // its context is ours
      return {
        onExecuteDone({ result }) {
          for (const after of afters) after?.(result as ExecutionResult); // nothing is answered in parts
        },
      };
    },
  };
}
