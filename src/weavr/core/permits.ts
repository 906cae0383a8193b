import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import type { RateWindow, Windows } from './rate-windows.js';

/**
 * Whose calls are counted, and where: in Redis those of every replica, else those of this process. The Simulator's
 * count as well, though they have another key: Weavr does not say what its limit is shared by.
 */
export interface PermitOptions {
  apiKey: string;
  redis?: Redis;
}

/** A window that is full. */
export interface FullWindow {
  limit: number;
  /** Milliseconds until it has room, and from then until it has room again. */
  wait: number;
  period: number;
}

/** A window opens for us when a call leaves, and for Weavr when it arrives: ours has to last longer. */
const SLACK_SECONDS = 1;

/** How long a refusal that does not name its window is believed. */
const DOUBTFUL_SECONDS = 60;

/** More than any limit: another replica may go by a higher one. */
const OVERFULL = 1_000_000_000;

/** Counts calls in every window of the rate limit. Redis down is no error: every replica then counts its own. */
export function createPermits(windows: Windows, { apiKey, redis }: PermitOptions) {
  const key = createHash('sha256').update(apiKey).digest('base64url'); // Redis must not hold it
  const counters: Counter[] = [];

  /** Windows in force: those of ours that allow more are lowered, and those that we lack are added. */
  function learn(inForce: Windows) {
    for (const window of inForce) {
      const known = counters.find(({ ms }) => ms === window.ms);
      if (known) known.lower(window.limit);
      else counters.push(createCounter(window, key, redis));
    }
    counters.sort((a, b) => a.ms - b.ms);
  }
  learn(windows);

  return {
    learn,
    /** Counts a call, or answers the window that has no room. Shorter windows first: a full one costs the longer ones nothing. */
    async take(): Promise<FullWindow | undefined> {
      for (const counter of counters) {
        const full = await counter.take();
        if (full) return full;
      }
      return undefined;
    },
    /** Lets no call through for so many seconds, as Weavr has said, though never longer than the window that is full. */
    fill(seconds: number, full?: RateWindow): FullWindow {
      const counter = counters.find(({ ms }) => ms === full?.ms) ?? counters[0]!; // there is no limit without a window
      return counter.fill(Math.min(seconds, full ? full.ms / 1_000 : DOUBTFUL_SECONDS));
    },
    /** Calls that are left in the tightest window, as far as this process has seen. */
    remaining: () => Math.min(...counters.map((counter) => counter.remaining())),
  };
}

export type Permits = ReturnType<typeof createPermits>;
type Counter = ReturnType<typeof createCounter>;

function createCounter({ limit, ms }: RateWindow, key: string, redis?: Redis) {
  const seconds = ms / 1_000;
  const terms = { keyPrefix: `weavr-gateway:calls:${seconds}s`, points: limit, duration: seconds + SLACK_SECONDS };
  const memory = new RateLimiterMemory(terms);
  const counter = redis
    ? new RateLimiterRedis({ ...terms, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: memory })
    : memory;
  let seen = { left: limit, until: 0 };
  const see = (left: number, wait: number) => {
    seen = { left, until: performance.now() + wait };
  };
  const fullFor = (wait: number): FullWindow => ({ limit: counter.points, wait, period: counter.msDuration });
  return {
    ms,
    lower(to: number) {
      counter.points = memory.points = Math.min(counter.points, to);
    },
    async take(): Promise<FullWindow | undefined> {
      // It rejects with nothing but a full window: memory stands in where Redis fails.
      const count = await counter.consume(key).catch((full: RateLimiterRes) => full);
      see(count.remainingPoints, count.msBeforeNext);
      if (count.consumedPoints <= counter.points) return undefined;
      return fullFor(count.msBeforeNext);
    },
    fill(forSeconds: number): FullWindow {
      void counter.set(key, OVERFULL, forSeconds);
      see(0, forSeconds * 1_000);
      return fullFor(forSeconds * 1_000);
    },
    remaining: () => Math.min(counter.points, performance.now() < seen.until ? seen.left : Number.POSITIVE_INFINITY),
  };
}
