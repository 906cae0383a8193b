import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Answer, type Stack, startStack } from './harness.js';
import { hasRedis, startRedis } from './redis.js';

const BEN = 'ben@acme.example';
const LOGIN = 'mutation ($input: LoginWithPasswordInput!) { loginWithPassword(input: $input) { __typename } }';
const VERIFY = 'mutation { verifyStepUpOtp(input: { verificationCode: "000000" }) { __typename } }';
const CREATE = `mutation {
  createManagedAccount(input: { profileId: "1", friendlyName: "x", currency: "EUR" }) { __typename }
}`;

const login = (stack: Stack, password: string) =>
  stack.query(LOGIN, { variables: { input: { email: BEN, password } }, token: null });
const outcomeOf = ({ data, errors }: Answer) => errors?.[0]?.extensions.code ?? data.loginWithPassword.__typename;

let redis: Awaited<ReturnType<typeof startRedis>>;

async function startReplica() {
  const stack = await startStack({ attempts: {}, redisUrl: redis.url });
  onTestFinished(stack.close);
  return stack;
}

/** Until a gateway has its connection, which is made in the background. */
const isReady = (stack: Stack) =>
  vi.waitFor(async () => expect(outcomeOf(await login(stack, 'Passw0rd!'))).toBe('LoginWithPasswordPayload'));

describe.runIf(hasRedis)('gateways with one Redis', () => {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());

  it('count tries together, and leave nothing in it that tells whose or whence', async () => {
    const [one, other] = [await startReplica(), await startReplica()];
    await Promise.all([isReady(one), isReady(other)]);
    for (let index = 0; index < 5; index++)
      expect(outcomeOf(await login(index % 2 ? one : other, `guess-${index}`))).toBe('ConflictError');
    for (const stack of [one, other]) {
      const { errors } = await login(stack, 'Passw0rd!');
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
      expect(stack.calls).toEqual([]);
    }
    const names = (await redis.client.keys('weavr-gateway:tries:*')).sort();
    expect(names).toEqual([expect.stringMatching(/:address:[\w-]{43}$/), expect.stringMatching(/:target:[\w-]{43}$/)]);
    expect(await redis.client.mget(names)).toEqual(['5', '7']); // tries that are refused are none of the address's
  });

  it('let nothing be tried while it is down, and do everything else', async () => {
    const stack = await startReplica();
    await redis.kill();
    for (const text of [LOGIN, VERIFY]) {
      const variables = { input: { email: BEN, password: 'Passw0rd!' } };
      const { errors } = await stack.query(text, text === LOGIN ? { variables, token: null } : {});
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 5 });
      expect(stack.calls).toEqual([]);
    }
    await stack.data('{ managedAccounts(first: 1) { totalCount } }');
    await stack.data(CREATE);
    expect(stack.calls).toEqual(['managedAccountCreate']);
  });
});
