import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { refuse } from './errors.js';

/** How long a browser may remember what a preflight was answered, in seconds. */
const REMEMBERED_S = 600;

/**
 * Lets pages of our own and of these origins call, answers their preflights, and refuses any other page.
 * True where the request has been answered. A caller that is no page sends no Origin and passes.
 */
export function guardOrigin(req: IncomingMessage, res: ServerResponse, origins: readonly string[]): boolean {
  const { origin, host } = req.headers;
  if (origin === undefined || hostOf(origin) === (host ?? '')) return false;
  if (!origins.includes(origin)) {
    refuse(req, res, 403, 'FORBIDDEN_ORIGIN', 'Pages of this origin may not call.');
    return true;
  }
  res.setHeader('access-control-allow-origin', origin);
  res.setHeader('vary', 'origin');
  res.setHeader('access-control-expose-headers', 'x-request-id');
  if (req.method !== 'OPTIONS') return false;
  res.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type, traceparent, tracestate, x-request-id',
    'access-control-max-age': String(REMEMBERED_S),
  });
  res.end();
  return true;
}

/** Callers use few names for one gateway. */
const hosts = new LRUCache<string, boolean>({
  max: 100,
  memoMethod: (host) => /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host) && URL.canParse(`http://${host}`),
});

/** Whether a Host header is one: links are made of it. */
export const isHost = (host = 'localhost') => hosts.memo(host);

const hostOf = (origin: string) => /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
