import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import {
  accountsIn,
  balanceOf,
  cardsIn,
  createTransfer,
  inAMinute,
  MINUTE_MS,
  newAccount,
  type Side,
  TRANSFER_PROFILE,
  transferred,
} from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe('reading transfers', () => {
  it('answers a page with its total, in one call', async () => {
    const { transfers } = await stack.data(
      '{ transfers { totalCount nodes { __typename id profileId state amount { currency value } ... on Transaction { createdAt } } pageInfo { hasNextPage } } }',
    );
    expect(transfers.totalCount).toBe(130);
    expect(transfers.nodes).toHaveLength(20);
    expect(transfers.pageInfo.hasNextPage).toBe(true);
    expect(stack.calls).toEqual(['transfersGet']);
  });

  it('reads both ends of a hundred transfers with three calls', async () => {
    const { transfers } = await stack.data(
      '{ transfers(first: 100) { nodes { source { id friendlyName } destination { __typename id friendlyName } } } }',
    );
    expect(transfers.nodes).toHaveLength(100);
    for (const { source, destination } of transfers.nodes) {
      expect(source.friendlyName).toBeTruthy();
      expect(destination.friendlyName).toBeTruthy();
    }
    const types = transfers.nodes.map(
      ({ destination }: { destination: { __typename: string } }) => destination.__typename,
    );
    expect(new Set(types)).toEqual(new Set(['ManagedAccount', 'PrepaidCard']));
    expect(stack.calls.sort()).toEqual(['managedAccountsGet', 'managedCardsGet', 'transfersGet']);
  });

  it('follows no link that is asked for its id alone', async () => {
    const { transfers } = await stack.data('{ transfers(first: 100) { nodes { source { id } destination { id } } } }');
    expect(transfers.nodes[0].source.id).toMatch(/^\d{18}$/);
    expect(stack.calls).toEqual(['transfersGet']);
  });

  it('shows what became of each', async () => {
    const { transfers } = await stack.data(
      '{ transfers(first: 100, filter: { state: [SCHEDULED, CANCELLED, FAILED] }) { nodes { state scheduledFor executedAt cancellationReason } } }',
    );
    const states = transfers.nodes.map(({ state }: { state: string }) => state);
    expect(new Set(states)).toEqual(new Set(['SCHEDULED', 'CANCELLED', 'FAILED']));
    for (const { state, scheduledFor, executedAt, cancellationReason } of transfers.nodes) {
      expect(executedAt).toBeNull();
      expect(scheduledFor).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(cancellationReason === null).toBe(state !== 'CANCELLED');
    }
  });

  describe('with a filter', () => {
    let sides: [Side, Side, ...Side[]];
    const times: { createdAt: string; executedAt: string }[] = [];

    /** Three under one label, a second apart: there, back, and there again but scheduled; and one under another. */
    beforeAll(async () => {
      sides = await accountsIn(stack, 'GBP');
      const [one, other] = sides;
      const there = { source: one, destination: other, amount: { currency: 'GBP', amount: 100 }, tag: 'filtered' };
      for (const change of [{}, { source: other, destination: one }, { scheduledFor: inAMinute(stack) }]) {
        times.push(await transferred(stack, { ...there, ...change, description: String(times.length) }));
        stack.sandbox.clock.advance(1_000);
      }
      await transferred(stack, { ...there, tag: 'other' });
    });

    it.each<[name: string, filter: () => object, expected: string[]]>([
      ['tag alone', () => ({}), ['2', '1', '0']],
      ['source', () => ({ source: sides[1] }), ['1']],
      ['profileId', () => ({ profileId: TRANSFER_PROFILE }), ['2', '1', '0']],
      ['profileId of another', () => ({ profileId: '1' }), []],
      ['state', () => ({ state: ['COMPLETED', 'FAILED'] }), ['1', '0']],
      ['createdFrom', () => ({ createdFrom: times[1]!.createdAt }), ['2', '1']],
      ['createdTo', () => ({ createdTo: times[1]!.createdAt }), ['1', '0']],
      ['executedFrom', () => ({ executedFrom: times[1]!.executedAt }), ['1']],
      ['executedTo', () => ({ executedTo: times[0]!.executedAt }), ['0']],
    ])('answers those that match: %s', async (_name, filter, expected) => {
      const { transfers } = await stack.data(
        'query ($filter: TransferFilter) { transfers(filter: $filter) { totalCount nodes { description } } }',
        { variables: { filter: { tag: 'filtered', ...filter() } } },
      );
      expect(transfers.nodes.map(({ description }: { description: string }) => description)).toEqual(expected);
      expect(transfers.totalCount).toBe(expected.length);
      expect(stack.calls).toEqual(['transfersGet']);
    });
  });

  it('answers one transfer, and null for one that is not there or is somebody else’s', async () => {
    const [source, destination] = await accountsIn(stack, 'EUR');
    const { id } = await transferred(stack, { source, destination, description: 'Rent' });
    const text = `{ transfer(id: "${id}") { description executedAt } }`;
    expect((await stack.data(text)).transfer).toEqual({ description: 'Rent', executedAt: expect.any(String) });
    expect(stack.calls).toEqual(['transferGet']);
    const token = stack.sandbox.signIn('ada@consumer.example');
    expect(await stack.data(text, { token })).toEqual({ transfer: null });
    expect(await stack.data('{ transfer(id: "1") { id } }')).toEqual({ transfer: null });
  });

  it('leads from an account and from a prepaid card to what has left it', async () => {
    const [account, other] = await accountsIn(stack, 'EUR');
    const [card] = await cardsIn(stack, 'PREPAID_MODE');
    await transferred(stack, { source: account, destination: card, tag: 'to-card' });
    await transferred(stack, { source: card, destination: account, tag: 'from-card' });
    await transferred(stack, { source: other, destination: account });
    const page = 'outgoingTransfers(first: 1) { nodes { tag source { id } } }';
    const { managedAccount, managedCard } = await stack.data(
      `{ managedAccount(id: "${account.id}") { ${page} } managedCard(id: "${card.id}") { ... on PrepaidCard { ${page} } } }`,
    );
    expect(managedAccount.outgoingTransfers.nodes).toEqual([{ tag: 'to-card', source: { id: account.id } }]);
    expect(managedCard.outgoingTransfers.nodes).toEqual([{ tag: 'from-card', source: { id: card.id } }]);
    expect(stack.calls.sort()).toEqual(['managedAccountGet', 'managedCardGet', 'transfersGet', 'transfersGet']);
  });
});

describe('creating transfers', () => {
  it('moves the money at once, in one call', async () => {
    const [source] = await accountsIn(stack, 'EUR');
    const destination = await newAccount(stack);
    const before = balanceOf(stack, source);
    const input = { source, destination, amount: { currency: 'EUR', amount: 1_234 }, description: 'Rent', tag: 'rent' };
    const { data } = await createTransfer(stack, { ...input, idempotencyKey: 'rent-1' });
    expect(data.createTransfer).toEqual({
      __typename: 'CreateTransferPayload',
      idempotencyKey: 'rent-1',
      transfer: {
        id: expect.stringMatching(/^\d{18}$/),
        state: 'COMPLETED',
        amount: { value: '12.34' },
        description: 'Rent',
        tag: 'rent',
        createdAt: expect.any(String),
        scheduledFor: null,
        executedAt: expect.any(String),
        cancellationReason: null,
      },
    });
    expect(stack.calls).toEqual(['transferCreate']);
    expect([balanceOf(stack, source), balanceOf(stack, destination)]).toEqual([before - 1_234, 1_234]);
  });

  it('waits for the time it is scheduled for', async () => {
    const [source] = await accountsIn(stack, 'EUR');
    const destination = await newAccount(stack);
    const scheduledFor = inAMinute(stack);
    const { id, ...transfer } = await transferred(stack, { source, destination, scheduledFor });
    expect(transfer).toMatchObject({ state: 'SCHEDULED', scheduledFor, executedAt: null });
    expect(balanceOf(stack, destination)).toBe(0);
    stack.sandbox.clock.advance(MINUTE_MS);
    const later = await stack.data(`{ transfer(id: "${id}") { state executedAt } }`);
    expect(later.transfer).toEqual({ state: 'COMPLETED', executedAt: scheduledFor });
    expect(balanceOf(stack, destination)).toBe(100);
  });
});

describe('cancelling transfers', () => {
  const cancel = (
    cancellations: object[],
    selection = 'id cancelled errorCode transfer { state cancellationReason }',
  ) =>
    stack.query(
      `mutation ($cancellations: [CancellationInput!]!) {
        cancelTransfers(input: { cancellations: $cancellations }) {
          __typename
          ... on CancelTransfersPayload { results { ${selection} } }
          ... on ValidationError { fields { path rule } }
        }
      }`,
      { variables: { cancellations } },
    );

  const scheduled = async () => {
    const [source, destination] = await accountsIn(stack, 'EUR');
    return (await transferred(stack, { source, destination, scheduledFor: inAMinute(stack) })).id as string;
  };

  it('answers for each by itself, and reads them again with one call because they are asked for', async () => {
    const [source, destination] = await accountsIn(stack, 'EUR');
    const { id: done } = await transferred(stack, { source, destination });
    const [waiting, twice] = [await scheduled(), await scheduled()];
    const { data } = await cancel([
      { id: waiting, reason: 'Wrong month' },
      { id: done },
      { id: '1' },
      { id: twice },
      { id: twice },
    ]);
    const cancelled = { state: 'CANCELLED', cancellationReason: null };
    expect(data.cancelTransfers.results).toEqual([
      {
        id: waiting,
        cancelled: true,
        errorCode: null,
        transfer: { state: 'CANCELLED', cancellationReason: 'Wrong month' },
      },
      {
        id: done,
        cancelled: false,
        errorCode: 'TRANSACTION_NOT_SCHEDULED',
        transfer: { state: 'COMPLETED', cancellationReason: null },
      },
      { id: '1', cancelled: false, errorCode: 'NOT_FOUND', transfer: null },
      { id: twice, cancelled: true, errorCode: null, transfer: cancelled },
      { id: twice, cancelled: false, errorCode: 'TRANSACTION_NOT_SCHEDULED', transfer: cancelled },
    ]);
    expect(stack.calls).toEqual(['transferCancel', 'transfersGet']);
  });

  it('makes no second call for transfers that nobody asks for, and executes none that is cancelled', async () => {
    const [, destination] = await accountsIn(stack, 'EUR');
    const id = await scheduled();
    const before = balanceOf(stack, destination);
    const { data } = await cancel([{ id }], 'cancelled transfer { id }');
    expect(data.cancelTransfers.results).toEqual([{ cancelled: true, transfer: { id } }]);
    expect(stack.calls).toEqual(['transferCancel']);
    stack.sandbox.clock.advance(MINUTE_MS);
    expect((await stack.data(`{ transfer(id: "${id}") { state } }`)).transfer.state).toBe('CANCELLED');
    expect(balanceOf(stack, destination)).toBe(before);
  });

  it('answers ValidationError, with the path of the reason, when Weavr finds it invalid', async () => {
    const { data } = await cancel([{ id: await scheduled(), reason: 'No. Never!' }]);
    expect(data.cancelTransfers).toEqual({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'cancellations', '0', 'reason'], rule: 'REGEX' }],
    });
  });
});
