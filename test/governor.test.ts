import { describe, expect, it, type TestContext } from 'vitest';
import { readConfig } from '../src/config.js';
import type { SandboxOptions } from '../src/sandbox/index.js';
import type { CallRecord } from '../src/weavr/core/client.js';
import { parseWindows } from '../src/weavr/core/rate-windows.js';
import { type Answer, type Stack, startStack } from './harness.js';
import { accountsIn, createTransfer } from './transferring.js';

const READ = '{ managedAccounts(first: 1) { totalCount } }';

/** A gateway with a rate limit, whose reads wait for three seconds at most; `made` are all its calls. */
async function startGoverned(
  { onTestFinished }: TestContext,
  rateLimit: string,
  inSandbox?: Pick<SandboxOptions, 'rateLimit' | 'now'>,
) {
  const made: CallRecord[] = [];
  const stack = await startStack(
    {
      rateLimit: parseWindows(rateLimit),
      deadlines: { read: 12_000 },
      overload: { lag: () => 0 },
      onCall: (call) => made.push(call),
    },
    inSandbox,
  );
  onTestFinished(stack.close);
  const read = () => stack.query(READ);
  const refuseNext = (headers: Record<string, string>) =>
    stack.sandbox.faults.plan({ kind: 'STATUS', status: 429, effect: false, headers });
  return { ...stack, made, read, refuseNext };
}

/** A read whose client may leave. */
function leavable({ url, token }: Stack) {
  const client = new AbortController();
  const answer = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: READ }),
    signal: client.signal,
  });
  return { answer, leave: () => client.abort() };
}

const statusesOf = ({ made }: { made: CallRecord[] }) => made.map(({ status }) => status);
const isRefused = ({ errors }: Answer) => errors?.[0]?.extensions.code === 'RATE_LIMITED';
const secondsOf = ({ errors }: Answer) => errors?.[0]?.extensions.retryAfterSeconds;

describe('with a rate limit', () => {
  it('sends no more calls than a window has room for, however many come at once', async (test) => {
    const limit = '20/min';
    const stack = await startGoverned(test, limit, { rateLimit: parseWindows(limit) });
    const answers = await Promise.all(Array.from({ length: 40 }, stack.read));
    expect(answers.filter(isRefused)).toHaveLength(20);
    expect(statusesOf(stack)).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it('fails before it sends, and says when to come back, where the wait is longer than the deadline', async (test) => {
    const stack = await startGoverned(test, '3/min');
    const [source, destination] = await accountsIn(stack, 'EUR');
    const answers = await Promise.all([stack.read(), stack.read(), stack.read()]);
    const [refused, ...others] = answers.filter(isRefused);
    expect(others).toEqual([]);
    expect(refused?.errors).toMatchObject([
      { extensions: { retryable: true, weavr: { operation: 'managedAccountsGet' } } },
    ]);
    expect(secondsOf(refused!)).toBeGreaterThan(30);
    expect(secondsOf(refused!)).toBeLessThanOrEqual(61);
    expect(refused?.extensions?.cost).toMatchObject({ actual: 0, remaining: 0 });
    const write = await createTransfer(stack, { source, destination });
    expect(write.data).toBeNull();
    expect(write.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', weavr: { operation: 'transferCreate' } } },
    ]);
    expect(stack.made).toHaveLength(3);
  });

  it('tells how many calls are left in the tightest window', async (test) => {
    const stack = await startGoverned(test, '100/h,3/min');
    const remaining = async () => (await stack.read()).extensions?.cost.remaining;
    expect([await remaining(), await remaining(), await remaining(), await remaining()]).toEqual([2, 1, 0, 0]);
  });

  it('sends nothing until Weavr takes calls again', async (test) => {
    const stack = await startGoverned(test, '100/min,1000/h');
    stack.refuseNext({ 'x-ratelimit-limit': '1000, 100;w=60, 1000;w=3600', 'x-ratelimit-reset': '1800' });
    expect(secondsOf(await stack.read())).toBe(1_800);
    expect(secondsOf(await stack.read())).toBeGreaterThan(1_700);
    expect(statusesOf(stack)).toEqual([429]);
  });

  it('asks again after a minute where Weavr does not say which window is full', async (test) => {
    const stack = await startGoverned(test, '100/min');
    stack.refuseNext({ 'x-ratelimit-reset': '86400' });
    expect(secondsOf(await stack.read())).toBe(86_400);
    expect(secondsOf(await stack.read())).toBeLessThanOrEqual(60);
  });

  it('is what the gateway has by default, but not over the embedded sandbox', () => {
    expect(readConfig([], {}).rateLimit).toBeUndefined();
    expect(readConfig([], { WEAVR_RATE_LIMIT: '5/min' }).rateLimit).toEqual([{ limit: 5, ms: 60_000 }]);
    expect(readConfig([], { WEAVR_API_KEY: 'key' }).rateLimit).toEqual(parseWindows('100/min,1000/h,10000/d'));
    expect(readConfig(['--weavr-rate-limit', 'off'], { WEAVR_API_KEY: 'key' }).rateLimit).toBeUndefined();
  });
});

// At the same time, because they take theirs.
describe.concurrent('a call that has to wait', () => {
  it('is sent when Weavr’s window is over', async (test) => {
    const limit = '1/s';
    const stack = await startGoverned(test, limit, { rateLimit: parseWindows(limit), now: Date.now });
    await stack.read();
    expect(isRefused(await stack.read())).toBe(false);
    expect(statusesOf(stack)).toEqual([200, 200]);
  });

  it('lets a write that moves money go first', async (test) => {
    const stack = await startGoverned(test, '2/min');
    const [source, destination] = await accountsIn(stack, 'EUR');
    stack.refuseNext({ 'x-ratelimit-reset': '2' });
    await stack.read();
    const reads = [stack.read(), stack.read(), stack.read()];
    expect(isRefused(await Promise.race(reads))).toBe(true); // so that the other two are waiting
    const { data } = await createTransfer(stack, { source, destination });
    expect(data.createTransfer.__typename).toBe('CreateTransferPayload');
    expect((await Promise.all(reads)).filter(isRefused)).toHaveLength(2); // and one had its place taken
    expect(stack.made.slice(2).map(({ operation }) => operation)).toEqual(['transferCreate', 'managedAccountsGet']);
  });

  it('leaves its place when its client leaves', async (test) => {
    const stack = await startGoverned(test, '1/min');
    stack.refuseNext({ 'x-ratelimit-reset': '2' });
    await stack.read();
    const clients = [leavable(stack), leavable(stack)];
    const refused = await Promise.race(clients.map(async (client) => (await client.answer) && client));
    const [waiting] = clients.filter((client) => client !== refused);
    waiting!.leave();
    await expect(waiting!.answer).rejects.toThrow('aborted');
    while (isRefused(await stack.read()));
    expect(statusesOf(stack)).toEqual([429, 200]);
  });

  it('is one of fewer when Weavr says that less is allowed', async (test) => {
    const stack = await startGoverned(test, '100/min');
    stack.refuseNext({ 'x-ratelimit-limit': '2, 2;w=60, 4;w=3600', 'x-ratelimit-reset': '1' });
    await stack.read();
    const answers = [await stack.read(), await stack.read(), await stack.read()];
    expect(answers.map(isRefused)).toEqual([false, false, true]);
    expect(statusesOf(stack)).toEqual([429, 200, 200]);
  });
});
