import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executed, operationsOf, seconds, submit, transferOf } from './bulking.js';
import { type Stack, startStack } from './harness.js';
import { SEND_PROFILE, toAda } from './sending.js';
import { accountsIn, balanceOf, cardsIn } from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe('every kind of bulk', () => {
  it('creates and invites users', async () => {
    const token = stack.sandbox.signIn('root@acme.example');
    await stack.data('mutation { startStepUpOtp(input: {}) { __typename } }', { token });
    await stack.data('mutation { verifyStepUpOtp(input: { verificationCode: "123456" }) { __typename } }', { token });
    const user = (name: string) => ({
      name,
      surname: 'Bulk',
      email: `${name}@bulk.example`,
      dateOfBirth: '1990-01-31',
    });
    const { bulk } = await submit(stack, 'submitBulkUserCreate', { items: [user('dora'), user('emil')] }, token);
    const variables = { input: { id: bulk.id, mode: 'ON_FAILURE_STOP' } };
    await stack.data('mutation ($input: ExecuteBulkInput!) { executeBulk(input: $input) { __typename } }', {
      variables,
      token,
    });
    seconds(stack, 5);
    const created = await operationsOf(stack, bulk.id);
    const userIds = created.nodes.map(
      ({ responsePayload }: { responsePayload: string }) => JSON.parse(responsePayload).id,
    );
    const invites = await submit(stack, 'submitBulkUserInvites', { userIds });
    expect(await executed(stack, invites.bulk.id)).toMatchObject({
      status: 'COMPLETED',
      operation: '/users/{user_id}/invite',
    });
    const [first] = (await operationsOf(stack, invites.bulk.id)).nodes;
    expect(first).toMatchObject({ path: `/users/${userIds[0]}/invite`, requestPayload: null, responsePayload: null });
  });

  it('fails to create users for a session that is not stepped up', async () => {
    const items = [{ name: 'Fred', surname: 'Bulk', email: 'fred@bulk.example' }];
    const { bulk } = await submit(stack, 'submitBulkUserCreate', { items });
    expect(await executed(stack, bulk.id)).toMatchObject({ status: 'FAILED' });
    const [operation] = (await operationsOf(stack, bulk.id)).nodes;
    expect(JSON.parse(operation.responsePayload)).toEqual({ errorCode: 'STEP_UP_REQUIRED' });
  });

  it('blocks, unblocks and removes cards', async () => {
    const cards = (await cardsIn(stack, 'DEBIT_MODE')).slice(0, 3).map(({ id }) => id);
    const stateOf = async () => (await stack.data(`{ managedCard(id: "${cards[0]}") { state } }`)).managedCard.state;
    for (const [name, state] of [
      ['submitBulkCardBlock', 'BLOCKED'],
      ['submitBulkCardUnblock', 'ACTIVE'],
      ['submitBulkCardRemove', 'DESTROYED'],
    ] as const) {
      const { bulk, operationCount } = await submit(stack, name, { cardIds: cards });
      expect(operationCount).toBe(3);
      expect(await executed(stack, bulk.id)).toMatchObject({ status: 'COMPLETED' });
      expect(await stateOf()).toBe(state);
    }
  });

  it('changes the spend rules of cards', async () => {
    const { spendRules } = stack.sandbox.state;
    const [cardId] = [...spendRules.keys()];
    const items = [{ cardId, allowAtm: false, blockedMerchantCountries: ['RU'] }];
    const { bulk } = await submit(stack, 'submitBulkSpendRulesUpdate', { items });
    expect(await executed(stack, bulk.id)).toMatchObject({ status: 'COMPLETED' });
    expect(spendRules.get(cardId!)).toMatchObject({ allowAtm: false, blockedMerchantCountries: ['RU'] });
  });

  it('sends money to other identities', async () => {
    const { source, destination } = await toAda(stack);
    const before = balanceOf(stack, destination);
    const send = {
      profileId: SEND_PROFILE,
      source,
      destination: { instrument: destination },
      amount: { currency: 'GBP', amount: 5_00 },
    };
    const { bulk } = await submit(stack, 'submitBulkSends', { items: [send, send], idempotencyKey: 'sends' });
    expect(await executed(stack, bulk.id)).toMatchObject({ status: 'COMPLETED', operation: '/sends' });
    expect(balanceOf(stack, destination)).toBe(before + 10_00);
  });

  it('asks for wire transfers', async () => {
    const [source] = await accountsIn(stack, 'EUR');
    const linkedAccountId = stack.sandbox.state.linkedAccounts.all().find(({ state }) => state === 'ACTIVE')!.id;
    const wire = {
      profileId: '150000000000000001',
      sourceAccountId: source.id,
      destination: { linkedAccountId },
      amount: { currency: 'EUR', amount: 1_00 },
      description: 'Savings',
    };
    const { bulk } = await submit(stack, 'submitBulkOutgoingWireTransfers', { items: [wire], idempotencyKey: 'wires' });
    expect(await executed(stack, bulk.id)).toMatchObject({
      status: 'COMPLETED',
      operation: '/outgoing_wire_transfers',
    });
  });
});

describe('submitting a bulk', () => {
  it('answers ValidationError at the item that is wrong', async () => {
    const [source, destination] = await accountsIn(stack, 'EUR');
    const items = [transferOf(source, destination), transferOf(source, destination, { tag: 'no good tag' })];
    expect(await submit(stack, 'submitBulkTransfers', { items, idempotencyKey: 'wrong' })).toEqual({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'items', '1', 'tag'], rule: 'REGEX' }],
    });
  });

  it('answers ValidationError at the card that is wrong, in the words of the input', async () => {
    const invalidFields = [{ fieldName: '[2].pathParams._id_', error: 'REGEX', params: [] }];
    const fault = { kind: 'STATUS' as const, status: 400, effect: false, body: { syntaxErrors: { invalidFields } } };
    stack.sandbox.faults.plan(fault, { operation: 'bulksManagedCardBlock' });
    const { fields } = await submit(stack, 'submitBulkCardBlock', { cardIds: ['1', '2', '3'] });
    expect(fields).toEqual([{ path: ['input', 'cardIds', '2'], rule: 'REGEX' }]);
    const amount = [{ fieldName: '[0].requestBody.destinationAmount.amount', error: 'RANGE', params: [] }];
    const wrong = { ...fault, body: { syntaxErrors: { invalidFields: amount } } };
    stack.sandbox.faults.plan(wrong, { operation: 'bulksTransferCreate' });
    const [source, destination] = await accountsIn(stack, 'EUR');
    const answer = await submit(stack, 'submitBulkTransfers', {
      items: [transferOf(source, destination)],
      idempotencyKey: 'off',
    });
    expect(answer.fields).toEqual([{ path: ['input', 'items', '0', 'amount', 'amount'], rule: 'RANGE' }]);
  });

  it('refuses a bulk of nothing', async () => {
    expect(await submit(stack, 'submitBulkCardBlock', { cardIds: [] })).toEqual({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'cardIds'], rule: 'SIZE' }],
    });
  });

  it('needs a key of those that move money', async () => {
    const { errors } = await stack.query('mutation { submitBulkSends(input: { items: [] }) { __typename } }');
    expect(errors?.[0]?.message).toContain('idempotencyKey');
    expect(stack.calls).toEqual([]);
  });
});
