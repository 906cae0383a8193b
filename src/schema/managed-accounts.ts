import * as rest from '../weavr/managed-accounts.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { Balances, BlockedReason, DestroyedReason, Instrument, InstrumentStateEnum } from './core/instruments.js';
import { asksOnlyBelow } from './core/link.js';
import { inCurrency, Money } from './core/money.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream, upstreamOn } from './core/upstream.js';

const api = rest.managedAccounts;

export const ManagedAccount = builder.objectRef<rest.ManagedAccount>('ManagedAccount').implement({
  description: 'An account that holds funds for an identity in one currency.',
  interfaces: [Instrument],
  fields: (t) => ({
    balances: t.field({
      type: Balances,
      nullable: true,
      description: 'What it holds.',
      resolve: ({ balances, currency }) => balances && { ...balances, currency },
    }),
    lowBalanceThreshold: t.field({
      type: Money,
      nullable: true,
      description: 'Weavr sends a webhook when the available balance falls below this amount.',
      resolve: ({ currency, lowBalanceThreshold }) => inCurrency(currency, lowBalanceThreshold),
    }),
    iban: t.field({
      ...upstream(api.managedAccountIBANGet),
      type: ManagedAccountIban,
      nullable: true,
      description: 'Its bank details. One REST call per account: Weavr has no list of them.',
      resolve: ({ id }, _args, { weavr }) => weavr.find(api.managedAccountIBANGet, { id }),
    }),
  }),
});

const IbanState = enumType<rest.ManagedAccountIban['state']>(
  'IbanState',
  'How far an account is on its way to bank details.',
  {
    UNALLOCATED: 'None were asked for.',
    PENDING_ALLOCATION: 'Asked for, and not there yet.',
    ALLOCATED: 'There.',
  },
);

const ManagedAccountIban = builder.objectRef<rest.ManagedAccountIban>('ManagedAccountIban').implement({
  description: "An account's bank details, for payments from and to other banks.",
  fields: (t) => ({
    state: t.field({ type: IbanState, description: 'Whether the details are there.', resolve: ({ state }) => state }),
    bankAccountDetails: t.field({
      type: [BankAccountDetails],
      description: 'One for each payment network; empty until `ALLOCATED`.',
      resolve: ({ bankAccountDetails = [] }) => bankAccountDetails,
    }),
  }),
});

const BankAccountDetails = builder.objectRef<rest.BankAccountDetails>('BankAccountDetails').implement({
  description: 'Where others send money to reach an account.',
  fields: (t) => ({
    beneficiaryNameAndSurname: t.exposeString('beneficiaryNameAndSurname', {
      nullable: true,
      description: 'The name to pay to.',
    }),
    beneficiaryBank: t.exposeString('beneficiaryBank', { nullable: true, description: 'The name of the bank.' }),
    beneficiaryBankAddress: t.exposeString('beneficiaryBankAddress', {
      nullable: true,
      description: 'Where the bank is.',
    }),
    paymentReference: t.exposeString('paymentReference', {
      nullable: true,
      description: 'To be quoted by the payer, where the bank details are shared.',
    }),
    details: t.field({
      type: BankDetails,
      description: 'The number itself, by network.',
      resolve: ({ details }) => details,
    }),
  }),
});

export const IbanDetails = builder.objectRef<rest.IbanDetails>('IbanDetails').implement({
  description: 'For SEPA.',
  fields: (t) => ({
    iban: t.exposeString('iban', { description: 'The IBAN.' }),
    bankIdentifierCode: t.exposeString('bankIdentifierCode', { nullable: true, description: 'The BIC.' }),
  }),
});

const SwiftDetails = builder.objectRef<rest.SwiftDetails>('SwiftDetails').implement({
  description: 'For SWIFT.',
  fields: (t) => ({
    iban: t.exposeString('iban', { description: 'The IBAN.' }),
    code: t.exposeString('code', { description: 'The SWIFT code.' }),
  }),
});

export const SortCodeDetails = builder.objectRef<rest.SortCodeDetails>('SortCodeDetails').implement({
  description: 'For Faster Payments and BACS.',
  fields: (t) => ({
    accountNumber: t.exposeString('accountNumber', { nullable: true, description: 'Eight digits.' }),
    sortCode: t.exposeString('sortCode', { nullable: true, description: 'Six digits.' }),
    secondaryReference: t.exposeString('secondaryReference', {
      nullable: true,
      description: 'A second reference to be quoted.',
    }),
  }),
});

export const BankDetails = builder.unionType('BankDetails', {
  description: 'Bank details by payment network.',
  types: [IbanDetails, SwiftDetails, SortCodeDetails],
  // Nothing names the variant: a SWIFT code or an IBAN gives it away, and sort codes are the fallback.
  resolveType: (details) => ('code' in details ? SwiftDetails : 'iban' in details ? IbanDetails : SortCodeDetails),
});

const ManagedAccountConnection = connection('ManagedAccountConnection', ManagedAccount);

const ManagedAccountFilter = builder.inputType('ManagedAccountFilter', {
  description: 'Which accounts. All given conditions must hold.',
  fields: (t) => ({
    profileId: t.id({ description: 'Created under this profile.' }),
    friendlyName: t.string({ description: 'Exactly this name.' }),
    state: t.field({ type: [InstrumentStateEnum], description: 'In one of these states.' }),
    blockedReason: t.field({ type: [BlockedReason], description: 'Blocked for one of these reasons.' }),
    destroyedReason: t.field({ type: [DestroyedReason], description: 'Destroyed for one of these reasons.' }),
    currency: t.field({ type: 'Currency', description: 'In this currency.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    tag: t.string({ description: 'Exactly this label.' }),
  }),
});

builder.queryFields((t) => ({
  managedAccount: t.field({
    ...upstreamOn({ free: asksOnlyBelow }, api.managedAccountGet),
    type: ManagedAccount,
    nullable: true,
    description: 'One account; null if there is none. Where only its statement is asked for, it is not read itself.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }, info) =>
      asksOnlyBelow(info) ? ({ id } as rest.ManagedAccount) : weavr.find(api.managedAccountGet, { id }), // no more is read
  }),
  managedAccounts: t.field({
    ...upstream(api.managedAccountsGet),
    type: ManagedAccountConnection,
    nullable: true,
    description: "The identity's accounts.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: ManagedAccountFilter, description: 'Which accounts; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => {
      const { blockedReason, destroyedReason, ...rest } = filter ?? {};
      const filters = { ...rest, 'state.blockedReason': blockedReason, 'state.destroyedReason': destroyedReason };
      return readPage(weavr, api.managedAccountsGet, page, filters, info);
    },
  }),
}));

/** The account itself, as Weavr answered it. */
const changed = (t: PayloadFields<{ managedAccount: rest.ManagedAccount }>) => ({
  managedAccount: t.expose('managedAccount', { type: ManagedAccount, description: 'The account.' }),
});

/** The account, read again if it is asked for: Weavr answers 204. */
const reread = (t: PayloadFields<{ id: string }>) => ({
  managedAccount: t.field({
    ...upstream(api.managedAccountGet),
    type: ManagedAccount,
    nullable: true,
    description: 'The account as it is now. Asking for it costs one read.',
    resolve: ({ id }, _args, { weavr }) => weavr.find(api.managedAccountGet, { id }),
  }),
});

mutation('createManagedAccount', api.managedAccountCreate, {
  description: 'Creates an account. The identity must be verified.',
  input: (t) => ({
    profileId: t.id({ required: true, description: "The programme's account profile." }),
    friendlyName: t.string({ required: true, description: 'Its name for people, up to 50 characters.' }),
    currency: t.field({ type: 'Currency', required: true, description: 'One that the profile allows.' }),
    tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
    lowBalanceThreshold: t.field({
      type: 'MinorUnits',
      description: "In the account's currency: below it Weavr sends a webhook.",
    }),
  }),
  resolve: async (input, call) => ({ managedAccount: await call(input) }),
  payload: changed,
});

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the account." }) });

mutation('updateManagedAccount', api.managedAccountUpdate, {
  description: 'Changes what is given and leaves the rest.',
  input: (t) => ({
    ...byId(t),
    friendlyName: t.string({ description: 'Its name for people, up to 50 characters.' }),
    tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
    lowBalanceThreshold: t.field({
      type: 'MinorUnits',
      description: "In the account's currency: below it Weavr sends a webhook.",
    }),
    clearLowBalanceThreshold: t.boolean({ description: 'True: no threshold any more.' }),
  }),
  resolve: async (input, call) => ({ managedAccount: await call(input) }),
  payload: changed,
});

mutation('blockManagedAccount', api.managedAccountBlock, {
  description: 'Blocks an account until a user unblocks it.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('unblockManagedAccount', api.managedAccountUnblock, {
  description: 'Unblocks an account that a user blocked.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('removeManagedAccount', api.managedAccountRemove, {
  description: 'Destroys an empty account without cards, for good.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('assignManagedAccountIban', api.managedAccountsIBANUpgrade, {
  description: 'Asks for bank details. They may take a while: read `iban` until its state is `ALLOCATED`.',
  input: byId,
  resolve: async ({ id }, call) => ({ id, iban: await call({ id }) }),
  payload: (t) => ({
    iban: t.expose('iban', { type: ManagedAccountIban, description: 'The bank details as far as they are there.' }),
    ...reread(t),
  }),
});
