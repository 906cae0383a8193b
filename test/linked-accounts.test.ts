import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideVerification } from '../src/sandbox/linked-account-verifications.js';
import { type Stack, startStack } from './harness.js';
import { createLinkedAccount, inState, linked, newIban, OURS } from './linking.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const change = async (name: string, id: string) =>
  (
    await stack.data(
      `mutation ($id: ID!) {
        ${name}(input: { id: $id }) {
          __typename
          ... on ${name.charAt(0).toUpperCase()}${name.slice(1)}Payload { linkedAccount { state } }
          ... on MutationError { code }
        }
      }`,
      { variables: { id } },
    )
  )[name];

describe('reading linked accounts', () => {
  it('answers them all with their numbers, in one call', async () => {
    const { linkedAccounts } = await stack.data(
      `{ linkedAccounts {
        totalCount
        nodes { state accountReference {
          __typename
          ... on IbanDetails { iban bankIdentifierCode }
          ... on SortCodeDetails { sortCode accountNumber secondaryReference }
          ... on AccountDescriptor { accountDescriptor }
        } }
      } }`,
    );
    expect(linkedAccounts.totalCount).toBe(5);
    const found = linkedAccounts.nodes.map(({ state }: { state: string }) => state);
    expect(found).toEqual(['REMOVED', 'REJECTED', 'PENDING_VERIFICATION', 'BLOCKED', 'ACTIVE']);
    expect(linkedAccounts.nodes.slice(2).map((node: { accountReference: object }) => node.accountReference)).toEqual([
      { __typename: 'AccountDescriptor', accountDescriptor: '021000021 / 9876543210' },
      { __typename: 'SortCodeDetails', sortCode: '090128', accountNumber: '46815379', secondaryReference: 'ROLL 77-1' },
      { __typename: 'IbanDetails', iban: 'DE02100100100006820101', bankIdentifierCode: 'PBNKDEFF' },
    ]);
    expect(stack.calls).toEqual(['linkedAccountsGet']);
  });

  it.each<[name: string, filter: object, count: number]>([
    ['profileId', { profileId: '160000000000000001' }, 5],
    ['profileId of another', { profileId: '1' }, 0],
    ['friendlyName', { friendlyName: 'Building society' }, 1],
    ['state', { state: ['ACTIVE', 'BLOCKED'] }, 2],
    ['currency', { currency: 'EUR' }, 3],
    ['tag', { tag: 'treasury' }, 1],
    ['createdFrom', { createdFrom: '2100-01-01T00:00:00.000Z' }, 0],
    ['createdTo', { createdTo: '2100-01-01T00:00:00.000Z' }, 5],
  ])('answers those that match: %s', async (_name, filter, count) => {
    const { linkedAccounts } = await stack.data(
      'query ($filter: LinkedAccountFilter) { linkedAccounts(filter: $filter) { totalCount } }',
      { variables: { filter } },
    );
    expect(linkedAccounts.totalCount).toBe(count);
  });

  it('answers one, and null for one that is not there or is somebody else’s', async () => {
    const { id } = inState(stack, 'ACTIVE');
    const text = `{ linkedAccount(id: "${id}") { friendlyName owner { __typename id profileId } } }`;
    const { linkedAccount } = await stack.data(text);
    expect(linkedAccount).toMatchObject({
      friendlyName: 'Acme at the Commerzbank',
      owner: { __typename: 'Corporate' },
    });
    expect(stack.calls).toEqual(['linkedAccountGet', 'corporateGet']);
    const token = stack.sandbox.signIn('ada@consumer.example');
    expect(await stack.data(text, { token })).toEqual({ linkedAccount: null });
  });

  it('tells whose it is without another call', async () => {
    await stack.data(`{ linkedAccount(id: "${inState(stack, 'ACTIVE').id}") { owner { __typename id } } }`);
    expect(stack.calls).toEqual(['linkedAccountGet']);
  });

  it('bears a number and a step of a kind that it does not know', async () => {
    const { faults, state } = stack.sandbox;
    const { id } = inState(stack, 'ACTIVE');
    const rewriteAccount = (body: object) => ({ ...body, accountReference: { alias: 'acme' }, type: 'TRUST' });
    faults.plan({ kind: 'REWRITE', rewrite: rewriteAccount }, { operation: 'linkedAccountGet' });
    const steps = [{ step: 'SELFIE', details: { photo: '1' }, status: 'DEVELOPING' }];
    const run = { ...state.verificationRuns.get(id)![0], verificationSteps: steps };
    const rewrite = (body: object) => ({ ...body, verificationRuns: [run] });
    faults.plan({ kind: 'REWRITE', rewrite }, { operation: 'linkedAccountVerificationsGet' });
    const { linkedAccount } = await stack.data(
      `{ linkedAccount(id: "${id}") {
        type accountReference { __typename }
        verifications { nodes { steps { step status details { __typename ... on MicroDeposit { amount { value } } } } } }
      } }`,
    );
    expect(linkedAccount).toEqual({
      type: 'UNRECOGNIZED',
      accountReference: { __typename: 'SortCodeDetails' },
      verifications: {
        nodes: [
          {
            steps: [
              { step: 'UNRECOGNIZED', status: 'UNRECOGNIZED', details: { __typename: 'MicroDeposit', amount: null } },
            ],
          },
        ],
      },
    });
  });
});

describe('linking an account', () => {
  it('begins its verification, in one call', async () => {
    const input = { accountReference: newIban(), friendlyName: 'Savings', tag: 'savings', idempotencyKey: 'link-1' };
    const { data } = await createLinkedAccount(stack, input);
    expect(data.createLinkedAccount).toEqual({
      __typename: 'CreateLinkedAccountPayload',
      idempotencyKey: 'link-1',
      linkedAccount: {
        ...OURS,
        id: expect.stringMatching(/^\d{18}$/),
        state: 'PENDING_VERIFICATION',
        friendlyName: 'Savings',
        tag: 'savings',
        accountReference: { __typename: 'IbanDetails' },
        owner: { __typename: 'Corporate', id: expect.any(String) },
        createdAt: expect.any(String),
      },
    });
    expect(stack.calls).toEqual(['linkedAccountCreate']);
  });

  const pounds = (accountNumber: string) => ({
    currency: 'GBP',
    accountReference: { sortCode: { accountNumber, sortCode: '090128' } },
  });

  it.each<[code: string, input: () => object]>([
    ['PROFILE_NOT_FOUND', () => ({ accountReference: newIban(), profileId: '1' })],
    ['CURRENCY_NOT_SUPPORTED_BY_PROFILE', () => ({ accountReference: newIban(), currency: 'JPY' })],
    ['COUNTRY_NOT_SUPPORTED_BY_PROFILE', () => ({ accountReference: newIban(), country: 'KP' })],
    ['IBAN_MISSING', () => ({ ...pounds('12345678'), currency: 'EUR' })],
    ['ACCOUNT_DESCRIPTOR_MISSING', () => ({ ...pounds('12345678'), currency: 'USD' })],
    ['INVALID_IDENTITY_TYPE', () => ({ accountReference: newIban(), type: 'PERSONAL' })],
    ['LINKED_ACCOUNT_ALREADY_ADDED', () => pounds('46815379')],
    [
      'THIS_IS_A_MANAGED_ACCOUNT',
      () => {
        const [{ details } = {}] = [...stack.sandbox.state.ibans.values()][0]?.bankAccountDetails ?? [];
        return { accountReference: { iban: { iban: (details as { iban: string }).iban } } }; // the first account is in euros
      },
    ],
  ])('is declined with %s', async (code, input) => {
    const { data } = await createLinkedAccount(stack, input());
    expect(data.createLinkedAccount).toEqual({ __typename: 'ConflictError', code });
  });

  it('is declined with MANAGED_ACCOUNT_MISSING to whoever has no account to pay to', async () => {
    const token = stack.sandbox.signIn('root@newco.example');
    const { data } = await createLinkedAccount(stack, { accountReference: newIban() }, token);
    expect(data.createLinkedAccount).toEqual({ __typename: 'ConflictError', code: 'MANAGED_ACCOUNT_MISSING' });
  });

  it('answers ValidationError at the place of the input that is wrong', async () => {
    const iban = { iban: 'nonsense', bankIdentifierCode: '?' };
    const { data } = await createLinkedAccount(stack, { accountReference: { iban } });
    expect(data.createLinkedAccount.fields).toEqual([
      { path: ['input', 'accountReference', 'iban', 'iban'], rule: 'REGEX' },
      { path: ['input', 'accountReference', 'iban', 'bankIdentifierCode'], rule: 'REGEX' },
    ]);
    const sortCode = { accountNumber: '1', sortCode: '2' };
    const answer = await createLinkedAccount(stack, { accountReference: { sortCode } });
    expect(
      answer.data.createLinkedAccount.fields.map(({ path }: { path: string[] }) => path.slice(1).join('.')),
    ).toEqual(['accountReference.sortCode.accountNumber', 'accountReference.sortCode.sortCode']);
  });
});

describe('changing linked accounts', () => {
  it('changes what is given and leaves the rest', async () => {
    const { id } = await linked(stack, { accountReference: newIban(), friendlyName: 'Old', tag: 'kept' });
    const { updateLinkedAccount } = await stack.data(
      `mutation { updateLinkedAccount(input: { id: "${id}", friendlyName: "New" }) {
        ... on UpdateLinkedAccountPayload { linkedAccount { friendlyName tag } }
      } }`,
    );
    expect(updateLinkedAccount.linkedAccount).toEqual({ friendlyName: 'New', tag: 'kept' });
    expect(stack.calls).toEqual(['linkedAccountUpdate']);
  });

  it('blocks, unblocks and removes an active one, which can then be linked anew', async () => {
    const accountReference = newIban();
    const { id } = await linked(stack, { accountReference });
    decideVerification(stack.sandbox.state, id, 'VERIFIED');
    expect(await change('blockLinkedAccount', id)).toMatchObject({ linkedAccount: { state: 'BLOCKED' } });
    expect(stack.calls).toEqual(['linkedAccountBlock', 'linkedAccountGet']);
    expect(await change('blockLinkedAccount', id)).toMatchObject({ code: 'LINKED_ACCOUNT_ALREADY_BLOCKED' });
    expect(await change('unblockLinkedAccount', id)).toMatchObject({ linkedAccount: { state: 'ACTIVE' } });
    expect(await change('removeLinkedAccount', id)).toMatchObject({ linkedAccount: { state: 'REMOVED' } });
    expect((await linked(stack, { accountReference })).id).not.toBe(id);
  });

  it.each([
    ['blockLinkedAccount', 'PENDING_VERIFICATION', 'LINKED_ACCOUNT_INACTIVE'],
    ['blockLinkedAccount', 'REMOVED', 'LINKED_ACCOUNT_REMOVED'],
    ['unblockLinkedAccount', 'ACTIVE', 'LINKED_ACCOUNT_NOT_BLOCKED'],
    ['unblockLinkedAccount', 'REJECTED', 'LINKED_ACCOUNT_INACTIVE'],
    ['removeLinkedAccount', 'REMOVED', 'LINKED_ACCOUNT_ALREADY_REMOVED'],
    ['removeLinkedAccount', 'REJECTED', 'LINKED_ACCOUNT_REJECTED'],
    ['removeLinkedAccount', 'PENDING_VERIFICATION', 'LINKED_ACCOUNT_HAS_PENDING_ACTIONS'],
  ])('declines %s of one that is %s with %s', async (name, state, code) => {
    expect(await change(name, inState(stack, state).id)).toEqual({ __typename: 'ConflictError', code });
  });
});
