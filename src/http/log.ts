import { type ExecutionResult, getOperationAST } from 'graphql';
import pino, { type DestinationStream, type Logger } from 'pino';
import { noteOperation, type RequestRecord } from './requests.js';
import type { Step } from './steps.js';

export type { Logger } from 'pino';

/** What an execution has of its HTTP request. */
export interface Recorded {
  record: RequestRecord;
}

/** JSON lines on standard output, or wherever a test looks. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination ?? pino.destination(1));

/** One line per request, by allow-list: nothing that a caller or Weavr sent but names, codes and references. */
export function logAnswered(logger: Logger, record: RequestRecord) {
  if (!logger.isLevelEnabled('info')) return;
  const { requestId, route, method, caller, operation, status, whole, codes, calls, ms } = record;
  const failed = calls.filter((call) => call.status === undefined || call.status >= 300);
  logger.info({
    requestId,
    route,
    method,
    status,
    whole,
    caller,
    operation,
    ms: Math.round(ms),
    upstreamCalls: calls.length,
    requestRefs: calls.flatMap(({ requestRef }) => requestRef ?? []),
    failedCalls: failed.map(({ operation, status, noAnswer }) => ({ operation, status, noAnswer })),
    codes,
  });
}

/** What nobody expected: where in our code, without the message, which may hold what a caller sent. */
export function logFault(logger: Logger, { requestId }: RequestRecord, error: unknown) {
  const { name: fault, message, stack } = error instanceof Error ? error : new Error(typeof error);
  const frames = stack
    ?.replace(message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  logger.error({ requestId, fault, stack: frames?.slice(0, 10) });
}

/** Notes what is executed, and logs the values that this schema does not know yet. */
export function recordIn(logger: Logger): Step {
  const seen = new Set<string>();
  return ({ document, operationName, contextValue: { record, weavr, unrecognized } }) => {
    const operation = getOperationAST(document, operationName);
    noteOperation(record, operation?.operation ?? 'none', operation?.name?.value, weavr.calls);
    return () => {
      for (const value of unrecognized)
        if (isNew(seen, value)) logger.warn({ requestId: record.requestId, unrecognized: value.slice(0, 100) });
    };
  };
}

/** Notes what a GraphQL request was refused with, executed or not, and logs faults of ours. */
export function noteErrors(logger: Logger, record: RequestRecord, { errors = [] }: ExecutionResult) {
  for (const { extensions, originalError } of errors) {
    record.codes.push(String(extensions.code));
    if (extensions.code === 'INTERNAL_SERVER_ERROR') logFault(logger, record, originalError);
  }
}

const MOST_REMEMBERED = 1_000;

function isNew(seen: Set<string>, value: string) {
  if (seen.has(value) || seen.size >= MOST_REMEMBERED) return false;
  seen.add(value);
  return true;
}
