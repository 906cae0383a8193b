import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** The id of the account or the card that the seed gave a label. */
const labelled = async (tag: string) => {
  const text = `query ($tag: String) {
    managedAccounts(filter: { tag: $tag }) { nodes { id } } managedCards(filter: { tag: $tag }) { nodes { id } }
  }`;
  const { managedAccounts, managedCards } = await stack.data(text, { variables: { tag } });
  return (managedAccounts.nodes[0] ?? managedCards.nodes[0]).id as string;
};

describe('reading cards', () => {
  it('answers a page of both kinds with its total, in one call', async () => {
    const { managedCards } = await stack.data(
      `{ managedCards(first: 21) {
        totalCount
        nodes { __typename mode ... on PrepaidCard { balances { available { value } } } ... on DebitCard { parentManagedAccount { id } } }
        pageInfo { hasNextPage }
      } }`,
    );
    expect(managedCards).toMatchObject({ totalCount: 120, pageInfo: { hasNextPage: true } });
    expect(managedCards.nodes[19]).toEqual({
      __typename: 'PrepaidCard',
      mode: 'PREPAID_MODE',
      balances: { available: { value: expect.stringMatching(/^\d+\.\d\d$/) } },
    });
    expect(managedCards.nodes[20]).toEqual({
      __typename: 'DebitCard',
      mode: 'DEBIT_MODE',
      parentManagedAccount: { id: expect.stringMatching(/^\d{18}$/) },
    });
    expect(stack.calls).toEqual(['managedCardsGet']);
  });

  it('reads the accounts of 100 debit cards in one more call', async () => {
    const { managedCards } = await stack.data(
      '{ managedCards(first: 100, filter: { mode: DEBIT_MODE }) { nodes { currency ... on DebitCard { parentManagedAccount { currency } } } } }',
    );
    expect(managedCards.nodes).toHaveLength(100);
    for (const { currency, parentManagedAccount } of managedCards.nodes)
      expect(parentManagedAccount).toEqual({ currency });
    expect(stack.calls).toEqual(['managedCardsGet', 'managedAccountsGet']);
  });

  it('tells everything of the card that has everything', async () => {
    const { managedCards } = await stack.data(
      `{ managedCards(filter: { type: PHYSICAL }) { nodes {
        tag externalHandle cardBrand cardLevelClassification startMmyy expiryMmyy expiryPeriodMonths nameOnCardLine2
        renewalType renewsAt userId authForwardingDefaultTimeoutDecision cardholderMobileNumber singleSpend
        billingAddress { addressLine2 state postCode } digitalWallets { walletsEnabled pushProvisioningEnabled artworkReference }
        externalData { name value } threeDSecureAuthConfig { linkedUserId primaryChannel fallbackChannel }
        replacement { reason managedCard { id } }
        physicalCardDetails {
          pendingActivation pinBlocked manufacturingState productReference carrierType bulkDelivery deliveryMethod
          deliveryTrackingCode deliveryTrackingMethod deliveryTrackingUrl nameOnCardLine2
          deliveryAddress { name surname contactNumber addressLine1 city country } replacement { reason managedCard { id } }
        }
        ... on DebitCard { userCurrency availableToSpend { interval value { currency } } }
      } } }`,
    );
    const [card] = managedCards.nodes;
    expect(managedCards.nodes).toHaveLength(1);
    expect(JSON.stringify(card)).not.toContain('null');
    expect(card).toMatchObject({
      renewalType: 'RENEW',
      replacement: { reason: 'DAMAGED', managedCard: { id: await labelled('debit-12') } },
      physicalCardDetails: { manufacturingState: 'DELIVERED', deliveryAddress: { name: 'Ben', city: 'Valletta' } },
      userCurrency: 'USD',
    });
    expect(card.physicalCardDetails.replacement).toEqual(card.replacement);
  });

  it('filters by every condition', async () => {
    const { managedCards } = await stack.data(
      `{ managedCards(filter: { tag: "debit-2" }) { nodes {
        profileId friendlyName currency type renewalType externalHandle cardNumberLastFour createdAt userId
        ... on DebitCard { parentManagedAccount { id } }
      } } }`,
    );
    const [{ parentManagedAccount, createdAt, ...card }] = managedCards.nodes;
    const filters = [
      ...Object.entries(card).map(([name, value]) => ({ [name]: value })),
      { createdFrom: createdAt },
      { createdTo: createdAt },
      { parentManagedAccountId: parentManagedAccount.id },
      { cardNumberFirstSix: '424212' },
      { manufacturingState: ['DELIVERED', 'DISPATCHED'] },
      { mode: 'DEBIT_MODE' },
      { state: ['ACTIVE'] },
      { tag: 'debit-2' },
    ];
    const count = async (filter: object) => {
      const text = 'query ($filter: ManagedCardFilter) { managedCards(filter: $filter) { totalCount } }';
      return (await stack.data(text, { variables: { filter } })).managedCards.totalCount;
    };
    for (const filter of filters) {
      expect(await count(filter), `${JSON.stringify(filter)} leaves some out`).toBeLessThan(120);
      expect(await count({ ...filter, tag: 'debit-2' }), `${JSON.stringify(filter)} keeps the card`).toBe(1);
    }
    expect(await count(Object.assign({}, ...filters))).toBe(1);
  });

  it.each([
    ['state: [BLOCKED, DESTROYED]', 2],
    ['blockedReason: [USER]', 1],
    ['destroyedReason: [USER]', 1],
    ['blockedReason: [LOST]', 0],
    ['type: VIRTUAL, mode: PREPAID_MODE, currency: "EUR"', 12],
  ])('filters by %s', async (filter, totalCount) => {
    const { managedCards } = await stack.data(`{ managedCards(filter: { ${filter} }) { totalCount } }`);
    expect(managedCards).toEqual({ totalCount });
  });

  it('answers null for a card that is not there, and for somebody else’s', async () => {
    const id = await labelled('debit-1');
    expect(await stack.data('{ managedCard(id: "1") { id } }')).toEqual({ managedCard: null });
    const token = stack.sandbox.signIn('ada@consumer.example');
    expect(await stack.data(`{ managedCard(id: "${id}") { id } }`, { token })).toEqual({ managedCard: null });
    expect(stack.calls).toEqual(['managedCardGet']);
  });

  it('leads from an account to its cards', async () => {
    const id = await labelled('account-1');
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${id}") { cards(first: 2, filter: { state: [ACTIVE] }) { totalCount nodes { mode } } } }`,
    );
    expect(managedAccount.cards).toEqual({ totalCount: 10, nodes: [{ mode: 'DEBIT_MODE' }, { mode: 'DEBIT_MODE' }] });
    expect(stack.calls).toEqual(['managedAccountGet', 'managedCardsGet']);
    const text = `mutation { removeManagedAccount(input: { id: "${id}" }) { ... on ConflictError { code } } }`;
    expect((await stack.data(text)).removeManagedAccount).toEqual({ code: 'INSTRUMENT_HAS_LINKED_CARDS' });
  });

  it('reads the replacing card only for more than its id', async () => {
    const id = await labelled('debit-2');
    await stack.data(`{ managedCard(id: "${id}") { replacement { managedCard { id } } } }`);
    expect(stack.calls).toEqual(['managedCardGet']);
    const { managedCard } = await stack.data(
      `{ managedCard(id: "${id}") { replacement { managedCard { ... on DebitCard { id } } } } }`,
    );
    expect(managedCard.replacement.managedCard).toEqual({ id: await labelled('debit-12') });
  });

  it('shows the number and the CVV to a stepped-up session alone', async () => {
    const id = await labelled('debit-1');
    const token = stack.sandbox.signIn('root@acme.example');
    const read = async () =>
      (
        await stack.data(`{ managedCard(id: "${id}") { cardNumber cvv cardNumberFirstSix cardNumberLastFour } }`, {
          token,
        })
      ).managedCard;
    const { cardNumberFirstSix, cardNumberLastFour, ...secrets } = await read();
    expect(secrets).toEqual({ cardNumber: null, cvv: null });
    await stack.data('mutation { startStepUpOtp(input: {}) { __typename } }', { token });
    await stack.data('mutation { verifyStepUpOtp(input: { verificationCode: "123456" }) { __typename } }', { token });
    const { cardNumber, cvv } = await read();
    expect(cardNumber).toMatch(new RegExp(`^${cardNumberFirstSix}\\d{6}${cardNumberLastFour}$`));
    expect(cvv).toMatch(/^\d{3}$/);
    const digits = [...cardNumber].reverse().map(Number);
    const luhn = digits.reduce(
      (sum, digit, index) => sum + (index % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]! : digit),
      0,
    );
    expect(luhn % 10).toBe(0);
  });

  it.each([
    ['debit-1', 'DebitCard'],
    ['prepaid-1', 'PrepaidCard'],
  ])('knows %s as a %s when Weavr gives it a mode of tomorrow', async (tag, __typename) => {
    const id = await labelled(tag);
    const rewrite = (card: object) => ({ ...card, mode: 'TOMORROW_MODE' });
    stack.sandbox.faults.plan({ kind: 'REWRITE', rewrite }, { operation: 'managedCardGet' });
    const { managedCard } = await stack.data(`{ managedCard(id: "${id}") { __typename mode friendlyName } }`);
    expect(managedCard).toMatchObject({ __typename, mode: 'UNRECOGNIZED', friendlyName: expect.any(String) });
  });
});
