import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEBIT_CARD_PROFILE, PREPAID_CARD_PROFILE } from '../src/sandbox/managed-cards.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const ADDRESS = { addressLine1: '1 Test Street', city: 'Valletta', postCode: 'VLT1010', country: 'MT' };
const HOLDER = { friendlyName: 'Fresh', nameOnCard: 'Ben Bolt', billingAddress: ADDRESS };
const FLAGS = {
  allowContactless: true,
  allowAtm: false,
  allowECommerce: true,
  allowCashback: false,
  allowCreditAuthorisations: true,
};

const limit = (interval: string, amount: number, currency = 'EUR') => ({ interval, value: { currency, amount } });

/** The account that the debit cards of these tests spend from. */
const parent = async () => {
  const text = '{ managedAccounts(filter: { tag: "account-4" }) { nodes { id } } }';
  return (await stack.data(text)).managedAccounts.nodes[0].id as string;
};

const newCard = async (card: object) => {
  const text = `mutation ($card: NewManagedCardInput!) {
    createManagedCard(input: { card: $card }) { ... on CreateManagedCardPayload { managedCard { id } } }
  }`;
  const { createManagedCard } = await stack.data(text, { variables: { card } });
  return createManagedCard.managedCard.id as string;
};
const newDebitCard = async (more: object = {}) =>
  newCard({ debit: { ...HOLDER, ...more, profileId: DEBIT_CARD_PROFILE, parentManagedAccountId: await parent() } });
const newPrepaidCard = () => newCard({ prepaid: { ...HOLDER, profileId: PREPAID_CARD_PROFILE, currency: 'EUR' } });

const RULES = `card {
  allowedMerchantCategories blockedMerchantCategories allowedMerchantIds blockedMerchantIds
  allowedMerchantCountries blockedMerchantCountries
  allowContactless allowAtm allowECommerce allowCashback allowCreditAuthorisations
  minTransactionAmount { currency amount } maxTransactionAmount { value } rolloverPolicy { rolloverNegative }
  spendLimit { interval value { currency amount } startsAt }
}`;

/** Runs one of the four mutations; answers the card's own rules unless told otherwise. */
const write = async (
  verb: 'create' | 'update' | 'set' | 'delete',
  input: object,
  selection = `spendRules { ${RULES} }`,
) => {
  const title = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}SpendRules`;
  const { data } = await stack.query(
    `mutation ($input: ${title}Input!) {
      result: ${verb}SpendRules(input: $input) {
        __typename
        ... on ${title}Payload { ${selection} }
        ... on MutationError { code }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input } },
  );
  return data.result;
};

const rulesOf = async (cardId: string) =>
  (await stack.data(`{ managedCard(id: "${cardId}") { spendRules { ${RULES} } } }`)).managedCard.spendRules;

/** Amounts by the windows that they are for. */
const byInterval = (limits: ReturnType<typeof limit>[]) =>
  Object.fromEntries(limits.map(({ interval, value }) => [interval, value.amount]));

describe('reading spend rules', () => {
  it('answers the rules of all levels, with bounds in the card’s currency', async () => {
    const { managedCards } = await stack.data(
      `{ managedCards(filter: { tag: "debit-2" }) { nodes { spendRules {
        ${RULES}
        profile { blockedMerchantCategories allowAtm authForwardingEnabled rolloverPolicy { rolloverNegative } }
        identity { blockedMerchantCountries allowAtm minTransactionAmount { amount } maxTransactionAmount { currency value } }
      } } } }`,
    );
    const { card, profile, identity } = managedCards.nodes[0].spendRules;
    expect(stack.calls).toEqual(['managedCardsGet', 'managedCardSpendRulesGet']);
    expect(card).toEqual({
      allowedMerchantCategories: ['5814', '4112'],
      blockedMerchantCategories: ['5813'],
      allowedMerchantIds: ['100000000000001'],
      blockedMerchantIds: ['100000000000009'],
      allowedMerchantCountries: ['MT', 'IT'],
      blockedMerchantCountries: ['US'],
      ...FLAGS,
      minTransactionAmount: { currency: 'EUR', amount: 100 },
      maxTransactionAmount: { value: '500.00' },
      rolloverPolicy: { rolloverNegative: true },
      spendLimit: [
        { ...limit('DAILY', 100_00, 'USD'), startsAt: expect.stringMatching(/Z$/) },
        { ...limit('ALWAYS', 5_000_00, 'USD'), startsAt: expect.stringMatching(/Z$/) },
      ],
    });
    expect(profile).toEqual({
      blockedMerchantCategories: ['7995'],
      allowAtm: true,
      authForwardingEnabled: false,
      rolloverPolicy: { rolloverNegative: false },
    });
    expect(identity).toEqual({
      blockedMerchantCountries: ['KP'],
      allowAtm: true,
      minTransactionAmount: { amount: 1 },
      maxTransactionAmount: { currency: 'EUR', value: '10000.00' },
    });
  });

  it('answers null for the level of a card without rules of its own', async () => {
    expect(await rulesOf(await newPrepaidCard())).toEqual({ card: null });
  });
});

describe('writing spend rules', () => {
  it('creates them, and reads neither them nor the card for nobody', async () => {
    const cardId = await newDebitCard();
    const created = await write('create', { cardId, ...FLAGS, spendLimit: [limit('MONTHLY', 100_00)] }, '__typename');
    expect(created.__typename).toBe('CreateSpendRulesPayload');
    expect(stack.calls).toEqual(['managedCardSpendRulesCreate']);
    expect(await rulesOf(cardId)).toMatchObject({
      card: { ...FLAGS, blockedMerchantIds: [], minTransactionAmount: null, spendLimit: [limit('MONTHLY', 100_00)] },
    });
    expect(await write('create', { cardId, ...FLAGS })).toMatchObject({
      code: 'SPEND_RULE_ALREADY_SET',
      action: 'REFRESH',
    });
  });

  it('reads the card for its currency only where a bound asks for it', async () => {
    const cardId = await newDebitCard();
    const bounded = { cardId, ...FLAGS, minTransactionAmount: 5_00 };
    await write('create', bounded, 'spendRules { card { allowAtm } }');
    expect(stack.calls).toEqual(['managedCardSpendRulesCreate', 'managedCardSpendRulesGet']);
    const selection = 'managedCard { friendlyName } spendRules { card { minTransactionAmount { currency amount } } }';
    expect(await write('update', bounded, selection)).toMatchObject({
      managedCard: { friendlyName: 'Fresh' },
      spendRules: { card: { minTransactionAmount: { currency: 'EUR', amount: 500 } } },
    });
    expect(stack.calls.sort()).toEqual(['managedCardGet', 'managedCardSpendRulesGet', 'managedCardSpendRulesUpdate']);
  });

  it('changes what is given, leaves what is absent or null, and clears what is empty', async () => {
    const cardId = await newDebitCard();
    const lists = { allowedMerchantCountries: ['MT'], blockedMerchantCategories: ['7995'], blockedMerchantIds: ['1'] };
    await write('create', {
      cardId,
      ...FLAGS,
      ...lists,
      maxTransactionAmount: 50_00,
      spendLimit: [limit('DAILY', 10_00)],
    });
    const changes = {
      allowAtm: true,
      allowedMerchantCountries: [],
      blockedMerchantCategories: null,
      maxTransactionAmount: 0,
    };
    const { spendRules } = await write('update', { cardId, ...changes });
    expect(spendRules.card).toMatchObject({
      ...FLAGS,
      allowAtm: true,
      allowedMerchantCountries: [],
      blockedMerchantCategories: ['7995'],
      blockedMerchantIds: ['1'],
      maxTransactionAmount: null,
      spendLimit: [limit('DAILY', 10_00)],
    });
  });

  it('adds to a limit, or puts new limits in the place of all', async () => {
    const cardId = await newDebitCard();
    await write('create', { cardId, ...FLAGS, spendLimit: [limit('ALWAYS', 10_00), limit('DAILY', 5_00)] });
    const add = {
      cardId,
      spendLimit: [limit('ALWAYS', 2_50)],
      updateSpendLimitMethod: 'INCREMENT',
      idempotencyKey: 'add',
    };
    await write('update', add);
    const added = await write('update', add); // the same key: it counts once
    expect(byInterval(added.spendRules.card.spendLimit)).toEqual({ ALWAYS: 12_50, DAILY: 5_00 });
    const { spendRules } = await write('update', { cardId, spendLimit: [limit('WEEKLY', 7_00)] });
    expect(spendRules.card.spendLimit).toMatchObject([limit('WEEKLY', 7_00)]);
  });

  it('answers NotFoundError for a change of rules that there are not', async () => {
    expect(await write('update', { cardId: await newDebitCard(), allowAtm: true })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('deletes the card’s own rules', async () => {
    const cardId = await newDebitCard();
    await write('create', { cardId, ...FLAGS });
    expect(await write('delete', { cardId })).toEqual({
      __typename: 'DeleteSpendRulesPayload',
      spendRules: { card: null },
    });
    expect(await write('delete', { cardId: '1' })).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('sets them in one call on a card without rules, and in two on a card with some', async () => {
    const cardId = await newDebitCard();
    const before = {
      ...FLAGS,
      blockedMerchantIds: ['1'],
      maxTransactionAmount: 50_00,
      spendLimit: [limit('DAILY', 10_00)],
    };
    await write('set', { cardId, ...before, rolloverPolicy: { rolloverNegative: true } }, '__typename');
    expect(stack.calls).toEqual(['managedCardSpendRulesCreate']);
    await write('set', { cardId, ...FLAGS, allowedMerchantCountries: ['MT'] }, '__typename');
    expect(stack.calls).toEqual(['managedCardSpendRulesCreate', 'managedCardSpendRulesUpdate']);
    expect(await rulesOf(cardId)).toEqual({
      card: {
        ...FLAGS,
        allowedMerchantCategories: [],
        blockedMerchantCategories: [],
        allowedMerchantIds: [],
        blockedMerchantIds: [],
        allowedMerchantCountries: ['MT'],
        blockedMerchantCountries: [],
        minTransactionAmount: null,
        maxTransactionAmount: null,
        rolloverPolicy: { rolloverNegative: false },
        spendLimit: [],
      },
    });
  });

  it('leaves the old rules when the second call of a replacement fails', async () => {
    const cardId = await newDebitCard();
    await write('set', { cardId, ...FLAGS, blockedMerchantIds: ['1'] });
    stack.sandbox.faults.plan(
      { kind: 'STATUS', status: 503, effect: false },
      { operation: 'managedCardSpendRulesUpdate' },
    );
    expect(await write('set', { cardId, ...FLAGS })).toMatchObject({ __typename: 'OutcomeUnknownError' });
    expect((await rulesOf(cardId)).card.blockedMerchantIds).toEqual(['1']);
  });

  it('names the path of the input that Weavr finds invalid', async () => {
    const allowedMerchantCountries = Array.from({ length: 51 }, () => 'MT');
    const { fields } = await write('create', { cardId: await newDebitCard(), allowedMerchantCountries });
    expect(fields).toEqual([{ path: ['input', 'allowedMerchantCountries'], rule: 'SIZE' }]);
  });
});
