import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
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

const { state, debitCard, prepaidCard } = payer(() => stack);
const { act, buy, refund, paymentOf, read } = simulating(() => stack);

const balancesOf = (card: StoredCard) => state().ledger.balances(state().ledgerAccountOf(card));

describe('a purchase that the card does not pay', () => {
  const STEPS = 'status events { ... on CardPaymentAuthorisation { result declineReason authRuleFailedReason } }';
  const FLAGS = {
    allowContactless: true,
    allowAtm: false,
    allowECommerce: false,
    allowCashback: true,
    allowCreditAuthorisations: false,
  };
  const setRules = (card: StoredCard, rules: object) =>
    act('setSpendRules', { cardId: card.id, ...FLAGS, ...rules }, '__typename');
  const limit = (interval: string, amount: number) => ({ spendLimit: [{ interval, value: euros(amount) }] });
  const ruled = async (rules: object = {}) => {
    const card = debitCard();
    await setRules(card, rules);
    return card;
  };

  it.each<[outcome: string, why: string, card: () => StoredCard | Promise<StoredCard>, input?: object]>([
    ['DENIED_SPEND_CONTROL', 'MERCHANT_CATEGORY_BLOCKED', () => ruled({ blockedMerchantCategories: ['5942'] })],
    [
      'DENIED_SPEND_CONTROL',
      'MERCHANT_CATEGORY_NOT_IN_ALLOWED_LIST',
      () => ruled({ allowedMerchantCategories: ['5411'] }),
    ],
    ['DENIED_SPEND_CONTROL', 'MERCHANT_COUNTRY_BLOCKED', () => ruled({ blockedMerchantCountries: ['MT'] })],
    ['DENIED_SPEND_CONTROL', 'MERCHANT_ID_BLOCKED', () => ruled({ blockedMerchantIds: ['7'] }), { merchantId: '7' }],
    ['DENIED_SPEND_CONTROL', 'MERCHANT_CATEGORY_BLOCKED', () => debitCard(), { merchantCategoryCode: '9754' }], // of the identity
    ['DENIED_SPEND_CONTROL', 'MERCHANT_CATEGORY_BLOCKED', () => debitCard(), { merchantCategoryCode: '7995' }], // of the profile
    ['DENIED_SPEND_CONTROL', 'ATM_NOT_ALLOWED', () => ruled(), { atmWithdrawal: true }],
    ['DENIED_SPEND_CONTROL', 'ECOMMERCE_NOT_ALLOWED', () => ruled(), { cardPresent: false }],
    ['DENIED_SPEND_CONTROL', 'ECOMMERCE_NOT_ALLOWED', () => ruled(), { cardHolderPresent: 'NOT_PRESENT' }],
    ['DENIED_SPEND_CONTROL', 'MAX_TRANSACTION_AMOUNT_EXCEEDED', () => ruled({ maxTransactionAmount: 9_99 })],
    ['DENIED_SPEND_CONTROL', 'SPEND_LIMIT_EXCEEDED', () => ruled(limit('ALWAYS', 9_99))],
    ['DENIED_NOT_ENOUGH_FUNDS', 'INSUFFICIENT_BALANCE', () => debitCard({ funds: 9_99 })],
    ['DENIED_CARD_INACTIVE', 'CARD_STATUS_NOT_ALLOWED', () => blocked('blockManagedCard')],
    ['DENIED_CARD_INACTIVE', 'CARD_STATUS_NOT_ALLOWED', () => blocked('removeManagedCard')],
    ['DENIED_CARD_EXPIRY', 'CARD_EXPIRY_CHECKS_FAILED', () => Object.assign(debitCard(), { expiryMmyy: '0120' })],
    ['DENIED_OTHER', 'TRANSACTION_NOT_PERMITTED', () => orphaned()],
  ])('answers %s, and records why: %s', async (outcome, why, make, input) => {
    const card = await make();
    const before = balancesOf(card);
    expect(await buy(card, input)).toEqual({ outcome });
    expect(stack.calls).toEqual(['cards_card_id_purchase']);
    const { status, events } = await paymentOf(card, STEPS);
    expect([status, events[0].result]).toEqual(['DECLINED', 'DECLINED']);
    expect(events[0].authRuleFailedReason ?? events[0].declineReason).toBe(why);
    expect(balancesOf(card)).toEqual(before);
  });

  async function blocked(how: 'blockManagedCard' | 'removeManagedCard') {
    const card = how === 'removeManagedCard' ? prepaidCard(0) : debitCard();
    await act(how, { id: card.id }, '__typename');
    return card;
  }

  async function orphaned() {
    const card = debitCard();
    await act('blockManagedAccount', { id: state().ledgerAccountOf(card) }, '__typename');
    return card;
  }

  it('pays again in the next window of its limit', async () => {
    const card = await ruled(limit('DAILY', 15_00));
    const outcomes = [await buy(card), await buy(card), await buy(card, { amount: euros(5_00) })];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['APPROVED', 'DENIED_SPEND_CONTROL', 'APPROVED']);
    const left = await read(
      `{ managedCard(id: "${card.id}") { ... on DebitCard { availableToSpend { value { amount } } } } }`,
    );
    expect(left.managedCard.availableToSpend).toEqual([{ value: { amount: 0 } }]);
    stack.sandbox.clock.advance(24 * 60 * 60_000);
    expect(await buy(card)).toEqual({ outcome: 'APPROVED' });
  });

  it('takes no refund that its rules forbid', async () => {
    expect(await refund(await ruled())).toEqual({ outcome: 'DENIED_SPEND_CONTROL' });
  });

  it.each<[outcome: string, card: () => { id: string }, amount: number]>([
    ['DENIED_CARD_NOT_FOUND', () => ({ id: '1' }), 10_00],
    ['DENIED_AMOUNT_NOT_POSITIVE', () => debitCard(), 0],
    ['DENIED_OTHER', () => debitCard(), Number.MAX_SAFE_INTEGER],
  ])('answers %s, of a purchase and of a refund, and records nothing', async (outcome, make, amount) => {
    const card = make();
    expect(await buy(card, { amount: euros(amount) })).toEqual({ outcome });
    expect(await refund(card, { amount: euros(amount) })).toEqual({ outcome });
    expect(await paymentOf(card, 'id')).toBeUndefined();
  });

  it.each<[path: string, input: object, rule: string]>([
    ['merchantName', { merchantName: '' }, 'SIZE'],
    ['merchantId', { merchantId: '1'.repeat(16) }, 'SIZE'],
    ['country', { country: 'MT' }, 'REGEX'],
    ['country', { country: 'XXX' }, 'IN'],
    ['merchant.country', { merchant: { country: 'it' } }, 'REGEX'],
    ['forexFee', { forexFee: Number.MAX_SAFE_INTEGER }, 'RANGE'],
  ])('answers ValidationError for a wrong %s', async (path, input, rule) => {
    const refused = { code: 'VALIDATION_FAILED', fields: [{ path: ['input', ...path.split('.')], rule }] };
    expect(await buy({ id: '1' }, input)).toEqual(refused);
    expect(await refund({ id: '1' }, input)).toEqual(refused);
  });
});

describe('a purchase that asks on the cardholder’s device first', () => {
  const ASKED = { initiateBiometricThreeDSecure: true };
  const selection = 'outcome threeDSecureChallengeId';
  const root = () => credentialsOf(state(), 'root@acme.example')!.id;
  const enrolled = () =>
    Object.assign(debitCard(), {
      threeDSecureAuthConfig: { linkedUserId: root(), primaryChannel: 'BIOMETRICS', fallbackChannel: 'OTP_SMS' },
    });
  const answer = (how: string, challengeId: string) =>
    act(`simulateChallenge${how}`, { credentialsId: root(), challengeId });

  it.each([
    ['Success', 'SETTLED', 90_00],
    ['Invalid', undefined, 100_00],
  ])('waits, and goes as the cardholder answers: %s', async (how, status, left) => {
    const card = enrolled();
    const { outcome, threeDSecureChallengeId } = await buy(card, ASKED, selection);
    expect(outcome).toBe('PENDING_BIOMETRIC_THREEDS_VERIFICATION');
    expect(await paymentOf(card, 'status')).toBeUndefined();
    expect(balancesOf(card).availableBalance).toBe(100_00);
    expect(await answer(how, threeDSecureChallengeId)).toEqual({ outcome: 'COMPLETED' });
    expect((await paymentOf(card, 'status'))?.status).toBe(status);
    expect(balancesOf(card).availableBalance).toBe(left);
    expect(await answer('Success', threeDSecureChallengeId)).toEqual({ outcome: 'DENIED' });
  });

  it('is not possible with a card that asks nobody', async () => {
    expect(await buy(debitCard(), ASKED, selection)).toEqual({
      outcome: 'CARD_NOT_ENROLLED_FOR_BIOMETRIC_THREEDS',
      threeDSecureChallengeId: null,
    });
  });

  it('keeps an id that is longer than a number of JavaScript', async () => {
    const text =
      '{"threeDSecureChallengeId":{"hasValue":true,"value":116776347499233281},"code":"PENDING_BIOMETRIC_THREEDS_VERIFICATION"}';
    stack.sandbox.faults.plan({ kind: 'TEXT', text, mediaType: 'application/json' });
    expect((await buy(enrolled(), ASKED, selection)).threeDSecureChallengeId).toBe('116776347499233281');
  });
});

describe('a purchase without a whole or known answer', () => {
  it('may have happened, and is not repeated', async () => {
    const card = debitCard();
    stack.sandbox.faults.plan({ kind: 'HALF' }, { operation: 'cards_card_id_purchase' });
    expect(await buy(card)).toEqual({ code: 'OUTCOME_UNKNOWN' });
    expect(stack.calls).toEqual(['cards_card_id_purchase']);
    expect(balancesOf(card).actualBalance).toBe(90_00);
  });

  it('has an outcome that this schema does not know yet', async () => {
    stack.sandbox.faults.plan({ kind: 'REWRITE', rewrite: () => ({ code: 'DENIED_FULL_MOON' }) });
    expect(await buy(debitCard())).toEqual({ outcome: 'UNRECOGNIZED' });
  });
});
