import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credit, type Order, purchase, release, reverse, settle } from '../src/sandbox/core/purchases.js';
import type { StoredCard } from '../src/sandbox/core/state.js';
import type { CardLevelSpendRules, SpendLimit } from '../src/weavr/spend-rules.js';
import { type Stack, startStack } from './harness.js';
import { euros, payer, SHOP } from './paying.js';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  token = stack.sandbox.signIn('root@acme.example');
});
afterAll(() => stack.close());

const { state, now, debitCard, prepaidCard, order } = payer(() => stack);
const DAY_MS = 24 * 60 * 60_000;

/** How a payment ended, and why. */
async function outcomeOf({ id }: { id: string }) {
  const { cardPayment } = await stack.data(
    `{ cardPayment(id: "${id}") { status events { ... on CardPaymentAuthorisation { result declineReason authRuleFailedReason } } } }`,
    { token },
  );
  const { declineReason, authRuleFailedReason } = cardPayment.events[0];
  return [cardPayment.status, declineReason, authRuleFailedReason];
}

/** The available and the actual balance of what a card spends from, and the amounts of its statement. */
async function booksOf(card: StoredCard) {
  const account = card.mode === 'DEBIT_MODE';
  const { instrument } = await stack.data(
    `{ instrument: ${account ? 'managedAccount' : 'managedCard'}(id: "${state().ledgerAccountOf(card)}") {
         ${account ? '' : '... on PrepaidCard {'} balances { available { amount } actual { amount } } ${account ? '' : '}'}
         statement(filter: { transactionType: [CARD_PAYMENTS, FEES] }) { nodes { transaction { type subtype } balanceAdjustment { amount } } } } }`,
    { token },
  );
  const { balances, statement } = instrument;
  return {
    balances: [balances.available.amount, balances.actual.amount],
    entries: statement.nodes.map(
      (entry: { transaction: { subtype: string }; balanceAdjustment: { amount: number } }) => [
        entry.transaction.subtype,
        entry.balanceAdjustment.amount,
      ],
    ),
  };
}

const limit = (interval: SpendLimit['interval'], amount: number): SpendLimit => ({ interval, value: euros(amount) });

describe('a purchase', () => {
  it('holds the money until it is settled, and then moves it', async () => {
    const card = debitCard();
    const payment = purchase(state(), card, order());
    expect(await outcomeOf(payment)).toEqual(['SETTLEMENT_IN_PROGRESS', null, null]);
    expect(await booksOf(card)).toEqual({ balances: [90_00, 100_00], entries: [] });
    settle(state(), payment, { at: now(), fee: 50 });
    expect(await outcomeOf(payment)).toEqual(['SETTLED', null, null]);
    expect(await booksOf(card)).toEqual({
      balances: [89_50, 89_50],
      entries: [
        ['sale_purchases', -10_00],
        ['purchase_fees', -50],
      ],
    });
  });

  it('spends a prepaid card’s own money', async () => {
    const card = prepaidCard();
    settle(state(), purchase(state(), card, order({ subtype: 'cash_withdrawals' })), { at: now(), fee: 1_00 });
    expect(await booksOf(card)).toEqual({
      balances: [89_00, 89_00],
      entries: [
        ['cash_withdrawals', -10_00],
        ['atm_withdrawal_fees', -1_00],
      ],
    });
  });

  it('may be settled for another amount', async () => {
    const card = debitCard();
    settle(state(), purchase(state(), card, order({ authorisationCategory: 'PRE_AUTH' })), {
      at: now(),
      amount: euros(7_00),
    });
    expect(await booksOf(card)).toEqual({ balances: [93_00, 93_00], entries: [['sale_purchases', -7_00]] });
  });

  it.each(['CANCELLED', 'EXPIRED'] as const)('gives back what it held when it is %s', async (status) => {
    const card = debitCard();
    const payment = purchase(state(), card, order());
    release(state(), payment, { at: now(), status });
    expect(await outcomeOf(payment)).toEqual([status, null, null]);
    expect(await booksOf(card)).toEqual({ balances: [100_00, 100_00], entries: [] });
  });

  it('is undone by a reversal, and once only', async () => {
    const card = debitCard();
    const payment = purchase(state(), card, order());
    settle(state(), payment, { at: now() });
    reverse(state(), payment, now());
    expect(await booksOf(card)).toEqual({
      balances: [100_00, 100_00],
      entries: [
        ['sale_purchases', -10_00],
        ['purchase_reversals', 10_00],
      ],
    });
    expect(() => reverse(state(), payment, now())).toThrow(RangeError);
  });

  it('is settled once, and never when it was declined', async () => {
    const [settled, declined] = [
      purchase(state(), debitCard(), order()),
      purchase(state(), debitCard({ funds: 1 }), order()),
    ];
    settle(state(), settled, { at: now() });
    for (const payment of [settled, declined])
      expect(() => settle(state(), payment, { at: now() })).toThrow(RangeError);
  });

  it('blocks a card that is for a single one', async () => {
    const card = debitCard();
    card.singleSpend = true;
    expect(await outcomeOf(purchase(state(), card, order({ amount: euros(101_00) })))).toContain('DECLINED');
    expect(await outcomeOf(purchase(state(), card, order()))).toContain('SETTLEMENT_IN_PROGRESS');
    expect(await outcomeOf(purchase(state(), card, order()))).toEqual(['DECLINED', 'SINGLE_SPEND', null]);
    const { managedCard } = await stack.data(`{ managedCard(id: "${card.id}") { state blockedReason } }`, { token });
    expect(managedCard).toEqual({ state: 'BLOCKED', blockedReason: 'SINGLE_SPEND' });
  });
});

describe('money from a merchant', () => {
  it.each([
    ['REFUND', 'purchase_refunds'],
    ['ORIGINAL_CREDIT', 'original_credit_transactions'],
  ] as const)('comes as %s, at once', async (type, subtype) => {
    const card = debitCard();
    const payment = credit(state(), card, { ...order(), type });
    const { cardPayment } = await stack.data(`{ cardPayment(id: "${payment.id}") { type status } }`, { token });
    expect(cardPayment).toEqual({ type, status: 'SETTLED' });
    expect(await booksOf(card)).toEqual({ balances: [110_00, 110_00], entries: [[subtype, 10_00]] });
  });

  it('is declined where the rules forbid it', async () => {
    const card = debitCard();
    state().spendRules.set(card.id, { allowCreditAuthorisations: false });
    const payment = credit(state(), card, { ...order(), type: 'REFUND' });
    const [status, , rule] = await outcomeOf(payment);
    expect([status, rule]).toEqual(['DECLINED', 'CREDIT_AUTHORISATIONS_NOT_ALLOWED']);
    expect(await booksOf(card)).toEqual({ balances: [100_00, 100_00], entries: [] });
  });
});

describe('a purchase is declined', () => {
  const shop = (change: object) => ({ merchant: { ...SHOP, ...change } });

  it.each<[string, { card?: object; account?: object; order?: Partial<Order> }]>([
    ['CARD_STATUS_NOT_ALLOWED', { card: { state: { state: 'BLOCKED', blockedReason: 'USER' } } }],
    ['CARD_STATUS_NOT_ALLOWED', { card: { state: { state: 'DESTROYED', destroyedReason: 'USER' } } }],
    ['TRANSACTION_NOT_PERMITTED', { account: { state: { state: 'BLOCKED', blockedReason: 'USER' } } }],
    ['PHYSICAL_NOT_ACTIVATED', { card: { physicalCardDetails: { pendingActivation: true } } }],
    ['CARD_EXPIRY_CHECKS_FAILED', { card: { expiryMmyy: '0124' } }],
    ['INSUFFICIENT_BALANCE', { order: { amount: euros(100_01) } }],
  ])('with %s', async (reason, given) => {
    const card = Object.assign(debitCard(), given.card);
    Object.assign(state().managedAccounts.any(state().ledgerAccountOf(card))!, given.account);
    expect(await outcomeOf(purchase(state(), card, order(given.order)))).toEqual(['DECLINED', reason, null]);
    expect(await booksOf(card)).toEqual({ balances: [100_00, 100_00], entries: [] });
  });

  it.each<[string, CardLevelSpendRules, Partial<Order>]>([
    ['MERCHANT_CATEGORY_BLOCKED', { blockedMerchantCategories: ['5411'], allowedMerchantCategories: ['5411'] }, {}],
    ['MERCHANT_CATEGORY_NOT_IN_ALLOWED_LIST', { allowedMerchantCategories: ['5412'] }, {}],
    ['MERCHANT_ID_BLOCKED', { blockedMerchantIds: [SHOP.id] }, {}],
    ['MERCHANT_ID_NOT_IN_ALLOWED_LIST', { allowedMerchantIds: ['1'] }, {}],
    ['MERCHANT_COUNTRY_BLOCKED', { blockedMerchantCountries: ['MT'] }, {}],
    ['MERCHANT_COUNTRY_NOT_IN_ALLOWED_LIST', { allowedMerchantCountries: ['IT'] }, {}],
    ['ATM_NOT_ALLOWED', { allowAtm: false }, { subtype: 'cash_withdrawals' }],
    ['CONTACTLESS_NOT_ALLOWED', { allowContactless: false }, { entry: 'CONTACTLESS' }],
    ['ECOMMERCE_NOT_ALLOWED', { allowECommerce: false }, { entry: 'E_COMMERCE' }],
    ['CASHBACK_NOT_ALLOWED', { allowCashback: false }, { subtype: 'sales_with_cashback' }],
    ['MIN_TRANSACTION_AMOUNT_EXCEEDED', { minTransactionAmount: 10_01 }, {}],
    ['MAX_TRANSACTION_AMOUNT_EXCEEDED', { maxTransactionAmount: 9_99 }, {}],
    ['SPEND_LIMIT_EXCEEDED', { spendLimit: [limit('ALWAYS', 50_00), limit('DAILY', 9_99)] }, {}],
  ])('by the card’s rules with %s', async (rule, rules, more) => {
    const card = debitCard();
    state().spendRules.set(card.id, rules);
    expect(await outcomeOf(purchase(state(), card, order(more)))).toEqual([
      'DECLINED',
      'AUTH_RULE_CHECKS_FAILED',
      rule,
    ]);
  });

  it.each([
    ['its profile', 'MERCHANT_CATEGORY_BLOCKED', shop({ categoryCode: '7995' })],
    ['its identity', 'MERCHANT_CATEGORY_BLOCKED', shop({ categoryCode: '9754' })],
    ['its identity', 'MAX_TRANSACTION_AMOUNT_EXCEEDED', { amount: euros(10_000_01) }],
  ])('by the rules of %s with %s', async (_whose, rule, more) => {
    const card = debitCard({ funds: 20_000_00 });
    expect(await outcomeOf(purchase(state(), card, order(more)))).toEqual([
      'DECLINED',
      'AUTH_RULE_CHECKS_FAILED',
      rule,
    ]);
  });

  it('for the first of several reasons: the card before its rules, rules before limits, limits before money', async () => {
    const card = debitCard({ funds: 1_00 });
    const tell = async () => (await outcomeOf(purchase(state(), card, order()))).filter(Boolean).at(-1);
    state().spendRules.set(card.id, { blockedMerchantIds: [SHOP.id], spendLimit: [limit('DAILY', 1_00)] });
    card.expiryMmyy = '0124';
    card.state = { state: 'BLOCKED', blockedReason: 'USER' };
    expect(await tell()).toBe('CARD_STATUS_NOT_ALLOWED');
    card.state = { state: 'ACTIVE' };
    expect(await tell()).toBe('CARD_EXPIRY_CHECKS_FAILED');
    card.expiryMmyy = '1299';
    expect(await tell()).toBe('MERCHANT_ID_BLOCKED');
    state().spendRules.set(card.id, { spendLimit: [limit('DAILY', 1_00)] });
    expect(await tell()).toBe('SPEND_LIMIT_EXCEEDED');
    state().spendRules.delete(card.id);
    expect(await tell()).toBe('INSUFFICIENT_BALANCE');
  });

  it('when a limit is used up by what is held, until its window ends', async () => {
    const card = debitCard();
    state().spendRules.set(card.id, { spendLimit: [limit('DAILY', 15_00)] });
    const left = async () => {
      const text = `{ managedCard(id: "${card.id}") { ... on DebitCard { availableToSpend { value { amount } } } } }`;
      return (await stack.data(text, { token })).managedCard.availableToSpend[0].value.amount;
    };
    const payment = purchase(state(), card, order());
    expect(await left()).toBe(5_00);
    expect(await outcomeOf(purchase(state(), card, order()))).toContain('SPEND_LIMIT_EXCEEDED');
    settle(state(), payment, { at: now() });
    expect(await left()).toBe(5_00);
    stack.sandbox.clock.advance(DAY_MS);
    token = stack.sandbox.signIn('root@acme.example');
    expect(await outcomeOf(purchase(state(), card, order()))).toContain('SETTLEMENT_IN_PROGRESS');
  });
});
