import { type DocumentNode, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Context } from '../schema/core/builder.js';
import { maskError } from './errors.js';

export type { Logger } from 'pino';

/** JSON lines on standard output, or wherever a test looks. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination ?? pino.destination(1));

const callerOf = ({ weavr: { session } }: Context) =>
  session.api === 'BACK_OFFICE' ? 'BACK_OFFICE' : session.token ? 'USER' : 'ANONYMOUS';

const nameOf = (document: DocumentNode, operationName: string | null | undefined) => {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = operations.find(({ name }) => !operationName || name?.value === operationName) ?? operations[0];
  return { type: operation?.operation, name: operation?.name?.value ?? null };
};

/** One line per operation, by allow-list: nothing that a caller or Weavr sent but names, codes and references. */
export function useOperationLog(logger: Logger): Plugin<Context> {
  const seen = new Set<string>();
  return {
    onExecute({ args }) {
      const started = performance.now();
      const { contextValue: context } = args;
      return {
        onExecuteDone({ result }) {
          const errors = 'errors' in result ? (result.errors ?? []).map(maskError) : [];
          logger.info({
            operation: nameOf(args.document, args.operationName),
            caller: callerOf(context),
            ms: Math.round(performance.now() - started),
            upstreamCalls: context.weavr.calls.length,
            requestRefs: context.weavr.calls.flatMap(({ requestRef }) => requestRef ?? []),
            codes: errors.map(({ extensions }) => extensions.code),
          });
          for (const { originalError, extensions } of errors) {
            if (extensions.code === 'INTERNAL_SERVER_ERROR')
              logger.error({ fault: originalError?.name, stack: framesOf(originalError) });
          }
          for (const value of context.unrecognized)
            if (isNew(seen, value)) logger.warn({ unrecognized: value.slice(0, 100) });
        },
      };
    },
  };
}

/** The frames of a stack without its message, which may hold what a caller sent. */
const framesOf = (error: Error | undefined) =>
  error?.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 10);

const MOST_REMEMBERED = 1_000;

function isNew(seen: Set<string>, value: string) {
  if (seen.has(value) || seen.size >= MOST_REMEMBERED) return false;
  seen.add(value);
  return true;
}
