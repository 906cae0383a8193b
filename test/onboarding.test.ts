import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { ADDRESS, consumerInput, corporateInput, PASSWORD, run } from './registering.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const VERIFICATION_CODE = { verificationCode: '123456' };
const ACCOUNT = { profileId: '110000000000000001', friendlyName: 'First', currency: 'EUR' };
const DEBIT_CARD_PROFILE = '120000000000000002';
const PLASTIC = { productReference: 'anvil-black', pin: '4321', activationCode: '112233' };

const corporate = {
  type: 'CORPORATE' as const,
  noun: 'corporate',
  create: 'createCorporate',
  input: corporateInput,
  send: 'sendCorporateEmailVerification',
  verify: 'verifyCorporateEmail',
  startDueDiligence: (token: string) => run(stack, 'startCorporateKyb', undefined, 'reference', token),
  status: '{ identity: corporate { dueDiligence: kyb { status } rootUser { emailVerified mobileNumberVerified } } }',
};

const consumer = {
  type: 'CONSUMER' as const,
  noun: 'consumer',
  create: 'createConsumer',
  input: consumerInput,
  send: 'sendConsumerEmailVerification',
  verify: 'verifyConsumerEmail',
  startDueDiligence: (token: string) => run(stack, 'startConsumerKyc', {}, 'reference', token),
  status: '{ identity: consumer { dueDiligence: kyc { status } rootUser { emailVerified mobileNumberVerified } } }',
};

type Kind = typeof corporate | typeof consumer;

const statusOf = async ({ status }: Kind, token: string) => (await stack.data(status, { token })).identity;

/** Registers, sets the first password and signs in. */
async function register({ create, input, noun }: Kind) {
  const created = await run(stack, create, input(), `${noun} { id rootUser { userId email } }`);
  const { id, rootUser } = created[noun];
  const { userId, email } = rootUser;
  expect(await run(stack, 'createPassword', { userId, password: PASSWORD }, 'token')).toHaveProperty('token');
  return { id: id as string, email: email as string };
}

const signIn = async (email: string): Promise<string> => {
  const selection = 'token tokenType credentials { type }';
  const session = await run(stack, 'loginWithPassword', { email, password: PASSWORD }, selection);
  expect(session).toMatchObject({ tokenType: 'ACCESS', credentials: { type: 'ROOT' } });
  return session.token;
};

/** Verifies the address and enrols the phone. */
async function verifyContacts({ send, verify }: Kind, email: string, token: string) {
  expect(await run(stack, send, { email }, 'email', token)).toEqual({ email });
  expect(await run(stack, verify, { email, ...VERIFICATION_CODE }, 'email', token)).toEqual({ email });
  expect(await run(stack, 'startOtpEnrolment', {}, 'expiresInSeconds', token)).toEqual({ expiresInSeconds: 300 });
  const factors = 'authenticationFactors { channel status }';
  expect(await run(stack, 'verifyOtpEnrolment', VERIFICATION_CODE, factors, token)).toEqual({
    authenticationFactors: [{ channel: 'SMS', status: 'ACTIVE' }],
  });
}

async function stepUp(token: string) {
  expect(await run(stack, 'startStepUpOtp', {}, 'channel', token)).toEqual({ channel: 'SMS' });
  expect(await run(stack, 'verifyStepUpOtp', VERIFICATION_CODE, 'channel', token)).toEqual({ channel: 'SMS' });
}

const openAccount = (token: string) =>
  run(stack, 'createManagedAccount', ACCOUNT, 'managedAccount { id state }', token);

async function assignIban(id: string, token: string) {
  const state = 'iban { state bankAccountDetails { __typename } }';
  expect(await run(stack, 'assignManagedAccountIban', { id }, state, token)).toEqual({
    iban: { state: 'PENDING_ALLOCATION', bankAccountDetails: [] },
  });
  stack.sandbox.clock.advance(2_000);
  const details = 'details { ... on IbanDetails { iban } }';
  const text = `{ managedAccount(id: "${id}") { iban { state bankAccountDetails { ${details} } } } }`;
  expect((await stack.data(text, { token })).managedAccount.iban).toEqual({
    state: 'ALLOCATED',
    bankAccountDetails: [{ details: { iban: expect.stringMatching(/^[A-Z]{2}\d{2}/) } }],
  });
}

/** A debit card, whose number the stepped-up session is shown. */
async function issueCard(parentManagedAccountId: string, token: string): Promise<string> {
  const names = { friendlyName: 'First card', nameOnCard: 'Nina New', billingAddress: ADDRESS };
  const card = { debit: { profileId: DEBIT_CARD_PROFILE, parentManagedAccountId, ...names } };
  const selection = 'managedCard { id state type cardNumber ... on DebitCard { parentManagedAccount { id } } }';
  const { managedCard } = await run(stack, 'createManagedCard', { card }, selection, token);
  expect(managedCard).toEqual({
    id: expect.stringMatching(/^\d{18}$/),
    state: 'ACTIVE',
    type: 'VIRTUAL',
    cardNumber: expect.stringMatching(/^\d{16}$/),
    parentManagedAccount: { id: parentManagedAccountId },
  });
  return managedCard.id;
}

async function limitCard(cardId: string, token: string) {
  const spendLimit = [{ value: { currency: 'EUR', amount: 100_00 }, interval: 'MONTHLY' }];
  const rules = { allowContactless: true, allowAtm: false, allowECommerce: true, allowCashback: false };
  const input = { cardId, ...rules, allowCreditAuthorisations: true, spendLimit };
  const selection = 'spendRules { card { allowAtm spendLimit { value { currency amount } interval } } }';
  expect(await run(stack, 'setSpendRules', input, selection, token)).toEqual({
    spendRules: { card: { allowAtm: false, spendLimit } },
  });
}

/** Orders the plastic, activates it and shows its PIN. */
async function makePhysical(id: string, token: string) {
  const deliveryAddress = { ...ADDRESS, name: 'Nina', surname: 'New' };
  const selection = 'managedCard { type physicalCardDetails { pendingActivation } }';
  expect(await run(stack, 'upgradeCardToPhysical', { id, deliveryAddress, ...PLASTIC }, selection, token)).toEqual({
    managedCard: { type: 'PHYSICAL', physicalCardDetails: { pendingActivation: true } },
  });
  const { activationCode, pin } = PLASTIC;
  expect(await run(stack, 'activatePhysicalCard', { id, activationCode }, selection, token)).toEqual({
    managedCard: { type: 'PHYSICAL', physicalCardDetails: { pendingActivation: false } },
  });
  expect(await run(stack, 'revealPhysicalCardPin', { id }, 'pin', token)).toEqual({ pin });
}

it.each([corporate, consumer])('leads a $noun from nothing to a card in the hand', async (kind) => {
  const { id, email } = await register(kind);
  const first = await signIn(email);
  expect(await kind.startDueDiligence(first)).toEqual({ code: 'EMAIL_UNVERIFIED', action: 'DO_FIRST' });
  await verifyContacts(kind, email, first);
  // The enrolment has stepped up the first session: a new one has to do it by itself.
  const token = await signIn(email);
  await stepUp(token);
  expect(await kind.startDueDiligence(token)).toEqual({ reference: expect.stringMatching(/^\d+$/) });
  const rootUser = { emailVerified: true, mobileNumberVerified: true };
  expect(await statusOf(kind, token)).toEqual({ dueDiligence: { status: 'INITIATED' }, rootUser });
  expect(await openAccount(token)).toEqual({ code: 'OWNER_IDENTITY_NOT_VERIFIED', action: 'DO_FIRST' });
  stack.sandbox.state.approve({ type: kind.type, id });
  expect(await statusOf(kind, token)).toEqual({ dueDiligence: { status: 'APPROVED' }, rootUser });
  const { managedAccount } = await openAccount(token);
  expect(managedAccount.state).toBe('ACTIVE');
  await assignIban(managedAccount.id, token);
  const card = await issueCard(managedAccount.id, token);
  await limitCard(card, token);
  await makePhysical(card, token);
});
