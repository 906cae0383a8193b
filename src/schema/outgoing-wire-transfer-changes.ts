import type { InputShapeFromFields } from '@pothos/core';
import type { Nullish } from '../weavr/core/shapes.js';
import * as rest from '../weavr/outgoing-wire-transfers.js';
import { builder } from './core/builder.js';
import { MoneyInput } from './core/money.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { OutgoingWireTransfer } from './outgoing-wire-transfers.js';
import { toDestination, variantIn, WireDestinationInput } from './wire-beneficiaries.js';

const api = rest.outgoingWireTransfers;

/** The transfer itself, as Weavr answered it. */
const changed = (t: PayloadFields<{ outgoingWireTransfer: rest.OutgoingWireTransfer }>) => ({
  outgoingWireTransfer: t.expose('outgoingWireTransfer', { type: OutgoingWireTransfer, description: 'The transfer.' }),
});

export const newOutgoingWireTransfer = (t: InputFields) => ({
  profileId: t.id({ required: true, description: "The programme's profile for outgoing wire transfers." }),
  sourceAccountId: t.id({
    required: true,
    description: "Weavr's id of the account that the money comes from, which must have bank details.",
  }),
  destination: t.field({ type: WireDestinationInput, required: true, description: 'Where the money is to go.' }),
  amount: t.field({ type: MoneyInput, required: true, description: "How much, in the account's currency." }),
  purpose: t.string({ description: 'What the payment is for, up to 255 characters. SWIFT needs it.' }),
  description: t.string({
    description:
      'What the beneficiary reads: up to 35 characters over SEPA and SWIFT, which need it, 18 over Faster Payments.',
  }),
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
  scheduledFor: t.field({ type: 'DateTime', description: 'When to execute it, in the future; absent: at once.' }),
});

type Given = InputShapeFromFields<ReturnType<typeof newOutgoingWireTransfer>>;

export const toOutgoingWireTransfer = ({
  sourceAccountId,
  destination,
  amount,
  scheduledFor,
  ...input
}: Given): Nullish<rest.NewOutgoingWireTransfer> => ({
  ...input,
  sourceInstrument: { type: 'managed_accounts', id: sourceAccountId },
  destinationBeneficiary: toDestination(destination),
  transferAmount: amount,
  scheduledTimestamp: scheduledFor?.toString(),
});

/** What Weavr calls the input's fields, whatever the destination. */
export const OUTGOING_WIRE_TRANSFER_NAMES = {
  sourceInstrument: 'sourceAccountId',
  id: '',
  destinationBeneficiary: 'destination',
  transferAmount: 'amount',
  scheduledTimestamp: 'scheduledFor',
};

mutation('createOutgoingWireTransfer', api.outgoingWireTransferCreate, {
  description:
    'Pays from an account to one at another bank, at once or at a given time. Its `requiredAction` says what the user must do first.',
  input: newOutgoingWireTransfer,
  renamed: ({ destination }) => ({
    ...OUTGOING_WIRE_TRANSFER_NAMES,
    beneficiaryId: '',
    destinationBeneficiary: `destination.${variantIn(destination)}`,
  }),
  resolve: async (input, call) => ({ outgoingWireTransfer: await call(toOutgoingWireTransfer(input)) }),
  payload: changed,
});

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the transfer." }) });

const BeneficiaryNameInput = builder.inputType('BeneficiaryNameInput', {
  description: 'Which name the beneficiary is to have.',
  isOneOf: true,
  fields: (t) => ({
    name: t.string({ description: 'This one: up to 150 characters, 140 over Faster Payments.' }),
    acceptVerifiedName: t.boolean({ description: 'True: the one that the check has found.' }),
  }),
});

mutation('updateOutgoingWireTransferBeneficiaryName', api.outgoingWireTransferUpdateBeneficiaryName, {
  description: 'Gives the beneficiary of a transfer that waits for its confirmation another name, and has it checked.',
  input: (t) => ({
    ...byId(t),
    beneficiaryName: t.field({ type: BeneficiaryNameInput, required: true, description: 'The name.' }),
  }),
  within: () => ['beneficiaryName'],
  resolve: async ({ id, beneficiaryName }, call) => ({ outgoingWireTransfer: await call({ id, ...beneficiaryName }) }),
  payload: changed,
});

mutation('confirmOutgoingWireTransfer', api.outgoingWireTransferConfirm, {
  description: 'Lets a transfer go on although the check of the name has found something.',
  input: byId,
  resolve: async (input, call) => ({ outgoingWireTransfer: await call(input) }),
  payload: changed,
});

mutation('cancelOutgoingWireTransfer', api.outgoingWireTransferSingleCancel, {
  description: 'Cancels a transfer that has not been given to the bank.',
  input: (t) => ({
    ...byId(t),
    reason: t.string({ description: 'Why: up to 50 letters, digits, blanks, _ and -.' }),
  }),
  renamed: { cancellationReason: 'reason' },
  resolve: async ({ id, reason }, call) => ({
    outgoingWireTransfer: await call({ id, cancellationReason: reason }),
  }),
  payload: changed,
});
