import * as rest from '../weavr/correspondent-bank-transfers.js';
import { managedAccounts } from '../weavr/managed-accounts.js';
import { builder } from './core/builder.js';
import { ExternalDatum } from './core/cards.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { link } from './core/link.js';
import { Money, MoneyInput } from './core/money.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { ExternalDatumInput } from './managed-card-changes.js';
import { Originator, OriginatorInput, OriginatorType, originatorNames, toOriginator } from './originators.js';
import { fromAccount } from './outgoing-wire-transfers.js';
import { RequiredAction, requiredActionOf } from './required-action.js';
import { Transaction } from './transactions.js';
import {
  FasterPaymentsBeneficiaryInput,
  IbanBeneficiaryInput,
  variantIn,
  WireBeneficiary,
  withBirthday,
} from './wire-beneficiaries.js';
import { ValidationOutcome, WireTransferState } from './wires.js';

const api = rest.correspondentBankTransfers;

export const CorrespondentBankTransfer = builder
  .objectRef<rest.CorrespondentBankTransfer>('CorrespondentBankTransfer')
  .implement({
    description: 'Money paid from an account to one at another bank on behalf of somebody else: the originator.',
    interfaces: [Transaction],
    fields: (t) => ({
      profileId: t.exposeID('profileId', { description: "The programme's profile it was made under." }),
      tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
      source: t.field(
        link(managedAccounts.managedAccountGet, {
          type: ManagedAccount,
          description: 'The account that the money comes from.',
          id: ({ sourceInstrument }) => sourceInstrument?.id,
        }),
      ),
      originator: t.field({
        type: Originator,
        nullable: true,
        description: 'On whose behalf it is made.',
        resolve: ({ originator }) => originator,
      }),
      beneficiary: t.field({
        type: WireBeneficiary,
        nullable: true,
        description: 'Where the money goes. Of an IBAN nothing tells whether it is reached over SEPA or RIX.',
        resolve: ({ beneficiary }) => beneficiary,
      }),
      amount: t.expose('amount', { type: Money, description: 'How much.' }),
      purpose: t.exposeString('purpose', { nullable: true, description: 'What the payment is for.' }),
      externalData: t.field({
        type: [ExternalDatum],
        description: "The caller's own values.",
        resolve: ({ externalData = [] }) => externalData,
      }),
      state: t.field({ type: WireTransferState, description: 'How far it is.', resolve: ({ state }) => state }),
      requiredAction: t.field({
        type: RequiredAction,
        nullable: true,
        description:
          'What the user must do next: for a `CONFIRMATION`, look at `validationOutcomes`, then `confirmCorrespondentBankTransfer`; for a `CHALLENGE`, `startConfirmationOtp` and `verifyConfirmationOtp`, or `startConfirmationPush`. Null if nothing.',
        resolve: ({ state }) => requiredActionOf(state),
      }),
      validationOutcomes: t.field({
        type: [ValidationOutcome],
        description: 'What the check of the name has found; empty where there is no check.',
        resolve: ({ validationOutcomes = [] }) => validationOutcomes,
      }),
      createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
      scheduledFor: t.expose('scheduledTimestamp', {
        type: 'DateTime',
        nullable: true,
        description: 'When it is, or was, to be given to the bank; null if at once.',
      }),
      cancellationReason: t.exposeString('cancellationReason', {
        nullable: true,
        description: 'Why it was cancelled, as the caller put it.',
      }),
    }),
  });

const CorrespondentBankTransferConnection = connection(
  'CorrespondentBankTransferConnection',
  CorrespondentBankTransfer,
);

const CorrespondentBankTransferFilter = builder.inputType('CorrespondentBankTransferFilter', {
  description: 'Which correspondent bank transfers. All given conditions must hold.',
  fields: (t) => ({
    sourceAccountId: t.id({ description: 'From this account.' }),
    profileId: t.id({ description: 'Made under this profile.' }),
    state: t.field({ type: [WireTransferState], description: 'In one of these states.' }),
    originatorName: t.string({ description: "A part of the originator's name." }),
    originatorType: t.field({ type: OriginatorType, description: 'On behalf of a person, or of a company.' }),
    originatorTag: t.string({ description: "Exactly this label of the originator's." }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    executedFrom: t.field({ type: 'DateTime', description: 'Executed then or later.' }),
    executedTo: t.field({ type: 'DateTime', description: 'Executed then or earlier.' }),
    tag: t.string({ description: 'Exactly this label of the transfer.' }),
  }),
});

builder.queryFields((t) => ({
  correspondentBankTransfer: t.field({
    ...upstream(api.correspondentBankTransferGet),
    type: CorrespondentBankTransfer,
    nullable: true,
    description: 'One correspondent bank transfer; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.correspondentBankTransferGet, { id }),
  }),
  correspondentBankTransfers: t.field({
    ...upstream(api.correspondentBankTransfersGet),
    type: CorrespondentBankTransferConnection,
    nullable: true,
    description: "The identity's payments to other banks on behalf of others.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: CorrespondentBankTransferFilter, description: 'Which transfers; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => {
      const { sourceAccountId, originatorName, originatorType, originatorTag, ...rest } = filter ?? {};
      return readPage(
        weavr,
        api.correspondentBankTransfersGet,
        page,
        {
          ...rest,
          ...fromAccount(sourceAccountId),
          'originator.name': originatorName,
          'originator.type': originatorType,
          'originator.tag': originatorTag,
        },
        info,
      );
    },
  }),
}));

builder.objectField(ManagedAccount, 'correspondentBankTransfers', (t) =>
  t.field({
    ...upstream(api.correspondentBankTransfersGet),
    type: CorrespondentBankTransferConnection,
    nullable: true,
    description:
      'The payments from this account to other banks on behalf of others. One REST call per account, or fewer for many.',
    args: pageArgs(t.arg),
    resolve: ({ id }, page, { weavr }, info) =>
      readPage(weavr, api.correspondentBankTransfersGet, page, fromAccount(id), info),
  }),
);

const CorrespondentBankBeneficiaryInput = builder.inputType('CorrespondentBankBeneficiaryInput', {
  description: 'Where a correspondent bank transfer is to go.',
  isOneOf: true,
  fields: (t) => ({
    iban: t.field({ type: IbanBeneficiaryInput, description: 'To an IBAN, over SEPA or RIX.' }),
    fasterPayments: t.field({ type: FasterPaymentsBeneficiaryInput, description: 'To a sort code in the UK.' }),
  }),
});

/** The transfer itself, as Weavr answered it. */
const changed = (t: PayloadFields<{ correspondentBankTransfer: rest.CorrespondentBankTransfer }>) => ({
  correspondentBankTransfer: t.expose('correspondentBankTransfer', {
    type: CorrespondentBankTransfer,
    description: 'The transfer.',
  }),
});

mutation('createCorrespondentBankTransfer', api.correspondentBankTransferCreate, {
  description:
    'Pays from an account to one at another bank on behalf of somebody else, at once or at a given time. Its `requiredAction` says what the user must do first.',
  input: (t) => ({
    profileId: t.id({ required: true, description: "The programme's profile for correspondent bank transfers." }),
    sourceAccountId: t.id({ required: true, description: "Weavr's id of the account that the money comes from." }),
    originator: t.field({ type: OriginatorInput, required: true, description: 'On whose behalf.' }),
    beneficiary: t.field({
      type: CorrespondentBankBeneficiaryInput,
      required: true,
      description: 'Where the money is to go.',
    }),
    amount: t.field({ type: MoneyInput, required: true, description: "How much, in the account's currency." }),
    purpose: t.string({ required: true, description: 'What the payment is for, up to 255 characters.' }),
    description: t.string({
      description:
        'What the beneficiary reads: up to 35 characters over SEPA, which needs it, 18 over Faster Payments.',
    }),
    externalData: t.field({ type: [ExternalDatumInput], description: 'Your own values.' }),
    tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
    scheduledFor: t.field({ type: 'DateTime', description: 'When to execute it, in the future; absent: at once.' }),
  }),
  renamed: ({ beneficiary, originator }) => ({
    sourceInstrument: 'sourceAccountId',
    id: '',
    beneficiary: `beneficiary.${variantIn(beneficiary)}`,
    ...originatorNames(originator),
    scheduledTimestamp: 'scheduledFor',
  }),
  resolve: async ({ sourceAccountId, originator, beneficiary, scheduledFor, ...input }, call) => ({
    correspondentBankTransfer: await call({
      ...input,
      sourceInstrument: { type: 'managed_accounts', id: sourceAccountId },
      originator: toOriginator(originator),
      beneficiary: beneficiary.iban ? withBirthday(beneficiary.iban) : withBirthday(beneficiary.fasterPayments!),
      scheduledTimestamp: scheduledFor?.toString(),
    }),
  }),
  payload: changed,
});

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the transfer." }) });

mutation('confirmCorrespondentBankTransfer', api.correspondentBankTransferConfirm, {
  description: 'Lets a transfer go on although the check of the name has found something.',
  input: byId,
  resolve: async (input, call) => ({ correspondentBankTransfer: await call(input) }),
  payload: changed,
});

mutation('cancelCorrespondentBankTransfer', api.correspondentBankTransferCancel, {
  description: 'Cancels a transfer that has not been given to the bank.',
  input: (t) => ({
    ...byId(t),
    reason: t.string({ description: 'Why: up to 50 letters, digits, blanks, _ and -.' }),
  }),
  renamed: { cancellationReason: 'reason' },
  resolve: async ({ id, reason }, call) => ({
    correspondentBankTransfer: await call({ id, cancellationReason: reason }),
  }),
  payload: changed,
});
