import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from './errors.js';
import type { Logger } from './log.js';

export interface OverloadTerms {
  /** Requests at once, whatever they wait for: while Weavr is slow this bounds the memory. */
  maxInFlight: number;
  /** Requests at once while the event loop is late: more of them would only wait for each other. */
  maxWhileLate: number;
  /** By how many milliseconds the event loop may be late. */
  maxLagMs: number;
  /** By how many milliseconds it is; the process's own without it. */
  lag?: () => number;
}

/** There are 64 connections to Weavr: of many more requests each would only wait for another's. */
const TERMS: OverloadTerms = { maxInFlight: 96, maxWhileLate: 48, maxLagMs: 60 };

/** A log that tells of every refusal would be one more thing to do. */
const SAID_EVERY_MS = 1_000;

/** Whoever watches the process must be answered above all when there is too much to do. */
const WATCHED = /^\/(health|ready|metrics)(?![^?])/;

/** What is let in at all: the first thing that a request meets, so that a refusal costs next to nothing. */
export function createAdmission(logger: Logger, options: Partial<OverloadTerms> = {}) {
  const clock = watchLag();
  const { maxInFlight, maxWhileLate, maxLagMs, lag = clock.lag } = { ...TERMS, ...options };
  const inFlight = new Set<ServerResponse>();
  let refused = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  let waiting: (() => void)[] = [];

  const isTooMuch = () => inFlight.size >= maxInFlight || (inFlight.size >= maxWhileLate && lag() > maxLagMs);

  function refuseMore(req: IncomingMessage, res: ServerResponse): undefined {
    refused += 1;
    refuse(req, res, 503, 'OVERLOADED', 'There is too much to do: try again in a second.', { 'retry-after': '1' });
    const now = performance.now();
    if (now - saidAt < SAID_EVERY_MS) return;
    saidAt = now;
    logger.warn({ refused, inFlight: inFlight.size, lagMs: Math.round(lag()) });
  }

  function leave(res: ServerResponse) {
    inFlight.delete(res);
    if (inFlight.size) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    /** Answers of requests that are being served, until nothing of theirs is left to do. */
    inFlight: inFlight as ReadonlySet<ServerResponse>,
    /** How many requests are being served, and how many were refused so far. */
    load: () => ({ inFlight: inFlight.size, refused }),
    /** What to call once a request has been served; undefined where the request has been refused. */
    enter(req: IncomingMessage, res: ServerResponse): (() => void) | undefined {
      if (WATCHED.test(req.url ?? '')) return () => {};
      if (isTooMuch()) return refuseMore(req, res);
      inFlight.add(res);
      return () => leave(res);
    },
    /** Waits until there is none in flight. */
    idle: () => (inFlight.size ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
    close: clock.stop,
  };
}

const TICK_MS = 20;

/** The event loop's lateness: what a timer waits beyond its time, whatever else is ready waits too. */
function watchLag() {
  let due = performance.now() + TICK_MS;
  let last = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    last = now - due;
    due = now + TICK_MS;
  }, TICK_MS).unref();
  return { lag: () => Math.max(last, performance.now() - due), stop: () => clearInterval(timer) };
}
