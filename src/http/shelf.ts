import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { TokenShelf } from '../weavr/core/delegation.js';

const CIPHER = 'aes-256-gcm';
const PREFIX = 'weavr-gateway:token:';

const secretOf = (key: string) => Buffer.from(hkdfSync('sha256', key, '', 'weavr-gateway delegated tokens', 32));

/** `iv.tag.ciphertext`, all in base64url; bound to the name it is kept under. */
function seal(secret: Buffer, name: string, token: string) {
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, secret, iv).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url')).join('.');
}

function open(secret: Buffer, name: string, sealed: string) {
  const [iv, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!iv || !tag || !text) return undefined;
  try {
    const decipher = createDecipheriv(CIPHER, secret, iv).setAAD(Buffer.from(name)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    return undefined; // sealed with a key of ours that is no more, or tampered with
  }
}

/** Delegated tokens in Redis, sealed with the gateway's keys. Redis down is no error: every replica then has its own. */
export function createShelf(redis: Redis, keys: readonly string[]): TokenShelf {
  const secrets = keys.map(secretOf);
  return {
    async get(name) {
      const sealed = await redis.get(PREFIX + name).catch(() => null);
      if (!sealed) return undefined;
      for (const secret of secrets) {
        const token = open(secret, name, sealed);
        if (token) return token;
      }
      return undefined;
    },
    async set(name, token, ms) {
      const [secret] = secrets;
      if (secret) await redis.set(PREFIX + name, seal(secret, name, token), 'PX', ms).catch(() => null);
    },
  };
}
