import type { IncomingHttpHeaders } from 'node:http';
import type { Session } from '../weavr/core/client.js';

/** Tokens are opaque: only what would break a header is refused. */
const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/;

/** Who calls, by headers alone; undefined where they make no sense. */
export function sessionOf({ authorization }: IncomingHttpHeaders): Session | undefined {
  if (authorization === undefined) return { api: 'MULTI' };
  const token = BEARER.exec(authorization)?.[1];
  return token ? { api: 'MULTI', token } : undefined;
}
