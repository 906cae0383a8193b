import { Failure } from './handlers.js';

/** `100/min,1000/h,10000/d` as windows of milliseconds. */
export type Windows = readonly { limit: number; ms: number }[];

const UNITS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

export function parseWindows(text: string): Windows | undefined {
  const windows = text.split(',').map((part) => {
    const [, limit, unit] = /^(\d+)\/(s|min|h|d)$/.exec(part.trim()) ?? [];
    return { limit: Number(limit), ms: UNITS[unit ?? ''] ?? 0 };
  });
  return windows.every(({ limit, ms }) => limit > 0 && ms > 0) ? windows : undefined;
}

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
