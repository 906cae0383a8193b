import { type Headers, one } from './transport.js';

/** So many calls in so many milliseconds. */
export interface RateWindow {
  limit: number;
  ms: number;
}
export type Windows = readonly RateWindow[];

const UNITS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `100/min,1000/h,10000/d` as windows. */
export function parseWindows(text: string): Windows | undefined {
  const windows = text.split(',').map((part) => {
    const [, limit, unit] = /^(\d+)\/(s|min|h|d)$/.exec(part.trim()) ?? [];
    return { limit: Number(limit), ms: UNITS[unit ?? ''] ?? 0 };
  });
  return windows.every(isWindow) ? windows : undefined;
}

const isWindow = ({ limit, ms }: RateWindow) => limit > 0 && ms > 0;

/** `x-ratelimit-limit`: the windows in force, and which of them is full: `20, 10;w=60, 20;w=3600` is the hour. */
export function policyOf(headers: Headers): { inForce: Windows; full?: RateWindow } {
  const text = one(headers['x-ratelimit-limit']) ?? '';
  const inForce = [...text.matchAll(/(\d+);w=(\d+)/g)]
    .map(([, limit, seconds]) => ({ limit: Number(limit), ms: Number(seconds) * 1_000 }))
    .filter(isWindow);
  return { inForce, full: inForce.find(({ limit }) => limit === Number.parseInt(text, 10)) };
}

/** Seconds until Weavr takes calls again, where a refusal tells. */
export function waitOf(headers: Headers): number | undefined {
  const seconds = Number(one(headers['x-ratelimit-reset']) ?? one(headers['retry-after']));
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}
