import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookkeeper, day, iso } from './bookkeeper.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const { acme, newAccount, post, busyAccount, rewrite } = bookkeeper(() => stack);

/** One object's field of an account, or of a card. */
async function read(id: string, selection: string, of = 'managedAccount') {
  const data = await stack.data(`{ instrument: ${of}(id: "${id}") { ${selection} } }`);
  return data.instrument;
}

/** The codes and fields of a refusal. */
async function refusal(id: string, selection: string) {
  const { errors } = await stack.query(`{ managedAccount(id: "${id}") { ${selection} } }`);
  return errors?.[0]?.extensions;
}

const COUNTERPARTY = `counterparty { __typename
  ... on MerchantCounterparty { name merchantId categoryCode country digitalWalletTypeUsed }
  ... on InstrumentCounterparty { id type friendlyName owner { id type name } instrument { id } }
  ... on BankAccountCounterparty { name iban bic accountNumber sortCode reference } }`;

describe('a statement', () => {
  it('answers entries, oldest first, between its balances, in one call', async () => {
    const { account } = busyAccount();
    const { statement } = await read(
      account,
      `statement(first: 2) { totalCount openingBalance { value } closingBalance { value } footer pageInfo { hasNextPage }
        nodes { executedAt description transaction { type subtype } balanceAdjustment { amount } balanceAfter { value } } }`,
    );
    expect(statement).toEqual({
      totalCount: 5,
      openingBalance: { value: '0.00' },
      closingBalance: { value: '64.50' },
      footer: expect.stringContaining('sandbox'),
      pageInfo: { hasNextPage: true },
      nodes: [
        {
          executedAt: iso(day(1)),
          description: 'Invoice 7',
          transaction: { type: 'INCOMING_WIRE_TRANSFERS', subtype: null },
          balanceAdjustment: { amount: 100_00 },
          balanceAfter: { value: '100.00' },
        },
        {
          executedAt: iso(day(2)),
          description: null,
          transaction: { type: 'OUTGOING_WIRE_TRANSFERS', subtype: 'redemptions' },
          balanceAdjustment: { amount: -20_00 },
          balanceAfter: { value: '80.00' },
        },
      ],
    });
    expect(stack.calls).toEqual(['managedAccountStatement']);
  });

  it('costs one call per instrument', async () => {
    await stack.data('{ managedAccounts(first: 3) { nodes { statement(first: 1) { totalCount } } } }');
    expect(stack.calls).toEqual(['managedAccountsGet', ...Array(3).fill('managedAccountStatement')]);
  });

  it('tells the other side by what is known of it', async () => {
    const { account, other } = busyAccount();
    const { statement } = await read(account, `statement { nodes { ${COUNTERPARTY} } }`);
    expect(statement.nodes.map(({ counterparty }: { counterparty: object }) => counterparty)).toEqual([
      {
        __typename: 'BankAccountCounterparty',
        name: 'Universal Exports',
        iban: 'MT84MALT011000012345MTLCAST001S',
        bic: 'MALTMTMT',
        accountNumber: null,
        sortCode: null,
        reference: '7',
      },
      {
        __typename: 'BankAccountCounterparty',
        name: 'Landlord',
        iban: null,
        bic: null,
        accountNumber: '12345678',
        sortCode: '040004',
        reference: 'Rent',
      },
      {
        __typename: 'MerchantCounterparty',
        name: 'Airport Books',
        merchantId: '42',
        categoryCode: '5942',
        country: 'US',
        digitalWalletTypeUsed: 'APPLE_PAY',
      },
      null,
      {
        __typename: 'InstrumentCounterparty',
        id: other,
        type: 'MANAGED_ACCOUNTS',
        friendlyName: 'Ledger',
        owner: { id: acme(), type: 'CORPORATE', name: 'Acme Ltd' },
        instrument: { id: other },
      },
    ]);
    expect(stack.calls).toEqual(['managedAccountStatement']);
  });

  it.each([
    [
      'a bank code that is a BIC',
      { name: 'Bank', bankCode: 'MALTMTMT' },
      { __typename: 'BankAccountCounterparty', bic: 'MALTMTMT', sortCode: null },
    ],
    [
      'a bank code that is a sort code',
      { bankCode: '040004' },
      { __typename: 'BankAccountCounterparty', bic: null, sortCode: '040004' },
    ],
    [
      'a name and blanks',
      { name: 'Shop', iban: '', id: '' },
      { __typename: 'MerchantCounterparty', name: 'Shop', merchantId: null },
    ],
    [
      'an owner without a kind',
      { owner: { type: 'consumers' } },
      { __typename: 'InstrumentCounterparty', id: null, owner: { type: 'CONSUMER' }, instrument: null },
    ],
    [
      'a kind of tomorrow',
      { type: 'wallets', id: '7', owner: { type: 'trusts' } },
      { __typename: 'InstrumentCounterparty', type: 'UNRECOGNIZED', owner: { type: 'UNRECOGNIZED' } },
    ],
    ['nothing it knows', { planet: 'Mars' }, { __typename: 'MerchantCounterparty', name: null }],
  ])('bears %s on the other side', async (_case, counterparty, expected) => {
    const { account } = busyAccount();
    rewrite('managedAccountStatement', (body: { entries: object[] }) => ({
      ...body,
      entries: body.entries.slice(0, 1).map((entry) => ({ ...entry, counterparty })),
    }));
    const { statement } = await read(account, `statement { nodes { ${COUNTERPARTY} } }`);
    expect(statement.nodes[0].counterparty).toMatchObject(expected);
  });

  it('shows the fee, the conversion and the card of a payment, and ties the fee’s own entry to it', async () => {
    const { account, card, purchase, fee } = busyAccount();
    const { statement } = await read(
      account,
      `statement(filter: { from: "${iso(day(3))}", to: "${iso(day(3))}" }) { nodes { entryId relatedEntryId
        fee { id amount { value } subtype }
        forex { originalAmount { value currency } exchangeRate paddingAmount { value } feeAmount { value } }
        executingAccessInstrument { id type friendlyName cardBrand cardNumberFirstSix cardNumberLastFour handle card { id } } } }`,
    );
    expect(statement.nodes).toEqual([
      {
        entryId: purchase,
        relatedEntryId: null,
        fee: { id: fee, amount: { value: '0.50' }, subtype: 'purchase_fees' },
        forex: {
          originalAmount: { value: '11.00', currency: 'USD' },
          exchangeRate: '0.909091',
          paddingAmount: { value: '0.20' },
          feeAmount: { value: '0.10' },
        },
        executingAccessInstrument: {
          id: card.id,
          type: 'MANAGED_CARDS',
          friendlyName: card.friendlyName,
          cardBrand: card.cardBrand,
          cardNumberFirstSix: card.cardNumberFirstSix,
          cardNumberLastFour: card.cardNumberLastFour,
          handle: null,
          card: { id: card.id },
        },
      },
      { entryId: fee, relatedEntryId: purchase, fee: null, forex: null, executingAccessInstrument: null },
    ]);
  });

  it('names the IBAN that a wire came by', async () => {
    const { managedAccounts } = await stack.data(
      `{ managedAccounts(first: 1, filter: { tag: "account-2" }) { nodes { id friendlyName statement(filter: { executingAccessInstrumentType: [IBANS] }) {
           totalCount nodes { executingAccessInstrument { id type friendlyName handle cardBrand } } } } } }`,
    );
    const [{ id, friendlyName, statement }] = managedAccounts.nodes;
    expect(statement.totalCount).toBeGreaterThan(0);
    expect(statement.nodes[0].executingAccessInstrument).toEqual({
      id,
      type: 'IBANS',
      friendlyName,
      handle: expect.stringMatching(/^MT\d{2}SBXM/),
      cardBrand: null,
    });
  });

  it.each([
    ['the newest first', 'sortOrder: DESC', [-500, -50, -1000, -2000, 10000]],
    ['a kind of transaction', 'filter: { transactionType: [TRANSFERS] }', [-500]],
    ['several kinds', 'filter: { transactionType: [FEES, CARD_PAYMENTS] }', [-1000, -50]],
    ['what cards caused', 'filter: { executingAccessInstrumentType: [MANAGED_CARDS] }', [-1000]],
    ['what neither cards nor IBANs caused', 'filter: { executingAccessInstrumentId: "1" }', []],
    [
      'a period, both ends included',
      `filter: { from: "${iso(day(2))}", to: "${iso(day(4))}" }`,
      [-2000, -1000, -50, -500],
    ],
    ['a page of it', 'first: 2, after: "b2Zmc2V0OjE"', [-1000, -50]],
  ])('answers %s', async (_case, args, amounts) => {
    const { account } = busyAccount();
    const { statement } = await read(account, `statement(${args}) { nodes { balanceAdjustment { amount } } }`);
    expect(
      statement.nodes.map((entry: { balanceAdjustment: { amount: number } }) => entry.balanceAdjustment.amount),
    ).toEqual(amounts);
  });

  it('answers what one card caused', async () => {
    const { account, card, purchase } = busyAccount();
    const { statement } = await read(
      account,
      `statement(filter: { executingAccessInstrumentId: "${card.id}" }) { nodes { entryId } }`,
    );
    expect(statement.nodes).toEqual([{ entryId: purchase }]);
  });

  it('leaves out what moved no money', async () => {
    const account = newAccount();
    post(account, 0, {
      at: day(1),
      transaction: { type: 'card_payments', id: '1' },
      legacyType: 'AUTHORISATION_DECLINE',
    });
    expect((await read(account, 'statement { totalCount }')).statement.totalCount).toBe(0);
  });

  it('adds up in every period: opening balance and adjustments make the closing balance', async () => {
    const account = newAccount();
    const history = fc.sample(fc.tuple(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: 0, max: 300 })), 60);
    for (const [amount, days] of history) post(account, amount, { at: day(days) }); // in no order of time
    const period = fc.tuple(fc.integer({ min: -10, max: 310 }), fc.integer({ min: 0, max: 320 }));
    await fc.assert(
      fc.asyncProperty(period, async ([from, length]) => {
        const filter = `{ from: "${iso(day(from))}", to: "${iso(day(from + length))}" }`;
        const { statement } = await read(
          account,
          `statement(first: 500, filter: ${filter}) { openingBalance { amount } closingBalance { amount } nodes { balanceAdjustment { amount } balanceAfter { amount } } }`,
        );
        let balance = statement.openingBalance.amount;
        for (const { balanceAdjustment, balanceAfter } of statement.nodes) {
          balance += balanceAdjustment.amount;
          expect(balanceAfter.amount).toBe(balance);
        }
        expect(statement.closingBalance.amount).toBe(balance);
      }),
      { numRuns: 40 },
    );
  });

  it('has pages of up to 500, and refuses more before any call', async () => {
    const account = newAccount();
    for (let count = 0; count < 501; count++) post(account, 1, { at: day(count) });
    const { statement } = await read(
      account,
      'statement(first: 500) { totalCount nodes { entryId } pageInfo { hasNextPage } }',
    );
    expect(statement).toMatchObject({ totalCount: 501, pageInfo: { hasNextPage: true } });
    expect(statement.nodes).toHaveLength(500);
    expect(await refusal(account, 'statement(first: 501) { totalCount }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'first',
    });
  });

  it('is refused for a period that ends before it starts', async () => {
    const period = `{ from: "${iso(day(2))}", to: "${iso(day(1))}" }`;
    expect(await refusal(newAccount(), `statement(filter: ${period}) { totalCount }`)).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['endPeriod'], rule: 'RANGE' }],
    });
  });

  it('fails alone: the account beside it is there', async () => {
    stack.sandbox.faults.plan(
      { kind: 'STATUS', status: 403, effect: false, body: { errorCode: 'STEP_UP_REQUIRED' } },
      { operation: 'managedAccountStatement' },
    );
    const { data, errors } = await stack.query(
      `{ managedAccount(id: "${newAccount()}") { currency statement { totalCount } } }`,
    );
    expect(data).toEqual({ managedAccount: { currency: 'EUR', statement: null } });
    expect(errors?.[0]?.extensions.code).toBe('STEP_UP_REQUIRED');
  });
});
