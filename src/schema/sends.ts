import type { InputShapeFromFields } from '@pothos/core';
import type { Nullish } from '../weavr/core/shapes.js';
import * as rest from '../weavr/sends.js';
import { BeneficiaryReference, InstrumentReference } from './beneficiaries.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { InstrumentIdInput } from './core/instruments.js';
import { linkToInstrument } from './core/link.js';
import { Money, MoneyInput } from './core/money.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { PrepaidCard } from './managed-cards.js';
import { RequiredAction, requiredActionOf } from './required-action.js';
import { Transaction } from './transactions.js';

const api = rest.sends;

const SendState = enumType<rest.SendState>('SendState', 'How far a send is.', {
  INITIALISED: 'Taken, and nothing has happened yet.',
  INVALID: 'Found wrong: no money has moved.',
  PENDING_CHALLENGE: 'Waits for the user to confirm it.',
  PENDING: "Exceeds the destination's limit, and waits for the programme to approve it.",
  APPROVED: 'Approved, and under way.',
  SCHEDULED: 'Waits for its time; until then it can be cancelled.',
  COMPLETED: 'The money has moved.',
  CANCELLED: 'Called off before its time.',
  REJECTED: 'Refused: no money has moved.',
  FAILED: 'Tried in vain: no money has moved.',
  RETURNED: 'The money came back.',
});

export const ChallengeExemptionReason = enumType<rest.ChallengeExemptionReason>(
  'ChallengeExemptionReason',
  'Why a payment needs no challenge.',
  {
    LOW_VALUE: 'It is small.',
    TRUSTED_BENEFICIARY: 'It goes to a trusted beneficiary.',
  },
);

const SendDestination = builder.unionType('SendDestination', {
  description: 'Where a send goes.',
  types: [InstrumentReference, BeneficiaryReference],
  resolveType: (destination) => ('beneficiaryId' in destination ? BeneficiaryReference : InstrumentReference),
});

export const Send = builder.objectRef<rest.Send>('Send').implement({
  description: 'Money sent to an account or a prepaid card of another identity, in one currency.',
  interfaces: [Transaction],
  fields: (t) => ({
    profileId: t.exposeID('profileId', { description: "The programme's send profile it was made under." }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    source: t.field(linkToInstrument('Where the money comes from.', ({ source }) => source)),
    destination: t.field({
      type: SendDestination,
      nullable: true,
      description: 'Where the money goes, as the payer named it: an instrument, or a beneficiary.',
      resolve: ({ destination }) => destination,
    }),
    amount: t.expose('destinationAmount', {
      type: Money,
      description: 'What arrives at the destination, its fee taken off.',
    }),
    transactionAmount: t.expose('transactionAmount', {
      type: Money,
      description: 'What was asked for, before any fee.',
    }),
    sourceFee: t.expose('sourceFee', {
      type: Money,
      nullable: true,
      description: 'What the source pays on top; null if nothing.',
    }),
    destinationFee: t.expose('destinationFee', {
      type: Money,
      nullable: true,
      description: 'What the destination pays out of it; null if nothing.',
    }),
    state: t.field({ type: SendState, description: 'How far it is.', resolve: ({ state }) => state }),
    requiredAction: t.field({
      type: RequiredAction,
      nullable: true,
      description:
        'What the user must do next: for a `CHALLENGE`, `startConfirmationOtp` and `verifyConfirmationOtp`, or `startConfirmationPush`. Null if nothing.',
      resolve: ({ state }) => requiredActionOf(state),
    }),
    challengeExemptionReason: t.field({
      type: ChallengeExemptionReason,
      nullable: true,
      description: 'Why it needs no challenge; null if it needs one.',
      resolve: ({ challengeExemptionReason }) => challengeExemptionReason,
    }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    scheduledFor: t.expose('scheduledTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is, or was, to be executed; null if at once.',
    }),
    executedAt: t.expose('executionTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When the money moved, or failed to; null before.',
    }),
    cancellationReason: t.exposeString('cancellationReason', {
      nullable: true,
      description: 'Why it was cancelled, as the caller put it.',
    }),
  }),
});

const SendConnection = connection('SendConnection', Send);

const SendFilter = builder.inputType('SendFilter', {
  description: 'Which sends. All given conditions must hold.',
  fields: (t) => ({
    source: t.field({ type: InstrumentIdInput, description: 'From this account or card.' }),
    profileId: t.id({ description: 'Made under this profile.' }),
    state: t.field({ type: [SendState], description: 'In one of these states.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    executedFrom: t.field({ type: 'DateTime', description: 'Executed then or later.' }),
    executedTo: t.field({ type: 'DateTime', description: 'Executed then or earlier.' }),
    tag: t.string({ description: 'Exactly this label.' }),
  }),
});

builder.queryFields((t) => ({
  send: t.field({
    ...upstream(api.sendGet),
    type: Send,
    nullable: true,
    description: 'One send; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.sendGet, { id }),
  }),
  sends: t.field({
    ...upstream(api.sendsGet),
    type: SendConnection,
    nullable: true,
    description: 'What the identity has sent; what others sent it stands on its statements.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: SendFilter, description: 'Which sends; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => {
      const { source, ...rest } = filter ?? {};
      return readPage(
        weavr,
        api.sendsGet,
        page,
        { ...rest, 'source.type': source?.type, 'source.id': source?.id },
        info,
      );
    },
  }),
}));

builder.objectField(ManagedAccount, 'outgoingSends', (t) =>
  t.field({
    ...upstream(api.sendsGet),
    type: SendConnection,
    nullable: true,
    description: 'The sends from this account. One REST call per account, or fewer for many.',
    args: pageArgs(t.arg),
    resolve: ({ id }, page, { weavr }, info) =>
      readPage(weavr, api.sendsGet, page, { 'source.type': 'managed_accounts', 'source.id': id }, info),
  }),
);

builder.objectField(PrepaidCard, 'outgoingSends', (t) =>
  t.field({
    ...upstream(api.sendsGet),
    type: SendConnection,
    nullable: true,
    description: 'The sends from this card. One REST call per card, or fewer for many.',
    args: pageArgs(t.arg),
    resolve: ({ id }, page, { weavr }, info) =>
      readPage(weavr, api.sendsGet, page, { 'source.type': 'managed_cards', 'source.id': id }, info),
  }),
);

const SendDestinationInput = builder.inputType('SendDestinationInput', {
  description: 'Where a send is to go.',
  isOneOf: true,
  fields: (t) => ({
    instrument: t.field({ type: InstrumentIdInput, description: 'To this account or prepaid card.' }),
    beneficiaryId: t.id({
      description: 'To the account or card of this beneficiary, which must be active: then no challenge is needed.',
    }),
  }),
});

/** What a send is made of, alone or in a bulk. */
export const newSend = (t: InputFields) => ({
  profileId: t.id({ required: true, description: "The programme's send profile." }),
  source: t.field({ type: InstrumentIdInput, required: true, description: 'Where the money comes from.' }),
  destination: t.field({ type: SendDestinationInput, required: true, description: 'Where the money goes.' }),
  amount: t.field({
    type: MoneyInput,
    required: true,
    description: 'How much to send, before any fee, in the currency of both instruments.',
  }),
  description: t.string({ description: 'What it is for, up to 255 characters.' }),
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
  scheduledFor: t.field({ type: 'DateTime', description: 'When to execute it, in the future; absent: at once.' }),
});

/** The same in Weavr's words. */
export const toSend = ({
  amount,
  scheduledFor,
  destination: { instrument, beneficiaryId },
  ...input
}: InputShapeFromFields<ReturnType<typeof newSend>>): Nullish<rest.NewSend> => ({
  ...input,
  // Exactly one of the two is there: the input is @oneOf.
  destination: instrument ?? { beneficiaryId: beneficiaryId! },
  destinationAmount: amount,
  scheduledTimestamp: scheduledFor?.toString(),
});

export const SEND_NAMES = { destinationAmount: 'amount', scheduledTimestamp: 'scheduledFor' };

/** The send itself, as Weavr answered it. */
const changed = (t: PayloadFields<{ send: rest.Send }>) => ({
  send: t.expose('send', { type: Send, description: 'The send.' }),
});

mutation('createSend', api.sendCreate, {
  description:
    'Sends money to an account or a prepaid card of another identity, at once or at a given time. Its `requiredAction` says whether the user must confirm it first.',
  input: newSend,
  renamed: SEND_NAMES,
  resolve: async (input, call) => ({ send: await call(toSend(input)) }),
  payload: changed,
});

mutation('cancelSend', api.sendSingleCancel, {
  description: 'Cancels a send that still waits for its time.',
  input: (t) => ({
    id: t.id({ required: true, description: "Weavr's id of the send." }),
    reason: t.string({ description: 'Why: up to 50 letters, digits, blanks, _ and -.' }),
  }),
  renamed: { cancellationReason: 'reason' },
  resolve: async ({ id, reason }, call) => ({ send: await call({ id, cancellationReason: reason }) }),
  payload: changed,
});
