import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../src/sandbox/core/faults.js';
import type { Exchange } from '../src/sandbox/core/server.js';
import { openAccount } from '../src/sandbox/managed-accounts.js';
import { createDelegation } from '../src/weavr/core/delegation.js';
import { ConflictError } from '../src/weavr/core/errors.js';
import { acmeOf, act, as, bearersIn, identityOf, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { TRANSFER_PROFILE } from './transferring.js';

const exchanges: Exchange[] = [];
/** Sees each exchange before its answer is sent. */
let watch = (_exchange: Exchange) => {};
let stack: Stack;
let acme: string;
let accounts: string[];
beforeAll(async () => {
  const onExchange = (exchange: Exchange) => {
    exchanges.push(exchange);
    watch(exchange);
  };
  stack = await startStack((sandbox) => ({ backOfficeKeys: [KEY], now: () => sandbox.clock.now() }), { onExchange });
  acme = acmeOf(stack);
  accounts = stack.sandbox.state.managedAccounts.of(acme.split(':')[1]!).map(({ id }) => id);
});
afterEach(() => {
  watch = () => {};
  exchanges.length = 0;
  stack.sandbox.faults.clear();
  stack.sandbox.clock.advance(6 * 60_000); // so that every test begins without a token
});
afterAll(() => stack.close());

const status = (code: number, body?: object): Fault => ({ kind: 'STATUS', status: code, effect: false, body });
const account = (id = accounts[0]) => `managedAccount(id: "${id}") { id }`;
const readAccount = () => stack.query(`{ ${account()} }`, as(acme));

/** Weavr forgets the token that it was shown. */
const revoke = ({ headers }: Exchange) =>
  stack.sandbox.state.sessions.close(String(headers.authorization).replace('Bearer ', ''));

const transfer = () => ({
  profileId: TRANSFER_PROFILE,
  source: { type: 'MANAGED_ACCOUNTS', id: accounts.at(-1) },
  destination: { type: 'MANAGED_ACCOUNTS', id: accounts.at(-2) },
  amount: { currency: 'EUR', amount: 100 },
  idempotencyKey: `transfer-${stack.sandbox.clock.now()}`,
});

describe('a token that Weavr no longer takes', () => {
  it('is not even tried when it has rested for almost five minutes', async () => {
    await readAccount();
    stack.sandbox.clock.advance(4.4 * 60_000);
    await readAccount();
    expect(stack.calls).toEqual(['managedAccountGet']);
    stack.sandbox.clock.advance(4.6 * 60_000);
    await readAccount();
    expect(stack.calls).toEqual(['requestAccessToken', 'managedAccountGet']);
  });

  it('is replaced once midway through a query, which is answered whole', async () => {
    let reads = 0;
    watch = (exchange) => {
      if (exchange.operation.id === 'managedAccountGet' && ++reads === 2) revoke(exchange);
    };
    const some = accounts.slice(0, 4);
    const statements = some.map(
      (id, index) => `a${index}: managedAccount(id: "${id}") { currency legacyStatement(first: 1) { totalCount } }`,
    );
    const { data, errors } = await stack.query(`{ ${statements.join(' ')} }`, as(acme));
    expect(errors).toBeUndefined();
    expect(Object.values(data)).toEqual(
      some.map(() => ({ currency: expect.any(String), legacyStatement: { totalCount: expect.any(Number) } })),
    );
    expect(stack.calls.filter((call) => call === 'requestAccessToken')).toHaveLength(2);
    const ownerOf = bearersIn(exchanges);
    const answered = exchanges.filter(({ operation, status: code }) => operation.auth === 'SESSION' && code === 200);
    expect(answered).toHaveLength(8);
    expect(answered.map(ownerOf)).toEqual(answered.map(() => acme));
    const refused = exchanges.filter(({ status: code }) => code === 401);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  it('is replaced under a payment, which is made once, with its key', async () => {
    await readAccount();
    revoke(exchanges.find(({ operation }) => operation.id === 'managedAccountGet')!);
    const input = transfer();
    expect(await act(stack, acme, 'createTransfer', input, 'transfer { state }')).toEqual({
      transfer: { state: 'COMPLETED' },
    });
    expect(stack.calls).toEqual(['transferCreate', 'requestAccessToken', 'transferCreate']);
    const sent = exchanges.filter(({ operation }) => operation.id === 'transferCreate');
    expect(sent.map(({ status: code, headers }) => [code, headers['idempotency-ref']])).toEqual([
      [401, input.idempotencyKey],
      [200, input.idempotencyKey],
    ]);
  });

  it('is UNAUTHENTICATED when the next one is refused, too, and there is no third', async () => {
    await readAccount();
    stack.sandbox.faults.plan(status(401), { operation: 'managedAccountGet', times: 6 });
    const [a, b, c] = accounts;
    const { errors } = await stack.query(`{ a: ${account(a)} b: ${account(b)} c: ${account(c)} }`, as(acme));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(Array(3).fill('UNAUTHENTICATED'));
    expect(stack.calls.filter((call) => call === 'requestAccessToken')).toHaveLength(1);
    expect(stack.calls.filter((call) => call === 'managedAccountGet')).toHaveLength(6);
    expect((await readAccount()).data).toEqual({ managedAccount: { id: accounts[0] } });
  });

  it.each([403, 500, 429])('is not what %i means: nothing is renewed', async (code) => {
    await readAccount();
    stack.sandbox.faults.plan(status(code), { operation: 'managedAccountGet' });
    await readAccount();
    expect(stack.calls).not.toContain('requestAccessToken');
  });
});

describe('a token that cannot be had', () => {
  const FAILURES: [string, Fault, string][] = [
    ['400', status(400, { message: 'Bad request', validationErrors: [{ fieldName: 'identity.id' }] }), 'FORBIDDEN'],
    ['401', status(401), 'UNAUTHENTICATED'],
    ['403', status(403), 'FORBIDDEN'],
    ['404', status(404), 'FORBIDDEN'],
    ['409', status(409, { errorCode: 'UNRESOLVED_IDENTITY' }), 'FORBIDDEN'],
    ['429', status(429), 'RATE_LIMITED'],
    ['500', status(500), 'UPSTREAM_UNAVAILABLE'],
    ['no answer', { kind: 'RESET', effect: true }, 'UPSTREAM_UNAVAILABLE'],
    ['no token', { kind: 'REWRITE', rewrite: () => ({ token: {} }) }, 'UPSTREAM_INVALID_RESPONSE'],
  ];

  it.each(FAILURES)('is an error of the field, never an absent object: %s', async (_answer, fault, code) => {
    stack.sandbox.faults.plan(fault, { operation: 'requestAccessToken' });
    const { data, errors } = await readAccount();
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([{ managedAccount: null }, [code]]);
    expect(stack.calls).toEqual(['requestAccessToken']);
  });

  it.each(FAILURES)('is an error of a payment, never an outcome of it: %s', async (_answer, fault, code) => {
    stack.sandbox.faults.plan(fault, { operation: 'requestAccessToken' });
    expect(await act(stack, acme, 'createTransfer', transfer())).toBe(code);
    expect(stack.calls).toEqual(['requestAccessToken']);
  });

  it('is asked for again by the next request', async () => {
    stack.sandbox.faults.plan(status(500), { operation: 'requestAccessToken' });
    await readAccount();
    expect((await readAccount()).errors).toBeUndefined();
    expect(stack.calls).toEqual(['requestAccessToken', 'managedAccountGet']);
  });
});

describe.each([
  ['access_token', 'requestAccessToken'],
  ['impersonate', 'impersonateIdentityLogin'],
] as const)('ALREADY_IMPERSONATED, where BACK_OFFICE_LOGIN is %s', (backOfficeLogin, operation) => {
  let own: Stack;
  beforeAll(async () => {
    own = await startStack({ backOfficeKeys: [KEY], backOfficeLogin });
  });
  afterAll(() => own.close());
  const already = status(409, { errorCode: 'ALREADY_IMPERSONATED' });
  const ask = () => own.query('{ transfers { totalCount } }', as(identityOf(own, 'root@acme.example')));

  it('is a race that is over by the second time, and no third is tried', async () => {
    own.sandbox.faults.plan(already, { operation, times: 2 });
    const { errors } = await ask();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', weavr: { errorCode: 'ALREADY_IMPERSONATED' } });
    expect(own.calls).toEqual([operation, operation]);
    own.sandbox.faults.plan(already, { operation });
    expect((await ask()).data).toEqual({ transfers: { totalCount: 130 } });
    expect(own.calls).toEqual([operation, operation, 'transfersGet']);
  });
});

describe('a hundred requests at once for ten identities', () => {
  it('obtain ten tokens, and every call has that of its identity', async () => {
    const { state } = stack.sandbox;
    const [root] = [...state.credentials.values()];
    const owned = Array.from({ length: 10 }, (_, index) => {
      const id = `90000000000000000${index}`;
      state.credentials.set(id, { ...root!, id, type: 'ROOT', identities: [{ type: 'CORPORATE', id }] });
      const fields = {
        profileId: '110000000000000001',
        friendlyName: `Of ${id}`,
        currency: 'EUR',
        creationTimestamp: 0,
      };
      return { identity: `CORPORATE:${id}`, account: openAccount(state, id, fields).id };
    });
    const ask = async ({ identity, account: id }: (typeof owned)[number]) => {
      const response = await fetch(`${stack.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as(identity).headers },
        body: JSON.stringify({ query: `{ managedAccount(id: "${id}") { currency legacyStatement { totalCount } } }` }),
      });
      return ((await response.json()) as { data: unknown }).data;
    };
    stack.calls.length = 0;
    const requests = Array.from({ length: 100 }, (_, index) => owned[index % 10]!);
    expect(await Promise.all(requests.map(ask))).toEqual(
      requests.map(() => ({ managedAccount: { currency: 'EUR', legacyStatement: { totalCount: 0 } } })),
    );
    expect(stack.calls.filter((call) => call === 'requestAccessToken')).toHaveLength(10);
    const ownerOf = bearersIn(exchanges);
    const calls = exchanges.filter(({ operation }) => operation.auth === 'SESSION');
    expect(calls).toHaveLength(200);
    const expected = calls.map(({ path }) => owned.find(({ account: id }) => path.includes(id))?.identity);
    expect(calls.map(ownerOf)).toEqual(expected);
  });
});

describe('what is known of tokens', () => {
  const identity = { type: 'CORPORATE' as const, id: '1' };

  it('is renewed once however many find one stale at the same time', async () => {
    let issued = 0;
    const delegation = createDelegation(async () => `token-${++issued}`);
    const stale = await delegation.tokenOf(KEY, identity);
    const renewed = await Promise.all(Array.from({ length: 20 }, () => delegation.renew(KEY, identity, stale)));
    expect(new Set(renewed)).toEqual(new Set(['token-2']));
  });

  it('is apart for each gateway key', async () => {
    let issued = 0;
    const delegation = createDelegation(async () => `token-${++issued}`);
    expect(await delegation.tokenOf(KEY, identity)).not.toBe(await delegation.tokenOf(`${KEY}2`, identity));
  });

  it('is what another replica obtained meanwhile, after a race with it', async () => {
    const shelved = new Map<string, string>();
    const shelf = {
      get: async (name: string) => shelved.get(name),
      set: async (name: string, token: string) => void shelved.set(name, token),
    };
    const loses = createDelegation(
      async () => {
        await createDelegation(async () => 'the winner’s', { shelf }).tokenOf(KEY, identity);
        throw new ConflictError('ALREADY_IMPERSONATED', { operation: 'requestAccessToken' });
      },
      { shelf },
    );
    expect(await loses.tokenOf(KEY, identity)).toBe('the winner’s');
  });
});
