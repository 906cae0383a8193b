import { setTimeout as delay } from 'node:timers/promises';
import { OutcomeUnknownError, WeavrError } from './errors.js';
import { abortSignalOf, type Signal } from './signal.js';
import { type Deadlines, deadlinesOf, NoAnswer, type RestRequest } from './transport.js';

/** Whether a write that may have reached Weavr is ever sent again, or only where Weavr knows it by its reference. */
export const RETRY_WRITES = ['never', 'idempotent'] as const;
export type RetryWrites = (typeof RETRY_WRITES)[number];

export interface RetryOptions {
  deadlines?: Partial<Deadlines>;
  /** `never` by default. */
  writes?: RetryWrites;
  /** From 0 to 1: spreads the pauses, so that many callers do not come back at once. */
  random?: () => number;
}

export interface Call {
  deadline: RestRequest['deadline'];
  /** The reference that all tries of a write carry. */
  key?: string;
  /** Ends when the client is gone: nothing is tried again for nobody. */
  signal?: Signal;
}

export interface Retries {
  /** Tries until a try succeeds, or fails for good; each gets the milliseconds that it may take, if not its deadline. */
  run<T>(call: Call, attempt: (timeout?: number) => Promise<T>): Promise<T>;
}

/** The longest pause in milliseconds before each further try: there are no more tries than these. */
const PAUSES_MS = [50, 1_000];

/** How much of the deadline a try may take that another may follow. */
const SHARE_OF_DEADLINE = { read: 1 / 2, write: 3 / 5, file: 1 };

/** A try that would have less than these milliseconds is none. */
const SHORTEST_MS = 10;

/** What share of all calls may be further tries at a time, so that they do not finish a Weavr that is down. */
const BUDGET = { share: 0.2, atLeast: 3 };

/** How often a failure is worth another try, for the same may not happen again. */
const WORTH: Record<NoAnswer['reason'], number> = {
  UNREACHABLE: 2,
  TIMEOUT: 2,
  BROKEN: 2,
  UNTRUSTED: 0,
  CIRCUIT_OPEN: 0,
  TOO_LARGE: 0,
  ABORTED: 0,
};

function worthOf(error: unknown): number {
  if (error instanceof NoAnswer) return WORTH[error.reason];
  const status = error instanceof WeavrError ? (error.origin.httpStatus ?? 0) : 0;
  if (status > 500) return 2;
  return status === 500 || (status >= 200 && status < 300) ? 1 : 0; // of a success nothing is wrong but its body
}

const leavesOpen = (error: unknown) => (error instanceof NoAnswer ? error.sent : error instanceof OutcomeUnknownError);

/** The only place where a call is made more than once. One for all callers, because they share the budget. */
export function createRetries({ deadlines, writes = 'never', random = Math.random }: RetryOptions = {}): Retries {
  const limits = deadlinesOf(deadlines);
  const active = { calls: 0, repeats: 0 };
  const isRepeatable = ({ deadline, key }: Call) => deadline !== 'write' || (writes === 'idempotent' && Boolean(key));

  async function run<T>(call: Call, attempt: (timeout: number) => Promise<T>): Promise<T> {
    const limit = limits[call.deadline];
    const ends = performance.now() + limit;
    active.calls += 1;
    try {
      return await attempt(isRepeatable(call) ? limit * SHARE_OF_DEADLINE[call.deadline] : limit);
    } catch (error) {
      return await tryAgain(call, attempt, error, ends);
    } finally {
      active.calls -= 1;
    }
  }

  /** After a first try has failed. */
  async function tryAgain<T>(call: Call, attempt: (timeout: number) => Promise<T>, failure: unknown, ends: number) {
    const share = limits[call.deadline] * SHARE_OF_DEADLINE[call.deadline];
    let error = failure;
    let open: unknown;
    for (let repeats = 0; ; repeats += 1) {
      // Once a write may have happened, only a success says what became of it.
      if (call.deadline === 'write' && leavesOpen(error)) open ??= error;
      const may = !leavesOpen(error) || isRepeatable(call);
      const again = may && repeats < worthOf(error) && (await pause(repeats, ends, call.signal));
      if (!again) throw open ?? error;
      const left = ends - performance.now();
      const last = repeats + 1 === PAUSES_MS.length;
      try {
        return await attempt(last || !isRepeatable(call) ? left : Math.min(left, share));
      } catch (another) {
        error = another;
      } finally {
        active.repeats -= 1; // gives the budget back
      }
    }
  }

  /** Waits before a further try; false where there is no time or no budget for it, or nobody who waits for it. */
  async function pause(repeats: number, ends: number, signal?: Signal): Promise<boolean> {
    const ms = random() * (PAUSES_MS[repeats] ?? 0);
    const spent = active.repeats >= Math.max(BUDGET.atLeast, BUDGET.share * active.calls);
    if (spent || signal?.aborted || performance.now() + ms + SHORTEST_MS > ends) return false;
    active.repeats += 1;
    const waited = await delay(ms, true, { signal: signal && abortSignalOf(signal) }).catch(() => false);
    if (!waited) active.repeats -= 1;
    return waited;
  }

  return { run };
}
