import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CredentialId } from '../access.js';
import type { IdentityId } from './shapes.js';

/** What a sign-in or a token exchange told us about its token, which is opaque. */
export interface TokenFacts {
  identity?: IdentityId;
  credentials?: CredentialId;
}

export interface TokenMemory {
  remember(token: string, facts: TokenFacts): void;
  recall(token: string): TokenFacts | undefined;
  forget(token: string): void;
}

/** Minutes, because Weavr drops a token after five idle ones; a hash, so that no token is kept. */
const LIFE_MS = 15 * 60_000;

export function createTokenMemory(): TokenMemory {
  const facts = new LRUCache<string, TokenFacts>({ max: 10_000, ttl: LIFE_MS, updateAgeOnGet: true });
  const key = (token: string) => createHash('sha256').update(token).digest('base64');
  return {
    remember: (token, known) => void facts.set(key(token), known),
    recall: (token) => facts.get(key(token)),
    forget: (token) => void facts.delete(key(token)),
  };
}
