import { getDirective } from '@graphql-tools/utils';
import { isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';
import { BACK_OFFICE, MULTI, SIMULATOR } from './operations.js';

const SUPERSEDED = 'a deprecated challenge of one transaction: confirmation challenges cover it';
const INBOUND = 'a decision that Weavr asks of its customer: a callback, not a call';

/** What no field calls, and why. */
const WITHOUT_A_FIELD: Record<string, string> = {
  sendSCAChallenge: SUPERSEDED,
  sendSCAVerify: SUPERSEDED,
  sendSCAChallengePush: SUPERSEDED,
  outgoingWireTransferSCAChallenge: SUPERSEDED,
  outgoingWireTransferSCAVerify: SUPERSEDED,
  outgoingWireTransferSCAChallengePush: SUPERSEDED,
  bankTransferInForwarding: INBOUND,
  managed_cards_authorisation_forwarding: INBOUND,
};

/** What Back Office has and no field calls, besides. */
const BACK_OFFICE_WITHOUT_A_FIELD: Record<string, string> = {
  impersonateIdentityLogin: 'the session obtains its tokens itself',
};

const IN_CLEAR =
  "takes a card's number and its CVV in clear, which never pass through here: the same is done by the card's id";

/** What the Simulator has and no field calls. */
const SIMULATOR_WITHOUT_A_FIELD: Record<string, string> = { cards_merchant_refund: IN_CLEAR, cards_purchase: IN_CLEAR };

const called = new Set(
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .flatMap((field): string[] => getDirective(schema, field, 'upstream')?.[0]?.operations ?? []),
);

const missing = (names: string[]) => names.filter((name) => !called.has(name)).sort();

it('calls every operation of Multi from some field, but for a few with a reason', () => {
  expect(missing(MULTI)).toEqual(Object.keys(WITHOUT_A_FIELD).sort());
});

it('calls every operation of Back Office from some field, but for one with a reason', () => {
  expect(missing(BACK_OFFICE)).toEqual(Object.keys(BACK_OFFICE_WITHOUT_A_FIELD));
});

it('calls every operation of the Simulator from some field, but for the two with card numbers', () => {
  expect(missing(SIMULATOR)).toEqual(Object.keys(SIMULATOR_WITHOUT_A_FIELD));
});
