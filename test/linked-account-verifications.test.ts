import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideVerification, verifySteps } from '../src/sandbox/linked-account-verifications.js';
import { type Stack, startStack } from './harness.js';
import { inState, linked } from './linking.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe('verifying a linked account', () => {
  const VERIFICATIONS = `query ($id: ID!, $state: [LinkedAccountVerificationRunState!]) {
    linkedAccount(id: $id) {
      state
      verifications(state: $state) { totalCount nodes {
        state completedAt overriddenReason
        steps { step status completedAt details {
          __typename
          ... on TransferInstruction { amount { value } reference destination { accountOwnerName accountType accountReference { ... on IbanDetails { iban } } } }
          ... on MicroDeposit { amount { value } senderName }
        } }
      } }
    }
  }`;
  const verificationOf = async (id: string) => (await stack.data(VERIFICATIONS, { variables: { id } })).linkedAccount;

  const startDeclaration = async (id: string, token?: string) =>
    stack.query(
      `mutation { startConfirmationOtp(input: { resourceType: LINKED_ACCOUNT_DECLARATION, resourceIds: ["${id}"] }) {
        __typename ... on StartConfirmationOtpPayload { challengeId } ... on MutationError { code }
      } }`,
      token ? { token } : {},
    );

  it('says what the user is to pay, and where to', async () => {
    const { id } = await linked(stack);
    const { state, verifications } = await verificationOf(id);
    expect(stack.calls).toEqual(['linkedAccountGet', 'linkedAccountVerificationsGet']);
    expect(state).toBe('PENDING_VERIFICATION');
    const amount = { value: '0.01' };
    const destination = {
      accountOwnerName: 'Acme Ltd',
      accountType: 'BUSINESS',
      accountReference: { iban: expect.stringMatching(/^MT/) },
    };
    const instruction = { __typename: 'TransferInstruction', amount, reference: expect.any(String), destination };
    const deposit = { __typename: 'MicroDeposit', amount, senderName: 'Acme Ltd' };
    const step = (name: string, status: string, details: object | null) => ({
      step: name,
      status,
      completedAt: null,
      details,
    });
    expect(verifications.nodes).toEqual([
      {
        state: 'PENDING',
        completedAt: null,
        overriddenReason: null,
        steps: [
          step('TRANSFER_INSTRUCTION', 'PENDING_USER', instruction),
          step('USER_DECLARATION_SCA_CHALLENGE', 'PENDING_USER', null),
          step('INTERNAL_CHECKS', 'PENDING_REVIEW', null),
          step('MICRO_DEPOSIT', 'PENDING_EXECUTION', deposit),
        ],
      },
    ]);
  });

  it('activates it after the declaration, the checks and the payment, which arrives once', async () => {
    const { id } = await linked(stack);
    const { state } = stack.sandbox;
    const started = await startDeclaration(id);
    const { challengeId } = started.data.startConfirmationOtp;
    await stack.data(
      `mutation { verifyConfirmationOtp(input: { challengeId: "${challengeId}", resourceType: LINKED_ACCOUNT_DECLARATION, verificationCode: "123456" }) { __typename } }`,
    );
    expect((await startDeclaration(id)).data.startConfirmationOtp).toMatchObject({ code: 'STATE_INVALID' });
    verifySteps(state, id, ['TRANSFER_INSTRUCTION', 'INTERNAL_CHECKS'], 'COMPLETED');
    expect((await verificationOf(id)).state).toBe('PENDING_VERIFICATION');
    const world = state.ledger.balances('world:EUR').actualBalance;
    expect(verifySteps(state, id, ['MICRO_DEPOSIT'], 'COMPLETED')).toBeUndefined();
    expect(verifySteps(state, id, ['MICRO_DEPOSIT'], 'COMPLETED')).toBe('ALREADY_COMPLETED');
    expect(state.ledger.balances('world:EUR').actualBalance).toBe(world - 1);
    expect(state.ledger.total()).toBe(0);
    const after = await verificationOf(id);
    expect(after.state).toBe('ACTIVE');
    expect(after.verifications.nodes[0]).toMatchObject({ state: 'VERIFIED', completedAt: expect.any(String) });
    for (const { status, completedAt } of after.verifications.nodes[0].steps)
      expect({ status, completedAt }).toEqual({ status: 'COMPLETED', completedAt: expect.any(String) });
  });

  it('lets nobody but the root user declare', async () => {
    const { id } = await linked(stack);
    const { errors } = await startDeclaration(id, stack.sandbox.signIn('ben@acme.example'));
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('rejects it with any of its steps, or without them', async () => {
    const { state } = stack.sandbox;
    const [checked, decided] = [await linked(stack), await linked(stack)];
    verifySteps(state, checked.id, ['INTERNAL_CHECKS'], 'REJECTED');
    decideVerification(state, decided.id, 'REJECTED', { overriddenReason: 'Closed' });
    expect(await verificationOf(checked.id)).toMatchObject({ state: 'REJECTED' });
    expect(await verificationOf(decided.id)).toMatchObject({
      state: 'REJECTED',
      verifications: { nodes: [{ overriddenReason: 'Closed' }] },
    });
    expect(verifySteps(state, checked.id, ['MICRO_DEPOSIT'], 'COMPLETED')).toBe('ALREADY_REJECTED');
  });

  it('answers the runs in given states alone', async () => {
    const { id } = inState(stack, 'ACTIVE');
    const count = async (state: string[]) =>
      (await stack.data(VERIFICATIONS, { variables: { id, state } })).linkedAccount.verifications.totalCount;
    expect([await count(['VERIFIED']), await count(['PENDING', 'REJECTED'])]).toEqual([1, 0]);
  });
});
