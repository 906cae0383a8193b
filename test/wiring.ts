import type { Stack } from './harness.js';

export const OUTGOING_WIRE_PROFILE = '150000000000000001';
export const CHARGED_OUTGOING_WIRE_PROFILE = '150000000000000002';
export const CORRESPONDENT_BANK_PROFILE = '160000000000000001';

/** Accounts at other banks, as an input names them. */
export const IBAN = { name: 'Hanna Meyer', iban: 'DE02120300000000202051', bankIdentifierCode: 'BYLADEM1001' };
export const SORT_CODE = { name: 'Thames Tools Ltd', type: 'BUSINESS', accountNumber: '55779911', sortCode: '200000' };
export const ABROAD = {
  name: 'Hudson Rockets Inc',
  account: '000123456789',
  bankIdentifierCode: 'HUDSUS33XXX',
  address: '12 Pier Avenue, New York',
  bankCountry: 'US',
};

export const ERRORS = `
  ... on MutationError { code retryable }
  ... on ConflictError { action }
  ... on ValidationError { fields { path rule } }`;

const WIRE = `id state requiredAction type tag description purpose amount { value } fee { value } challengeExemptionReason
  createdAt scheduledFor executedAt cancellationReason rejectedInfo source { id }
  validationOutcomes { category match reasonCode accountName }
  destination { __typename ... on WireBeneficiary { name dateOfBirth } ... on IbanBeneficiary { iban } }`;

let keys = 0;

/** A mutation of an outgoing wire transfer, and whatever it answers. */
export async function changeWire(stack: Stack, name: string, input: object) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const { data } = await stack.query(
    `mutation ($input: ${title}Input!) {
      ${name}(input: $input) { __typename ... on ${title}Payload { outgoingWireTransfer { ${WIRE} } } ${ERRORS} }
    }`,
    { variables: { input } },
  );
  return data[name];
}

/** Asks for a wire of 100.00 euros to an IBAN under a new key, unless told otherwise. */
export const createWire = (stack: Stack, input: object) =>
  changeWire(stack, 'createOutgoingWireTransfer', {
    profileId: OUTGOING_WIRE_PROFILE,
    destination: { iban: IBAN },
    amount: { currency: 'EUR', amount: 100_00 },
    description: 'Invoice 1',
    idempotencyKey: `wire-${++keys}`,
    ...input,
  });

/** The wire itself, which must succeed. */
export const wired = async (stack: Stack, input: object) => (await createWire(stack, input)).outgoingWireTransfer;

/** Passes the challenge that resources of one type wait for, by a code. */
export async function passChallenge(stack: Stack, resourceType: string, id: string) {
  const { startConfirmationOtp } = await stack.data(
    `mutation ($input: StartConfirmationOtpInput!) {
      startConfirmationOtp(input: $input) { ... on StartConfirmationOtpPayload { challengeId } }
    }`,
    { variables: { input: { resourceType, resourceIds: [id] } } },
  );
  const { challengeId } = startConfirmationOtp;
  const { verifyConfirmationOtp } = await stack.data(
    'mutation ($input: VerifyConfirmationOtpInput!) { verifyConfirmationOtp(input: $input) { __typename } }',
    { variables: { input: { challengeId, resourceType, verificationCode: '123456' } } },
  );
  return verifyConfirmationOtp.__typename;
}

/** What can be spent, and what is there: the difference is set aside. */
export function balancesOf({ sandbox }: Stack, id: string) {
  const { availableBalance, actualBalance } = sandbox.state.ledger.balances(id);
  return [availableBalance, actualBalance];
}
