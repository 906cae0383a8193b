import { managedAccounts } from '../weavr/managed-accounts.js';
import * as rest from '../weavr/outgoing-wire-transfers.js';
import { builder, type FileLink } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { Money } from './core/money.js';
import { upstream, upstreamOn } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { RequiredAction, requiredActionOf } from './required-action.js';
import { ChallengeExemptionReason } from './sends.js';
import { fileFields } from './statement-files.js';
import { Transaction } from './transactions.js';
import { WireDestination } from './wire-beneficiaries.js';
import { ValidationOutcome, WireTransferState } from './wires.js';

const api = rest.outgoingWireTransfers;

const OutgoingWireTransferType = enumType<NonNullable<rest.OutgoingWireTransfer['type']>>(
  'OutgoingWireTransferType',
  'The network that a payment to a bank takes.',
  {
    SEPA: 'Euros, in Europe.',
    FASTER_PAYMENTS: 'Pounds, in the United Kingdom.',
    SWIFT: 'Anywhere.',
    RIX: 'Kronor, in Sweden.',
  },
);

const RejectedInfo = enumType<NonNullable<rest.OutgoingWireTransfer['rejectedInfo']>>(
  'OutgoingWireTransferRejectedInfo',
  'Who rejected a payment.',
  { SYSTEM: 'Weavr, or the bank.', USER: 'The user.' },
);

const PaymentConfirmation = builder.objectRef<FileLink>('PaymentConfirmation').implement({
  description: 'A link to the proof of a payment. The download costs one REST call, the link none.',
  fields: fileFields,
});

export const OutgoingWireTransfer = builder.objectRef<rest.OutgoingWireTransfer>('OutgoingWireTransfer').implement({
  description: 'Money paid from an account to one at another bank.',
  interfaces: [Transaction],
  fields: (t) => ({
    profileId: t.exposeID('profileId', { description: "The programme's profile it was made under." }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    type: t.field({
      type: OutgoingWireTransferType,
      nullable: true,
      description: 'The network it takes.',
      resolve: ({ type }) => type,
    }),
    source: t.field(
      link(managedAccounts.managedAccountGet, {
        type: ManagedAccount,
        description: 'The account that the money comes from.',
        id: ({ sourceInstrument }) => sourceInstrument?.id,
      }),
    ),
    destination: t.field({
      type: WireDestination,
      nullable: true,
      description: 'Where the money goes, as the payer named it.',
      resolve: ({ destination }) => destination,
    }),
    amount: t.expose('transferAmount', { type: Money, description: 'What is to arrive, without the fee.' }),
    fee: t.expose('fee', { type: Money, nullable: true, description: 'What the source pays on top; null if nothing.' }),
    purpose: t.exposeString('purpose', { nullable: true, description: 'What the payment is for, as SWIFT wants it.' }),
    state: t.field({ type: WireTransferState, description: 'How far it is.', resolve: ({ state }) => state }),
    requiredAction: t.field({
      type: RequiredAction,
      nullable: true,
      description:
        'What the user must do next: for a `CONFIRMATION`, look at `validationOutcomes`, then `confirmOutgoingWireTransfer`, or `updateOutgoingWireTransferBeneficiaryName`; for a `CHALLENGE`, `startConfirmationOtp` and `verifyConfirmationOtp`, or `startConfirmationPush`. Null if nothing.',
      resolve: ({ state }) => requiredActionOf(state),
    }),
    validationOutcomes: t.field({
      type: [ValidationOutcome],
      description: 'What the check of the name has found; empty where there is no check.',
      resolve: ({ validationOutcomes = [] }) => validationOutcomes,
    }),
    challengeExemptionReason: t.field({
      type: ChallengeExemptionReason,
      nullable: true,
      description: 'Why it needs no challenge; null if it needs one.',
      resolve: ({ challengeExemptionReason }) => challengeExemptionReason,
    }),
    rejectedInfo: t.field({
      type: RejectedInfo,
      nullable: true,
      description: 'Who rejected it, if somebody did.',
      resolve: ({ rejectedInfo }) => rejectedInfo,
    }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    scheduledFor: t.expose('scheduledTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is, or was, to be given to the bank; null if at once.',
    }),
    executedAt: t.expose('executionTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed, rejected or failed; null before.',
    }),
    cancellationReason: t.exposeString('cancellationReason', {
      nullable: true,
      description: 'Why it was cancelled, as the caller put it.',
    }),
    paymentConfirmation: t.field({
      ...upstreamOn({ free: () => true }, api.outgoingWireTransferPaymentConfirmation),
      type: PaymentConfirmation,
      nullable: true,
      description:
        'Proof that it was paid, as a link to a PDF; null unless it is `COMPLETED` or `RETURNED`. The field costs nothing, the file one call.',
      resolve: ({ id, state }, _args, { linkTo }) =>
        state === 'COMPLETED' || state === 'RETURNED'
          ? linkTo({
              operation: api.outgoingWireTransferPaymentConfirmation,
              input: { id },
              mediaType: 'application/pdf',
            })
          : null,
    }),
  }),
});

const OutgoingWireTransferConnection = connection('OutgoingWireTransferConnection', OutgoingWireTransfer);

const OutgoingWireTransferFilter = builder.inputType('OutgoingWireTransferFilter', {
  description: 'Which outgoing wire transfers. All given conditions must hold.',
  fields: (t) => ({
    sourceAccountId: t.id({ description: 'From this account.' }),
    profileId: t.id({ description: 'Made under this profile.' }),
    state: t.field({ type: [WireTransferState], description: 'In one of these states.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    executedFrom: t.field({ type: 'DateTime', description: 'Executed then or later.' }),
    executedTo: t.field({ type: 'DateTime', description: 'Executed then or earlier.' }),
    tag: t.string({ description: 'Exactly this label.' }),
  }),
});

builder.queryFields((t) => ({
  outgoingWireTransfer: t.field({
    ...upstream(api.outgoingWireTransferGet),
    type: OutgoingWireTransfer,
    nullable: true,
    description: 'One outgoing wire transfer; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.outgoingWireTransferGet, { id }),
  }),
  outgoingWireTransfers: t.field({
    ...upstream(api.outgoingWireTransfersGet),
    type: OutgoingWireTransferConnection,
    nullable: true,
    description: "The identity's payments to other banks.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: OutgoingWireTransferFilter, description: 'Which transfers; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => {
      const { sourceAccountId, ...rest } = filter ?? {};
      return readPage(weavr, api.outgoingWireTransfersGet, page, { ...rest, ...fromAccount(sourceAccountId) }, info);
    },
  }),
}));

/** Weavr wants both halves of an instrument's name. */
export const fromAccount = (id: string | null | undefined) =>
  id ? { 'sourceInstrument.type': 'managed_accounts' as const, 'sourceInstrument.id': id } : {};

builder.objectField(ManagedAccount, 'outgoingWireTransfers', (t) =>
  t.field({
    ...upstream(api.outgoingWireTransfersGet),
    type: OutgoingWireTransferConnection,
    nullable: true,
    description: 'The payments from this account to other banks. One REST call per account, or fewer for many.',
    args: pageArgs(t.arg),
    resolve: ({ id }, page, { weavr }, info) =>
      readPage(weavr, api.outgoingWireTransfersGet, page, fromAccount(id), info),
  }),
);
