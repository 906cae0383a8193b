import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { run } from './registering.js';
import { accountsIn, balanceOf, cardsIn, newAccount, type Side } from './transferring.js';

let stack: Stack;
let ada: string;
beforeAll(async () => {
  stack = await startStack();
  ada = stack.sandbox.signIn('ada@consumer.example');
});
afterAll(() => stack.close());

const login = async (email: string): Promise<string> =>
  (await run(stack, 'loginWithPassword', { email, password: 'Passw0rd!' }, 'token')).token;

const accountOf = async (token: string): Promise<Side> => {
  const { managedAccounts } = await stack.data('{ managedAccounts(first: 1) { nodes { id } } }', { token });
  return { type: 'MANAGED_ACCOUNTS', id: managedAccounts.nodes[0].id };
};

const list = async (args = '', token?: string) =>
  (
    await stack.data(`{ fees(first: 100, ${args}) { totalCount nodes { id feeType description createdAt } } }`, {
      token,
    })
  ).fees;

const CHARGED = `idempotencyKey fee {
  transactionId { id type } profileId feeType source { id } availableBalanceAdjustment { value currency } state createdAt
}`;

let keys = 0;
/** Charges a fee, a moment after whatever was before. */
const charge = (source: Side, { token = stack.token, feeType = 'MONTHLY_FEE', key = `fee-${++keys}` } = {}) => {
  stack.sandbox.clock.advance(1);
  return run(stack, 'chargeFee', { feeType, source, idempotencyKey: key }, CHARGED, token);
};

describe('reading fees', () => {
  it('answers those of all instruments, newest first, in one call', async () => {
    const { fees } = await stack.data(
      `{
        fees {
          totalCount
          nodes {
            __typename id feeType amount { currency value } status description relatedTransactionId createdAt updatedAt
            instrument { id }
          }
        }
      }`,
    );
    expect(stack.calls).toEqual(['feesGet']);
    expect(fees.totalCount).toBe(fees.nodes.length);
    const times = fees.nodes.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const reversal = fees.nodes.find(({ feeType }: { feeType: string }) => feeType === 'fee_reversals');
    const mistaken = fees.nodes.find(({ id }: { id: string }) => id === reversal.relatedTransactionId);
    expect(mistaken).toMatchObject({ status: 'REVERSED', relatedTransactionId: null, updatedAt: reversal.createdAt });
    expect(reversal).toEqual({
      __typename: 'FeeTransaction',
      id: expect.stringMatching(/^\d{18}$/),
      feeType: 'fee_reversals',
      amount: { currency: 'USD', value: '5.50' },
      status: 'COMPLETED',
      description: 'Charged by mistake',
      relatedTransactionId: mistaken.id,
      createdAt: reversal.updatedAt,
      updatedAt: expect.any(String),
      instrument: mistaken.instrument,
    });
  });

  it('leads to the card or the account that was charged', async () => {
    const { fees } = await stack.data('{ fees { nodes { instrument { __typename friendlyName } } } }');
    const types = fees.nodes.map(({ instrument }: { instrument: { __typename: string } }) => instrument.__typename);
    expect(new Set(types)).toEqual(new Set(['ManagedAccount', 'DebitCard']));
    expect(new Set(stack.calls)).toEqual(new Set(['feesGet', 'managedAccountsGet', 'managedCardsGet']));
  });

  it('are those of the caller alone', async () => {
    const { nodes } = await list('', ada);
    expect(nodes).toContainEqual(expect.objectContaining({ feeType: 'custom_fees', description: 'MONTHLY_FEE' }));
    const others = (await list()).nodes.map(({ id }: { id: string }) => id);
    for (const { id } of nodes) expect(others).not.toContain(id);
  });

  it('are narrowed to a period and sorted', async () => {
    const all = await list('sortOrder: ASC');
    const times = all.nodes.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(times).toEqual([...times].sort());
    const ids = (fees: typeof all) => fees.nodes.map(({ id }: { id: string }) => id);
    const [, second, third] = all.nodes;
    const period = `createdFrom: "${second.createdAt}", createdTo: "${third.createdAt}"`;
    const some = await list(`sortOrder: ASC, filter: { ${period} }`);
    expect(ids(some)).toEqual([second.id, third.id]);
    expect(some.totalCount).toBe(2);
    expect(ids(await list(`filter: { createdTo: "${second.createdAt}" }`))).toEqual(ids(all).slice(0, 2).reverse());
  });

  it('come in pages', async () => {
    const page = (after = '') =>
      stack.data(`{ fees(first: 3 ${after}) { nodes { id } pageInfo { hasNextPage endCursor } } }`);
    const { fees: first } = await page();
    expect(first.pageInfo.hasNextPage).toBe(true);
    const { fees: second } = await page(`after: "${first.pageInfo.endCursor}"`);
    const ids = [...first.nodes, ...second.nodes].map(({ id }: { id: string }) => id);
    expect(ids).toEqual((await list()).nodes.slice(0, ids.length).map(({ id }: { id: string }) => id));
  });
});

describe('charging a fee', () => {
  it('takes what the programme has set, at once, and lists it', async () => {
    const [source] = await accountsIn(stack, 'EUR');
    const before = balanceOf(stack, source);
    const { fee, idempotencyKey } = await charge(source, { key: 'monthly-1' });
    expect(stack.calls).toEqual(['corporateChargeFee']);
    expect(idempotencyKey).toBe('monthly-1');
    expect(fee).toEqual({
      transactionId: { id: expect.stringMatching(/^\d{18}$/), type: 'CHARGE_FEE' },
      profileId: expect.any(String),
      feeType: 'MONTHLY_FEE',
      source: { id: source.id },
      availableBalanceAdjustment: { value: '-5.00', currency: 'EUR' },
      state: 'COMPLETED',
      createdAt: expect.any(String),
    });
    expect(balanceOf(stack, source)).toBe(before - 5_00);
    expect((await list()).nodes[0]).toEqual({
      id: fee.transactionId.id,
      feeType: 'custom_fees',
      description: 'MONTHLY_FEE',
      createdAt: fee.createdAt,
    });
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${source.id}") { statement(first: 1, sortOrder: DESC) { nodes { transaction { id type subtype } } } } }`,
    );
    const transaction = { id: fee.transactionId.id, type: 'FEES', subtype: 'custom_fees' };
    expect(managedAccount.statement.nodes).toEqual([{ transaction }]);
  });

  it('takes nothing twice under one key', async () => {
    const [source] = await accountsIn(stack, 'GBP');
    const before = balanceOf(stack, source);
    const first = await charge(source, { key: 'once' });
    expect(await charge(source, { key: 'once' })).toEqual(first);
    expect(balanceOf(stack, source)).toBe(before - 4_50);
  });

  it('takes a debit card’s from its account', async () => {
    const [card] = await cardsIn(stack, 'DEBIT_MODE');
    const text = `{ managedCard(id: "${card.id}") { ... on DebitCard { parentManagedAccount { id } } } }`;
    const account = (await stack.data(text)).managedCard.parentManagedAccount;
    const before = balanceOf(stack, account);
    const { fee } = await charge(card);
    expect(balanceOf(stack, account)).toBe(before - 5_00);
    const { fees } = await stack.data('{ fees(first: 1) { nodes { id instrument { id } } } }');
    expect(fees.nodes).toEqual([{ id: fee.transactionId.id, instrument: { id: card.id } }]);
  });

  describe('to a caller of the one or the other kind', () => {
    it('takes one call where the gateway saw the sign-in', async () => {
      const corporate = await login('root@acme.example');
      await charge(await accountOf(corporate), { token: corporate });
      expect(stack.calls).toEqual(['corporateChargeFee']);
      const consumer = await login('ada@consumer.example');
      const { fee } = await charge(await accountOf(consumer), { token: consumer });
      expect(fee.state).toBe('COMPLETED');
      expect(stack.calls).toEqual(['consumerChargeFee']);
    });

    it('charges the consumer, once, where a corporate’s fee is refused to the session', async () => {
      const source = await accountOf(ada);
      const before = balanceOf(stack, source);
      const first = await charge(source, { token: ada, key: 'ada-1' });
      expect(stack.calls).toEqual(['corporateChargeFee', 'consumerChargeFee']);
      expect(first.fee.availableBalanceAdjustment.value).toBe('-4.50');
      expect(await charge(source, { token: ada, key: 'ada-1' })).toEqual(first);
      expect(balanceOf(stack, source)).toBe(before - 4_50);
    });

    it('tries no second time when the outcome of the first is unknown', async () => {
      const source = await newAccount(stack);
      stack.sandbox.faults.plan({ kind: 'RESET', effect: false }, { operation: 'corporateChargeFee' });
      expect(await charge(source)).toEqual({ code: 'OUTCOME_UNKNOWN' });
      expect(stack.calls).toEqual(['corporateChargeFee']);
    });

    it('tries no second time when the first is declined', async () => {
      expect(await charge(await newAccount(stack))).toMatchObject({ code: 'FUNDS_INSUFFICIENT' });
      expect(stack.calls).toEqual(['corporateChargeFee']);
    });

    it('is FORBIDDEN where both are', async () => {
      const body = { errorCode: 'INSUFFICIENT_PERMISSIONS' };
      const fault = { kind: 'STATUS', status: 403, effect: false, body } as const;
      stack.sandbox.faults.plan(fault, { operation: 'consumerChargeFee' });
      expect(await charge(await accountOf(ada), { token: ada })).toBe('FORBIDDEN');
      expect(stack.calls).toEqual(['corporateChargeFee', 'consumerChargeFee']);
    });
  });

  it.each<[code: string, action: string, feeType: string, source: () => Promise<Side> | Side]>([
    ['UNRESOLVED_FEE_TYPE', 'FIX_INPUT', 'NO_SUCH_FEE', () => newAccount(stack)],
    ['UNRESOLVED_INSTRUMENT', 'FIX_INPUT', 'MONTHLY_FEE', () => ({ type: 'MANAGED_CARDS', id: '1' })],
    ['IDENTITY_NOT_OWNER_OF_INSTRUMENT', 'FIX_INPUT', 'MONTHLY_FEE', () => accountOf(ada)],
    ['UNRESOLVED_CURRENCY', 'FIX_INPUT', 'ONBOARDING_FEE', () => newAccount(stack, 'USD')],
    ['FEE_AMOUNT_NOT_SET', 'CONTACT_SUPPORT', 'PRIORITY_SUPPORT', () => newAccount(stack, 'GBP')],
    ['FUNDS_INSUFFICIENT', 'DO_FIRST', 'MONTHLY_FEE', () => newAccount(stack)],
  ])('is declined with %s, and takes nothing', async (code, action, feeType, source) => {
    const instrument = await source();
    const before = balanceOf(stack, instrument);
    expect(await charge(instrument, { feeType })).toEqual({ code, action });
    expect(balanceOf(stack, instrument)).toBe(before);
  });

  it('wants a key', async () => {
    const { errors } = await stack.query(
      'mutation { chargeFee(input: { feeType: "MONTHLY_FEE", source: { type: MANAGED_ACCOUNTS, id: "1" } }) { __typename } }',
    );
    expect(errors?.[0]?.message).toContain('idempotencyKey');
    expect(stack.calls).toEqual([]);
  });

  it('answers ValidationError, with the path of the input', async () => {
    const source = await newAccount(stack);
    expect(await charge(source, { feeType: '' })).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', 'feeType'], rule: 'SIZE' }],
    });
  });
});
