import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export interface TryTerms {
  /** Tries that may fail at one secret. */
  perTarget: number;
  /** Tries that may fail from one address, which many people may share. */
  perAddress: number;
  /** The time in which they may. */
  seconds: number;
}

const TERMS: TryTerms = { perTarget: 5, perAddress: 20, seconds: 300 };

/** What a try counts under: digests, so that nothing here tells an address, a name or a token. */
export interface Try {
  address: string;
  /** Absent where nobody is named whose secret it is. */
  target?: string;
}

export interface TryCounter {
  /** Counts a try, or answers the seconds until there may be one: then it is not counted. */
  take(attempt: Try): number | undefined | Promise<number | undefined>;
  giveBack(attempt: Try): void | Promise<void>;
}

/** How long to wait for a Redis that is down, as good a guess as any. */
const REDIS_SECONDS = 5;

/** Counts in Redis what all replicas are asked to try, or else in memory. While the Redis that is set is down nothing may be tried. */
export function createTryCounter(options: Partial<TryTerms> = {}, redis?: Redis): TryCounter {
  const { perTarget, perAddress, seconds } = { ...TERMS, ...options };
  const limiterOf = (name: string, points: number) => {
    const terms = { keyPrefix: `weavr-gateway:tries:${name}`, points, duration: seconds };
    if (!redis) return new RateLimiterMemory(terms);
    return new RateLimiterRedis({ ...terms, storeClient: redis, rejectIfRedisNotReady: true });
  };
  const addresses = limiterOf('address', perAddress);
  const targets = limiterOf('target', perTarget);

  const consume = ([limiter, key]: Point) => limiter.consume(key).then(() => undefined, secondsOf);
  // Redis down is no error here: whoever was right waits a little longer then.
  const reward = ([limiter, key]: Point) => limiter.reward(key).catch(() => undefined);
  const pointsOf = ({ address, target }: Try): Point[] => [
    [addresses, address],
    ...(target ? [[targets, target] satisfies Point] : []),
  ];

  return {
    async take(attempt) {
      const taken: Point[] = [];
      for (const point of pointsOf(attempt)) {
        const wait = await consume(point);
        if (wait === undefined) taken.push(point);
        else return Promise.all(taken.map(reward)).then(() => wait);
      }
      return undefined;
    },
    async giveBack(attempt) {
      await Promise.all(pointsOf(attempt).map(reward));
    },
  };
}

type Point = [RateLimiterMemory | RateLimiterRedis, string];

const secondsOf = (full: unknown) =>
  full instanceof RateLimiterRes ? Math.max(1, Math.ceil(full.msBeforeNext / 1_000)) : REDIS_SECONDS;
