import { type GraphQLInputType, getNullableType, isInputObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTryCounter, type TryCounter } from '../src/http/tries.js';
import type { Fault } from '../src/sandbox/core/faults.js';
import { schema } from '../src/schema/index.js';
import { acmeOf, as, KEY } from './acting.js';
import { type Answer, type Stack, startStack } from './harness.js';
import { sampleOf } from './inputs.js';

afterEach(() => void vi.useRealTimers());

const PASSWORD = 'Passw0rd!';
const BEN = 'ben@acme.example';

/** What counts, anew for each test; the gateways are the same, in front of no proxy, of one and of two. */
let tries: TryCounter;
const stacks: Stack[] = [];
beforeAll(async () => {
  const counter: TryCounter = {
    take: (attempt) => tries.take(attempt),
    giveBack: (attempt) => tries.giveBack(attempt),
  };
  for (const trustedProxies of [0, 1, 2])
    stacks.push(await startStack({ tries: counter, trustedProxies, backOfficeKeys: [KEY] }));
});
beforeEach(() => {
  tries = createTryCounter();
  for (const { sandbox } of stacks) {
    sandbox.faults.clear();
    for (const known of sandbox.state.credentials.values()) Object.assign(known, { failedSignIns: 0, lockedUntil: 0 });
  }
});
afterAll(() => Promise.all(stacks.map((stack) => stack.close())));

const LOGIN = 'mutation ($input: LoginWithPasswordInput!) { loginWithPassword(input: $input) { __typename } }';

const login = (stack: Stack, email: string, password: string, headers?: Record<string, string>) =>
  stack.query(LOGIN, { variables: { input: { email, password } }, token: null, headers });

const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const outcomeOf = (answer: Answer) => codeOf(answer) ?? answer.data.loginWithPassword.__typename;
const WRONG = 'ConflictError';
const RIGHT = 'LoginWithPasswordPayload';

/** So many logins, one after the other, none with the password of another: what became of them. */
async function guess(stack: Stack, times: number, email: string | ((index: number) => string), headers?: object) {
  const outcomes: string[] = [];
  for (let index = 0; index < times; index++) {
    const whose = typeof email === 'string' ? email : email(index);
    outcomes.push(outcomeOf(await login(stack, whose, `guess-${index}`, headers as Record<string, string>)));
  }
  return outcomes;
}

const wrong = (times: number) => Array.from({ length: times }, () => WRONG);

describe('a password', () => {
  it('may be guessed five times in five minutes, and the sixth guess is refused before any call', async () => {
    const stack = await startStack({ attempts: {} }); // counts as the product does
    onTestFinished(stack.close);
    expect(await guess(stack, 5, BEN)).toEqual(wrong(5));
    const answer = await login(stack, BEN, PASSWORD);
    expect(answer.errors).toEqual([
      {
        message: 'Too many tries: wait before the next.',
        locations: expect.anything(),
        path: ['loginWithPassword'],
        extensions: {
          code: 'RATE_LIMITED',
          retryable: true,
          retryAfterSeconds: expect.any(Number),
          weavr: { operation: 'loginWithPassword' },
        },
      },
    ]);
    expect(stack.calls).toEqual([]);
  });

  it('is the same one however its address is spelt, and another for another address', async () => {
    const [stack] = stacks as [Stack];
    await guess(stack, 5, (index) => [BEN, 'BEN@acme.example', 'Ben@Acme.Example'][index % 3]!);
    expect(await guess(stack, 1, 'bEn@acme.example')).toEqual(['RATE_LIMITED']);
    expect(outcomeOf(await login(stack, 'root@acme.example', PASSWORD))).toBe(RIGHT);
  });

  it('may be guessed five times by all at once, too', async () => {
    const [stack] = stacks as [Stack];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => login(stack, BEN, `guess-${index}`)));
    expect(answers.map(outcomeOf).filter((outcome) => outcome === WRONG)).toHaveLength(5);
    expect(answers.map(outcomeOf).filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(15);
    const { failedSignIns, lockedUntil } = [...stack.sandbox.state.credentials.values()].find(
      ({ email }) => email === BEN,
    )!;
    expect({ failedSignIns, locked: lockedUntil > 0 }).toEqual({ failedSignIns: 0, locked: true }); // by the fifth
  });

  it('that is right costs nothing, and does not make up for those that were wrong', async () => {
    const [stack] = stacks as [Stack];
    for (let time = 0; time < 8; time++) expect(outcomeOf(await login(stack, BEN, PASSWORD))).toBe(RIGHT);
    await guess(stack, 4, BEN);
    for (let time = 0; time < 2; time++) expect(outcomeOf(await login(stack, BEN, PASSWORD))).toBe(RIGHT);
    expect(await guess(stack, 2, BEN)).toEqual([WRONG, 'RATE_LIMITED']);
  });

  it('may be tried again when five minutes are over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [stack] = stacks as [Stack];
    const begun = Date.now();
    await guess(stack, 5, 'nobody@acme.example');
    vi.setSystemTime(begun + 299_000);
    const { errors } = await login(stack, 'nobody@acme.example', 'x');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    vi.setSystemTime(begun + 300_001);
    expect(await guess(stack, 1, 'nobody@acme.example')).toEqual([WRONG]);
  });

  it('is counted for all gateways that count together', async () => {
    const [one, other] = stacks as [Stack, Stack];
    for (const stack of [one, other]) expect(await guess(stack, 2, BEN)).toEqual(wrong(2));
    expect(await guess(one, 2, BEN)).toEqual([WRONG, 'RATE_LIMITED']);
    expect(await guess(other, 1, BEN)).toEqual(['RATE_LIMITED']);
  });
});

describe('a try that Weavr has not judged', () => {
  it.each<[string, Fault, string, boolean]>([
    ['is not counted where Weavr was too busy', { kind: 'STATUS', status: 429, effect: false }, 'RATE_LIMITED', true],
    [
      'is counted where the answer was lost: it may have been told',
      { kind: 'RESET', effect: false },
      'OutcomeUnknownError',
      false,
    ],
  ])('%s', async (_what, fault, outcome, isCalled) => {
    const [stack] = stacks as [Stack];
    stack.sandbox.faults.plan(fault, { operation: 'loginWithPassword', times: 6 });
    expect(await guess(stack, 5, BEN)).toEqual(Array.from({ length: 5 }, () => outcome));
    await guess(stack, 1, BEN);
    expect(stack.calls).toEqual(isCalled ? ['loginWithPassword'] : []);
  });

  it('is not counted where nothing could be sent', async () => {
    const [stack] = stacks as [Stack];
    const server = as(acmeOf(stack));
    for (let time = 0; time < 25; time++) {
      const answer = await stack.query(LOGIN, { ...server, variables: { input: { email: BEN, password: 'x' } } });
      expect(codeOf(answer)).toBe('NOT_IN_BACK_OFFICE');
    }
    expect(outcomeOf(await login(stack, BEN, PASSWORD))).toBe(RIGHT);
  });
});

/** Sensitive mutations that try nothing: one tells the rules for passwords, the other shows a secret. */
const NOTHING_TRIED = ['validatePassword', 'revealPhysicalCardPin'];

describe('every mutation that tries a secret', () => {
  const mutations = Object.values(schema.getMutationType()!.getFields());
  const trying = mutations.filter(({ name, extensions }) => extensions.sensitive && !NOTHING_TRIED.includes(name));

  it('is known to these tests', () => {
    const sensitive = mutations.filter(({ extensions }) => extensions.sensitive).map(({ name }) => name);
    expect(sensitive).toEqual(expect.arrayContaining(NOTHING_TRIED));
    expect(trying.map(({ name }) => name)).toContain('verifyStepUpOtp');
    expect(trying).toHaveLength(16);
  });

  it.each(trying.map((field, index) => ({ name: field.name, field, id: String(index) })))(
    'refuses the sixth guess, whatever is guessed: $name',
    async ({ name, field: { args }, id }) => {
      const [stack] = stacks as [Stack];
      const token = stack.sandbox.signIn(BEN);
      const { type } = args[0]!;
      const attempt = (index: number) =>
        stack.query(`mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`, {
          variables: { input: inputOf(type, { Secret: `guess-${index}`, EmailAddress: `${name}@b.example`, ID: id }) },
          token,
        });
      stack.sandbox.faults.plan(NO, { times: 6 });
      for (let index = 0; index < 5; index++) {
        expect((await attempt(index)).data[name].__typename).toBe('ConflictError');
        expect(stack.calls).toHaveLength(1);
      }
      expect(codeOf(await attempt(5))).toBe('RATE_LIMITED');
      expect(stack.calls).toEqual([]);
    },
  );

  const NO: Fault = { kind: 'STATUS', status: 409, effect: false, body: { errorCode: 'NO' } };

  /** The least that an input takes, and these values wherever one of their types may be. */
  function inputOf(type: GraphQLInputType, values: Record<string, string>) {
    const inner = getNullableType(type);
    const fields = isInputObjectType(inner) ? Object.values(inner.getFields()) : [];
    const given = fields.flatMap((field) => {
      const value = values[String(getNullableType(field.type))];
      return value ? [[field.name, value]] : [];
    });
    return { ...(sampleOf(type) as object), ...Object.fromEntries(given) }; // the input of a mutation is an object
  }
});

describe('codes', () => {
  const VERIFY = 'mutation ($code: Secret!) { verifyStepUpOtp(input: { verificationCode: $code }) { __typename } }';
  const verify = (stack: Stack, code: string, token?: string) =>
    stack.query(VERIFY, { variables: { code }, token: token ?? stack.token });

  it('are counted by the session they are of, whichever mutation takes them', async () => {
    const [stack] = stacks as [Stack];
    for (let index = 0; index < 5; index++) await verify(stack, `00000${index}`);
    expect(codeOf(await verify(stack, '123456'))).toBe('RATE_LIMITED');
    const enrol = 'mutation { verifyOtpEnrolment(input: { verificationCode: "123456" }) { __typename } }';
    expect(codeOf(await stack.query(enrol))).toBe('RATE_LIMITED');
    expect(codeOf(await verify(stack, '000000', stack.sandbox.signIn(BEN)))).toBeUndefined();
  });

  it('of an invite are counted by the invited, whether they are looked at or accepted', async () => {
    const [stack] = stacks as [Stack];
    const look = (id: string) =>
      stack.query(`mutation { validateUserInvite(input: { id: "${id}", inviteCode: "000000" }) { __typename } }`);
    for (let index = 0; index < 5; index++) await look('1');
    const accept = `mutation { consumeUserInvite(input: { id: "1", inviteCode: "000001", password: "x" }) { __typename } }`;
    expect(codeOf(await stack.query(accept))).toBe('RATE_LIMITED');
    expect(codeOf(await look('2'))).toBeUndefined();
  });
});

it('asking for biometrics counts even where it succeeds: it proves nothing, and somebody’s device has rung', async () => {
  const [stack] = stacks as [Stack];
  const { state } = stack.sandbox;
  [...state.credentials.values()].find(({ email }) => email === BEN)!.pushEnrolled = 'BIOMETRIC';
  const ask = () => stack.query(`mutation { loginViaBiometrics(input: { email: "${BEN}" }) { __typename } }`);
  for (let index = 0; index < 5; index++)
    expect((await ask()).data.loginViaBiometrics.__typename).toBe('LoginViaBiometricsPayload');
  expect(codeOf(await ask())).toBe('RATE_LIMITED');
});

describe('one address', () => {
  const anybody = (index: number) => `user${index}@acme.example`;
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('may fail twenty times, at whatever', async () => {
    const [stack] = stacks as [Stack];
    expect(await guess(stack, 20, anybody)).toEqual(wrong(20));
    expect(outcomeOf(await login(stack, BEN, PASSWORD))).toBe('RATE_LIMITED');
    expect(stack.calls).toEqual([]);
  });

  it('has nothing to lose by tries that are refused', async () => {
    const [stack] = stacks as [Stack];
    expect((await guess(stack, 30, BEN)).slice(5)).toEqual(Array.from({ length: 25 }, () => 'RATE_LIMITED'));
    expect(outcomeOf(await login(stack, 'root@acme.example', PASSWORD))).toBe(RIGHT);
  });

  it('is not what a caller says of itself', async () => {
    const [stack] = stacks as [Stack];
    tries = createTryCounter({ perAddress: 2 });
    for (const [index, address] of ['203.0.113.1', '203.0.113.2'].entries())
      await guess(stack, 1, anybody(index), from(address));
    expect(await guess(stack, 1, anybody(2), from('203.0.113.3'))).toEqual(['RATE_LIMITED']);
  });

  it.each<[string, number, string, string, string]>([
    ['a proxy saw', 1, '203.0.113.1', '203.0.113.1', '203.0.113.2'],
    ['a proxy saw, whatever it was told', 1, '1.1.1.1, 203.0.113.3', '2.2.2.2,203.0.113.3', '203.0.113.3, 203.0.113.4'],
    ['the first of two proxies saw', 2, '203.0.113.1, 10.0.0.1', '203.0.113.1, 10.0.0.2', '203.0.113.2, 10.0.0.1'],
    ['a proxy saw with a port', 1, '203.0.113.5:4000', '203.0.113.5:4001', '203.0.113.6:4000'],
    ['IPv6 wraps', 1, '::ffff:203.0.113.7', '203.0.113.7', '::ffff:203.0.113.8'],
    ['shares its network of IPv6', 1, '2001:db8:0:1::1', '2001:db8::1:a:b:c:d', '2001:db8:0:2::1'],
  ])('is the one that %s', async (_which, proxies, first, second, other) => {
    tries = createTryCounter({ perAddress: 1 });
    const attempt = (address: string) => guess(stacks[proxies]!, 1, 'nobody@acme.example', from(address));
    expect(await attempt(first)).toEqual([WRONG]);
    expect(await attempt(second)).toEqual(['RATE_LIMITED']);
    expect(await attempt(other)).toEqual([WRONG]);
  });
});
