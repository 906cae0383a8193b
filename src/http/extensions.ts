import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../schema/core/builder.js';

/** Adds to an answer how many REST calls it took, and the enum values that this schema does not know. */
export function useExtensions(): Plugin<Context> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (isAsyncIterable(result)) return;
        const { weavr, unrecognized } = args.contextValue;
        const extensions = {
          ...result.extensions,
          cost: { actual: weavr.calls.length },
          ...(unrecognized.size > 0 && { weavr: { unrecognized: [...unrecognized].sort() } }),
        };
        setResult({ ...result, extensions });
      },
    }),
  };
}
