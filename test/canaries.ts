import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What everything that a token is answered carries, and nothing else. */
export const canaryOf = (bearer: string) => `canary-${createHash('sha256').update(bearer).digest('hex').slice(0, 16)}`;
export const CANARIES = /canary-[0-9a-f]{16}/g;

/** The token that a server gets for an identity. */
export const delegatedTo = (identity: string) => `delegated-${identity}`;

/** A Weavr where the same two accounts are everybody's, and every answer names the token that it is for. */
export async function startCanaries() {
  const calls: string[] = [];
  const server = createServer(async (req, res) => {
    const [path = ''] = (req.url ?? '').split('?');
    calls.push(`${req.method} ${path}`);
    const canary = canaryOf(String(req.headers.authorization).replace('Bearer ', ''));
    const answer = path.endsWith('/access_token') ? await grant(req) : whatIsAt(path, canary);
    const text = JSON.stringify(answer);
    const headers = {
      'content-type': 'application/json',
      'request-ref': canary,
      'cache-control': 'public, max-age=60',
    };
    // Answers overtake each other: not in the order of their requests.
    setTimeout(() => res.writeHead(200, headers).end(text), calls.length % 4);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, calls, close: () => server.close() };
}

async function grant(req: IncomingMessage) {
  const { identity } = (await json(req)) as { identity: { type: string; id: string } };
  return { token: { token: delegatedTo(`${identity.type}:${identity.id}`) }, identity };
}

function whatIsAt(path: string, canary: string) {
  if (path.endsWith('/managed_accounts')) return { accounts: ['1', '2'].map((id) => account(id, canary)), count: 2 };
  return account(path.slice(path.lastIndexOf('/') + 1), canary);
}

const account = (id: string, canary: string) => ({
  id,
  profileId: '1',
  friendlyName: canary,
  tag: canary,
  currency: 'EUR',
  balances: { availableBalance: 0, actualBalance: 0 },
  state: { state: 'ACTIVE' },
  creationTimestamp: 0,
});
