import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptWire, rejectWire } from '../src/sandbox/core/wires.js';
import { type Stack, startStack } from './harness.js';
import { accountsIn, inAMinute, MINUTE_MS, newAccount } from './transferring.js';
import {
  ABROAD,
  balancesOf,
  CHARGED_OUTGOING_WIRE_PROFILE,
  changeWire,
  createWire,
  IBAN,
  passChallenge,
  SORT_CODE,
  wired,
} from './wiring.js';

let stack: Stack;
/** The accounts that pay: in euros, pounds and dollars. */
let euros: string;
let pounds: string;
let dollars: string;
beforeAll(async () => {
  stack = await startStack();
  euros = (await accountsIn(stack, 'EUR'))[2]!.id;
  pounds = (await accountsIn(stack, 'GBP'))[0].id;
  dollars = (await accountsIn(stack, 'USD'))[0].id;
});
afterAll(() => stack.close());

const accept = (id: string) => acceptWire(stack.sandbox.state, id);
const pass = (id: string) => passChallenge(stack, 'OUTGOING_WIRE_TRANSFERS', id);
const stateOf = async (id: string) =>
  (await stack.data(`{ outgoingWireTransfer(id: "${id}") { state } }`)).outgoingWireTransfer.state;

/** A beneficiary of Acme's that is paid in euros. */
function trusted() {
  const { beneficiaries, corporates } = stack.sandbox.state;
  const own = beneficiaries.of(corporates.all()[0]!.id.id);
  return own.find(
    ({ state, beneficiaryDetails: to }) =>
      state === 'ACTIVE' && 'bankAccountDetails' in to && 'iban' in to.bankAccountDetails,
  )?.id;
}

describe('paying to another bank', () => {
  it('sets the money aside, waits for the challenge, and pays once the bank has taken it', async () => {
    const [available, actual] = balancesOf(stack, euros);
    const idempotencyKey = 'invoice-1';
    const { outgoingWireTransfer: wire } = await createWire(stack, { sourceAccountId: euros, idempotencyKey });
    expect(stack.calls).toEqual(['outgoingWireTransferCreate']);
    expect(wire).toMatchObject({ state: 'PENDING_CHALLENGE', requiredAction: 'CHALLENGE', type: 'SEPA', fee: null });
    expect(balancesOf(stack, euros)).toEqual([available! - 100_00, actual]);
    const again = await createWire(stack, { sourceAccountId: euros, idempotencyKey });
    expect(again.outgoingWireTransfer.id).toBe(wire.id);
    expect(balancesOf(stack, euros)).toEqual([available! - 100_00, actual]);

    expect(accept(wire.id)).toBe('DENIED');
    expect(await pass(wire.id)).toBe('VerifyConfirmationOtpPayload');
    expect(await stateOf(wire.id)).toBe('SUBMITTED');
    expect(accept(wire.id)).toBe('COMPLETED');
    expect(accept(wire.id)).toBe('DENIED_WIRE_TRANSFER_ALREADY_COMPLETED');
    expect(await stateOf(wire.id)).toBe('COMPLETED');
    expect(balancesOf(stack, euros)).toEqual([available! - 100_00, actual! - 100_00]);
  });

  it('gives the money back when the bank refuses', async () => {
    const before = balancesOf(stack, euros);
    const { id } = await wired(stack, { sourceAccountId: euros });
    await pass(id);
    expect(rejectWire(stack.sandbox.state, id)).toBe('COMPLETED');
    const { outgoingWireTransfer } = await stack.data(
      `{ outgoingWireTransfer(id: "${id}") { state rejectedInfo executedAt } }`,
    );
    expect(outgoingWireTransfer).toEqual({
      state: 'REJECTED',
      rejectedInfo: 'SYSTEM',
      executedAt: expect.any(String),
    });
    expect(balancesOf(stack, euros)).toEqual(before);
    expect(rejectWire(stack.sandbox.state, '1')).toBe('DENIED_WIRE_TRANSFER_NOT_FOUND');
  });

  it('charges what its profile says, as an entry of its own', async () => {
    const [available, actual] = balancesOf(stack, pounds);
    const { id, fee } = await wired(stack, {
      profileId: CHARGED_OUTGOING_WIRE_PROFILE,
      sourceAccountId: pounds,
      amount: { currency: 'GBP', amount: 20_00 },
      destination: { fasterPayments: SORT_CODE },
    });
    expect(fee).toEqual({ value: '1.00' });
    expect(accept(id)).toBe('COMPLETED');
    expect(balancesOf(stack, pounds)).toEqual([available! - 21_00, actual! - 21_00]);
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${pounds}") { statement(first: 2, sortOrder: DESC) { nodes {
        balanceAdjustment { value } transaction { type details { id __typename } } } } } }`,
    );
    expect(managedAccount.statement.nodes).toContainEqual({
      balanceAdjustment: { value: '-20.00' },
      transaction: { type: 'OUTGOING_WIRE_TRANSFERS', details: { id, __typename: 'OutgoingWireTransfer' } },
    });
  });

  it.each<[reason: string, change: () => object]>([
    ['LOW_VALUE', () => ({ amount: { currency: 'EUR', amount: 29_99 } })],
    ['TRUSTED_BENEFICIARY', () => ({ destination: { beneficiaryId: trusted() } })],
  ])('needs no challenge for %s', async (challengeExemptionReason, change) => {
    expect(await wired(stack, { sourceAccountId: euros, ...change() })).toMatchObject({
      state: 'SUBMITTED',
      requiredAction: null,
      challengeExemptionReason,
    });
  });

  it('sends what each destination needs, a day of birth as text', async () => {
    const { destination, type } = await wired(stack, {
      sourceAccountId: dollars,
      amount: { currency: 'USD', amount: 100_00 },
      destination: { swift: { ...ABROAD, dateOfBirth: '1971-04-28' } },
      purpose: 'Goods',
    });
    expect([type, destination.__typename, destination.dateOfBirth]).toEqual([
      'SWIFT',
      'SwiftBeneficiary',
      '1971-04-28',
    ]);
  });

  it('waits for its time, holds nothing until then, and fails if the money is gone', async () => {
    const before = balancesOf(stack, euros);
    const scheduledFor = inAMinute(stack);
    const order = { sourceAccountId: euros, scheduledFor, amount: { currency: 'EUR', amount: 20_00 } };
    const { id, state } = await wired(stack, order);
    const { id: unfunded } = await wired(stack, {
      ...order,
      destination: { beneficiaryId: trusted() },
      amount: { currency: 'EUR', amount: 2 ** 50 },
    });
    expect(state).toBe('SCHEDULED');
    expect(balancesOf(stack, euros)).toEqual(before);
    stack.sandbox.clock.advance(MINUTE_MS);
    expect([await stateOf(id), await stateOf(unfunded)]).toEqual(['SUBMITTED', 'FAILED']);
    expect(balancesOf(stack, euros)).toEqual([before[0]! - 20_00, before[1]]);
  });
});

describe('a name that the bank does not know', () => {
  const inPounds = (name: string) =>
    wired(stack, {
      sourceAccountId: pounds,
      amount: { currency: 'GBP', amount: 50_00 },
      destination: { fasterPayments: { ...SORT_CODE, name } },
    });

  it.each([
    ['Thames Tool?', 'CLOSE_MATCH', 'MBAM', 'Thames Tool'],
    ['Thames Tool!', 'NO_MATCH', 'ANNM', null],
    ['Thames Tool*', 'NOT_POSSIBLE', 'ACNS', null],
  ])('waits for the user to look at it: %s', async (name, match, reasonCode, accountName) => {
    const { state, requiredAction, validationOutcomes } = await inPounds(name);
    expect([state, requiredAction]).toEqual(['PENDING_CONFIRMATION', 'CONFIRMATION']);
    expect(validationOutcomes).toEqual([{ category: 'UK_CONFIRMATION_OF_PAYEE', match, reasonCode, accountName }]);
  });

  it('is confirmed, and goes on', async () => {
    const { id } = await inPounds('Thames Tool!');
    const { outgoingWireTransfer } = await changeWire(stack, 'confirmOutgoingWireTransfer', { id });
    expect(outgoingWireTransfer).toMatchObject({ state: 'PENDING_CHALLENGE', requiredAction: 'CHALLENGE' });
    expect(stack.calls).toEqual(['outgoingWireTransferConfirm']);
    expect(await changeWire(stack, 'confirmOutgoingWireTransfer', { id })).toEqual({
      __typename: 'ConflictError',
      code: 'INVALID_STATE',
      action: 'REFRESH',
      retryable: false,
    });
  });

  const rename = (id: string, beneficiaryName: object) =>
    changeWire(stack, 'updateOutgoingWireTransferBeneficiaryName', { id, beneficiaryName });

  it('is changed to the one that was found, or to another, and checked again', async () => {
    const { id } = await inPounds('Thames Tool?');
    const still = await rename(id, { name: 'Thames Tol?' });
    expect(still.outgoingWireTransfer).toMatchObject({
      state: 'PENDING_CONFIRMATION',
      destination: { name: 'Thames Tol?' },
      validationOutcomes: [{ accountName: 'Thames Tol' }],
    });
    const right = await rename(id, { acceptVerifiedName: true });
    expect(right.outgoingWireTransfer).toMatchObject({
      state: 'PENDING_CHALLENGE',
      destination: { name: 'Thames Tol' },
      validationOutcomes: [{ match: 'EXACT_MATCH' }],
    });
    expect(stack.calls).toEqual(['outgoingWireTransferUpdateBeneficiaryName']);
    expect((await rename(id, { name: 'Late' })).code).toBe('INVALID_STATE');
    expect((await rename('1', { name: 'Nobody' })).code).toBe('NOT_FOUND');
    expect((await rename(id, { name: '' })).fields).toEqual([
      { path: ['input', 'beneficiaryName', 'name'], rule: 'SIZE' },
    ]);
  });

  it('of a beneficiary is the beneficiary’s own', async () => {
    const { beneficiaries } = stack.sandbox.state;
    const { beneficiaryInformation: who } = beneficiaries.any(trusted() ?? '')!;
    Object.assign(who, 'businessName' in who ? { businessName: 'Coyote?' } : { fullName: 'Coyote?' });
    const { id, state } = await wired(stack, { sourceAccountId: euros, destination: { beneficiaryId: trusted() } });
    expect(state).toBe('PENDING_CONFIRMATION');
    expect(await rename(id, { name: 'Coyote' })).toMatchObject({ code: 'CONFLICT_BENEFICIARYID_NAME' });
    const confirmed = await changeWire(stack, 'confirmOutgoingWireTransfer', { id });
    expect(confirmed.outgoingWireTransfer).toMatchObject({ state: 'SUBMITTED', requiredAction: null });
  });

  it('cannot be taken from a bank that has found none', async () => {
    const { id } = await inPounds('Thames Tool!');
    expect(await rename(id, { acceptVerifiedName: true })).toMatchObject({ code: 'NO_NAME_TO_ACCEPT' });
  });
});

describe('cancelling', () => {
  const cancel = (input: object) => changeWire(stack, 'cancelOutgoingWireTransfer', input);

  it('gives the money back, with the reason kept, in one call', async () => {
    const before = balancesOf(stack, euros);
    const { id } = await wired(stack, { sourceAccountId: euros });
    const { outgoingWireTransfer } = await cancel({ id, reason: 'Wrong amount' });
    expect(outgoingWireTransfer).toMatchObject({ state: 'CANCELLED', cancellationReason: 'Wrong amount' });
    expect(stack.calls).toEqual(['outgoingWireTransferSingleCancel']);
    expect(balancesOf(stack, euros)).toEqual(before);
  });

  it('keeps a scheduled one from ever being executed', async () => {
    const amount = { currency: 'EUR', amount: 20_00 };
    const { id } = await wired(stack, { sourceAccountId: euros, amount, scheduledFor: inAMinute(stack) });
    await cancel({ id });
    stack.sandbox.clock.advance(MINUTE_MS);
    expect(await stateOf(id)).toBe('CANCELLED');
  });

  it('comes too late once the bank has it, and wants a reason of plain words', async () => {
    const { id } = await wired(stack, { sourceAccountId: euros, amount: { currency: 'EUR', amount: 20_00 } });
    expect(await cancel({ id })).toMatchObject({ __typename: 'ConflictError', code: 'INVALID_STATE' });
    expect(await cancel({ id, reason: 'No. Never!' })).toMatchObject({
      fields: [{ path: ['input', 'reason'], rule: 'REGEX' }],
    });
    expect(await cancel({ id: '1' })).toMatchObject({ __typename: 'NotFoundError' });
  });
});

describe('a payment that Weavr declines', () => {
  type Case = [code: string, input: () => object | Promise<object>];
  it.each<Case>([
    ['PROFILE_NOT_FOUND', () => ({ profileId: '1' })],
    ['SOURCE_NOT_FOUND', () => ({ sourceAccountId: stack.sandbox.state.managedAccounts.all().at(-1)!.id })],
    ['IBAN_UPGRADE_REQUIRED', async () => ({ sourceAccountId: (await newAccount(stack)).id })],
    ['BENEFICIARY_NOT_FOUND', () => ({ destination: { beneficiaryId: '1' } })],
    ['EXTERNAL_DESTINATION_ACCOUNT_NOT_FOUND', () => ({ destination: { linkedAccountId: '1' } })],
    [
      'BENEFICIARY_BANK_DETAILS_INVALID',
      () => ({ destination: { iban: { ...IBAN, iban: 'DE03120300000000202051' } } }),
    ],
    ['CURRENCY_MISMATCH', () => ({ amount: { currency: 'GBP', amount: 100 } })],
    ['CURRENCY_MISMATCH', () => ({ destination: { fasterPayments: SORT_CODE } })],
    ['AMOUNT_INVALID', () => ({ amount: { currency: 'EUR', amount: 0 } })],
    ['PURPOSE_OF_PAYMENT_REQUIRED', () => ({ destination: { swift: ABROAD } })],
    ['FUNDS_INSUFFICIENT', () => ({ amount: { currency: 'EUR', amount: 2 ** 50 } })],
    ['SCHEDULED_TIMESTAMP_INVALID', () => ({ scheduledFor: '2020-01-01T00:00:00Z' })],
  ])('answers ConflictError %s and sets nothing aside', async (code, change) => {
    const before = balancesOf(stack, euros);
    const answer = await createWire(stack, { sourceAccountId: euros, ...(await change()) });
    expect(answer).toMatchObject({ __typename: 'ConflictError', code });
    expect(balancesOf(stack, euros)).toEqual(before);
  });

  it('is a ValidationError, with the paths of the variant that was given, for what is malformed', async () => {
    const destination = { fasterPayments: { ...SORT_CODE, name: '', sortCode: '20-00-00' } };
    const { fields } = await createWire(stack, { sourceAccountId: pounds, destination, tag: 'no blanks' });
    expect(fields).toEqual([
      { path: ['input', 'tag'], rule: 'REGEX' },
      { path: ['input', 'destination', 'fasterPayments', 'name'], rule: 'SIZE' },
      { path: ['input', 'destination', 'fasterPayments', 'sortCode'], rule: 'REGEX' },
    ]);
    const { fields: missing } = await createWire(stack, { sourceAccountId: euros, description: null });
    expect(missing).toEqual([{ path: ['input', 'description'], rule: 'REQUIRED' }]);
  });
});
