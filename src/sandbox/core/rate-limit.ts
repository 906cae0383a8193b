import type { Windows } from '../../weavr/core/rate-windows.js';
import { Failure } from './handlers.js';

/** Refuses as Weavr does once a window is full: 429 with its two headers and no body. */
export function createRateLimit(windows: Windows) {
  const opened = windows.map(() => ({ since: 0, used: 0 }));
  return (now: number) => {
    windows.forEach(({ limit, ms }, index) => {
      const window = opened[index]!;
      if (now - window.since >= ms) Object.assign(window, { since: now, used: 0 });
      window.used += 1;
      if (window.used <= limit) return;
      const policy = windows.map((one) => `${one.limit};w=${one.ms / 1000}`).join(', ');
      const reset = Math.ceil((window.since + ms - now) / 1000);
      throw new Failure(429, undefined, {
        'x-ratelimit-limit': `${limit}, ${policy}`,
        'x-ratelimit-reset': String(reset),
      });
    });
  };
}
