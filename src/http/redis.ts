import { Redis } from 'ioredis';

/** Redis is a help and no more: whoever waits longer for it does without. */
const PATIENCE_MS = 500;

/** A connection that never waits for itself to be made, and makes itself again when it breaks or hangs. */
export function connectRedis(url: string): Redis {
  const redis = new Redis(url, {
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 200, 2_000),
  });
  redis.on('error', () => {}); // it reconnects by itself, and an unheard 'error' would end the process
  return redis;
}
