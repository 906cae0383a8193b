import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { GatewayOptions } from '../src/gateway.js';
import { listening, openGateway } from './faulting.js';
import { type Stack, startStack } from './harness.js';
import { TRANSFER_PROFILE } from './transferring.js';

/** Nothing here ends because its time is over. */
const NEVER_MS = 60_000;

let home: Stack;
beforeAll(async () => {
  home = await startStack();
});
afterAll(() => home.close());

/** A Weavr that answers nothing by itself, the gateway over it, and a client that can leave. */
async function openHouse(options: Partial<GatewayOptions> = {}) {
  const held: { req: IncomingMessage; res: ServerResponse; left: Promise<unknown> }[] = [];
  const weavr = createServer((req, res) => {
    if (req.url?.startsWith('/multi/users')) return res.writeHead(404).end();
    held.push({ req, res, left: once(res, 'close') });
  });
  const baseUrl = await listening(weavr);
  const { url, tries, close } = await openGateway(home, {
    baseUrl,
    deadlines: { read: NEVER_MS, write: NEVER_MS },
    ...options,
  });
  onTestFinished(async () => {
    await close();
    weavr.close().closeAllConnections();
  });
  const client = new AbortController();
  const ask = (query: string, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${home.token}` },
      body: JSON.stringify({ query }),
      signal,
    }).catch(({ name }: Error) => name);
  const begin = (query: string) => ask(query, client.signal);
  const holds = (count: number) => vi.waitFor(() => expect(held).toHaveLength(count), NEVER_MS);
  /** One whole request later the gateway has seen the client go. */
  const leave = async () => {
    client.abort();
    await ask('{ user(id: "1") { id } }');
  };
  return { held, holds, begin, leave, tries };
}

const TRANSFER = `mutation { createTransfer(input: {
  profileId: "${TRANSFER_PROFILE}", amount: { currency: "EUR", amount: 100 }, idempotencyKey: "gone"
  source: { type: MANAGED_ACCOUNTS, id: "1" }, destination: { type: MANAGED_ACCOUNTS, id: "2" }
}) { __typename } }`;

it('ends every read of a client that has left, and tries none of them again', async () => {
  const { held, holds, begin, leave } = await openHouse();
  const gone = begin(
    '{ transfers(first: 1) { totalCount } sends(first: 1) { totalCount } managedAccounts { totalCount } }',
  );
  await holds(3);
  await leave();
  await Promise.all(held.map(({ left }) => left));
  expect(await gone).toBe('AbortError');
  expect(held).toHaveLength(3);
});

it('lets a write of a client that has left run to its end', async () => {
  const { held, holds, begin, leave, tries } = await openHouse();
  const gone = begin(TRANSFER);
  await holds(1);
  await leave();
  expect(await gone).toBe('AbortError');
  expect(held[0]?.res.closed).toBe(false);
  held[0]?.res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  await vi.waitFor(() => expect(tries).toContain('transferCreate'));
});

it('tries no write again for a client that has left', async () => {
  const { held, holds, begin, leave, tries } = await openHouse({ retryWrites: 'idempotent' });
  const gone = begin(TRANSFER);
  await holds(1);
  await leave();
  await gone;
  held[0]?.res.socket?.resetAndDestroy();
  await vi.waitFor(() => expect(tries).toContain('transferCreate'));
  await leave();
  expect(held).toHaveLength(1);
});
