import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import {
  adaAsBeneficiary,
  asAda,
  availableOn,
  CHARGED_SEND_PROFILE,
  createSend,
  LARGE,
  SEND_PROFILE,
  sent,
  toAda,
} from './sending.js';
import { accountsIn, balanceOf, inAMinute, MINUTE_MS, type Side } from './transferring.js';

/** Beyond all that a test waits for. */
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;

let stack: Stack;
let source: Side;
let ada: Side;
beforeAll(async () => {
  stack = await startStack();
  ({ source, destination: ada } = await toAda(stack));
});
afterAll(() => stack.close());

const instrument = () => ({ instrument: ada });

describe('reading sends', () => {
  it('answers a page with its total, in one call', async () => {
    const { sends } = await stack.data(
      '{ sends(filter: { tag: "consulting" }) { totalCount nodes { __typename id profileId state ... on Transaction { amount { value } createdAt } } } }',
    );
    expect(sends.totalCount).toBe(2);
    expect(sends.nodes.map(({ state }: { state: string }) => state)).toEqual(['CANCELLED', 'COMPLETED']);
    expect(stack.calls).toEqual(['sendsGet']);
  });

  it('tells where each went, an instrument or a beneficiary, and all that is known of it without a further call', async () => {
    const { sends } = await stack.data(
      `{ sends(first: 100, filter: { state: [COMPLETED] }) { nodes {
        source { id }
        destination { ... on InstrumentReference { type id instrument { id } } ... on BeneficiaryReference { id beneficiary { id } } }
      } } }`,
    );
    const beneficiary = await adaAsBeneficiary(stack);
    const [, , account] = await accountsIn(stack, 'GBP');
    expect(sends.nodes).toEqual([
      { source: { id: account?.id }, destination: { id: beneficiary, beneficiary: { id: beneficiary } } },
      {
        source: { id: account?.id },
        destination: { type: 'MANAGED_ACCOUNTS', id: ada.id, instrument: { id: ada.id } },
      },
    ]);
  });

  it('follows a link to somebody else’s instrument to null, and one to a beneficiary to its state', async () => {
    const { sends } = await stack.data(
      `{ sends(first: 100, filter: { state: [COMPLETED] }) { nodes {
        source { friendlyName }
        destination { ... on InstrumentReference { instrument { friendlyName } } ... on BeneficiaryReference { beneficiary { state } } }
      } } }`,
    );
    expect(sends.nodes).toEqual([
      { source: { friendlyName: 'GBP account 9' }, destination: { beneficiary: { state: 'ACTIVE' } } },
      { source: { friendlyName: 'GBP account 9' }, destination: { instrument: null } },
    ]);
    expect(stack.calls.sort()).toEqual(['beneficiaryGet', 'managedAccountGet', 'managedAccountsGet', 'sendsGet']);
  });

  describe('with a filter', () => {
    const times: { createdAt: string; executedAt: string }[] = [];

    /** Three under one label, a second apart: the second from another account, the third scheduled; and one under another. */
    beforeAll(async () => {
      const [, other] = await accountsIn(stack, 'GBP');
      const order = { source, destination: instrument(), tag: 'filtered' };
      const inAYear = new Date(stack.sandbox.clock.now() + YEAR_MS).toISOString();
      for (const change of [{}, { source: other }, { scheduledFor: inAYear }]) {
        const { id } = await sent(stack, { ...order, ...change, description: String(times.length) });
        times.push((await stack.data(`{ send(id: "${id}") { createdAt executedAt } }`)).send);
        stack.sandbox.clock.advance(1_000);
      }
      await sent(stack, { ...order, tag: 'other' });
    });

    it.each<[name: string, filter: () => object, expected: string[]]>([
      ['tag alone', () => ({}), ['2', '1', '0']],
      ['source', () => ({ source }), ['2', '0']],
      ['profileId', () => ({ profileId: SEND_PROFILE }), ['2', '1', '0']],
      ['profileId of another', () => ({ profileId: CHARGED_SEND_PROFILE }), []],
      ['state', () => ({ state: ['COMPLETED', 'FAILED'] }), ['1', '0']],
      ['createdFrom', () => ({ createdFrom: times[1]!.createdAt }), ['2', '1']],
      ['createdTo', () => ({ createdTo: times[1]!.createdAt }), ['1', '0']],
      ['executedFrom', () => ({ executedFrom: times[1]!.executedAt }), ['1']],
      ['executedTo', () => ({ executedTo: times[0]!.executedAt }), ['0']],
    ])('answers those that match: %s', async (_name, filter, expected) => {
      const { sends } = await stack.data(
        'query ($filter: SendFilter) { sends(filter: $filter) { totalCount nodes { description } } }',
        { variables: { filter: { tag: 'filtered', ...filter() } } },
      );
      expect(sends.nodes.map(({ description }: { description: string }) => description)).toEqual(expected);
      expect(sends.totalCount).toBe(expected.length);
      expect(stack.calls).toEqual(['sendsGet']);
    });
  });

  it('answers one send to who made it, and null to whom it went to', async () => {
    const { id } = await sent(stack, { source, destination: instrument(), description: 'Lunch' });
    const text = `{ send(id: "${id}") { description executedAt } }`;
    expect((await stack.data(text)).send).toEqual({ description: 'Lunch', executedAt: expect.any(String) });
    expect(stack.calls).toEqual(['sendGet']);
    expect(await stack.data(text, { token: asAda(stack) })).toEqual({ send: null });
  });

  it('leads from an account and from a prepaid card to what has left it', async () => {
    const token = asAda(stack);
    const { managedCards } = await stack.data('{ managedCards(filter: { mode: PREPAID_MODE }) { nodes { id } } }', {
      token,
    });
    const card: Side = { type: 'MANAGED_CARDS', id: managedCards.nodes[0].id };
    await sent(stack, { source: card, destination: { instrument: source }, tag: 'from-card' }, token);
    const page = 'outgoingSends(first: 1) { totalCount nodes { tag requiredAction } }';
    const { managedAccount, managedCard } = await stack.data(
      `{ managedAccount(id: "${ada.id}") { ${page} } managedCard(id: "${card.id}") { ... on PrepaidCard { ${page} } } }`,
      { token },
    );
    expect(managedAccount.outgoingSends).toEqual({ totalCount: 1, nodes: [{ tag: null, requiredAction: null }] });
    expect(managedCard.outgoingSends).toEqual({ totalCount: 1, nodes: [{ tag: 'from-card', requiredAction: null }] });
    expect(stack.calls.sort()).toEqual(['managedAccountGet', 'managedCardGet', 'sendsGet', 'sendsGet']);
  });
});

describe('creating sends', () => {
  it('moves the money to a trusted beneficiary at once, without a challenge, in one call', async () => {
    const destination = { beneficiaryId: await adaAsBeneficiary(stack) };
    const before = [balanceOf(stack, source), balanceOf(stack, ada)] as const;
    const order = { source, destination, amount: LARGE, description: 'Invoice 3', tag: 'invoice' };
    const { data } = await createSend(stack, { ...order, idempotencyKey: 'invoice-3' });
    expect(data.createSend).toEqual({
      __typename: 'CreateSendPayload',
      idempotencyKey: 'invoice-3',
      send: {
        id: expect.stringMatching(/^\d{18}$/),
        state: 'COMPLETED',
        requiredAction: null,
        challengeExemptionReason: 'TRUSTED_BENEFICIARY',
        amount: { value: '50.00' },
        transactionAmount: { value: '50.00' },
        sourceFee: null,
        destinationFee: null,
        description: 'Invoice 3',
        tag: 'invoice',
        scheduledFor: null,
        executedAt: expect.any(String),
      },
    });
    expect(stack.calls).toEqual(['sendCreate']);
    expect([balanceOf(stack, source), balanceOf(stack, ada)]).toEqual([before[0] - 50_00, before[1] + 50_00]);
  });

  it('asks for no code for a small amount, and for one from thirty pounds on', async () => {
    const amounts = [29_99, 30_00];
    const sends = [];
    for (const amount of amounts)
      sends.push(await sent(stack, { source, destination: instrument(), amount: { currency: 'GBP', amount } }));
    expect(sends).toMatchObject([
      { state: 'COMPLETED', challengeExemptionReason: 'LOW_VALUE', requiredAction: null },
      { state: 'PENDING_CHALLENGE', challengeExemptionReason: null, requiredAction: 'CHALLENGE' },
    ]);
  });

  it('sets the money aside while it waits to be confirmed', async () => {
    const before = [balanceOf(stack, source), availableOn(stack, source)] as const;
    await sent(stack, { source, destination: instrument(), amount: LARGE });
    expect([balanceOf(stack, source), availableOn(stack, source)]).toEqual([before[0], before[1] - 50_00]);
  });

  it('charges both sides under a profile with fees, on top of the amount and out of it', async () => {
    const before = [balanceOf(stack, source), balanceOf(stack, ada)] as const;
    const send = await sent(stack, { profileId: CHARGED_SEND_PROFILE, source, destination: instrument() });
    expect(send).toMatchObject({
      amount: { value: '9.80' },
      transactionAmount: { value: '10.00' },
      sourceFee: { value: '0.40' },
      destinationFee: { value: '0.20' },
    });
    expect([balanceOf(stack, source), balanceOf(stack, ada)]).toEqual([before[0] - 10_40, before[1] + 9_80]);
  });

  it('never pays twice under one key, and refuses the key for anything else', async () => {
    const order = { source, destination: instrument(), idempotencyKey: 'once' };
    const first = await createSend(stack, order);
    const before = balanceOf(stack, source);
    expect((await createSend(stack, order)).data).toEqual(first.data);
    const { data } = await createSend(stack, { ...order, amount: LARGE });
    expect(data.createSend).toMatchObject({ __typename: 'IdempotencyConflictError', code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(balanceOf(stack, source)).toBe(before);
  });

  it('waits for the time it is scheduled for', async () => {
    const before = balanceOf(stack, ada);
    const scheduledFor = inAMinute(stack);
    const { id, ...send } = await sent(stack, { source, destination: instrument(), scheduledFor });
    expect(send).toMatchObject({ state: 'SCHEDULED', scheduledFor, executedAt: null });
    expect(balanceOf(stack, ada)).toBe(before);
    stack.sandbox.clock.advance(MINUTE_MS);
    const later = await stack.data(`{ send(id: "${id}") { state executedAt } }`);
    expect(later.send).toEqual({ state: 'COMPLETED', executedAt: scheduledFor });
    expect(balanceOf(stack, ada)).toBe(before + 10_00);
  });

  it('fails at its time, and moves nothing, where the money is gone by then', async () => {
    const scheduledFor = inAMinute(stack);
    const amount = { currency: 'GBP', amount: 2 ** 40 };
    const destination = { beneficiaryId: await adaAsBeneficiary(stack) };
    const { id, state } = await sent(stack, { source, destination, amount, scheduledFor });
    expect(state).toBe('SCHEDULED');
    const before = balanceOf(stack, source);
    stack.sandbox.clock.advance(MINUTE_MS);
    const later = await stack.data(`{ send(id: "${id}") { state executedAt } }`);
    expect(later.send).toEqual({ state: 'FAILED', executedAt: scheduledFor });
    expect(balanceOf(stack, source)).toBe(before);
  });
});

describe('cancelling sends', () => {
  const cancel = async (input: object) => {
    const { data } = await stack.query(
      `mutation ($input: CancelSendInput!) {
        cancelSend(input: $input) {
          __typename
          ... on CancelSendPayload { send { state cancellationReason } }
          ... on MutationError { code }
          ... on ValidationError { fields { path rule } }
        }
      }`,
      { variables: { input } },
    );
    return data.cancelSend;
  };

  it('calls off a scheduled one for good, in one call', async () => {
    const before = balanceOf(stack, source);
    const { id } = await sent(stack, { source, destination: instrument(), scheduledFor: inAMinute(stack) });
    expect(await cancel({ id, reason: 'Wrong month' })).toEqual({
      __typename: 'CancelSendPayload',
      send: { state: 'CANCELLED', cancellationReason: 'Wrong month' },
    });
    expect(stack.calls).toEqual(['sendSingleCancel']);
    stack.sandbox.clock.advance(MINUTE_MS);
    expect((await stack.data(`{ send(id: "${id}") { state } }`)).send.state).toBe('CANCELLED');
    expect(balanceOf(stack, source)).toBe(before);
  });

  it('gives back what was set aside for one that waits to be confirmed', async () => {
    const before = availableOn(stack, source);
    const { id } = await sent(stack, { source, destination: instrument(), amount: LARGE });
    expect(await cancel({ id })).toMatchObject({ send: { state: 'CANCELLED', cancellationReason: null } });
    expect(availableOn(stack, source)).toBe(before);
  });

  it('refuses one that is done, one that is not there, and a reason that Weavr does not take', async () => {
    const { id } = await sent(stack, { source, destination: instrument() });
    expect(await cancel({ id })).toEqual({ __typename: 'ConflictError', code: 'INVALID_STATE' });
    expect(await cancel({ id: '1' })).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect(await cancel({ id, reason: 'No. Never!' })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'reason'], rule: 'REGEX' }],
    });
  });
});
