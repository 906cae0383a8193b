import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookkeeper, day, iso } from './bookkeeper.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const { acme, cardOf, newAccount, post, busyAccount } = bookkeeper(() => stack);

/** One object's field of an account, or of a card. */
async function read(id: string, selection: string, of = 'managedAccount') {
  const data = await stack.data(`{ instrument: ${of}(id: "${id}") { ${selection} } }`);
  return data.instrument;
}

const fieldsOf = (entry: { additionalFields: { name: string; value: string }[] }) =>
  Object.fromEntries(entry.additionalFields.map(({ name, value }) => [name, value]));

const MOVEMENT = 'transactionId { type } actualBalanceAdjustment { amount }';
const briefly = (entries: { transactionId: { type: string }; actualBalanceAdjustment: { amount: number } }[]) =>
  entries.map(({ transactionId, actualBalanceAdjustment }) => [transactionId.type, actualBalanceAdjustment.amount]);

describe('the first form of a statement', () => {
  it('answers movements, newest first, in one call', async () => {
    const { account } = busyAccount();
    const { legacyStatement } = await read(
      account,
      `legacyStatement(first: 1) { totalCount startBalance { value } endBalance { value } footer pageInfo { hasNextPage }
        nodes { entryState executedAt transactionAmount { value } availableBalanceAdjustment { amount } actualBalanceAdjustment { amount }
          balanceAfter { value } availableBalanceAfter { value } actualBalanceAfter { value } } }`,
    );
    expect(legacyStatement).toEqual({
      totalCount: 5,
      startBalance: { value: '0.00' },
      endBalance: { value: '64.50' },
      footer: expect.stringContaining('sandbox'),
      pageInfo: { hasNextPage: true },
      nodes: [
        {
          entryState: 'COMPLETED',
          executedAt: iso(day(4)),
          transactionAmount: { value: '5.00' },
          availableBalanceAdjustment: { amount: -500 },
          actualBalanceAdjustment: { amount: -500 },
          balanceAfter: { value: '64.50' },
          availableBalanceAfter: { value: '64.50' },
          actualBalanceAfter: { value: '64.50' },
        },
      ],
    });
    expect(stack.calls).toEqual(['managedAccountStatementDeprecated']);
  });

  it('shows what a payment cost and how it was converted', async () => {
    const { account, payment } = busyAccount();
    const { legacyStatement } = await read(
      account,
      `legacyStatement(filter: { transactionType: [SETTLEMENT] }) { nodes { transactionId { id type }
        originalAmount { value currency } forexRate sourceAmount { currency } transactionFee { value } cardholderFee { value }
        userCurrencyTransactionDetails { userTransactionAmount { value } userExchangeRate } } }`,
    );
    expect(legacyStatement.nodes).toEqual([
      {
        transactionId: { id: payment, type: 'SETTLEMENT' },
        originalAmount: { value: '11.00', currency: 'USD' },
        forexRate: '0.909091',
        sourceAmount: { currency: 'USD' },
        transactionFee: { value: '0.50' },
        cardholderFee: { value: '0.50' },
        userCurrencyTransactionDetails: { userTransactionAmount: { value: '10.00' }, userExchangeRate: '0.909091' },
      },
    ]);
  });

  it('says the rest by name, as the kind of movement wants', async () => {
    const { account, card, payment, other } = busyAccount();
    const { legacyStatement } = await read(
      account,
      'legacyStatement(sortOrder: ASC) { nodes { additionalFields { name value } } }',
    );
    expect(legacyStatement.nodes.map(fieldsOf)).toMatchObject([
      { sender: 'Universal Exports', senderIban: 'MT84MALT011000012345MTLCAST001S', senderReference: '7' },
      { beneficiaryName: 'Landlord', beneficiaryAccount: '12345678', beneficiaryBankCode: '040004' },
      { merchantName: 'Airport Books', merchantId: '42', relatedCardId: card.id, forexFeeAmount: '10' },
      { chargeFeeType: 'purchase_fees', relatedTransactionId: payment, relatedTransactionIdType: 'SETTLEMENT' },
      {
        sourceInstrumentId: account,
        destinationInstrumentType: 'MANAGED_ACCOUNTS',
        destinationInstrumentId: other,
        destinationInstrumentFriendlyName: 'Ledger',
        destinationIdentityId: acme(),
        destinationIdentityName: 'Acme Ltd',
      },
    ]);
  });

  it.each([
    ['kinds', 'filter: { transactionType: [DEPOSIT, TRANSFER] }', ['TRANSFER', 'DEPOSIT']],
    [
      'a period',
      `filter: { from: "${iso(day(2))}", to: "${iso(day(3))}" }`,
      ['CHARGE_FEE', 'SETTLEMENT', 'OUTGOING_WIRE_TRANSFER'],
    ],
    ['a page', 'first: 2, after: "b2Zmc2V0OjE"', ['SETTLEMENT', 'OUTGOING_WIRE_TRANSFER']],
  ])('answers %s', async (_case, args, types) => {
    const { account } = busyAccount();
    const { legacyStatement } = await read(account, `legacyStatement(${args}) { nodes { transactionId { type } } }`);
    expect(legacyStatement.nodes.map((entry: { transactionId: { type: string } }) => entry.transactionId.type)).toEqual(
      types,
    );
  });

  it('joins the movements of a transaction, and its fee, into one entry if told', async () => {
    const { account } = busyAccount();
    const { legacyStatement } = await read(
      account,
      `legacyStatement(sortOrder: ASC, filter: { singleEntryPerTransaction: true }) { totalCount nodes { ${MOVEMENT} } }`,
    );
    expect(briefly(legacyStatement.nodes)).toEqual([
      ['DEPOSIT', 100_00],
      ['OUTGOING_WIRE_TRANSFER', -20_00],
      ['SETTLEMENT', -10_50],
      ['TRANSFER', -5_00],
    ]);
    expect(legacyStatement.totalCount).toBe(4);
  });

  it('shows what moved no money, unless told', async () => {
    const account = newAccount();
    const declined = { type: 'card_payments', id: '1', subtype: 'sale_purchases' } as const;
    post(account, 0, { at: day(1), transaction: declined, legacyType: 'AUTHORISATION_DECLINE' });
    post(account, 1, { at: day(2) });
    const { all, moved } = await read(
      account,
      `all: legacyStatement { nodes { ${MOVEMENT} } } moved: legacyStatement(showFundMovementsOnly: true) { nodes { ${MOVEMENT} } }`,
    );
    expect(briefly(all.nodes)).toEqual([
      ['DEPOSIT', 1],
      ['AUTHORISATION_DECLINE', 0],
    ]);
    expect(briefly(moved.nodes)).toEqual([['DEPOSIT', 1]]);
  });

  it('is refused for a period that does not end after its start', async () => {
    const filter = `{ from: "${iso(day(2))}", to: "${iso(day(2))}" }`;
    const { errors } = await stack.query(
      `{ managedAccount(id: "${newAccount()}") { legacyStatement(filter: ${filter}) { totalCount } } }`,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['toTimestamp'] }] });
  });

  it('comes as PDF for REST clients, where a transaction is one entry unless told', async () => {
    const { account } = busyAccount();
    const pdf = async (query: string) => {
      const url = `${stack.sandbox.url}/multi/deprecated/managed_accounts/${account}/statement${query}`;
      const authorization = `Bearer ${stack.token}`;
      const headers = { 'api-key': stack.sandbox.apiKey, authorization, accept: 'application/pdf' };
      return (await fetch(url, { headers })).text();
    };
    const fee = Buffer.from('CHARGE_FEE').toString('hex');
    expect(await pdf('?singleEntryPerTransaction=false')).toContain(fee);
    expect(await pdf('')).not.toContain(fee);
  });

  it('cannot be filtered by kinds that Weavr only answers', async () => {
    const { errors } = await stack.query(
      `{ managedAccount(id: "${newAccount()}") { legacyStatement(filter: { transactionType: [FUNDING] }) { totalCount } } }`,
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(stack.calls).toEqual([]);
  });
});

describe('a card’s statement', () => {
  it('is what a debit card caused on its account, without balances of its own', async () => {
    const { card, purchase } = busyAccount();
    const mine = stack.sandbox.state.managedCards.any(card.id)!;
    const parent = 'parentManagedAccountId' in mine ? mine.parentManagedAccountId : '';
    const spent = post(parent, -3_00, {
      at: Date.now(),
      cardId: card.id,
      transaction: { type: 'card_payments', id: '2' },
    });
    const { statement, legacyStatement } = await read(
      card.id,
      `statement(sortOrder: DESC, first: 500) { openingBalance { amount } closingBalance { amount } nodes { entryId executingAccessInstrument { id } } }
       legacyStatement(first: 1) { startBalance { amount } endBalance { amount } nodes { transactionId { id } } }`,
      'managedCard',
    );
    expect(statement).toMatchObject({ openingBalance: null, closingBalance: null });
    expect(statement.nodes[0]).toEqual({ entryId: spent, executingAccessInstrument: { id: card.id } });
    const ids = statement.nodes.map(({ entryId }: { entryId: string }) => entryId);
    expect(ids).not.toContain(purchase); // another account's
    expect(legacyStatement).toEqual({ startBalance: null, endBalance: null, nodes: [{ transactionId: { id: '2' } }] });
    expect(stack.calls.sort()).toEqual(['managedCardStatement', 'managedCardStatementDeprecated']);
  });

  it('is a prepaid card’s own, with its balances', async () => {
    const { id } = cardOf('PREPAID_MODE');
    const before = stack.sandbox.state.ledger.balances(id).actualBalance;
    post(id, 7_00, { at: Date.now() });
    const { statement } = await read(
      id,
      'statement(sortOrder: DESC, first: 1) { closingBalance { amount } nodes { balanceAdjustment { amount } } }',
      'managedCard',
    );
    expect(statement).toEqual({
      closingBalance: { amount: before + 7_00 },
      nodes: [{ balanceAdjustment: { amount: 7_00 } }],
    });
  });
});
