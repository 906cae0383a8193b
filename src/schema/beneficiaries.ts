import * as rest from '../weavr/beneficiaries.js';
import type { InstrumentId } from '../weavr/core/shapes.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { InstrumentType } from './core/instruments.js';
import { link, linkToInstrument } from './core/link.js';
import { upstream } from './core/upstream.js';
import { BankDetails } from './managed-accounts.js';

const api = rest.beneficiaries;

export const BeneficiaryTrustLevel = enumType<rest.Beneficiary['trustLevel']>(
  'BeneficiaryTrustLevel',
  'How far a beneficiary is trusted.',
  { TRUSTED: 'Payments to it need no challenge.' },
);

const BeneficiaryState = enumType<rest.Beneficiary['state']>('BeneficiaryState', 'Whether a beneficiary can be paid.', {
  INITIALISED: 'Taken, and not looked at yet.',
  INVALID: 'Found wrong: `validationFailure` says how.',
  PENDING_CHALLENGE: 'Waits for the user to confirm its batch.',
  CHALLENGE_FAILED: 'Never came to be: nobody confirmed its batch.',
  ACTIVE: 'Can be paid.',
  REMOVED: 'Can no longer be paid.',
});

const BeneficiaryValidationFailure = enumType<NonNullable<rest.Beneficiary['validationFailure']>>(
  'BeneficiaryValidationFailure',
  'What is wrong with a beneficiary.',
  {
    INSTRUMENT_DETAILS_NOT_FOUND: 'There is no such account or card.',
    BENEFICIARY_DETAILS_ALREADY_EXIST: 'Another beneficiary of the identity is paid at the same place.',
    BENEFICIARY_BELONGS_TO_SAME_IDENTITY: "The account or card is the identity's own.",
  },
);

export const InstrumentReference = builder.objectRef<InstrumentId>('InstrumentReference').implement({
  description: 'An account or a card at Weavr that may be of another identity: then no more is known than this.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id of the account or card." }),
    type: t.field({
      type: InstrumentType,
      nullable: true,
      description: 'Which of the two it is.',
      resolve: ({ type }) => type,
    }),
    instrument: t.field(
      linkToInstrument("The account or card itself; null where it is not the caller's.", (reference) => reference),
    ),
  }),
});

export const BeneficiaryReference = builder.objectRef<{ beneficiaryId: string }>('BeneficiaryReference').implement({
  description: 'A beneficiary that is paid instead of an account or a card that the caller names.',
  fields: (t) => ({
    id: t.exposeID('beneficiaryId', { nullable: true, description: "Weavr's id of the beneficiary." }),
    beneficiary: t.field(
      link(api.beneficiaryGet, {
        type: Beneficiary,
        description: 'The beneficiary itself.',
        id: ({ beneficiaryId }) => beneficiaryId,
      }),
    ),
  }),
});

const BusinessBeneficiary = builder.objectRef<rest.BusinessBeneficiary>('BusinessBeneficiary').implement({
  description: 'A business that is paid.',
  fields: (t) => ({
    businessName: t.exposeString('businessName', { nullable: true, description: 'Its name.' }),
  }),
});

const ConsumerBeneficiary = builder.objectRef<rest.ConsumerBeneficiary>('ConsumerBeneficiary').implement({
  description: 'A person who is paid.',
  fields: (t) => ({
    fullName: t.exposeString('fullName', { nullable: true, description: 'Name and surname.' }),
    nationality: t.expose('nationality', {
      type: 'CountryCode',
      nullable: true,
      description: 'Of which country the person is a citizen.',
    }),
    dateOfBirth: t.expose('dateOfBirth', { type: 'LocalDate', nullable: true, description: 'Day of birth.' }),
  }),
});

const BeneficiaryInformation = builder.unionType('BeneficiaryInformation', {
  description: 'Who is paid.',
  types: [BusinessBeneficiary, ConsumerBeneficiary],
  // Nothing names the variant: only businesses have a business name.
  resolveType: (information) => ('businessName' in information ? BusinessBeneficiary : ConsumerBeneficiary),
});

const BeneficiaryBankAccount = builder.objectRef<rest.BeneficiaryBankAccount>('BeneficiaryBankAccount').implement({
  description: 'An account at another bank, for wire transfers.',
  fields: (t) => ({
    address: t.exposeString('address', { nullable: true, description: 'Where the beneficiary is.' }),
    bankName: t.exposeString('bankName', { nullable: true, description: 'The name of the bank.' }),
    bankAddress: t.exposeString('bankAddress', { nullable: true, description: 'Where the bank is.' }),
    bankCountry: t.expose('bankCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'In which country the bank is.',
    }),
    details: t.field({
      type: BankDetails,
      description: 'The number itself, by network.',
      resolve: ({ bankAccountDetails }) => bankAccountDetails,
    }),
  }),
});

const BeneficiaryDetails = builder.unionType('BeneficiaryDetails', {
  description: 'Where a beneficiary is paid: at Weavr by sends, at another bank by outgoing wire transfers.',
  types: [InstrumentReference, BeneficiaryBankAccount],
  resolveType: (details) => ('bankAccountDetails' in details ? BeneficiaryBankAccount : InstrumentReference),
});

export const Beneficiary = builder.objectRef<rest.Beneficiary>('Beneficiary').implement({
  description: 'Somebody whom the identity trusts and pays: once confirmed, payments to it need no challenge.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id." }),
    state: t.field({ type: BeneficiaryState, description: 'Whether it can be paid.', resolve: ({ state }) => state }),
    trustLevel: t.field({
      type: BeneficiaryTrustLevel,
      nullable: true,
      description: 'How far it is trusted.',
      resolve: ({ trustLevel }) => trustLevel,
    }),
    validationFailure: t.field({
      type: BeneficiaryValidationFailure,
      nullable: true,
      description: 'What is wrong with it, if it is `INVALID`.',
      resolve: ({ validationFailure }) => validationFailure,
    }),
    group: t.exposeString('group', { nullable: true, description: "The caller's own category, to filter by." }),
    externalRefs: t.field({
      type: ['String'],
      description: "Its ids in the caller's own systems.",
      resolve: ({ externalRefs = [] }) => externalRefs,
    }),
    information: t.field({
      type: BeneficiaryInformation,
      nullable: true,
      description: 'Who it is.',
      resolve: ({ beneficiaryInformation }) => beneficiaryInformation,
    }),
    details: t.field({
      type: BeneficiaryDetails,
      nullable: true,
      description: 'Where it is paid.',
      resolve: ({ beneficiaryDetails: details }) => (details && 'instrument' in details ? details.instrument : details),
    }),
  }),
});

const BeneficiaryConnection = connection('BeneficiaryConnection', Beneficiary);

const BeneficiaryFilter = builder.inputType('BeneficiaryFilter', {
  description: 'Which beneficiaries. All given conditions must hold.',
  fields: (t) => ({
    batchId: t.idList({ description: 'Created or removed by one of these batches.' }),
    group: t.stringList({ description: 'In exactly one of these groups.' }),
  }),
});

builder.queryFields((t) => ({
  beneficiary: t.field({
    ...upstream(api.beneficiaryGet),
    type: Beneficiary,
    nullable: true,
    description: 'One beneficiary; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.beneficiaryGet, { id }),
  }),
  beneficiaries: t.field({
    ...upstream(api.beneficiariesGet),
    type: BeneficiaryConnection,
    nullable: true,
    description: "The identity's beneficiaries, whatever became of them.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: BeneficiaryFilter, description: 'Which beneficiaries; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) =>
      readPage(weavr, api.beneficiariesGet, page, { ...filter }, info),
  }),
}));
