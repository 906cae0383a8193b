import * as rest from '../weavr/linked-accounts.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { Money } from './core/money.js';
import { upstream } from './core/upstream.js';
import { AccountReference, AccountTypeEnum, LinkedAccount } from './linked-accounts.js';

const api = rest.linkedAccounts;

const VerificationRunState = enumType<rest.VerificationRunState>(
  'LinkedAccountVerificationRunState',
  'How a verification stands.',
  {
    PENDING: 'Under way.',
    VERIFIED: 'Passed: the linked account can be used.',
    REJECTED: 'Failed for good.',
  },
);

export const VerificationStepName = enumType<rest.VerificationStepName>(
  'LinkedAccountVerificationStepName',
  'What a verification is made of.',
  {
    TRANSFER_INSTRUCTION: 'The user is told what to pay from the linked account, and where to.',
    USER_DECLARATION_SCA_CHALLENGE:
      'The root user declares that the account is theirs: `startConfirmationOtp` and `verifyConfirmationOtp` with the type `LINKED_ACCOUNT_DECLARATION` and the id of the account.',
    INTERNAL_CHECKS: 'Weavr looks at the account.',
    MICRO_DEPOSIT: 'The payment that the user was told to make arrives.',
  },
);

const VerificationStepStatus = enumType<rest.VerificationStepStatus>(
  'LinkedAccountVerificationStepStatus',
  'How a step stands.',
  {
    PENDING_USER: 'Waits for the user.',
    PENDING_REVIEW: 'Waits for Weavr.',
    PENDING_EXECUTION: 'Waits for the payment.',
    REJECTED: 'Failed.',
    COMPLETED: 'Done.',
  },
);

type Destination = NonNullable<rest.TransferInstruction['destination']>;

const TransferInstructionDestination = builder.objectRef<Destination>('TransferInstructionDestination').implement({
  description: 'The account that the user is to pay to.',
  fields: (t) => ({
    accountOwnerName: t.exposeString('accountOwnerName', { nullable: true, description: 'The name to pay to.' }),
    accountType: t.field({
      type: AccountTypeEnum,
      nullable: true,
      description: 'In whose name it is.',
      resolve: ({ accountType }) => accountType,
    }),
    accountReference: t.field({
      type: AccountReference,
      nullable: true,
      description: 'Its number.',
      resolve: ({ accountReference }) => accountReference,
    }),
  }),
});

const TransferInstruction = builder.objectRef<rest.TransferInstruction>('TransferInstruction').implement({
  description: 'What the user is to pay from the linked account, and where to.',
  fields: (t) => ({
    amount: t.expose('amount', { type: Money, nullable: true, description: 'How much.' }),
    reference: t.exposeString('reference', { nullable: true, description: 'To be quoted with the payment.' }),
    destination: t.expose('destination', {
      type: TransferInstructionDestination,
      nullable: true,
      description: 'Where to.',
    }),
  }),
});

const MicroDeposit = builder.objectRef<rest.MicroDeposit>('MicroDeposit').implement({
  description: 'The payment from the linked account that proves whose it is.',
  fields: (t) => ({
    amount: t.expose('amount', { type: Money, nullable: true, description: 'How much.' }),
    senderName: t.exposeString('senderName', { nullable: true, description: 'Who paid it.' }),
  }),
});

const VerificationStepDetails = builder.unionType('LinkedAccountVerificationStepDetails', {
  description: 'What there is to know of a step.',
  types: [TransferInstruction, MicroDeposit],
  // Nothing names the variant: only an instruction says what to quote and where to pay to.
  resolveType: (details) => ('reference' in details || 'destination' in details ? TransferInstruction : MicroDeposit),
});

const VerificationStep = builder.objectRef<rest.VerificationStep>('LinkedAccountVerificationStep').implement({
  description: 'One step of a verification.',
  fields: (t) => ({
    step: t.field({
      type: VerificationStepName,
      nullable: true,
      description: 'Which one.',
      resolve: ({ step }) => step,
    }),
    status: t.field({
      type: VerificationStepStatus,
      nullable: true,
      description: 'How it stands.',
      resolve: ({ status }) => status,
    }),
    details: t.field({
      type: VerificationStepDetails,
      nullable: true,
      description: 'What there is to know of it; null for steps without a payment.',
      resolve: ({ details }) => details,
    }),
    completedAt: t.expose('completedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was done; null if it is not.',
    }),
  }),
});

const VerificationRun = builder.objectRef<rest.VerificationRun>('LinkedAccountVerificationRun').implement({
  description: 'One attempt to prove whose a linked account is.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id." }),
    state: t.field({
      type: VerificationRunState,
      description: 'How it stands.',
      resolve: ({ state }) => state,
    }),
    completedAt: t.expose('completedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it came to its end; null if it has not.',
    }),
    steps: t.field({
      type: [VerificationStep],
      description: 'What it is made of.',
      resolve: ({ verificationSteps = [] }) => verificationSteps,
    }),
    overriddenReason: t.exposeString('overriddenReason', {
      nullable: true,
      description: 'Why it was decided without its steps, if it was.',
    }),
  }),
});

const VerificationRunConnection = connection('LinkedAccountVerificationRunConnection', VerificationRun);

builder.objectField(LinkedAccount, 'verifications', (t) =>
  t.field({
    ...upstream(api.linkedAccountVerificationsGet),
    type: VerificationRunConnection,
    nullable: true,
    description: 'What has been done to prove whose it is. One REST call per account.',
    args: {
      ...pageArgs(t.arg),
      state: t.arg({ type: [VerificationRunState], description: 'In one of these states; absent: all.' }),
    },
    resolve: ({ id }, { state, ...page }, { weavr }, info) =>
      readPage(weavr, api.linkedAccountVerificationsGet, page, { id, state }, info),
  }),
);
