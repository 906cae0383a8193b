import type * as payees from '../weavr/beneficiaries.js';
import * as rest from '../weavr/beneficiary-batches.js';
import type { Nullish } from '../weavr/core/shapes.js';
import { CODE_SECONDS } from '../weavr/step-up.js';
import { BeneficiaryTrustLevel } from './beneficiaries.js';
import { BeneficiaryBatch } from './beneficiary-batches.js';
import { builder } from './core/builder.js';
import { InstrumentIdInput } from './core/instruments.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { toDay } from './core/scalars.js';
import { upstream } from './core/upstream.js';
import { IbanReferenceInput, SortCodeReferenceInput } from './linked-accounts.js';
import { OtpChannel, PushChannel } from './step-up.js';

const api = rest.beneficiaryBatches;

const BusinessBeneficiaryInput = builder.inputType('BusinessBeneficiaryInput', {
  description: 'A business to be paid.',
  fields: (t) => ({
    businessName: t.string({ required: true, description: 'Its name, up to 150 characters, by sort code 140.' }),
  }),
});

const ConsumerBeneficiaryInput = builder.inputType('ConsumerBeneficiaryInput', {
  description: 'A person to be paid.',
  fields: (t) => ({
    fullName: t.string({
      required: true,
      description: 'Name and surname, up to 150 characters, by sort code 140.',
    }),
    nationality: t.field({ type: 'CountryCode', description: 'Of which country the person is a citizen.' }),
    dateOfBirth: t.field({ type: 'LocalDate', description: 'Day of birth.' }),
  }),
});

const BeneficiaryInformationInput = builder.inputType('BeneficiaryInformationInput', {
  description: 'One of the two kinds of beneficiary.',
  isOneOf: true,
  fields: (t) => ({
    business: t.field({ type: BusinessBeneficiaryInput, description: 'A business.' }),
    consumer: t.field({ type: ConsumerBeneficiaryInput, description: 'A person.' }),
  }),
});

const BankAccountNumberInput = builder.inputType('BankAccountNumberInput', {
  description: 'The number of an account, by network.',
  isOneOf: true,
  fields: (t) => ({
    iban: t.field({ type: IbanReferenceInput, description: 'For SEPA.' }),
    sortCode: t.field({ type: SortCodeReferenceInput, description: 'For Faster Payments.' }),
  }),
});

const BeneficiaryBankAccountInput = builder.inputType('BeneficiaryBankAccountInput', {
  description: 'An account at another bank.',
  fields: (t) => ({
    address: t.string({ description: 'Where the beneficiary is, up to 150 characters.' }),
    bankName: t.string({ description: 'The name of the bank.' }),
    bankAddress: t.string({ description: 'Where the bank is, up to 150 characters.' }),
    bankCountry: t.field({ type: 'CountryCode', description: 'In which country the bank is.' }),
    details: t.field({ type: BankAccountNumberInput, required: true, description: 'The number itself.' }),
  }),
});

const BeneficiaryDetailsInput = builder.inputType('BeneficiaryDetailsInput', {
  description: 'Where a beneficiary is to be paid.',
  isOneOf: true,
  fields: (t) => ({
    instrument: t.field({
      type: InstrumentIdInput,
      description: 'At Weavr, by sends: an account or a card of another identity.',
    }),
    bankAccount: t.field({
      type: BeneficiaryBankAccountInput,
      description: 'At another bank, by outgoing wire transfers.',
    }),
  }),
});

const NewBeneficiaryInput = builder.inputType('NewBeneficiaryInput', {
  description: 'Somebody to be trusted and paid.',
  fields: (t) => ({
    trustLevel: t.field({
      type: BeneficiaryTrustLevel,
      required: true,
      defaultValue: 'TRUSTED',
      description: 'How far it is to be trusted.',
    }),
    information: t.field({ type: BeneficiaryInformationInput, required: true, description: 'Who it is.' }),
    details: t.field({ type: BeneficiaryDetailsInput, required: true, description: 'Where it is to be paid.' }),
    group: t.string({ description: 'Your own category, to filter by: up to 150 characters.' }),
    externalRefs: t.stringList({ description: 'Its ids in your own systems.' }),
  }),
});

type Given = typeof NewBeneficiaryInput.$inferInput;

/** As Weavr takes it. Of each pair exactly one is there: the inputs are @oneOf. */
function toRest({ information, details, ...rest }: Given): Nullish<payees.NewBeneficiary> {
  const { business, consumer } = information;
  return {
    ...rest,
    beneficiaryInformation: business ?? personOf(consumer!),
    beneficiaryDetails: details.instrument ? { instrument: details.instrument } : bankAccountOf(details.bankAccount!),
  };
}

const personOf = ({ dateOfBirth, ...person }: NonNullable<Given['information']['consumer']>) => ({
  ...person,
  dateOfBirth: dateOfBirth && toDay(dateOfBirth),
});

function bankAccountOf({ details: { iban, sortCode }, ...bank }: NonNullable<Given['details']['bankAccount']>) {
  return { ...bank, bankAccountDetails: iban ?? sortCode! };
}

/** The batch itself, as Weavr answered it. */
const made = (t: PayloadFields<{ batch: rest.BeneficiaryBatch }>) => ({
  batch: t.expose('batch', { type: BeneficiaryBatch, description: 'The batch, which its user has to confirm.' }),
});

mutation('createBeneficiaries', api.beneficiaryBatchCreate, {
  description:
    'Adds beneficiaries, as one batch. Each may be found wrong by itself: `batch { beneficiaries }` says which. The others become active once the user has confirmed the batch.',
  input: (t) => ({
    tag: t.string({ description: 'Your own label of the batch: up to 50 of A-Z a-z 0-9 _ -.' }),
    beneficiaries: t.field({ type: [NewBeneficiaryInput], required: true, description: 'Whom to add.' }),
  }),
  renamed: {
    beneficiaryInformation: 'information',
    businessName: 'business.businessName',
    fullName: 'consumer.fullName',
    nationality: 'consumer.nationality',
    dateOfBirth: 'consumer.dateOfBirth',
    beneficiaryDetails: 'details',
    address: 'bankAccount.address',
    bankName: 'bankAccount.bankName',
    bankAddress: 'bankAccount.bankAddress',
    bankCountry: 'bankAccount.bankCountry',
    bankAccountDetails: 'bankAccount.details',
    iban: 'iban.iban',
    bankIdentifierCode: 'iban.bankIdentifierCode',
    accountNumber: 'sortCode.accountNumber',
    sortCode: 'sortCode.sortCode',
    secondaryReference: 'sortCode.secondaryReference',
  },
  resolve: async ({ beneficiaries, ...input }, call) => ({
    batch: await call({ ...input, beneficiaries: beneficiaries.map(toRest) }),
  }),
  payload: made,
});

mutation('removeBeneficiaries', api.beneficiaryBatchRemove, {
  description: 'Removes beneficiaries, as one batch: they stay active until the user has confirmed it.',
  input: (t) => ({
    beneficiaryIds: t.idList({ required: true, description: "Weavr's ids of whom to remove, at least one." }),
  }),
  resolve: async (input, call) => ({ batch: await call(input) }),
  payload: made,
});

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the batch." }) });

const otpChannel = (t: InputFields, description: string) =>
  t.field({ type: OtpChannel, required: true, defaultValue: 'SMS', description });

/** The batch, read again if it is asked for: Weavr answers 204. */
const reread = (t: PayloadFields<{ id: string }>) => ({
  batch: t.field({
    ...upstream(api.beneficiaryBatchGet),
    type: BeneficiaryBatch,
    nullable: true,
    description: 'The batch as it is now. Asking for it costs one read.',
    resolve: ({ id }, _args, { weavr }) => weavr.find(api.beneficiaryBatchGet, { id }),
  }),
});

mutation('startBeneficiaryBatchOtp', api.beneficiaryBatchSCAChallenge, {
  description:
    'Sends a one-time code, by which `verifyBeneficiaryBatchOtp` confirms a batch whose `requiredAction` is a challenge.',
  input: (t) => ({ ...byId(t), channel: otpChannel(t, 'How the code is to travel.') }),
  resolve: acknowledge,
  payload: (t: PayloadFields<{ id: string }>) => ({
    expiresInSeconds: t.int({ description: 'How long the code is good for.', resolve: () => CODE_SECONDS }),
    ...reread(t),
  }),
});

mutation('verifyBeneficiaryBatchOtp', api.beneficiaryBatchSCAVerify, {
  description:
    'Confirms a batch with the code that was sent, and carries it out. After `CHALLENGE_LIMIT_EXCEEDED` it is lost: make another.',
  sensitive: { tries: 'CODE' },
  input: (t) => ({
    ...byId(t),
    channel: otpChannel(t, 'How the code travelled.'),
    verificationCode: t.field({ type: 'Secret', required: true, description: 'The six digits.' }),
  }),
  resolve: async (input, call) => {
    await call(input);
    return { id: input.id };
  },
  payload: reread,
});

mutation('startBeneficiaryBatchPush', api.beneficiaryBatchSCAChallengePush, {
  description:
    'Sends a push notification, by which the user confirms a batch whose `requiredAction` is a challenge. Read the batch to see whether they have.',
  input: (t) => ({
    ...byId(t),
    channel: t.field({ type: PushChannel, required: true, description: 'How the notification is to travel.' }),
  }),
  resolve: acknowledge,
  payload: reread,
});
