import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const PROFILE = '110000000000000001';

const create = (input: object) =>
  stack.query(
    `mutation ($input: CreateManagedAccountInput!) {
      createManagedAccount(input: $input) {
        __typename
        ... on CreateManagedAccountPayload {
          idempotencyKey
          managedAccount { id friendlyName currency state tag balances { available { value } } lowBalanceThreshold { amount value } }
        }
        ... on MutationError { code retryable requestRef }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule params } }
      }
    }`,
    { variables: { input } },
  );

const newAccount = async (currency = 'EUR') => {
  const { data } = await create({ profileId: PROFILE, friendlyName: 'Fresh', currency });
  return data.createManagedAccount.managedAccount.id as string;
};

/** Runs a mutation that takes an id and answers the account. */
const change = (mutation: string, id: string, selection = 'managedAccount { state blockedReason destroyedReason }') =>
  stack.query(
    `mutation ($id: ID!) {
      result: ${mutation}(input: { id: $id }) {
        __typename
        ... on ${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload { ${selection} }
        ... on MutationError { code }
      }
    }`,
    { variables: { id } },
  );

describe('reading accounts', () => {
  it('answers a page with its total, in one call', async () => {
    const { managedAccounts } = await stack.data(
      '{ managedAccounts(first: 5) { totalCount nodes { id currency balances { available { value } actual { amount } } } pageInfo { hasNextPage hasPreviousPage endCursor } } }',
    );
    expect(managedAccounts.totalCount).toBeGreaterThanOrEqual(12);
    expect(managedAccounts.nodes).toHaveLength(5);
    expect(managedAccounts.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(stack.calls).toEqual(['managedAccountsGet']);
  });

  it('walks all pages by cursor, without a gap or a repetition', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const {
        managedAccounts: page,
      }: {
        managedAccounts: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      } = await stack.data(
        'query ($after: String) { managedAccounts(first: 5, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        {
          variables: { after },
        },
      );
      seen.push(...page.edges.map(({ node }) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    const { managedAccounts } = await stack.data('{ managedAccounts(first: 100) { nodes { id } } }');
    expect(seen).toEqual(managedAccounts.nodes.map(({ id }: { id: string }) => id));
  });

  it('filters by every field at once', async () => {
    const { managedAccounts } = await stack.data(
      `{ managedAccounts(filter: { currency: "USD", state: [BLOCKED], blockedReason: [USER], profileId: "${PROFILE}", createdFrom: "2001-01-01T00:00:00Z", tag: "account-12" }) {
           totalCount nodes { state blockedReason }
         } }`,
    );
    expect(managedAccounts).toEqual({ totalCount: 1, nodes: [{ state: 'BLOCKED', blockedReason: 'USER' }] });
  });

  it('answers null for an account that is not there, and reads one account once', async () => {
    const id = await newAccount();
    const answer = await stack.data(
      `{ a: managedAccount(id: "${id}") { friendlyName } b: managedAccount(id: "${id}") { currency } }`,
    );
    expect(answer).toEqual({ a: { friendlyName: 'Fresh' }, b: { currency: 'EUR' } });
    expect(stack.calls).toEqual(['managedAccountGet']);
    expect(await stack.data('{ managedAccount(id: "1") { id } }')).toEqual({ managedAccount: null });
  });

  it('does not read an account of which only the statement is asked', async () => {
    const id = await newAccount();
    const asked = `managedAccount(id: "${id}") { id statement { totalCount } }`;
    expect(await stack.data(`{ ${asked} }`)).toEqual({ managedAccount: { id, statement: { totalCount: 0 } } });
    expect(stack.calls).toEqual(['managedAccountStatement']);
    const { data, errors } = await stack.query('{ managedAccount(id: "999") { id statement { totalCount } } }');
    expect(data).toEqual({ managedAccount: { id: '999', statement: null } });
    expect(errors).toMatchObject([{ path: ['managedAccount', 'statement'], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('reads several accounts from one page of their list', async () => {
    const { managedAccounts } = await stack.data('{ managedAccounts(first: 3) { nodes { id } } }');
    const [a, b, c] = managedAccounts.nodes.map(({ id }: { id: string }) => id);
    const answer = await stack.data(
      `{ a: managedAccount(id: "${a}") { id } b: managedAccount(id: "${b}") { id } c: managedAccount(id: "${c}") { id } }`,
    );
    expect(answer).toEqual({ a: { id: a }, b: { id: b }, c: { id: c } });
    expect(stack.calls).toEqual(['managedAccountsGet']);
  });

  it.each(['0', '101', '-1'])('refuses first: %s before any call', async (first) => {
    const { errors } = await stack.query(`{ managedAccounts(first: ${first}) { totalCount } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
    expect(stack.calls).toEqual([]);
  });

  it('refuses a cursor of its caller’s own making', async () => {
    const { errors } = await stack.query('{ managedAccounts(after: "20") { totalCount } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
    expect(stack.calls).toEqual([]);
  });
});

describe('creating accounts', () => {
  it('answers the account, and the key it was sent with', async () => {
    const { data } = await create({
      profileId: PROFILE,
      friendlyName: 'New',
      currency: 'EUR',
      tag: 'new',
      lowBalanceThreshold: 2500,
      idempotencyKey: 'k-1',
    });
    expect(data.createManagedAccount).toEqual({
      __typename: 'CreateManagedAccountPayload',
      idempotencyKey: 'k-1',
      managedAccount: {
        id: expect.stringMatching(/^\d{18}$/),
        friendlyName: 'New',
        currency: 'EUR',
        state: 'ACTIVE',
        tag: 'new',
        balances: { available: { value: '0.00' } },
        lowBalanceThreshold: { amount: 2500, value: '25.00' },
      },
    });
    expect(stack.calls).toEqual(['managedAccountCreate']);
  });

  it('creates nothing twice under one key, and refuses the key for another account', async () => {
    const input = { profileId: PROFILE, friendlyName: 'Once', currency: 'EUR', idempotencyKey: 'once' };
    const first = (await create(input)).data.createManagedAccount.managedAccount.id;
    expect((await create(input)).data.createManagedAccount.managedAccount.id).toBe(first);
    const other = await create({ ...input, friendlyName: 'Twice' });
    expect(other.data.createManagedAccount).toMatchObject({ __typename: 'IdempotencyConflictError', retryable: false });
  });

  it('answers ConflictError, with its code and what helps, when Weavr declines', async () => {
    const { data } = await create({ profileId: '1', friendlyName: 'No', currency: 'EUR' });
    expect(data.createManagedAccount).toMatchObject({
      __typename: 'ConflictError',
      code: 'PROFILE_NOT_FOUND',
      action: 'CONTACT_SUPPORT',
      retryable: false,
    });
  });

  it('answers ValidationError, with the path of the input, when Weavr finds it invalid', async () => {
    const { data } = await create({ profileId: PROFILE, friendlyName: 'x'.repeat(51), currency: 'EUR' });
    expect(data.createManagedAccount).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'friendlyName'], rule: 'SIZE' }],
      requestRef: expect.stringContaining('sandbox-'),
    });
  });

  it('needs a verified identity', async () => {
    const token = stack.sandbox.signIn('root@newco.example');
    const { data } = await stack.query(
      `mutation { createManagedAccount(input: { profileId: "${PROFILE}", friendlyName: "No", currency: "EUR" }) { ... on ConflictError { code action } } }`,
      { token },
    );
    expect(data.createManagedAccount).toEqual({ code: 'OWNER_IDENTITY_NOT_VERIFIED', action: 'DO_FIRST' });
  });
});

describe('changing accounts', () => {
  it('changes what is given and leaves the rest', async () => {
    const id = await newAccount();
    const { updateManagedAccount } = await stack.data(
      `mutation { updateManagedAccount(input: { id: "${id}", friendlyName: "Renamed" }) { ... on UpdateManagedAccountPayload { managedAccount { friendlyName currency } } } }`,
    );
    expect(updateManagedAccount.managedAccount).toEqual({ friendlyName: 'Renamed', currency: 'EUR' });
    expect(stack.calls).toEqual(['managedAccountUpdate']);
  });

  it('blocks and unblocks, and reads the account again because it is asked for', async () => {
    const id = await newAccount();
    expect((await change('blockManagedAccount', id)).data.result.managedAccount).toMatchObject({
      state: 'BLOCKED',
      blockedReason: 'USER',
    });
    expect(stack.calls).toEqual(['managedAccountBlock', 'managedAccountGet']);
    expect((await change('blockManagedAccount', id)).data.result.code).toBe('INSTRUMENT_ALREADY_BLOCKED');
    expect((await change('unblockManagedAccount', id)).data.result.managedAccount).toMatchObject({
      state: 'ACTIVE',
      blockedReason: null,
    });
    expect((await change('unblockManagedAccount', id)).data.result.code).toBe('INSTRUMENT_NOT_BLOCKED');
  });

  it('makes no second call for a payload that nobody asks for', async () => {
    const id = await newAccount();
    await change('blockManagedAccount', id, '__typename');
    expect(stack.calls).toEqual(['managedAccountBlock']);
  });

  it('removes an empty account and no other', async () => {
    const id = await newAccount();
    expect((await change('removeManagedAccount', id)).data.result.managedAccount).toMatchObject({
      state: 'DESTROYED',
      destroyedReason: 'USER',
    });
    expect((await change('removeManagedAccount', id)).data.result.code).toBe('INSTRUMENT_ALREADY_REMOVED');
    const { managedAccounts } = await stack.data('{ managedAccounts(filter: { tag: "account-11" }) { nodes { id } } }');
    expect((await change('removeManagedAccount', managedAccounts.nodes[0].id)).data.result.code).toBe(
      'BALANCE_NOT_ZERO',
    );
  });

  it('answers NotFoundError for an account of somebody else', async () => {
    const { managedAccounts } = await stack.data('{ managedAccounts(first: 1) { nodes { id } } }', {
      token: stack.sandbox.signIn('ada@consumer.example'),
    });
    expect((await change('blockManagedAccount', managedAccounts.nodes[0].id)).data.result).toEqual({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
    });
  });
});

describe('bank details', () => {
  it('are asked for, and there when the clock has moved on', async () => {
    const id = await newAccount();
    const { data } = await change(
      'assignManagedAccountIban',
      id,
      'iban { state bankAccountDetails { details { __typename } } }',
    );
    expect(data.result.iban).toEqual({ state: 'PENDING_ALLOCATION', bankAccountDetails: [] });
    expect(stack.calls).toEqual(['managedAccountsIBANUpgrade']);
    expect((await change('assignManagedAccountIban', id)).data.result.code).toBe('IBAN_ALREADY_REQUESTED');
    stack.sandbox.clock.advance(5_000);
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${id}") { iban { state bankAccountDetails { beneficiaryNameAndSurname details { ... on IbanDetails { iban bankIdentifierCode } } } } } }`,
    );
    expect(managedAccount.iban).toMatchObject({
      state: 'ALLOCATED',
      bankAccountDetails: [
        {
          beneficiaryNameAndSurname: 'Acme Ltd',
          details: { iban: expect.stringMatching(/^MT\d{2}/), bankIdentifierCode: 'SBXMMTM1' },
        },
      ],
    });
    expect(stack.calls.sort()).toEqual(['managedAccountGet', 'managedAccountIBANGet']);
    expect((await change('assignManagedAccountIban', id)).data.result.code).toBe('INSTRUMENT_ALREADY_UPGRADED_TO_IBAN');
  });

  it('are a sort code and a number for pounds', async () => {
    const { managedAccounts } = await stack.data(
      '{ managedAccounts(filter: { currency: "GBP" }, first: 1) { nodes { iban { bankAccountDetails { details { ... on SortCodeDetails { sortCode accountNumber } } } } } } }',
    );
    expect(managedAccounts.nodes[0].iban.bankAccountDetails[0].details).toEqual({
      sortCode: '040004',
      accountNumber: expect.stringMatching(/^\d{8}$/),
    });
  });
});
