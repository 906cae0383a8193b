import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEBIT_CARD_PROFILE, openCard, PREPAID_CARD_PROFILE } from '../src/sandbox/managed-cards.js';
import type { NewManagedCard } from '../src/weavr/managed-cards.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  token = stack.sandbox.signIn('root@acme.example');
});
afterAll(() => stack.close());

const DAY_MS = 24 * 60 * 60_000;
const ADDRESS = { addressLine1: '1 Test Street', city: 'Valletta', postCode: 'VLT1010', country: 'MT' };
const FLAGS = {
  allowContactless: true,
  allowAtm: false,
  allowECommerce: true,
  allowCashback: false,
  allowCreditAuthorisations: true,
};

const limit = (interval: string, amount: number, currency = 'EUR') => ({ interval, value: { currency, amount } });

/** The account, in EUR, that the debit cards of these tests spend from. */
const parent = () => stack.sandbox.state.managedAccounts.all().find(({ tag }) => tag === 'account-4')!;

function newCard(
  more: { mode: 'PREPAID_MODE' } | { mode: 'DEBIT_MODE'; userCurrency?: string } = { mode: 'DEBIT_MODE' },
) {
  const { state, clock } = stack.sandbox;
  const holder = { friendlyName: 'Fresh', nameOnCard: 'Ben Bolt', billingAddress: ADDRESS };
  const given: NewManagedCard =
    more.mode === 'DEBIT_MODE'
      ? { ...holder, ...more, profileId: DEBIT_CARD_PROFILE, parentManagedAccountId: parent().id }
      : { ...holder, ...more, profileId: PREPAID_CARD_PROFILE, currency: 'EUR' };
  const owner = { type: 'CORPORATE' as const, id: state.managedAccounts.ownerOf(parent().id)! };
  return openCard(state, owner, given, clock.now()).id;
}

const set = async (cardId: string, rules: object) => {
  const text = `mutation ($input: SetSpendRulesInput!) {
    setSpendRules(input: $input) {
      ... on SetSpendRulesPayload { spendRules { card { blockedMerchantIds spendLimit { interval value { currency amount } } } } }
      ... on ConflictError { code action }
      ... on ValidationError { fields { path rule } }
    }
  }`;
  return (await stack.data(text, { variables: { input: { cardId, ...FLAGS, ...rules } }, token })).setSpendRules;
};

/** A purchase, as it leaves the account of a debit card. */
function spend(cardId: string, amount: number, at = stack.sandbox.clock.now()) {
  const { state } = stack.sandbox;
  const id = state.nextId();
  state.ledger.post({ id, at, transaction: { type: 'card_payments', id }, legacyType: 'SETTLEMENT', cardId }, [
    { account: parent().id, currency: 'EUR', amount: -amount },
    { account: 'world:EUR', currency: 'EUR', amount },
  ]);
}

/** What is left of a card's limits, by window. */
const left = async (cardId: string) => {
  const text = `{ managedCard(id: "${cardId}") { ... on DebitCard { availableToSpend { interval value { amount } } } } }`;
  const { availableToSpend } = (await stack.data(text, { token })).managedCard;
  return Object.fromEntries(
    availableToSpend.map(({ interval, value }: ReturnType<typeof limit>) => [interval, value.amount]),
  );
};

const advance = (ms: number) => {
  stack.sandbox.clock.advance(ms);
  token = stack.sandbox.signIn('root@acme.example');
};

describe('spend limits', () => {
  it.each([
    ['in another currency', [limit('DAILY', 1_00, 'USD')], 'SPEND_LIMIT_CURRENCY_DIFFERENT_FROM_CARD_CURRENCY'],
    ['twice for a window', [limit('DAILY', 1_00), limit('DAILY', 2_00)], 'SPEND_LIMIT_DUPLICATE_INTERVAL'],
    ['of nothing', [limit('DAILY', 0)], 'SPEND_LIMIT_AMOUNT_INVALID'],
  ])('are refused %s', async (_what, spendLimit, code) => {
    expect(await set(newCard(), { spendLimit })).toEqual({ code, action: 'FIX_INPUT' });
  });

  it('are refused on a prepaid card, whose other rules are not', async () => {
    const cardId = newCard({ mode: 'PREPAID_MODE' });
    const code = 'SPEND_LIMIT_NOT_SUPPORTED_FOR_PREPAID_MODE_CARD';
    expect(await set(cardId, { spendLimit: [limit('DAILY', 1_00)] })).toEqual({ code, action: 'FIX_INPUT' });
    await set(cardId, {});
    const { spendRules } = await set(cardId, { blockedMerchantIds: ['1'] });
    expect(spendRules.card).toEqual({ blockedMerchantIds: ['1'], spendLimit: [] });
  });

  it('are in the user’s currency where the card has one', async () => {
    const cardId = newCard({ mode: 'DEBIT_MODE', userCurrency: 'SEK' });
    const code = 'SPEND_LIMIT_CURRENCY_DIFFERENT_FROM_USER_CURRENCY';
    expect(await set(cardId, { spendLimit: [limit('DAILY', 1_00)] })).toEqual({ code, action: 'FIX_INPUT' });
    const { spendRules } = await set(cardId, { spendLimit: [limit('DAILY', 1_00, 'SEK')] });
    expect(spendRules.card.spendLimit).toEqual([limit('DAILY', 1_00, 'SEK')]);
  });

  it('leave what was not spent within their window', async () => {
    const [cardId, other] = [newCard(), newCard()];
    await set(cardId, { spendLimit: [limit('DAILY', 10_00), limit('ALWAYS', 30_00)] });
    spend(cardId, 12_00);
    spend(other, 5_00);
    expect(await left(cardId)).toEqual({ DAILY: -2_00, ALWAYS: 18_00 });
    advance(DAY_MS);
    expect(await left(cardId)).toEqual({ DAILY: 10_00, ALWAYS: 18_00 });
  });

  it('make up for an overspend in the next windows, if the rules say so', async () => {
    const cardId = newCard();
    await set(cardId, { spendLimit: [limit('DAILY', 10_00)], rolloverPolicy: { rolloverNegative: true } });
    spend(cardId, 23_00);
    for (const amount of [-13_00, -3_00, 7_00, 10_00]) {
      expect(await left(cardId)).toEqual({ DAILY: amount });
      advance(DAY_MS);
    }
  });

  it('leave no more than the account can give', async () => {
    const cardId = newCard();
    await set(cardId, { spendLimit: [limit('YEARLY', 1_000_000_00)] });
    const { availableBalance } = stack.sandbox.state.ledger.balances(parent().id);
    expect(await left(cardId)).toEqual({ YEARLY: availableBalance });
  });

  it('count from where they start, and from the start of their calendar window in UTC', async () => {
    const cardId = newCard();
    const noon = Date.parse('2031-11-22T12:00:00.000Z'); // a Saturday
    advance(noon - stack.sandbox.clock.now());
    const windows = ['DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY'];
    const always = { ...limit('ALWAYS', 1_000), startsAt: '2029-06-01T00:00:00.000Z' };
    await set(cardId, { spendLimit: [...windows.map((interval) => limit(interval, 1_000)), always] });
    const spent = [
      ['2031-11-22T00:00:00.000Z', 1],
      ['2031-11-21T23:59:59.999Z', 2],
      ['2031-11-17T00:00:00.000Z', 4],
      ['2031-11-16T23:59:59.999Z', 8],
      ['2031-10-31T23:59:59.999Z', 16],
      ['2031-09-30T23:59:59.999Z', 32],
      ['2030-12-31T23:59:59.999Z', 64],
      ['2029-05-31T23:59:59.999Z', 128],
    ] as const;
    for (const [at, amount] of spent) spend(cardId, amount, Date.parse(at));
    expect(await left(cardId)).toEqual({
      DAILY: 1_000 - 1,
      WEEKLY: 1_000 - 7,
      MONTHLY: 1_000 - 15,
      QUARTERLY: 1_000 - 31,
      YEARLY: 1_000 - 63,
      ALWAYS: 1_000 - 127,
    });
  });
});
