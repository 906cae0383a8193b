import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { purchase, settle } from '../src/sandbox/core/purchases.js';
import type { StoredCard } from '../src/sandbox/core/state.js';
import { type Stack, startStack } from './harness.js';
import { euros, payer } from './paying.js';
import { inAMinute, transferred } from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const { state, now, debitCard, prepaidCard, fund, order } = payer(() => stack);

interface Node {
  __typename: string;
}

interface Row {
  id: string;
  type: string;
  direction: string;
  instrument: { id: string };
}

const WHOLE = `nodes { id type status direction amount { value } fee { id amount { value } subtype } createdAt updatedAt
  instrument { id } transaction { __typename id amount { value } } }`;

const accountOf = (card: StoredCard) => ({ type: 'MANAGED_ACCOUNTS' as const, id: state().ledgerAccountOf(card) });

describe('the feed of all instruments', () => {
  it('answers a page with whole transactions of all kinds, newest first, in one call', async () => {
    const { transactions } = await stack.data(`{ transactions(first: 100) { totalCount ${WHOLE} } }`);
    expect(transactions.nodes).toHaveLength(100);
    expect(transactions.totalCount).toBeGreaterThan(400);
    const times = transactions.nodes.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
    const kinds = new Map(
      transactions.nodes.map(({ type, transaction }: { type: string; transaction: Node }) => [
        type,
        transaction.__typename,
      ]),
    );
    expect(Object.fromEntries(kinds)).toMatchObject({
      TRANSFERS: 'Transfer',
      SENDS: 'Send',
      CARD_PAYMENTS: 'CardPayment',
      FEES: 'FeeTransaction',
      SYSTEM_TRANSACTIONS: 'SystemTransaction',
    });
    expect(stack.calls).toEqual(['transactionsGet']);
  });

  it('reads the instruments of a page with one call for each page of their lists', async () => {
    const { transactions } = await stack.data(
      '{ transactions(filter: { type: [TRANSFERS] }, first: 100) { nodes { instrument { __typename friendlyName } } } }',
    );
    for (const { instrument } of transactions.nodes) expect(instrument.friendlyName).toBeTruthy();
    expect(stack.calls.sort()).toEqual(['managedAccountsGet', 'managedCardsGet', 'transactionsGet']);
  });

  it('shows a transfer between two of the own twice, under one id', async () => {
    const [one, other] = [accountOf(debitCard()), accountOf(debitCard())];
    const { id } = await transferred(stack, { source: one, destination: other });
    const { transactions } = await stack.data(
      `{ transactions(first: 2, filter: { type: [TRANSFERS] }, sortBy: UPDATED_AT) { ${WHOLE} } }`,
    );
    const rows = transactions.nodes.map(({ id, direction, instrument }: Row) => [id, direction, instrument.id]);
    expect(rows).toEqual([
      [id, 'DEBIT', one.id],
      [id, 'CREDIT', other.id],
    ]);
  });

  it('bears kinds, statuses and directions that are newer than this schema', async () => {
    const news = { type: 'crypto', status: 'LOST', direction: 'UP', amount: euros(5), creationTimestamp: 0 };
    const rewrite = (body: { transactions: object[] }) => ({
      ...body,
      transactions: body.transactions.map((row) => ({ ...row, ...news, transaction: { id: '7', colour: 'red' } })),
    });
    stack.sandbox.faults.plan({ kind: 'REWRITE', rewrite }, { operation: 'transactionsGet' });
    const { transactions } = await stack.data(
      '{ transactions(first: 1) { nodes { type status direction transaction { __typename id amount { value } createdAt description } } } }',
    );
    expect(transactions.nodes).toEqual([
      {
        type: 'UNRECOGNIZED',
        status: 'UNRECOGNIZED',
        direction: 'UNRECOGNIZED',
        transaction: {
          __typename: 'OtherTransaction',
          id: '7',
          amount: { value: '0.05' },
          createdAt: '1970-01-01T00:00:00.000Z',
          description: null,
        },
      },
    ]);
  });

  it('is everybody’s own', async () => {
    const token = stack.sandbox.signIn('root@newco.example');
    expect((await stack.data('{ transactions { totalCount } }', { token })).transactions).toEqual({ totalCount: 0 });
  });
});

describe('the feed of an instrument', () => {
  it('shows what is done, under way, planned and declined', async () => {
    const card = debitCard();
    const account = accountOf(card);
    const other = accountOf(debitCard());
    const declined = purchase(state(), card, order({ amount: euros(900_00) }));
    const payment = purchase(state(), card, order());
    settle(state(), payment, { at: now(), fee: 25 });
    const held = purchase(state(), card, order({ amount: euros(1_00) }));
    const planned = await transferred(stack, { source: account, destination: other, scheduledFor: inAMinute(stack) });
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${account.id}") { transactions { totalCount ${WHOLE} } } }`,
    );
    const { nodes, totalCount } = managedAccount.transactions;
    const rows = new Map(nodes.map((row: Row) => [row.id, row]));
    expect(totalCount).toBe(6);
    expect(rows.get(declined.id)).toMatchObject({
      status: 'CANCELLED',
      direction: 'DEBIT',
      amount: { value: '900.00' },
    });
    expect(rows.get(held.id)).toMatchObject({ status: 'PROCESSING', fee: null });
    expect(rows.get(planned.id)).toMatchObject({ status: 'SUBMITTED', transaction: { __typename: 'Transfer' } });
    expect(rows.get(payment.id)).toMatchObject({
      type: 'CARD_PAYMENTS',
      status: 'COMPLETED',
      amount: { value: '10.00' },
      fee: { amount: { value: '0.25' }, subtype: 'purchase_fees' },
      transaction: { __typename: 'CardPayment', id: payment.id },
    });
    for (const { instrument } of nodes) expect(instrument.id).toBe(account.id);
    expect(stack.calls).toEqual(['managedAccountGet', 'managedAccountTransactionsGet']);
  });

  it('shows of a card what it caused, and not what else its account does', async () => {
    const card = debitCard();
    const payment = purchase(state(), card, order());
    const { managedCard } = await stack.data(
      `{ managedCard(id: "${card.id}") { transactions { nodes { id instrument { __typename tag friendlyName } } } } }`,
    );
    const instrument = { __typename: 'DebitCard', tag: null, friendlyName: 'Fresh' };
    expect(managedCard.transactions.nodes).toEqual([{ id: payment.id, instrument }]);
    expect(stack.calls).toEqual(['managedCardGet', 'managedCardTransactionsGet']);
  });

  it('tells of a correction why it was made and what it corrects', async () => {
    const card = prepaidCard();
    const id = fund(card.id, 5_00, 'Goodwill');
    const { managedCard } = await stack.data(
      `{ managedCard(id: "${card.id}") { transaction(id: "${id}") { type direction transaction {
           ... on SystemTransaction { subtype status description relatedTransactionId instrument { id } createdAt updatedAt } } } } }`,
    );
    expect(managedCard.transaction).toEqual({
      type: 'SYSTEM_TRANSACTIONS',
      direction: 'CREDIT',
      transaction: {
        subtype: 'balance_adjustments',
        status: 'COMPLETED',
        description: 'Goodwill',
        relatedTransactionId: null,
        instrument: { id: card.id },
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    });
    expect(stack.calls).toEqual(['managedCardGet', 'managedCardTransactionGet']);
  });

  it('answers one transaction by its id, and null for one that has nothing to do with it', async () => {
    const [card, other] = [debitCard(), debitCard()];
    const { id } = purchase(state(), card, order());
    const one = (account: { id: string }) =>
      `managedAccount(id: "${account.id}") { transaction(id: "${id}") { id instrument { id } } }`;
    const { mine, theirs } = await stack.data(`{ mine: ${one(accountOf(card))} theirs: ${one(accountOf(other))} }`);
    expect(mine.transaction).toEqual({ id, instrument: { id: accountOf(card).id } });
    expect(theirs.transaction).toBeNull();
  });

  describe('with a filter', () => {
    let card: StoredCard;
    const ids: string[] = [];
    const times: string[] = [];
    const iso = () => new Date(now()).toISOString();

    /** On one prepaid card, a minute apart: its opening balance, a purchase that is settled last, and a declined one. */
    beforeAll(() => {
      card = prepaidCard();
      const payments = [
        () => purchase(state(), card, order()),
        () => purchase(state(), card, order({ amount: euros(900_00) })),
      ];
      times.push(iso());
      ids.push(state().ledger.entriesOf(card.id)[0]!.movement.transaction.id);
      for (const pay of payments) {
        stack.sandbox.clock.advance(60_000);
        times.push(iso());
        ids.push(pay().id);
      }
      stack.sandbox.clock.advance(60_000);
      settle(state(), state().cardPayments.any(ids[1]!)!, { at: now() });
    });

    it.each([
      ['nothing else', () => ({}), [2, 1, 0]],
      ['the oldest first', () => ({ sortOrder: 'ASC' }), [0, 1, 2]],
      ['the last change first', () => ({ sortBy: 'UPDATED_AT' }), [1, 2, 0]],
      ['type', () => ({ filter: { type: ['CARD_PAYMENTS', 'SENDS'] } }), [2, 1]],
      ['status', () => ({ filter: { status: ['CANCELLED', 'DRAFT'] } }), [2]],
      ['direction', () => ({ filter: { direction: 'CREDIT' } }), [0]],
      ['createdFrom', () => ({ filter: { createdFrom: times[1] } }), [2, 1]],
      ['createdTo', () => ({ filter: { createdTo: times[1] } }), [1, 0]],
      ['updatedFrom', () => ({ filter: { updatedFrom: times[2] } }), [2, 1]],
      ['updatedTo', () => ({ filter: { updatedTo: times[2] } }), [2, 0]],
      ['a page', () => ({ first: 1, after: 'b2Zmc2V0OjA' }), [1]],
    ])('answers what matches: %s', async (_name, args, expected) => {
      const { managedCard } = await stack.data(
        `query ($id: ID!, $filter: TransactionActivityFilter, $sortBy: TransactionActivitySortBy! = CREATED_AT, $sortOrder: SortOrder! = DESC, $first: Int! = 20, $after: String) {
          managedCard(id: $id) { transactions(filter: $filter, sortBy: $sortBy, sortOrder: $sortOrder, first: $first, after: $after) { nodes { id } } }
        }`,
        { variables: { id: card.id, ...args() }, token: stack.sandbox.signIn('root@acme.example') },
      );
      const answered = managedCard.transactions.nodes.map(({ id }: Row) => id);
      expect(answered).toEqual(expected.map((place) => ids[place]));
    });
  });
});

describe('an entry of a statement', () => {
  const DETAILS =
    'transaction { id type details { __typename id amount { value } ... on CardPayment { merchant { name } } } }';
  const token = () => stack.sandbox.signIn('root@acme.example');

  it('leads to its transaction; a fee has none', async () => {
    const card = debitCard();
    const payment = purchase(state(), card, order());
    settle(state(), payment, { at: now(), fee: 25 });
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${accountOf(card).id}") { statement { nodes { ${DETAILS} } } } }`,
      { token: token() },
    );
    const details = managedAccount.statement.nodes.map(
      ({ transaction }: { transaction: { details: object } }) => transaction.details,
    );
    expect(details).toEqual([
      null,
      { __typename: 'CardPayment', id: payment.id, amount: { value: '10.00' }, merchant: { name: 'Corner Shop' } },
      null,
    ]);
    expect(stack.calls).toEqual(['managedAccountStatement', 'cardPaymentGet']);
  });

  it('shares its calls with the other entries: as many as the lists have pages', async () => {
    const { managedAccounts } = await stack.data(
      `{ managedAccounts(filter: { tag: "account-1" }) { nodes { statement(first: 500) { nodes { ${DETAILS} } } } } }`,
      { token: token() },
    );
    const kinds = managedAccounts.nodes[0].statement.nodes.map(
      ({ transaction }: { transaction: { details: { __typename: string } | null } }) => transaction.details?.__typename,
    );
    expect(kinds).toHaveLength(250);
    expect(new Set(kinds)).toEqual(expect.objectContaining(new Set(['Transfer', 'CardPayment'])));
    expect(stack.calls.filter((call) => call === 'transfersGet').length).toBeLessThanOrEqual(2);
    expect(stack.calls.filter((call) => call === 'cardPaymentsGet').length).toBeLessThanOrEqual(3);
    expect(stack.calls).not.toContain('cardPaymentGet');
    expect(stack.calls).not.toContain('transferGet');
  });

  it('leads on without a call where its id and kind are enough', async () => {
    await stack.data(
      '{ managedAccounts(filter: { tag: "account-1" }) { nodes { statement(first: 500) { nodes { transaction { details { __typename id } } } } } } }',
      { token: token() },
    );
    expect(stack.calls).toEqual(['managedAccountsGet', 'managedAccountStatement']);
  });
});
