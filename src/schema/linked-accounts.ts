import { consumers } from '../weavr/consumers.js';
import { corporates } from '../weavr/corporates.js';
import * as rest from '../weavr/linked-accounts.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { asksOnlyId } from './core/selection.js';
import { upstream, upstreamOn } from './core/upstream.js';
import { type AnyIdentity, Identity } from './identities.js';
import { IbanDetails, SortCodeDetails } from './managed-accounts.js';

const api = rest.linkedAccounts;

export const AccountTypeEnum = enumType<rest.AccountType>('AccountType', 'In whose name an account at a bank is.', {
  BUSINESS: "A company's.",
  PERSONAL: "A private person's.",
});

const LinkedAccountState = enumType<rest.LinkedAccountState>(
  'LinkedAccountState',
  'Whether a linked account can be used.',
  {
    PENDING_VERIFICATION: 'Not yet: `verifications` says what is missing.',
    ACTIVE: 'Verified, and ready for wire transfers.',
    BLOCKED: 'Not until it is unblocked.',
    REJECTED: 'Never: it was not verified. It may be linked anew.',
    REMOVED: 'No longer. It may be linked anew.',
  },
);

const AccountDescriptor = builder.objectRef<rest.AccountDescriptor>('AccountDescriptor').implement({
  description: 'The number of an account that has neither an IBAN nor a sort code.',
  fields: (t) => ({
    accountDescriptor: t.exposeString('accountDescriptor', { description: 'The number, as its country writes it.' }),
  }),
});

export const AccountReference = builder.unionType('AccountReference', {
  description: 'The number of an account at another bank.',
  types: [IbanDetails, SortCodeDetails, AccountDescriptor],
  // Nothing names the variant; sort codes are the fallback, for they may lack everything.
  resolveType: (reference) =>
    'iban' in reference ? IbanDetails : 'accountDescriptor' in reference ? AccountDescriptor : SortCodeDetails,
});

/** `corporates` here is CORPORATE everywhere else. */
const kindOf = (owner: rest.LinkedAccount['owner']) => owner?.type?.toUpperCase().replace(/S$/, '');

export const LinkedAccount = builder.objectRef<rest.LinkedAccount>('LinkedAccount').implement({
  description: "An identity's own account at another bank, for wire transfers from and to itself.",
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id." }),
    profileId: t.exposeID('profileId', { description: "The programme's profile it was created under." }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    friendlyName: t.exposeString('friendlyName', { nullable: true, description: 'Its name for people.' }),
    name: t.exposeString('name', { description: 'Its holder, as the bank has it.' }),
    type: t.field({
      type: AccountTypeEnum,
      nullable: true,
      description: 'In whose name it is.',
      resolve: ({ type }) => type,
    }),
    currency: t.expose('currency', { type: 'Currency', nullable: true, description: 'ISO 4217 code.' }),
    country: t.expose('country', {
      type: 'CountryCode',
      description: 'Where the bank is: an ISO 3166-1 alpha-2 code.',
    }),
    accountReference: t.field({
      type: AccountReference,
      nullable: true,
      description: 'Its number.',
      resolve: ({ accountReference }) => accountReference,
    }),
    state: t.field({
      type: LinkedAccountState,
      description: 'Whether it can be used.',
      resolve: ({ state }) => state,
    }),
    createdAt: t.expose('creationTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was linked.',
    }),
    owner: t.field({
      ...upstreamOn({ free: asksOnlyId }, corporates.corporateGet, consumers.consumerGet),
      type: Identity,
      nullable: true,
      description: 'The identity whose it is: the one of the session. Free for `id` and `__typename` alone.',
      resolve: ({ owner }, _args, { weavr }, info) => {
        const type = kindOf(owner);
        if (!owner || (type !== 'CORPORATE' && type !== 'CONSUMER')) return null;
        if (asksOnlyId(info)) return { id: { type, id: owner.id } } as AnyIdentity; // nothing but the id will be read
        return type === 'CONSUMER'
          ? weavr.follow(consumers.consumerGet, {})
          : weavr.follow(corporates.corporateGet, {});
      },
    }),
  }),
});

const LinkedAccountConnection = connection('LinkedAccountConnection', LinkedAccount);

const LinkedAccountFilter = builder.inputType('LinkedAccountFilter', {
  description: 'Which linked accounts. All given conditions must hold.',
  fields: (t) => ({
    profileId: t.id({ description: 'Created under this profile.' }),
    friendlyName: t.string({ description: 'Exactly this name.' }),
    state: t.field({
      type: [LinkedAccountState],
      description: 'In one of these states. Of these Weavr documents `ACTIVE` and `BLOCKED` alone as conditions.',
    }),
    currency: t.field({ type: 'Currency', description: 'In this currency.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Linked then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Linked then or earlier.' }),
    tag: t.string({ description: 'Exactly this label.' }),
  }),
});

builder.queryFields((t) => ({
  linkedAccount: t.field({
    ...upstream(api.linkedAccountGet),
    type: LinkedAccount,
    nullable: true,
    description: 'One linked account; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.linkedAccountGet, { id }),
  }),
  linkedAccounts: t.field({
    ...upstream(api.linkedAccountsGet),
    type: LinkedAccountConnection,
    nullable: true,
    description: "The identity's linked accounts, whatever became of them.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: LinkedAccountFilter, description: 'Which linked accounts; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) =>
      readPage(weavr, api.linkedAccountsGet, page, { ...filter }, info),
  }),
}));

export const IbanReferenceInput = builder.inputType('IbanReferenceInput', {
  description: 'An account that has an IBAN.',
  fields: (t) => ({
    iban: t.string({ required: true, description: 'The IBAN, without blanks.' }),
    bankIdentifierCode: t.string({ description: 'The BIC: 8 or 11 characters.' }),
  }),
});

export const SortCodeReferenceInput = builder.inputType('SortCodeReferenceInput', {
  description: 'An account that has a sort code.',
  fields: (t) => ({
    accountNumber: t.string({ required: true, description: 'Eight digits.' }),
    sortCode: t.string({ required: true, description: 'Six digits.' }),
    secondaryReference: t.string({ description: 'For accounts that share a sort code.' }),
  }),
});

export const AccountReferenceInput = builder.inputType('AccountReferenceInput', {
  description: 'The number of an account at another bank.',
  isOneOf: true,
  fields: (t) => ({
    iban: t.field({ type: IbanReferenceInput, description: 'It has an IBAN.' }),
    sortCode: t.field({ type: SortCodeReferenceInput, description: 'It has a sort code.' }),
    accountDescriptor: t.string({ description: 'It has neither: the number, as its country writes it.' }),
  }),
});

/** The linked account itself, as Weavr answered it. */
const changed = (t: PayloadFields<{ linkedAccount: rest.LinkedAccount }>) => ({
  linkedAccount: t.expose('linkedAccount', { type: LinkedAccount, description: 'The linked account.' }),
});

/** The linked account, read again if it is asked for: Weavr answers 204. */
const reread = (t: PayloadFields<{ id: string }>) => ({
  linkedAccount: t.field({
    ...upstream(api.linkedAccountGet),
    type: LinkedAccount,
    nullable: true,
    description: 'The linked account as it is now. Asking for it costs one read.',
    resolve: ({ id }, _args, { weavr }) => weavr.find(api.linkedAccountGet, { id }),
  }),
});

const metadata = (t: InputFields) => ({
  friendlyName: t.string({ description: 'Its name for people, up to 50 characters.' }),
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
});

mutation('createLinkedAccount', api.linkedAccountCreate, {
  description:
    'Links an account at another bank that the identity owns. It can be used once it is verified: read its `verifications` for what the user is to do.',
  input: (t) => ({
    profileId: t.id({ description: "The programme's profile for linked accounts; needed if it has several." }),
    name: t.string({ required: true, description: 'Its holder, as the bank has it, up to 100 characters.' }),
    type: t.field({ type: AccountTypeEnum, required: true, description: 'In whose name it is.' }),
    accountReference: t.field({ type: AccountReferenceInput, required: true, description: 'Its number.' }),
    country: t.field({ type: 'CountryCode', required: true, description: 'Where the bank is.' }),
    currency: t.field({ type: 'Currency', description: 'One that the profile allows.' }),
    ...metadata(t),
  }),
  renamed: {
    iban: 'iban.iban',
    bankIdentifierCode: 'iban.bankIdentifierCode',
    accountNumber: 'sortCode.accountNumber',
    sortCode: 'sortCode.sortCode',
    secondaryReference: 'sortCode.secondaryReference',
  },
  resolve: async ({ accountReference: { iban, sortCode, accountDescriptor }, ...input }, call) => ({
    // Exactly one of the three is there: the input is @oneOf.
    linkedAccount: await call({
      ...input,
      accountReference: iban ?? sortCode ?? { accountDescriptor: accountDescriptor! },
    }),
  }),
  payload: changed,
});

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the linked account." }) });

mutation('updateLinkedAccount', api.linkedAccountUpdate, {
  description: 'Changes what is given and leaves the rest.',
  input: (t) => ({ ...byId(t), ...metadata(t) }),
  resolve: async (input, call) => ({ linkedAccount: await call(input) }),
  payload: changed,
});

mutation('blockLinkedAccount', api.linkedAccountBlock, {
  description: 'Keeps an active linked account from being used until it is unblocked.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('unblockLinkedAccount', api.linkedAccountUnblock, {
  description: 'Lets a blocked linked account be used again.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('removeLinkedAccount', api.linkedAccountRemove, {
  description: 'Removes a linked account for good. To be used again it must be linked and verified anew.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});
