import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { watchLog } from './log-lines.js';

const QUERY = JSON.stringify({ query: '{ managedAccounts { totalCount } }' });
const BODY = JSON.stringify({ query: '{ __typename }' });

let stack: Stack;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await stack.close();
});

function dial() {
  const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
  sockets.push(socket);
  return socket;
}

/** A request that is in flight until its body is sent. */
async function hold() {
  const socket = dial();
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\nexpect: 100-continue\r\n\r\n`,
  );
  const [said] = await once(socket, 'data');
  expect(String(said)).toMatch(/^HTTP\/1.1 100 /);
  return socket;
}

async function finish(socket: Socket) {
  socket.write(BODY);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

const post = (headers = {}) =>
  fetch(`${stack.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token}`, ...headers },
    body: QUERY,
  });

describe('a gateway with as many requests as it takes', () => {
  it('refuses more with 503 and when to come back, before anything else is looked at', async () => {
    stack = await startStack({ overload: { maxInFlight: 2 } });
    await hold();
    await hold();
    const response = await post({ authorization: 'nonsense', accept: 'application/graphql-response+json' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(await response.json()).toEqual({
      errors: [{ message: 'There is too much to do: try again in a second.', extensions: { code: 'OVERLOADED' } }],
    });
    expect(stack.calls).toEqual([]);
  });

  it('answers those it has, and then takes others', async () => {
    stack = await startStack({ overload: { maxInFlight: 2 } });
    const begun = [await hold(), await hold()];
    expect((await post()).status).toBe(503);
    for (const socket of begun) expect(await finish(socket)).toMatch(/^HTTP\/1.1 200 /);
    expect((await post()).status).toBe(200);
    expect(stack.calls).toEqual(['managedAccountsGet']);
  });

  it('says so, once for many, in its log and in its metrics', async () => {
    const log = watchLog();
    stack = await startStack({ overload: { maxInFlight: 1 }, logger: log.logger });
    await hold();
    await Promise.all([post(), post(), post()]);
    const lines = log.texts.map((line) => JSON.parse(line)).filter((line) => 'refused' in line);
    expect(lines).toMatchObject([{ level: 40, refused: 1, inFlight: 1 }]);
    const metrics = await (await fetch(`${stack.url}/metrics`)).text();
    expect(metrics).toContain('\nhttp_requests_refused_total 3\n');
    expect(metrics).toContain('\nhttp_requests_in_flight 1\n');
  });

  it('still says that it is alive, whether it is ready, and what it measures', async () => {
    stack = await startStack({ overload: { maxInFlight: 1 } });
    await hold();
    const statuses = ['/health', '/ready', '/ready?x', '/metrics', '/', '/healthy', '/downloads/x'].map(
      async (path) => (await fetch(stack.url + path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 200, 503, 503, 503]);
  });
});

describe('a gateway whose event loop is late', () => {
  it('takes on few requests, and all again when it has caught up', async () => {
    let lag = 61;
    stack = await startStack({ overload: { maxWhileLate: 2, lag: () => lag } });
    await hold();
    expect((await post()).status).toBe(200);
    await hold();
    expect((await post()).status).toBe(503);
    lag = 60;
    expect((await post()).status).toBe(200);
  });

  it('knows by itself that it is late', async () => {
    stack = await startStack({ overload: { maxWhileLate: 1, maxLagMs: 5 } });
    await hold();
    const busy = setInterval(() => {
      for (const until = performance.now() + 30; performance.now() < until; );
    });
    await expect.poll(async () => (await post()).status).toBe(503);
    clearInterval(busy);
    await expect.poll(async () => (await post()).status).toBe(200);
  });
});
