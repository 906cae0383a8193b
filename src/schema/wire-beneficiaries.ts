import { linkedAccounts } from '../weavr/linked-accounts.js';
import type * as rest from '../weavr/wires.js';
import { BeneficiaryReference } from './beneficiaries.js';
import { builder } from './core/builder.js';
import { link } from './core/link.js';
import type { InputFields } from './core/mutation.js';
import { toDay } from './core/scalars.js';
import { AccountTypeEnum, LinkedAccount } from './linked-accounts.js';
import { BankDetails } from './managed-accounts.js';

type AnyBeneficiary =
  | rest.IbanBeneficiary
  | rest.SwiftBeneficiary
  | rest.FasterPaymentsBeneficiary
  | rest.LegacyWireBeneficiary;

/** Nothing names the variant: each of the numbers gives one away, and what has none of them is another form. */
function variantOf(beneficiary: AnyBeneficiary) {
  if ('sortCode' in beneficiary) return 'FasterPaymentsBeneficiary';
  if ('account' in beneficiary) return 'SwiftBeneficiary';
  return 'iban' in beneficiary ? 'IbanBeneficiary' : 'OtherWireBeneficiary';
}

export const WireBeneficiary = builder.interfaceRef<AnyBeneficiary>('WireBeneficiary').implement({
  description: 'Somebody with an account at another bank, named in the transfer itself.',
  resolveType: variantOf,
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Whose account it is.' }),
    address: t.exposeString('address', { nullable: true, description: 'Where they live or work, in one line.' }),
    bankName: t.exposeString('bankName', { nullable: true, description: 'The name of the bank.' }),
    bankAddress: t.exposeString('bankAddress', { nullable: true, description: 'Where the bank is.' }),
    bankCountry: t.expose('bankCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'In which country the bank is: an ISO 3166-1 alpha-2 code.',
    }),
    nationality: t.expose('nationality', {
      type: 'CountryCode',
      nullable: true,
      description: 'Of which country the person is a citizen.',
    }),
    dateOfBirth: t.expose('dateOfBirth', { type: 'LocalDate', nullable: true, description: 'Day of birth.' }),
  }),
});

const IbanBeneficiary = builder.objectRef<rest.IbanBeneficiary>('IbanBeneficiary').implement({
  description: 'Reached by an IBAN, over SEPA or RIX: the `type` of an outgoing wire transfer tells which.',
  interfaces: [WireBeneficiary],
  fields: (t) => ({
    iban: t.exposeString('iban', { nullable: true, description: 'The IBAN.' }),
    bankIdentifierCode: t.exposeString('bankIdentifierCode', { nullable: true, description: 'The BIC.' }),
  }),
});

const SwiftBeneficiary = builder.objectRef<rest.SwiftBeneficiary>('SwiftBeneficiary').implement({
  description: 'Reached over SWIFT.',
  interfaces: [WireBeneficiary],
  fields: (t) => ({
    account: t.exposeString('account', { nullable: true, description: 'An IBAN or an account number.' }),
    bankIdentifierCode: t.exposeString('bankIdentifierCode', { nullable: true, description: 'The BIC.' }),
  }),
});

const FasterPaymentsBeneficiary = builder
  .objectRef<rest.FasterPaymentsBeneficiary>('FasterPaymentsBeneficiary')
  .implement({
    description: 'Reached over Faster Payments.',
    interfaces: [WireBeneficiary],
    fields: (t) => ({
      type: t.field({
        type: AccountTypeEnum,
        nullable: true,
        description: 'In whose name the account is.',
        resolve: ({ type }) => type,
      }),
      accountNumber: t.exposeString('accountNumber', { nullable: true, description: 'Eight digits.' }),
      sortCode: t.exposeString('sortCode', { nullable: true, description: 'Six digits.' }),
      secondaryReference: t.exposeString('secondaryReference', {
        nullable: true,
        description: 'Tells accounts apart that share a sort code.',
      }),
    }),
  });

const OtherWireBeneficiary = builder.objectRef<rest.LegacyWireBeneficiary>('OtherWireBeneficiary').implement({
  description: 'In a form that Weavr has given up, or in one that is newer than this schema.',
  interfaces: [WireBeneficiary],
  fields: (t) => ({
    type: t.field({
      type: AccountTypeEnum,
      nullable: true,
      description: 'In whose name the account is.',
      resolve: ({ type }) => type,
    }),
    bankAccountDetails: t.field({
      type: BankDetails,
      nullable: true,
      description: 'The number of the account, by network.',
      resolve: ({ bankAccountDetails }) => bankAccountDetails,
    }),
  }),
});

const LinkedAccountReference = builder.objectRef<{ id: string }>('LinkedAccountReference').implement({
  description: 'A linked account that is paid instead of somebody named in the transfer.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id of the linked account." }),
    linkedAccount: t.field(
      link(linkedAccounts.linkedAccountGet, {
        type: LinkedAccount,
        description: 'The linked account itself.',
        id: ({ id }) => id,
      }),
    ),
  }),
});

export const WireDestination = builder.unionType('WireDestination', {
  description: 'Where an outgoing wire transfer goes, as the payer named it.',
  types: [
    IbanBeneficiary,
    SwiftBeneficiary,
    FasterPaymentsBeneficiary,
    OtherWireBeneficiary,
    BeneficiaryReference,
    LinkedAccountReference,
  ],
  resolveType: (destination) => {
    if ('beneficiaryId' in destination) return 'BeneficiaryReference';
    return 'id' in destination ? 'LinkedAccountReference' : variantOf(destination);
  },
});

/** Which of them must be there, and how long they may be, differs from network to network. */
const beneficiaryFields = (t: InputFields) => ({
  name: t.string({
    required: true,
    description:
      'Whose account it is: up to 150 characters, 140 over Faster Payments, 35 in a correspondent bank transfer. The bank may check it.',
  }),
  address: t.string({
    description:
      'Where they live or work, in one line: up to 150 characters; 105 in a correspondent bank transfer, which needs it.',
  }),
  bankName: t.string({ description: 'The name of the bank.' }),
  bankAddress: t.string({ description: 'Where the bank is, up to 150 characters.' }),
  bankCountry: t.field({ type: 'CountryCode', description: 'In which country the bank is.' }),
  nationality: t.field({ type: 'CountryCode', description: 'Of which country the person is a citizen.' }),
  dateOfBirth: t.field({ type: 'LocalDate', description: 'Day of birth.' }),
});

const BIC = 'The BIC: 8 or 11 characters.';

export const IbanBeneficiaryInput = builder.inputType('IbanBeneficiaryInput', {
  description: 'Somebody who is reached by an IBAN, over SEPA or RIX.',
  fields: (t) => ({
    ...beneficiaryFields(t),
    iban: t.string({ required: true, description: 'The IBAN, without blanks.' }),
    bankIdentifierCode: t.string({ description: BIC }),
  }),
});

export const FasterPaymentsBeneficiaryInput = builder.inputType('FasterPaymentsBeneficiaryInput', {
  description: 'Somebody who is reached over Faster Payments.',
  fields: (t) => ({
    ...beneficiaryFields(t),
    type: t.field({ type: AccountTypeEnum, required: true, description: 'In whose name the account is.' }),
    accountNumber: t.string({ required: true, description: 'Eight digits.' }),
    sortCode: t.string({ required: true, description: 'Six digits.' }),
    secondaryReference: t.string({ description: 'For accounts that share a sort code.' }),
  }),
});

const SwiftBeneficiaryInput = builder.inputType('SwiftBeneficiaryInput', {
  description: 'Somebody who is reached over SWIFT.',
  fields: (t) => ({
    ...beneficiaryFields(t),
    account: t.string({ required: true, description: 'An IBAN or an account number, up to 34 letters and digits.' }),
    bankIdentifierCode: t.string({ description: `${BIC} Needed unless the account is an IBAN.` }),
    address: t.string({ required: true, description: 'Where they live or work, in one line: up to 150 characters.' }),
    bankCountry: t.field({ type: 'CountryCode', required: true, description: 'In which country the bank is.' }),
  }),
});

export const WireDestinationInput = builder.inputType('WireDestinationInput', {
  description: 'Where an outgoing wire transfer is to go.',
  isOneOf: true,
  fields: (t) => ({
    iban: t.field({ type: IbanBeneficiaryInput, description: 'To an IBAN, over SEPA or RIX.' }),
    fasterPayments: t.field({ type: FasterPaymentsBeneficiaryInput, description: 'To a sort code in the UK.' }),
    swift: t.field({ type: SwiftBeneficiaryInput, description: 'Abroad, over SWIFT.' }),
    beneficiaryId: t.id({
      description: 'To the bank account of this beneficiary, which must be active: then no challenge is needed.',
    }),
    linkedAccountId: t.id({ description: 'To this linked account, which must be active.' }),
  }),
});

interface Born {
  dateOfBirth?: Parameters<typeof toDay>[0];
}

/** The day of birth as Weavr has it here: as text. */
export const withBirthday = <Person extends Born>({ dateOfBirth, ...person }: Person) => ({
  ...person,
  dateOfBirth: dateOfBirth ? toDay(dateOfBirth) : undefined,
});

/** A destination as Weavr takes it. Exactly one variant is there: the input is @oneOf. */
export function toDestination(given: typeof WireDestinationInput.$inferInput) {
  const { iban, swift, fasterPayments, beneficiaryId, linkedAccountId } = given;
  if (beneficiaryId) return { beneficiaryId };
  if (linkedAccountId) return { type: 'linked_accounts' as const, id: linkedAccountId };
  if (swift) return withBirthday(swift);
  return iban ? withBirthday(iban) : withBirthday(fasterPayments!);
}

/** The only field that is given of an input that is @oneOf. */
export const variantIn = (given: object) => Object.entries(given).find(([, value]) => value)?.[0] ?? '';
