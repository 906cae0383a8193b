import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../src/gateway.js';
import { createHttpServer, drain, type Patience } from '../src/http/server.js';
import { type Sandbox, startSandbox } from '../src/sandbox/index.js';
import { TRANSFER_PROFILE } from './transferring.js';

const ROOT = 'root@acme.example';
const BODY = JSON.stringify({ query: '{ __typename }' });

const TRANSFER = `mutation ($source: InstrumentIdInput!, $destination: InstrumentIdInput!) {
  createTransfer(input: {
    idempotencyKey: "the-only-one", profileId: "${TRANSFER_PROFILE}",
    source: $source, destination: $destination, amount: { currency: "EUR", amount: 100 }
  }) { __typename ... on OutcomeUnknownError { idempotencyKey } }
}`;

let sandbox: Sandbox;
let gateway: Gateway;
let server: Server;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
  await gateway.close();
});

async function serve(patience: Partial<Patience> = {}) {
  gateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  server = createHttpServer(gateway, patience).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
}

async function dial() {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** All that a socket says until it is closed. */
async function heard(socket: Socket) {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {}); // cut off
  if (!socket.closed) await new Promise((closed) => socket.once('close', closed));
  return text;
}

/** The head of a POST, in front of its body. */
function headOf(body: string, ...headers: string[]) {
  const about = ['host: x', 'content-type: application/json', `content-length: ${body.length}`, ...headers];
  return `POST /graphql HTTP/1.1\r\n${about.join('\r\n')}\r\n\r\n`;
}

/** A request that is in flight until its body is sent. */
async function hold() {
  const socket = await dial();
  socket.write(headOf(BODY, 'expect: 100-continue'));
  const [said] = await once(socket, 'data');
  expect(String(said)).toMatch(/^HTTP\/1.1 100 /);
  return socket;
}

/** Lets Weavr not answer an operation, and resolves once it has been asked so often. */
const hang = (operation: string, times = 1) =>
  new Promise<void>((asked) => {
    let left = times;
    const fault = () => {
      left -= 1;
      if (left === 0) asked();
      return { kind: 'HANG' as const };
    };
    sandbox.faults.plan(fault, { operation, times });
  });

const post = (query: string, variables?: object) =>
  fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.signIn(ROOT)}` },
    body: JSON.stringify({ query, variables }),
  });

describe('a client that is slow', () => {
  const patience = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 20 };

  it.each([
    ['never says a word', ''],
    ['never ends its headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-a: '],
    ['never ends its body', headOf('x'.repeat(50))],
  ])('is cut off when it %s, however often it says a little', async (_what, beginning) => {
    await serve(patience);
    const slow = await Promise.all(Array.from({ length: 5 }, dial));
    const all = slow.map(async (socket) => {
      socket.write(beginning);
      const trickle = setInterval(() => beginning && socket.write('x'), 10);
      const text = await heard(socket);
      clearInterval(trickle);
      return text;
    });
    for (const text of await Promise.all(all)) expect(text).toMatch(/^(HTTP\/1.1 408 |$)/);
  });
});

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const connections = () => promisify(server.getConnections.bind(server))();

it('leaves nothing behind when clients leave: no connection, no request in flight, no timer', async () => {
  await serve();
  const before = timers();
  const clients = await Promise.all(Array.from({ length: 40 }, dial));
  const asked = hang('managedAccountsGet', clients.length);
  const body = JSON.stringify({ query: '{ managedAccounts { totalCount } }' });
  for (const client of clients) client.write(headOf(body, `authorization: Bearer ${sandbox.signIn(ROOT)}`) + body);
  await asked;
  expect(await connections()).toBe(clients.length);
  expect(timers()).toBeGreaterThanOrEqual(clients.length);
  for (const client of clients) client.destroy();
  await expect.poll(connections, { interval: 5 }).toBe(0);
  await gateway.drain();
  expect(timers()).toBeLessThanOrEqual(before);
});

describe('a drain', () => {
  it('answers what has begun and whoever still comes, says that it is not ready, and ends', async () => {
    await serve();
    const begun = await hold();
    const drained = drain(server, gateway);
    for (const [path, status] of [
      ['/ready', 503],
      ['/health', 200],
      ['/graphql?query={__typename}', 200],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      expect([answer.status, answer.headers.get('connection')]).toEqual([status, 'close']);
    }
    const text = heard(begun);
    begun.write(BODY);
    expect(await text).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: close[\s\S]*"__typename":"Query"/i);
    await drained;
    expect(server.listening).toBe(false);
  });

  it('does not wait for connections on which nothing has begun', async () => {
    await serve();
    const [silent, half, kept] = [await dial(), await dial(), await dial()];
    half.write('POST /graphql HTTP/1.1\r\nhost: x\r\nx-a: ');
    kept.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(kept, 'data');
    await Promise.all([drain(server, gateway), heard(silent), heard(half), heard(kept)]);
  });

  it('takes no new connections after a while, though something is still open', async () => {
    await serve();
    const begun = await hold();
    const drained = drain(server, gateway, { listening: 0 });
    while (server.listening) await turn();
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
    const text = heard(begun);
    begun.write(BODY);
    expect(await text).toMatch(/^HTTP\/1.1 200 /);
    await drained;
  });

  it('tells in time what became of calls that Weavr does not answer', async () => {
    await serve();
    const [transfer, read] = [hang('transferCreate'), hang('managedAccountsGet')];
    const [source, destination] = sandbox.state.managedAccounts
      .all()
      .map(({ id }) => ({ type: 'MANAGED_ACCOUNTS', id }));
    const answers = Promise.all([post(TRANSFER, { source, destination }), post('{ managedAccounts { totalCount } }')]);
    await Promise.all([transfer, read]);
    await drain(server, gateway, { calling: 0 });
    const [moved, list] = await answers;
    expect(await moved.json()).toMatchObject({
      data: { createTransfer: { __typename: 'OutcomeUnknownError', idempotencyKey: 'the-only-one' } },
    });
    expect(await list.json()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
  });

  it('does not wait for ever for a client that sends no more', async () => {
    await serve();
    const begun = await hold();
    await Promise.all([drain(server, gateway, { reading: 0 }), heard(begun)]);
  });
});
