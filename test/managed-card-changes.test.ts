import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { DEBIT_CARD_PROFILE, PREPAID_CARD_PROFILE } from '../src/sandbox/managed-cards.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const ADDRESS = { addressLine1: '1 Test Street', city: 'Valletta', postCode: 'VLT1010', country: 'MT' };
const HOLDER = { friendlyName: 'Fresh', nameOnCard: 'Ben Bolt', billingAddress: ADDRESS };
const PREPAID = { ...HOLDER, profileId: PREPAID_CARD_PROFILE, currency: 'EUR' };

/** The id of the account or the card that the seed gave a label. */
const labelled = async (tag: string) => {
  const text = `query ($tag: String) {
    managedAccounts(filter: { tag: $tag }) { nodes { id } } managedCards(filter: { tag: $tag }) { nodes { id } }
  }`;
  const { managedAccounts, managedCards } = await stack.data(text, { variables: { tag } });
  return (managedAccounts.nodes[0] ?? managedCards.nodes[0]).id as string;
};

const debitOn = async (place: number) => ({
  ...HOLDER,
  profileId: DEBIT_CARD_PROFILE,
  parentManagedAccountId: await labelled(`account-${place}`),
});

const create = async (card: object, { token, ...input }: { token?: string; idempotencyKey?: string } = {}) => {
  const { data } = await stack.query(
    `mutation ($input: CreateManagedCardInput!) {
      createManagedCard(input: $input) {
        __typename
        ... on CreateManagedCardPayload {
          idempotencyKey
          managedCard {
            __typename id state type mode currency cardBrand cardNumberFirstSix cardNumberLastFour nameOnCard renewalType renewsAt
            billingAddress { addressLine1 country }
            ... on PrepaidCard { balances { available { value } } }
            ... on DebitCard { parentManagedAccount { id } userCurrency availableToSpend { interval } }
          }
        }
        ... on MutationError { code }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input: { card, ...input } }, token },
  );
  return data.createManagedCard;
};

const newCard = async (card: object = { prepaid: PREPAID }) => (await create(card)).managedCard.id as string;

const update = async (id: string, changes: object) => {
  const { data } = await stack.query(
    `mutation ($input: UpdateManagedCardInput!) {
      updateManagedCard(input: $input) {
        __typename
        ... on UpdateManagedCardPayload {
          managedCard { friendlyName nameOnCard renewalType renewsAt physicalCardDetails { deliveryMethod deliveryAddress { name city } } }
        }
        ... on MutationError { code }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input: { id, ...changes } } },
  );
  return data.updateManagedCard;
};

/** Runs a mutation that takes an id and answers the card. */
const change = async (
  mutation: string,
  id: string,
  selection = 'managedCard { state blockedReason destroyedReason }',
) => {
  const { data } = await stack.query(
    `mutation ($id: ID!) {
      result: ${mutation}(input: { id: $id }) {
        __typename
        ... on ${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload { ${selection} }
        ... on MutationError { code }
      }
    }`,
    { variables: { id } },
  );
  return data.result;
};

describe('creating cards', () => {
  it('answers a prepaid card, and the key it was sent with', async () => {
    expect(await create({ prepaid: { ...PREPAID, renewalType: 'RENEW' } }, { idempotencyKey: 'k-1' })).toEqual({
      __typename: 'CreateManagedCardPayload',
      idempotencyKey: 'k-1',
      managedCard: {
        __typename: 'PrepaidCard',
        id: expect.stringMatching(/^\d{18}$/),
        state: 'ACTIVE',
        type: 'VIRTUAL',
        mode: 'PREPAID_MODE',
        currency: 'EUR',
        cardBrand: 'MASTERCARD',
        cardNumberFirstSix: expect.stringMatching(/^\d{6}$/),
        cardNumberLastFour: expect.stringMatching(/^\d{4}$/),
        nameOnCard: 'Ben Bolt',
        renewalType: 'RENEW',
        renewsAt: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00.000Z$/),
        billingAddress: { addressLine1: '1 Test Street', country: 'MT' },
        balances: { available: { value: '0.00' } },
      },
    });
    expect(stack.calls).toEqual(['managedCardCreate']);
  });

  it('answers a debit card, in the currency of its account', async () => {
    const debit = { ...(await debitOn(7)), userCurrency: 'SEK' };
    expect(await create({ debit })).toMatchObject({
      managedCard: {
        __typename: 'DebitCard',
        currency: 'GBP',
        userCurrency: 'SEK',
        parentManagedAccount: { id: debit.parentManagedAccountId },
        availableToSpend: [],
      },
    });
    expect(stack.calls).toEqual(['managedCardCreate']);
  });

  it('creates nothing twice under one key', async () => {
    const first = await create({ prepaid: PREPAID }, { idempotencyKey: 'once' });
    const second = await create({ prepaid: PREPAID }, { idempotencyKey: 'once' });
    expect(second.managedCard.id).toBe(first.managedCard.id);
    const other = await create({ prepaid: { ...PREPAID, friendlyName: 'Other' } }, { idempotencyKey: 'once' });
    expect(other.__typename).toBe('IdempotencyConflictError');
  });

  it.each([{}, { prepaid: PREPAID, debit: { ...HOLDER, profileId: '1', parentManagedAccountId: '1' } }])(
    'takes exactly one kind of card, before any call',
    async (card) => {
      const { errors } = await stack.query(
        'mutation ($input: CreateManagedCardInput!) { createManagedCard(input: $input) { __typename } }',
        { variables: { input: { card } } },
      );
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(stack.calls).toEqual([]);
    },
  );

  it.each([
    ['a profile that there is not', { profileId: '1' }, 'PROFILE_NOT_FOUND', 'CONTACT_SUPPORT'],
    ['a profile of the other mode', { profileId: DEBIT_CARD_PROFILE }, 'PROFILE_TYPE_MISMATCH', 'CONTACT_SUPPORT'],
    ['a currency the profile has not', { currency: 'JPY' }, 'CURRENCY_NOT_SUPPORTED_BY_PROFILE', 'FIX_INPUT'],
    ['a user of nobody', { userId: '1' }, 'LINKED_USER_NOT_FOUND', 'FIX_INPUT'],
    [
      'wallets without artwork',
      { digitalWallets: { walletsEnabled: true } },
      'WALLET_ARTWORK_NOT_SPECIFIED',
      'FIX_INPUT',
    ],
  ])('refuses %s', async (_what, wrong, code, action) => {
    expect(await create({ prepaid: { ...PREPAID, ...wrong } })).toEqual({ __typename: 'ConflictError', code, action });
  });

  it('refuses an account that is not the caller’s, is not active, or has the user’s currency', async () => {
    const debit = await debitOn(12);
    expect(await create({ debit })).toMatchObject({ code: 'PARENT_MANAGED_ACCOUNT_NOT_ACTIVE', action: 'DO_FIRST' });
    const ada = { token: stack.sandbox.signIn('ada@consumer.example') };
    const { managedAccounts } = await stack.data('{ managedAccounts { nodes { id } } }', ada);
    const foreign = { debit: { ...debit, parentManagedAccountId: managedAccounts.nodes[0].id } };
    expect(await create(foreign)).toMatchObject({ code: 'PARENT_MANAGED_ACCOUNT_NOT_FOUND', action: 'FIX_INPUT' });
    const same = { debit: { ...(await debitOn(1)), userCurrency: 'EUR' } };
    expect(await create(same)).toMatchObject({ code: 'USER_CURRENCY_SAME_AS_BASE_CURRENCY', action: 'FIX_INPUT' });
  });

  it('needs a verified identity', async () => {
    const token = stack.sandbox.signIn('root@newco.example');
    const refused = await create({ prepaid: PREPAID }, { token });
    expect(refused).toMatchObject({ code: 'OWNER_IDENTITY_NOT_VERIFIED', action: 'DO_FIRST' });
  });

  it('names the path of the input that Weavr finds invalid', async () => {
    const debit = { ...(await debitOn(1)), nameOnCard: 'x'.repeat(28), billingAddress: { country: 'MT' } };
    const { fields } = await create({ debit });
    expect(fields).toContainEqual({ path: ['input', 'card', 'debit', 'nameOnCard'], rule: 'SIZE' });
    expect(fields).toContainEqual({ path: ['input', 'card', 'debit', 'billingAddress', 'city'], rule: 'REQUIRED' });
  });
});

describe('changing cards', () => {
  it('changes what is given and leaves the rest', async () => {
    const id = await newCard();
    expect(await update(id, { friendlyName: 'Renamed', renewalType: 'RENEW', nameOnCard: null })).toMatchObject({
      managedCard: {
        friendlyName: 'Renamed',
        nameOnCard: 'Ben Bolt',
        renewalType: 'RENEW',
        renewsAt: expect.any(String),
      },
    });
    expect(stack.calls).toEqual(['managedCardUpdate']);
  });

  it('changes the delivery of a physical card alone', async () => {
    const deliveryAddress = { ...ADDRESS, name: 'Cleo', surname: 'Clamp', city: 'Sliema' };
    const delivery = { deliveryAddress, deliveryMethod: 'REGISTERED_MAIL', activationCode: '4321' };
    expect(await update(await labelled('debit-2'), delivery)).toMatchObject({
      managedCard: {
        physicalCardDetails: { deliveryMethod: 'REGISTERED_MAIL', deliveryAddress: { name: 'Cleo', city: 'Sliema' } },
      },
    });
    expect(await update(await newCard(), delivery)).toMatchObject({ code: 'INSTRUMENT_NOT_PHYSICAL' });
  });

  it('refuses a bulk delivery that nobody can be called for', async () => {
    const deliveryAddress = { ...ADDRESS, name: 'Cleo', surname: 'Clamp' };
    const refused = await update(await labelled('debit-2'), { bulkDelivery: true, deliveryAddress });
    expect(refused).toMatchObject({ code: 'CONTACT_NUMBER_NEEDED_FOR_BULK_DELIVERY' });
  });

  it('gives an active card to no other user', async () => {
    const [ben, cleo] = ['ben', 'cleo'].map((name) => credentialsOf(stack.sandbox.state, `${name}@acme.example`)!.id);
    const id = await newCard({ prepaid: { ...PREPAID, userId: ben } });
    const refused = await update(id, { userId: cleo });
    expect(refused).toMatchObject({ code: 'CANNOT_REASSIGN_ACTIVE_CARD' });
  });

  it('blocks and unblocks, and reads the card again because it is asked for', async () => {
    const id = await newCard();
    const blocked = await change('blockManagedCard', id);
    expect(blocked.managedCard).toEqual({ state: 'BLOCKED', blockedReason: 'USER', destroyedReason: null });
    expect(stack.calls).toEqual(['managedCardBlock', 'managedCardGet']);
    expect((await change('blockManagedCard', id)).code).toBe('INSTRUMENT_ALREADY_BLOCKED');
    const unblocked = await change('unblockManagedCard', id);
    expect(unblocked.managedCard).toMatchObject({ state: 'ACTIVE', blockedReason: null });
    expect((await change('unblockManagedCard', id)).code).toBe('INSTRUMENT_NOT_BLOCKED');
  });

  it('makes no second call for a payload that nobody asks for', async () => {
    await change('blockManagedCard', await newCard(), '__typename');
    expect(stack.calls).toEqual(['managedCardBlock']);
  });

  it('leaves a lost card to its replacement', async () => {
    const id = await newCard();
    stack.sandbox.state.managedCards.any(id)!.state = { state: 'BLOCKED', blockedReason: 'LOST' };
    expect((await change('unblockManagedCard', id)).code).toBe('INSTRUMENT_MARKED_LOST_STOLEN');
    expect((await change('blockManagedCard', id)).code).toBe('INSTRUMENT_MARKED_LOST_STOLEN');
  });

  it('removes an empty card for good, and no other', async () => {
    const id = await newCard();
    const removed = await change('removeManagedCard', id);
    expect(removed.managedCard).toMatchObject({ state: 'DESTROYED', destroyedReason: 'USER' });
    expect((await change('removeManagedCard', id)).code).toBe('INSTRUMENT_ALREADY_REMOVED');
    expect((await change('blockManagedCard', id)).code).toBe('INSTRUMENT_DESTROYED');
    expect((await update(id, { friendlyName: 'Late' })).code).toBe('INSTRUMENT_DESTROYED');
    expect((await change('removeManagedCard', await labelled('prepaid-1'))).code).toBe('BALANCE_NOT_ZERO');
  });

  it('answers NotFoundError for a card that is not there', async () => {
    expect(await change('blockManagedCard', '1')).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
  });
});
