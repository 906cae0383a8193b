import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SandboxOptions } from '../src/sandbox/index.js';
import type { CallRecord } from '../src/weavr/core/client.js';
import { parseWindows } from '../src/weavr/core/rate-windows.js';
import { type Answer, type Stack, startStack } from './harness.js';
import { hasRedis, startRedis } from './redis.js';

const READ = '{ managedAccounts(first: 1) { totalCount } }';
const LIMIT = 20;
const rateLimit = parseWindows(`${LIMIT}/min`);

let redis: Awaited<ReturnType<typeof startRedis>>;

/** Connections are made in the background: waits until so many have asked what Redis is like, and nothing else. */
async function connected(count: number) {
  const ready = async () => String(await redis.client.client('LIST')).match(/ cmd=info /g)?.length;
  while ((await ready()) !== count);
}

const isAnswered = ({ errors }: Answer) => !errors;
const isRefused = ({ errors }: Answer) => errors?.[0]?.extensions.code === 'RATE_LIMITED';

/** Two gateways over one Weavr; `made` are the calls of both. */
async function startReplicas(inSandbox: Pick<SandboxOptions, 'rateLimit'> = {}) {
  await redis.client.flushall();
  const made: CallRecord[] = [];
  const options = {
    rateLimit,
    redisUrl: redis.url,
    overload: { lag: () => 0 },
    onCall: (call: CallRecord) => void made.push(call),
  };
  const one = await startStack(options, inSandbox);
  const other = await startStack({ ...options, baseUrl: one.sandbox.url });
  onTestFinished(async () => {
    await other.close();
    await one.close();
  });
  const readIn = (stack: Stack) => stack.query(READ, { token: one.token });
  const replicas = [one, other];
  await connected(replicas.length);
  const readAll = () =>
    Promise.all(replicas.map((stack) => Promise.all(Array.from({ length: LIMIT }, () => readIn(stack)))));
  return { replicas, made, readAll, readIn, sandbox: one.sandbox };
}

describe.runIf(hasRedis)('gateways with one Redis', () => {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());

  it('make together no more calls than one may', async () => {
    const { made, readAll } = await startReplicas({ rateLimit });
    const answers = (await readAll()).flat();
    expect(answers.filter(isAnswered)).toHaveLength(LIMIT);
    expect(answers.filter(isRefused)).toHaveLength(LIMIT);
    expect(made.map(({ status }) => status)).toEqual(Array.from({ length: LIMIT }, () => 200));
  });

  it('all stop when Weavr refuses one of them', async () => {
    const { replicas, made, readIn, sandbox } = await startReplicas();
    const headers = { 'x-ratelimit-limit': `${LIMIT}, ${LIMIT};w=60`, 'x-ratelimit-reset': '30' };
    sandbox.faults.plan({ kind: 'STATUS', status: 429, effect: false, headers });
    for (const stack of replicas) expect(isRefused(await readIn(stack))).toBe(true);
    expect(made.map(({ status }) => status)).toEqual([429]);
  });

  it('leave nothing in it that tells the key', async () => {
    const { replicas, readIn, sandbox } = await startReplicas();
    await readIn(replicas[0]!);
    const names = await redis.client.keys('*');
    expect(names).toHaveLength(1);
    expect(names[0]).not.toContain(sandbox.apiKey);
  });

  it('each keep to the limit by themselves while it is down', async () => {
    const { readAll } = await startReplicas();
    await redis.kill();
    const answers = [...(await readAll()), ...(await readAll())];
    expect(answers.map((ofOne) => ofOne.filter(isAnswered).length)).toEqual([LIMIT, LIMIT, 0, 0]);
  });
});
