import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

/** The command as it is built, and a small one like it. */
const BUILT = 'dist/workers-test';
beforeAll(() => {
  const { status } = spawnSync('npm', ['run', '--silent', 'build', '--', 'test/working.ts', `--outdir=${BUILT}`]);
  expect(status).toBe(0);
});

let child: ChildProcess;
afterEach(() => void child.kill('SIGKILL'));

/** Starts a command, and answers what waits for a line of it, or for the nth of its kind. */
function run(...args: string[]) {
  child = spawn(process.execPath, args, {
    env: { ...process.env, WEAVR_API_KEY: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator](); // it is piped
  const printed: string[] = [];
  return async (pattern: RegExp, nth = 1) => {
    for (;;) {
      const found = printed.map((line) => pattern.exec(line)).filter((match) => match !== null)[nth - 1];
      if (found) return found[1] ?? found[0];
      const { value, done } = await lines.next();
      if (done) throw new Error(`no line ${nth} is like ${pattern}`);
      printed.push(value);
    }
  };
}

const SERVES = /"worker":(\d+),"serves":true/;

/** What it exits with, once its workers are gone too, for they write to the same pipe. */
async function exitCode(signal?: NodeJS.Signals) {
  if (signal) child.kill(signal);
  const [code] = await once(child, 'close');
  return code as number | null;
}

/** A new connection each time, so that the workers take turns. */
async function fetchAnew(url: string | URL, headers = {}) {
  const [response] = await once(get(url, { agent: false, headers }), 'response');
  return { status: response.statusCode as number, text: await text(response) };
}

describe('a worker', () => {
  it('shares the port and the primary, and is replaced when it dies', async () => {
    const said = run(`${BUILT}/test/working.js`);
    const first = await said(SERVES);
    const url = `http://127.0.0.1:${await said(/"port":(\d+)/)}`;
    const second = await said(SERVES, 2);
    expect([(await fetchAnew(url)).text, (await fetchAnew(url)).text].sort()).toEqual(
      [`${first} 42 no`, `${second} 42 no`].sort(),
    );
    process.kill(Number(second), 'SIGKILL');
    expect(await said(/"ended":"(\w+)"/)).toBe('SIGKILL');
    expect((await fetchAnew(url)).text).toBe(`${first} 42 no`);
    const third = await said(SERVES, 3);
    const texts = [await fetchAnew(url), await fetchAnew(url)].map((answer) => answer.text);
    expect(new Set(texts)).toEqual(new Set([`${first} 42 no`, `${third} 42 no`]));
    expect(await exitCode('SIGTERM')).toBe(0);
  });

  it('is not replaced any more when it dies again and again', async () => {
    const said = run(`${BUILT}/test/working.js`, 'die');
    await said(/"ended":7/, 6);
    await said(/"hopeless":true/);
    expect(await exitCode('SIGTERM')).toBe(0);
  });

  it('that cannot start ends the command with its own code', async () => {
    run(`${BUILT}/test/working.js`, 'fail');
    expect(await exitCode()).toBe(7);
  });

  it('that does not leave is ended by a second signal', async () => {
    const said = run(`${BUILT}/test/working.js`, 'stay');
    await said(SERVES, 2);
    child.kill('SIGTERM');
    await said(/"stays"/, 2);
    expect(await exitCode('SIGTERM')).toBe(1);
  });
});

const BODY = JSON.stringify({ query: '{ __typename }' });

/** A request that has begun, and goes on when its body is sent. */
async function begin(url: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const head = ['POST /graphql HTTP/1.1', 'host: x', 'content-type: application/json', 'expect: 100-continue'];
  socket.write(`${head.join('\r\n')}\r\ncontent-length: ${BODY.length}\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

describe('two workers', () => {
  it('are one gateway: one sandbox, one set of links and figures; and they answer all they have begun', async () => {
    const said = run(`${BUILT}/src/main.js`, '--port', '0', '--workers', '2', '--weavr-rate-limit', '100/min');
    await said(/"rateLimit":"each of 2 workers has its share/);
    const url = await said(/(http:\S+)\/graphql/);
    const [, token] = /Bearer ([^\\"]+)/.exec((await fetchAnew(`${url}/graphql`, { accept: 'text/html' })).text) ?? [];
    await said(SERVES, 2);
    expect((await fetchAnew(`${url}/metrics`)).text).toContain('\nweavr_limiter_remaining 50\n');
    const query = '{ managedAccounts(first: 1) { nodes { statementDocument(format: PDF) { url } } } }';
    const asked = new URL(`/graphql?${new URLSearchParams({ query })}`, url);
    for (let turn = 0; turn < 2; turn++) {
      const answer = JSON.parse((await fetchAnew(asked, { authorization: `Bearer ${token}` })).text);
      const [{ statementDocument }] = answer.data.managedAccounts.nodes;
      expect((await fetchAnew(statementDocument.url)).status).toBe(200);
      expect((await fetchAnew(statementDocument.url)).status).toBe(403);
    }
    const sum = 'graphql_requests_total{operation="unnamed",type="query",caller="USER",outcome="OK"} 2';
    for (let turn = 0; turn < 2; turn++) expect((await fetchAnew(`${url}/metrics`)).text).toContain(sum);

    const begun = await Promise.all(Array.from({ length: 50 }, () => begin(url)));
    child.kill('SIGTERM');
    await expect.poll(async () => (await fetchAnew(`${url}/ready`)).status).toBe(503);
    for (const socket of begun) socket.write(BODY);
    for (const answer of await Promise.all(begun.map(text))) {
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n[\s\S]*"__typename":"Query"/i);
    }
    expect(await exitCode()).toBe(0);
  });
});
