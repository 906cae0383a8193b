import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Session } from '../weavr/core/client.js';
import type { Delegation } from '../weavr/core/delegation.js';
import { isId } from '../weavr/core/request.js';
import type { IdentityId } from '../weavr/core/shapes.js';
import { RequestRefused } from './errors.js';

/** Servers that may act for identities: their keys, and how tokens are come by. */
export interface BackOfficeAccess {
  keys: readonly string[];
  delegation: Delegation;
}

/** Tokens are opaque: only what would break a header is refused. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i;
const ACT_AS = /^(CORPORATE|CONSUMER):([0-9]+)$/;

/** Who calls, by headers alone: nobody, a user, or a server that acts for an identity; never two of them. */
export function sessionOf(headers: IncomingHttpHeaders, backOffice?: BackOfficeAccess): Session {
  const key = headers['x-back-office-key'];
  if (key !== undefined || headers['x-act-as'] !== undefined)
    return actingSession(headers, String(key ?? ''), backOffice);
  const { authorization } = headers;
  if (authorization === undefined) return { api: 'MULTI' };
  const token = BEARER.exec(authorization)?.[1];
  if (!token)
    throw new RequestRefused(401, 'UNAUTHENTICATED', 'The Authorization header must be "Bearer" and a token.');
  return { api: 'MULTI', token };
}

function actingSession(headers: IncomingHttpHeaders, key: string, backOffice: BackOfficeAccess | undefined): Session {
  // A browser must never hold this key, and says that it is one.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    throw new RequestRefused(403, 'FORBIDDEN', 'A back office key is for servers: a browser must never hold one.');
  }
  if (headers.authorization !== undefined) {
    throw new RequestRefused(400, 'BAD_USER_INPUT', 'Send Authorization or X-Back-Office-Key, not both.');
  }
  if (!backOffice || !isOneOf(key, backOffice.keys)) {
    throw new RequestRefused(
      401,
      'UNAUTHENTICATED',
      'The X-Back-Office-Key header is none of the keys of this gateway.',
    );
  }
  const identity = identityOf(headers['x-act-as']);
  const { delegation } = backOffice;
  return {
    api: 'BACK_OFFICE',
    delegate: {
      token: () => delegation.tokenOf(key, identity),
      renew: (stale) => delegation.renew(key, identity, stale),
    },
  };
}

function identityOf(actAs: string | string[] | undefined): IdentityId {
  const [, type, id] = ACT_AS.exec(String(actAs ?? '')) ?? [];
  if (!isId(id)) {
    throw new RequestRefused(400, 'BAD_USER_INPUT', 'The X-Act-As header must be CORPORATE:<id> or CONSUMER:<id>.');
  }
  return { type: type as IdentityId['type'], id }; // the pattern has no third type
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** In constant time, whichever key it is and however long. */
function isOneOf(key: string, keys: readonly string[]) {
  const given = digest(key);
  return keys.map((one) => timingSafeEqual(given, digest(one))).includes(true);
}
