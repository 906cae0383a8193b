import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../src/sandbox/core/faults.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let id: string;
beforeAll(async () => {
  stack = await startStack();
  const { managedAccounts } = await stack.data(
    '{ managedAccounts(filter: { currency: "EUR" }, first: 1) { nodes { id } } }',
  );
  id = managedAccounts.nodes[0].id;
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const ACCOUNT =
  'id friendlyName currency state blockedReason tag createdAt balances { available { amount value } actual { amount value } } lowBalanceThreshold { amount }';

/** Asks for the account while its answers go wrong, however often it is tried. */
const readAccount = (fault: Fault, selection = ACCOUNT) => {
  stack.sandbox.faults.plan(fault, { operation: 'managedAccountGet', times: 3 });
  return stack.query(`{ managedAccount(id: "${id}") { ${selection} } }`);
};

/** The account as Weavr answers it, with something changed. */
const changed = (change: object): Fault => ({ kind: 'REWRITE', rewrite: (body: object) => ({ ...body, ...change }) });

const json = (text: string): Fault => ({ kind: 'TEXT', text, mediaType: 'application/json' });

const listAccounts = (fault: Fault) => {
  stack.sandbox.faults.plan(fault, { operation: 'managedAccountsGet' });
  return stack.query('{ managedAccounts(first: 2) { totalCount nodes { id } } }');
};

const createAccount = (fault: Fault) => {
  stack.sandbox.faults.plan(fault, { operation: 'managedAccountCreate' });
  return stack.query(
    `mutation {
      createManagedAccount(input: { profileId: "1", friendlyName: "x", currency: "EUR", idempotencyKey: "tolerance" }) {
        __typename
        ... on MutationError { code retryable }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule params message } }
        ... on OutcomeUnknownError { idempotencyKey operation }
      }
    }`,
  );
};

const status = (code: number, body?: object, headers?: Record<string, string>): Fault => ({
  kind: 'STATUS',
  status: code,
  effect: false,
  body,
  headers,
});

describe('an answer that is newer than the schema', () => {
  it('turns a member that it does not know into UNRECOGNIZED, and says which', async () => {
    const { data, errors, extensions } = await readAccount(
      changed({ state: { state: 'BLOCKED', blockedReason: 'FROZEN_BY_COURT' } }),
    );
    expect(errors).toBeUndefined();
    expect(data.managedAccount).toMatchObject({ id, state: 'BLOCKED', blockedReason: 'UNRECOGNIZED' });
    expect(extensions?.weavr).toEqual({ unrecognized: ['BlockedReason.FROZEN_BY_COURT'] });
  });

  it('says nothing of members where all are known', async () => {
    const { extensions } = await stack.query(`{ managedAccount(id: "${id}") { state } }`);
    expect(Object.keys(extensions!)).toEqual(['cost']);
  });

  it('knows a member in another spelling', async () => {
    const { data, extensions } = await readAccount(changed({ state: { state: 'active' } }));
    expect(data.managedAccount.state).toBe('ACTIVE');
    expect(extensions).not.toHaveProperty('weavr');
  });

  it('passes over properties that it does not know', async () => {
    const { data, errors } = await readAccount(
      changed({ colour: 'red', balances: { availableBalance: 5, frozen: 1 } }),
    );
    expect(errors).toBeUndefined();
    expect(data.managedAccount.balances).toEqual({ available: { amount: 5, value: '0.05' }, actual: null });
  });
});

describe('an answer in another dress', () => {
  it.each(['', '   '])('takes blank text (%j) for absent', async (blank) => {
    const { data, errors } = await readAccount(
      changed({ tag: blank, state: { state: 'ACTIVE', blockedReason: blank } }),
    );
    expect(errors).toBeUndefined();
    expect(data.managedAccount).toMatchObject({ state: 'ACTIVE', blockedReason: null, tag: null });
  });

  it('bears the absence of everything that may be absent', async () => {
    const { data, errors } = await readAccount({
      kind: 'REWRITE',
      rewrite: ({ id, profileId, friendlyName, currency, state, creationTimestamp }: Record<string, unknown>) => ({
        ...{ id, profileId, friendlyName, currency, state, creationTimestamp },
      }),
    });
    expect(errors).toBeUndefined();
    expect(data.managedAccount).toMatchObject({ balances: null, tag: null, lowBalanceThreshold: null });
  });

  it('reads numbers and instants that come as text', async () => {
    const { data, errors } = await readAccount(
      changed({ balances: { availableBalance: '1050', actualBalance: '-1' }, creationTimestamp: '1700000000000' }),
    );
    expect(errors).toBeUndefined();
    expect(data.managedAccount).toMatchObject({
      createdAt: '2023-11-14T22:13:20.000Z',
      balances: { available: { amount: 1050, value: '10.50' }, actual: { amount: -1, value: '-0.01' } },
    });
  });

  it('reads a count that comes as text', async () => {
    const { data } = await listAccounts({ kind: 'REWRITE', rewrite: (page: object) => ({ ...page, count: '7' }) });
    expect(data.managedAccounts.totalCount).toBe(7);
  });

  it('takes the last of two properties with one name', async () => {
    const { data } = await listAccounts(json(`{"count": 1, "accounts": [{"id": "1", "id": "2"}], "count": 9}`));
    expect(data.managedAccounts).toEqual({ totalCount: 9, nodes: [{ id: '2' }] });
  });
});

describe('an amount that JSON cannot carry', () => {
  it.each([2 ** 53, '9007199254740993', 10.5, 'ten'])('is no amount, rather than a wrong one: %s', async (amount) => {
    const { data, errors, status } = await readAccount(
      changed({ balances: { availableBalance: amount, actualBalance: 100 } }),
    );
    expect(status).toBe(200);
    expect(data.managedAccount.balances).toEqual({ available: null, actual: { amount: 100, value: '1.00' } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['managedAccount', 'balances', 'available', 'amount'],
      extensions: { code: 'UPSTREAM_INVALID_RESPONSE' },
    });
  });
});

describe('an answer that is no answer', () => {
  const NO_ANSWERS: [string, Fault][] = [
    ['nothing', json('')],
    ['HTML', { kind: 'TEXT', text: '<html>Sorry</html>', mediaType: 'text/html' }],
    ['half of a JSON text', json('{"id": "1", "friendly')],
    ['a JSON text that is no object', json('"OK"')],
    ['null', json('null')],
    ['an empty 204', status(204)],
    ['a redirect', status(302, undefined, { location: 'https://elsewhere.example' })],
    ['a status of no contract', status(418)],
  ];

  it.each(NO_ANSWERS)('is UPSTREAM_INVALID_RESPONSE to a read: %s', async (_name, fault) => {
    const answer = await readAccount(fault);
    expect(answer).toMatchObject({
      status: 200,
      data: { managedAccount: null },
      errors: [{ path: ['managedAccount'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }],
    });
    expect(answer.errors).toHaveLength(1);
  });

  it.each(NO_ANSWERS.slice(0, -1))('leaves the outcome of a write unknown: %s', async (_name, fault) => {
    const { data, errors } = await createAccount(fault);
    expect(errors).toBeUndefined();
    expect(data.createManagedAccount).toMatchObject({
      __typename: 'OutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      idempotencyKey: 'tolerance',
      operation: 'managedAccountCreate',
    });
  });
});

describe('a failure', () => {
  const NOT_FOUND: [string, Fault][] = [
    ['with a body', status(404, { code: 'NOT_FOUND', message: 'No such account' })],
    ['without a body', status(404)],
  ];
  it.each(NOT_FOUND)('of 404 is null to a lookup, %s', async (_name, fault) => {
    const { data, errors } = await readAccount(fault);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ managedAccount: null });
  });

  const FAILURES: [number, string, object | undefined][] = [
    [401, 'UNAUTHENTICATED', undefined],
    [403, 'FORBIDDEN', undefined],
    [403, 'STEP_UP_REQUIRED', { errorCode: 'STEP_UP_REQUIRED' }],
    [403, 'STEP_UP_REQUIRED', { message: 'STEP_UP_REQUIRED' }],
    [403, 'ACCESS_TOKEN_REQUIRED', { errorCode: 'ACCESS_TOKEN_REQUIRED' }],
    [429, 'RATE_LIMITED', undefined],
    [500, 'UPSTREAM_UNAVAILABLE', undefined],
    [503, 'UPSTREAM_UNAVAILABLE', undefined],
    [400, 'BAD_USER_INPUT', { message: 'Bad request' }],
    [409, 'CONFLICT', { errorCode: 'SOMETHING_NEW' }],
  ];
  it.each(FAILURES)('of %i has the code %s', async (code, expected, body) => {
    const answer = await readAccount(status(code, body));
    expect(answer).toMatchObject({ status: 200, data: { managedAccount: null } });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: expected,
      weavr: { operation: 'managedAccountGet', httpStatus: code },
    });
  });

  it('of 429 says how long to wait', async () => {
    const { errors } = await readAccount(status(429, undefined, { 'x-ratelimit-reset': '17' }));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 17 });
  });

  it('of one account leaves the other fields of a query alone', async () => {
    stack.sandbox.faults.plan(status(500), { operation: 'managedAccountGet', times: 3 });
    const { data, errors } = await stack.query(
      `{ managedAccount(id: "${id}") { id } managedAccounts(first: 1) { nodes { id } } }`,
    );
    expect(data).toMatchObject({ managedAccount: null, managedAccounts: { nodes: [{}] } });
    expect(errors?.map(({ path }) => path)).toEqual([['managedAccount']]);
  });

  it('with a code of tomorrow is a conflict for the operator', async () => {
    const { data } = await createAccount(status(409, { errorCode: 'MOON_IN_THE_WRONG_PHASE' }));
    expect(data.createManagedAccount).toEqual({
      __typename: 'ConflictError',
      code: 'MOON_IN_THE_WRONG_PHASE',
      action: 'CONTACT_SUPPORT',
      retryable: false,
    });
  });
});

describe('a 400', () => {
  const DIALECTS: [string, object][] = [
    ['Multi', { syntaxErrors: { invalidFields: [{ fieldName: 'friendlyName', error: 'SIZE', params: ['1', '50'] }] } }],
    ['Back Office', { validationErrors: [{ fieldName: 'friendlyName', error: 'SIZE', params: ['1', '50'] }] }],
    [
      'the Simulator',
      { validation: { fields: [{ name: 'friendlyName', errors: [{ type: 'SIZE', params: ['1', '50'] }] }] } },
    ],
  ];
  it.each(DIALECTS)('is the same ValidationError in the dialect of %s', async (_name, body) => {
    const { data } = await createAccount(status(400, body));
    expect(data.createManagedAccount).toEqual({
      __typename: 'ValidationError',
      code: 'VALIDATION_FAILED',
      retryable: false,
      fields: [{ path: ['input', 'friendlyName'], rule: 'SIZE', params: ['1', '50'], message: null }],
    });
  });

  it('without a body is a ValidationError without fields', async () => {
    const { data } = await createAccount(status(400));
    expect(data.createManagedAccount).toMatchObject({ __typename: 'ValidationError', fields: [] });
  });
});
