import type * as rest from '../weavr/correspondent-bank-transfers.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import type { InputFields } from './core/mutation.js';
import { variantIn, withBirthday } from './wire-beneficiaries.js';

type IndividualDocument = rest.IdentityDocument<(typeof rest.INDIVIDUAL_DOCUMENT_TYPES)[number]>;
type BusinessDocument = rest.IdentityDocument<(typeof rest.BUSINESS_DOCUMENT_TYPES)[number]>;

const IndividualDocumentType = enumType<IndividualDocument['documentType']>(
  'IndividualDocumentType',
  'What proves who a person is.',
  {
    NATIONAL_ID: 'An identity card.',
    PASSPORT: 'A passport.',
    TAX_ID: "The tax office's number.",
    OTHER: 'Something else.',
  },
);

const BusinessDocumentType = enumType<BusinessDocument['documentType']>(
  'BusinessDocumentType',
  'What proves which company it is.',
  {
    LEI: 'A legal entity identifier.',
    REGISTRATION_NUMBER: 'Its number in the register of companies.',
    TAX_ID: "The tax office's number.",
    OTHER: 'Something else.',
  },
);

export const OriginatorType = enumType<(typeof rest.ORIGINATOR_TYPES)[number]>(
  'OriginatorType',
  'The two kinds of originator.',
  { INDIVIDUAL: 'A person.', BUSINESS: 'A company.' },
);

const OriginatorBankAccount = builder.objectRef<rest.OriginatorBankAccount>('OriginatorBankAccount').implement({
  description: "An originator's account.",
  fields: (t) => ({
    account: t.exposeString('account', { nullable: true, description: 'An IBAN or an account number.' }),
    financialInstitution: t.exposeString('financialInstitution', {
      nullable: true,
      description: 'The BIC of the bank that holds it.',
    }),
  }),
});

const IndividualDocumentRef = builder.objectRef<IndividualDocument>('IndividualDocument').implement({
  description: 'An official document of a person.',
  fields: (t) => ({
    documentType: t.field({
      type: IndividualDocumentType,
      nullable: true,
      description: 'What it is.',
      resolve: ({ documentType }) => documentType,
    }),
    documentNumber: t.exposeString('documentNumber', { nullable: true, description: 'Its number.' }),
  }),
});

const BusinessDocumentRef = builder.objectRef<BusinessDocument>('BusinessDocument').implement({
  description: 'An official document of a company.',
  fields: (t) => ({
    documentType: t.field({
      type: BusinessDocumentType,
      nullable: true,
      description: 'What it is.',
      resolve: ({ documentType }) => documentType,
    }),
    documentNumber: t.exposeString('documentNumber', { nullable: true, description: 'Its number.' }),
  }),
});

const Birth = builder.objectRef<rest.Birth>('Birth').implement({
  description: 'When and where a person was born.',
  fields: (t) => ({
    dateOfBirth: t.expose('dateOfBirth', { type: 'LocalDate', nullable: true, description: 'Day of birth.' }),
    placeOfBirth: t.exposeString('placeOfBirth', { nullable: true, description: 'Town and country of birth.' }),
  }),
});

const IndividualInformation = builder.unionType('IndividualInformation', {
  description: 'What the travel rule wants to know of a person besides name and address.',
  types: [IndividualDocumentRef, Birth],
  // Nothing names the variant: only a birth has a date or a place.
  resolveType: (given) => ('dateOfBirth' in given || 'placeOfBirth' in given ? Birth : IndividualDocumentRef),
});

export const Originator = builder.interfaceRef<rest.Originator>('Originator').implement({
  description: 'On whose behalf a correspondent bank transfer is made.',
  // Nothing names the variant: only companies are registered.
  resolveType: (originator) =>
    'registrationAddress' in originator || 'registrationCountry' in originator
      ? 'BusinessOriginator'
      : 'IndividualOriginator',
  fields: (t) => ({
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    name: t.exposeString('name', { nullable: true, description: 'The whole name, as documents have it.' }),
    bankAccountDetails: t.field({
      type: OriginatorBankAccount,
      nullable: true,
      description: 'The account that stands for it.',
      resolve: ({ bankAccountDetails }) => bankAccountDetails,
    }),
  }),
});

builder.objectRef<rest.IndividualOriginator>('IndividualOriginator').implement({
  description: 'A person on whose behalf a correspondent bank transfer is made.',
  interfaces: [Originator],
  fields: (t) => ({
    address: t.exposeString('address', { nullable: true, description: 'Where the person lives, in one line.' }),
    country: t.expose('country', {
      type: 'CountryCode',
      nullable: true,
      description: 'Where the person lives: an ISO 3166-1 alpha-2 code.',
    }),
    supplementaryInformation: t.field({
      type: IndividualInformation,
      nullable: true,
      description: 'A document or a birth.',
      resolve: ({ supplementaryInformation }) => supplementaryInformation,
    }),
  }),
});

builder.objectRef<rest.BusinessOriginator>('BusinessOriginator').implement({
  description: 'A company on whose behalf a correspondent bank transfer is made.',
  interfaces: [Originator],
  fields: (t) => ({
    registrationAddress: t.exposeString('registrationAddress', {
      nullable: true,
      description: 'Its registered office, in one line.',
    }),
    registrationCountry: t.expose('registrationCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'Where it is registered: an ISO 3166-1 alpha-2 code.',
    }),
    document: t.field({
      type: BusinessDocumentRef,
      nullable: true,
      description: 'What proves which company it is.',
      resolve: ({ supplementaryInformation }) => supplementaryInformation,
    }),
  }),
});

const OriginatorBankAccountInput = builder.inputType('OriginatorBankAccountInput', {
  description: "An originator's account.",
  fields: (t) => ({
    account: t.string({ required: true, description: 'An IBAN or an account number, up to 34 letters and digits.' }),
    financialInstitution: t.string({ required: true, description: 'The BIC of the bank that holds it.' }),
  }),
});

const IndividualDocumentInput = builder.inputType('IndividualDocumentInput', {
  description: 'An official document of a person.',
  fields: (t) => ({
    documentType: t.field({ type: IndividualDocumentType, required: true, description: 'What it is.' }),
    documentNumber: t.string({ required: true, description: 'Its number, up to 35 characters.' }),
  }),
});

const BusinessDocumentInput = builder.inputType('BusinessDocumentInput', {
  description: 'An official document of a company.',
  fields: (t) => ({
    documentType: t.field({ type: BusinessDocumentType, required: true, description: 'What it is.' }),
    documentNumber: t.string({ required: true, description: 'Its number, up to 35 characters.' }),
  }),
});

const BirthInput = builder.inputType('BirthInput', {
  description: 'When and where a person was born.',
  fields: (t) => ({
    dateOfBirth: t.field({ type: 'LocalDate', required: true, description: 'Day of birth.' }),
    placeOfBirth: t.string({ required: true, description: 'Town and country of birth, up to 140 characters.' }),
  }),
});

const IndividualInformationInput = builder.inputType('IndividualInformationInput', {
  description: 'What the travel rule wants to know of a person besides name and address.',
  isOneOf: true,
  fields: (t) => ({
    document: t.field({ type: IndividualDocumentInput, description: 'An official document.' }),
    birth: t.field({ type: BirthInput, description: 'When and where the person was born.' }),
  }),
});

const originatorFields = (t: InputFields) => ({
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
  name: t.string({ required: true, description: 'The whole name, as documents have it, up to 140 characters.' }),
  bankAccountDetails: t.field({
    type: OriginatorBankAccountInput,
    required: true,
    description: 'The account that stands for it.',
  }),
});

const IndividualOriginatorInput = builder.inputType('IndividualOriginatorInput', {
  description: 'A person on whose behalf a transfer is made.',
  fields: (t) => ({
    ...originatorFields(t),
    address: t.string({ required: true, description: 'Where the person lives, in one line: up to 255 characters.' }),
    country: t.field({ type: 'CountryCode', required: true, description: 'Where the person lives.' }),
    supplementaryInformation: t.field({
      type: IndividualInformationInput,
      description: 'A document or a birth. Weavr declines a transfer without either.',
    }),
  }),
});

const BusinessOriginatorInput = builder.inputType('BusinessOriginatorInput', {
  description: 'A company on whose behalf a transfer is made.',
  fields: (t) => ({
    ...originatorFields(t),
    registrationAddress: t.string({
      required: true,
      description: 'Its registered office, in one line: up to 255 characters.',
    }),
    registrationCountry: t.field({ type: 'CountryCode', required: true, description: 'Where it is registered.' }),
    document: t.field({
      type: BusinessDocumentInput,
      description: 'What proves which company it is. Weavr declines a transfer without it.',
    }),
  }),
});

export const OriginatorInput = builder.inputType('OriginatorInput', {
  description: 'On whose behalf a transfer is made.',
  isOneOf: true,
  fields: (t) => ({
    individual: t.field({ type: IndividualOriginatorInput, description: 'A person.' }),
    business: t.field({ type: BusinessOriginatorInput, description: 'A company.' }),
  }),
});

type Given = typeof OriginatorInput.$inferInput;

/** An originator as Weavr takes it. Exactly one variant is there: the inputs are @oneOf. */
export function toOriginator({ individual, business }: Given) {
  if (individual) {
    const { supplementaryInformation: given, ...person } = individual;
    return { ...person, supplementaryInformation: given && (given.document ?? bornAs(given.birth!)) };
  }
  const { document, ...company } = business!;
  return { ...company, supplementaryInformation: document };
}

const bornAs = (birth: typeof BirthInput.$inferInput) => ({ ...birth, dateOfBirth: withBirthday(birth).dateOfBirth! });

/** Where in the input an originator and its supplementary information stand. */
export function originatorNames({ individual, ...given }: Given) {
  const variant = individual
    ? `supplementaryInformation.${variantIn(individual.supplementaryInformation ?? {})}`
    : 'document';
  return { originator: `originator.${variantIn({ individual, ...given })}`, supplementaryInformation: variant };
}
