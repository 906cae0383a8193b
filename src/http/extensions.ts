import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../schema/core/builder.js';

/** Adds to an answer the enum values that this schema does not know. */
export function useExtensions(): Plugin<Context> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        const { unrecognized } = args.contextValue;
        if (isAsyncIterable(result) || !unrecognized.size) return;
        const weavr = { unrecognized: [...unrecognized].sort() };
        setResult({ ...result, extensions: { ...result.extensions, weavr } });
      },
    }),
  };
}
