import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredCard } from '../src/sandbox/core/state.js';
import { type Stack, startStack } from './harness.js';
import { euros, payer } from './paying.js';
import { simulating } from './simulating.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => expect(state().ledger.total()).toBe(0));
afterAll(() => stack.close());

const { state, now, debitCard, prepaidCard } = payer(() => stack);
const { buy, refund, paymentOf, read } = simulating(() => stack);
const DAY_MS = 24 * 60 * 60_000;

/** The movements of a statement, in both forms, with what was left: as numbers, newest first. */
const STATEMENTS = `
  statement(sortOrder: DESC, filter: { transactionType: [CARD_PAYMENTS] }) { nodes { transaction { subtype } balanceAdjustment { amount } balanceAfter { amount } } }
  legacyStatement { nodes { transactionId { type } actualBalanceAdjustment { amount } actualBalanceAfter { amount } } }`;

interface Amount {
  amount: number;
}
interface Statements {
  statement: { nodes: { transaction: { subtype: string }; balanceAdjustment: Amount; balanceAfter: Amount }[] };
  legacyStatement: {
    nodes: { transactionId: { type: string }; actualBalanceAdjustment: Amount; actualBalanceAfter: Amount }[];
  };
}

const movements = ({ statement, legacyStatement }: Statements) => ({
  current: statement.nodes.map((node) => [
    node.transaction.subtype,
    node.balanceAdjustment.amount,
    node.balanceAfter.amount,
  ]),
  legacy: legacyStatement.nodes
    .filter(({ transactionId }) => transactionId.type !== 'SYSTEM_TRANSACTION') // the opening balance
    .map((node) => [node.transactionId.type, node.actualBalanceAdjustment.amount, node.actualBalanceAfter.amount]),
});

const balancesOf = (card: StoredCard) => state().ledger.balances(state().ledgerAccountOf(card));

describe('a purchase that the card pays', () => {
  it('leaves the parent account at once', async () => {
    const card = debitCard();
    const balances = 'balances { available { value } actual { value } }';
    const selection = `outcome threeDSecureChallengeId managedCard { ... on DebitCard { parentManagedAccount { ${balances} } } }`;
    expect(await buy(card, {}, selection)).toEqual({
      outcome: 'APPROVED',
      threeDSecureChallengeId: null,
      managedCard: {
        parentManagedAccount: { balances: { available: { value: '90.00' }, actual: { value: '90.00' } } },
      },
    });
    expect(stack.calls).toEqual(['cards_card_id_purchase', 'managedCardGet', 'managedAccountGet']);
  });

  it('stands, as its refund does, in card payments, activity and both forms of statements, with the right signs', async () => {
    const card = debitCard();
    await buy(card);
    stack.sandbox.clock.advance(1_000);
    expect(await refund(card, { amount: euros(4_00) })).toEqual({ outcome: 'APPROVED' });
    expect(stack.calls).toEqual(['cards_card_id_merchant_refund']);
    const { cardPayments, managedCard } = await read(
      `{ cardPayments(filter: { cardId: "${card.id}" }) { nodes { type status amount { value } merchant { name categoryCode country } events { type } } }
         managedCard(id: "${card.id}") { ... on DebitCard { ${STATEMENTS} parentManagedAccount { ${STATEMENTS}
           transactions(filter: { type: [CARD_PAYMENTS] }) { nodes { direction status amount { value } transaction { __typename } } } } } } }`,
    );
    const merchant = { name: 'Book Barn', categoryCode: '5942', country: 'MT' };
    const settled = { status: 'SETTLED', merchant };
    expect(cardPayments.nodes).toEqual([
      { ...settled, type: 'REFUND', amount: { value: '4.00' }, events: [{ type: 'REFUND' }] },
      {
        ...settled,
        type: 'PURCHASE',
        amount: { value: '10.00' },
        events: [{ type: 'AUTHORISATION' }, { type: 'SETTLEMENT' }],
      },
    ]);
    const done = { status: 'COMPLETED', transaction: { __typename: 'CardPayment' } };
    expect(managedCard.parentManagedAccount.transactions.nodes).toEqual([
      { ...done, direction: 'CREDIT', amount: { value: '4.00' } },
      { ...done, direction: 'DEBIT', amount: { value: '10.00' } },
    ]);
    expect(movements(managedCard.parentManagedAccount)).toEqual({
      current: [
        ['purchase_refunds', 4_00, 94_00],
        ['sale_purchases', -10_00, 90_00],
      ],
      legacy: [
        ['MERCHANT_REFUND', 4_00, 94_00],
        ['SETTLEMENT', -10_00, 90_00],
      ],
    });
    const ofCard = movements(managedCard);
    expect(ofCard.current.map(([subtype, amount]) => [subtype, amount])).toEqual([
      ['purchase_refunds', 4_00],
      ['sale_purchases', -10_00],
    ]);
    expect(ofCard.legacy.map(([type, amount]) => [type, amount])).toEqual([
      ['MERCHANT_REFUND', 4_00],
      ['SETTLEMENT', -10_00],
    ]);
  });

  it('spends a prepaid card’s own money', async () => {
    const card = prepaidCard();
    await buy(card);
    const { managedCard } = await read(
      `{ managedCard(id: "${card.id}") { ... on PrepaidCard { balances { available { amount } } ${STATEMENTS} } } }`,
    );
    expect(managedCard.balances.available.amount).toBe(90_00);
    expect(movements(managedCard)).toEqual({
      current: [['sale_purchases', -10_00, 90_00]],
      legacy: [['SETTLEMENT', -10_00, 90_00]],
    });
  });

  it('is cash where it is cash, whatever the machine is said to sell', async () => {
    const card = debitCard();
    await buy(card, { atmWithdrawal: true });
    const payment = await paymentOf(card, 'type merchant { categoryCode } events { subtype }');
    expect(payment).toEqual({
      type: 'CASH_WITHDRAWAL',
      merchant: { categoryCode: '6011' },
      events: [{ subtype: 'CASH_WITHDRAWALS' }, { subtype: 'CASH_WITHDRAWALS' }],
    });
  });

  it('is converted, with what is told of fee and padding or what is usual', async () => {
    const [told, usual] = [debitCard(), debitCard()];
    const dollars = { amount: { currency: 'USD', amount: 10_00 } };
    await buy(told, { ...dollars, forexFee: 7, forexPadding: 100 });
    await buy(usual, dollars);
    const billed = async (card: StoredCard) =>
      (await paymentOf(card, 'events { billingAmount { value } }')).events.map(
        ({ billingAmount: { value } }: { billingAmount: { value: string } }) => value,
      );
    expect(await billed(told)).toEqual(['10.27', '9.27']); // 9.20, 0.07 and 1.00; the padding is not settled
    expect(await billed(usual)).toEqual(['9.47', '9.29']);
    expect([balancesOf(told).actualBalance, balancesOf(usual).actualBalance]).toEqual([90_73, 90_71]);
  });

  it('tells all that is told of its merchant, the country in two letters', async () => {
    const card = debitCard();
    const MERCHANT = {
      street: '1 Quay',
      city: 'Bari',
      state: 'BA',
      postalCode: '70121',
      telephone: '+39 080',
      url: 'https://a.example',
      nameOther: 'Libri',
      networkId: '77',
      contact: 'Ugo',
    };
    await buy(card, { merchantId: '123456789012345', merchant: { ...MERCHANT, country: 'ITA' } });
    const names = Object.keys(MERCHANT).join(' ');
    expect((await paymentOf(card, `merchant { merchantId country ${names} }`)).merchant).toEqual({
      ...MERCHANT,
      merchantId: '123456789012345',
      country: 'IT',
    });
    await buy(card, { merchantCategoryCode: undefined });
    expect((await paymentOf(card, 'merchant { categoryCode }')).merchant.categoryCode).toBe('5399');
  });

  it('happened when it is said to have, and never ahead', async () => {
    const card = debitCard();
    const at = (ms: number) => new Date(now() + ms).toISOString();
    await buy(card, { at: at(-DAY_MS) });
    expect((await paymentOf(card, 'createdAt')).createdAt).toBe(at(-DAY_MS));
    await buy(card, { at: at(DAY_MS) });
    expect((await paymentOf(card, 'createdAt')).createdAt).toBe(at(0));
  });
});
