import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Context } from '../schema/core/builder.js';
import type { Session } from '../weavr/core/client.js';
import { OutcomeUnknownError, PasswordExpired, UpstreamError, WeavrError } from '../weavr/core/errors.js';
import type { TryCounter } from './tries.js';

/**
 * Counts tries at passwords and codes before they are made, by whose they are and by where they come from, never by
 * what is tried; a try that was right is given back.
 */
export function createAttempts(tries: TryCounter, trustedProxies = 0) {
  return (req: IncomingMessage, { token }: Session): Context['attempt'] =>
    async ({ operation, secret, owner = token, provesNothing }, run) => {
      const address = digest(addressOf(req, trustedProxies));
      const attempt = { address, target: owner && digest(secret, owner.toLowerCase()) };
      const wait = await tries.take(attempt);
      if (wait !== undefined) throw tooMany(operation, wait);
      try {
        const result = await run();
        if (!provesNothing) await tries.giveBack(attempt);
        return result;
      } catch (error) {
        if (error instanceof PasswordExpired || isUnheard(error)) await tries.giveBack(attempt);
        throw error;
      }
    };
}

const tooMany = (operation: string, seconds: number) =>
  new UpstreamError('RATE_LIMITED', { operation }, seconds, 'Too many tries: wait before the next.');

/** Whether a try surely never came to be judged: Weavr was not asked, or refused to listen. */
const isUnheard = (error: unknown) =>
  error instanceof WeavrError &&
  !(error instanceof OutcomeUnknownError) &&
  (error.origin.httpStatus === undefined || error.origin.httpStatus === 429);

const digest = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('base64url');

/** Whence the outermost of the trusted proxies was called. */
function addressOf({ socket, headers }: IncomingMessage, proxies: number) {
  const forwarded = proxies ? String(headers['x-forwarded-for'] ?? '').split(',') : [];
  const route = [...forwarded.map((address) => address.trim()).filter(Boolean), socket.remoteAddress ?? ''];
  return networkOf(route.at(-1 - proxies) ?? route[0]!); // its last element is always there
}

/** An IPv4 address, or the network of an IPv6 one: whoever has that has all 2^64 addresses in it. */
function networkOf(address: string) {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
  if (!isIPv6(bare)) return bare;
  const [before = [], after = []] = bare.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16)).join(':');
}
