import { createHash } from 'node:crypto';
import { ConflictError, OutcomeUnknownError, SessionError, UpstreamError, WeavrError } from './errors.js';
import type { IdentityId } from './shapes.js';

/** A token that is obtained for a session. */
export interface Delegate {
  token(): Promise<string>;
  renew(stale: string): Promise<string>;
}

/** A server's way to act for identities: one token each, obtained when first needed and shared by all its requests. */
export interface Delegation {
  /** The live token of an identity. */
  tokenOf(key: string, identity: IdentityId): Promise<string>;
  /** Another token than the one that Weavr no longer takes. */
  renew(key: string, identity: IdentityId, stale: string): Promise<string>;
}

/** Where replicas find each other's tokens. */
export interface TokenShelf {
  get(name: string): Promise<string | undefined>;
  /** Forgets it after so many milliseconds. */
  set(name: string, token: string, ms: number): Promise<void>;
}

/** Weavr drops a token after five idle minutes: one that has rested almost as long is not tried. */
const REST_MS = 4.5 * 60_000;

const SHELVE_AGAIN_MS = 60_000;

interface Held {
  token: Promise<string>;
  lastUsed: number;
  /** The token that it was obtained in the place of. */
  replaces?: string;
  shelvedAt: number;
}

/** Another replica asked for the same identity in the same moment. */
const isRace = (error: unknown) => error instanceof ConflictError && error.code === 'ALREADY_IMPERSONATED';

/** What it means for a call that there is no token for it: it has not been sent, whatever became of the token. */
function withoutToken(error: unknown): never {
  if (error instanceof OutcomeUnknownError) throw new UpstreamError('UPSTREAM_UNAVAILABLE', error.origin);
  if (error instanceof SessionError || error instanceof UpstreamError || !(error instanceof WeavrError)) throw error;
  throw new SessionError('FORBIDDEN', error.origin);
}

/** Tokens by (gateway key, identity), in memory, and on a shelf where replicas share one. */
export function createDelegation(
  obtain: (identity: IdentityId) => Promise<string>,
  { shelf, now = Date.now }: { shelf?: TokenShelf; now?: () => number } = {},
): Delegation {
  const held = new Map<string, Held>();
  // The gateway key takes part as a hash: it is nowhere but in the request that brought it.
  const nameOf = (key: string, { type, id }: IdentityId) =>
    `${createHash('sha256').update(key).digest('base64url')}:${type}:${id}`;

  async function fetch(name: string, identity: IdentityId, stale?: string) {
    const shared = async () => {
      const token = await shelf?.get(name);
      return token === stale ? undefined : token;
    };
    const obtained = async () => {
      const token = await obtain(identity);
      await shelf?.set(name, token, REST_MS);
      return token;
    };
    const found = await shared();
    if (found) return found;
    return obtained().catch(async (error: unknown) => {
      if (!isRace(error)) throw error;
      // It is over by now: the winner's token is on the shelf, or it is our turn.
      return (await shared()) ?? obtained();
    });
  }

  /** One request for a token however many want it; a failure is everybody's, and forgotten. */
  function take(name: string, identity: IdentityId, stale?: string) {
    const token = fetch(name, identity, stale).catch(withoutToken);
    held.set(name, { token, lastUsed: now(), replaces: stale, shelvedAt: now() });
    token.catch(() => held.delete(name));
    return token;
  }

  /** Use keeps a token alive at Weavr, so the shelf must keep it as long. */
  async function shelve(name: string, known: Held) {
    known.shelvedAt = now();
    await known.token.then((token) => shelf?.set(name, token, REST_MS)).catch(() => {});
  }

  function sweep() {
    for (const [name, { lastUsed }] of held) if (now() - lastUsed > REST_MS) held.delete(name);
  }

  return {
    tokenOf(key, identity) {
      const name = nameOf(key, identity);
      const known = held.get(name);
      if (!known || now() - known.lastUsed > REST_MS) {
        sweep();
        return take(name, identity);
      }
      known.lastUsed = now();
      if (now() - known.shelvedAt > SHELVE_AGAIN_MS) void shelve(name, known);
      return known.token;
    },
    async renew(key, identity, stale) {
      const name = nameOf(key, identity);
      const known = held.get(name);
      if (known && (await known.token.catch(() => stale)) !== stale) return known.token;
      // Meanwhile another request may have begun to renew it.
      const renewed = held.get(name);
      if (renewed?.replaces === stale) return renewed.token;
      return take(name, identity, stale);
    },
  };
}

/** Runs a call with a token that is obtained for it; one that Weavr no longer takes is renewed, once. */
export async function withDelegated<T>({ token, renew }: Delegate, run: (token: string) => Promise<T>): Promise<T> {
  const delegated = await token();
  try {
    return await run(delegated);
  } catch (error) {
    const refused = error instanceof SessionError && error.code === 'UNAUTHENTICATED'; // so nothing has happened
    if (!refused) throw error;
    return run(await renew(delegated));
  }
}
