import type { IdentityId } from '../weavr/core/shapes.js';
import {
  ACCOUNT_TYPES,
  type LinkedAccount,
  type LinkedAccountFilter,
  type linkedAccounts,
  type NewLinkedAccount,
} from '../weavr/linked-accounts.js';
import type { Call, Handlers } from './core/handlers.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, country, currency, id, matches, oneOf, type Rule, required, size, tag } from './core/validation.js';
import { destinationFor, startVerification } from './linked-account-verifications.js';

/** The programme's only profile for linked accounts. */
export const LINKED_ACCOUNT_PROFILE = '160000000000000001';
const CURRENCIES = ['EUR', 'GBP', 'USD'];
/** No account there can be linked. */
const REFUSED_COUNTRIES = ['KP', 'IR'];

type Refusal = (typeof linkedAccounts.linkedAccountCreate.refusals)[number];
/** As it arrives: which of its properties belong together is Weavr's to find out. */
type Numbers = Partial<Record<'iban' | 'accountNumber' | 'sortCode' | 'accountDescriptor', string>>;

const object: Rule = (value) =>
  typeof value === 'object' && value !== null ? undefined : { error: 'INVALID_TYPE_OR_VALUE' };

const NEW = {
  profileId: id,
  tag,
  name: required(size(100, 1)),
  type: required(oneOf(ACCOUNT_TYPES)),
  accountReference: required(object),
  'accountReference.iban': matches(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/),
  'accountReference.bankIdentifierCode': matches(/^[a-zA-Z0-9]{4}[a-zA-Z]{2}[a-zA-Z0-9]{2}([a-zA-Z0-9]{3})?$/),
  'accountReference.accountNumber': matches(/^[0-9]{8}$/),
  'accountReference.sortCode': matches(/^[0-9]{6}$/),
  country: required(country),
  friendlyName: size(50, 1),
  currency,
};

/** Why these numbers are none of an account in that currency; undefined if they are. */
function numbersRefusal(
  { iban, accountNumber, sortCode, accountDescriptor }: Numbers,
  money: string,
): Refusal | undefined {
  if (iban && sortCode) return 'SORT_CODE_AND_IBAN_PROVIDED';
  if (iban && accountNumber) return 'ACCOUNT_NUMBER_AND_IBAN_PROVIDED';
  if (sortCode && !accountNumber) return 'ACCOUNT_NUMBER_MISSING';
  if (accountNumber && !sortCode) return 'SORT_CODE_MISSING';
  if (!iban && !sortCode && !accountDescriptor) return 'NO_ACCOUNT_DETAILS_PROVIDED';
  if (money === 'EUR' && !iban) return 'IBAN_MISSING';
  return money === 'USD' && sortCode ? 'ACCOUNT_DESCRIPTOR_MISSING' : undefined;
}

/** What makes two references the same account. */
const keyOf = ({ iban, sortCode, accountNumber, accountDescriptor }: Numbers) =>
  iban ?? accountDescriptor ?? `${sortCode} ${accountNumber}`;

/** What an account is in where nobody says. */
function currencyFor({ iban, sortCode }: Numbers) {
  if (iban) return 'EUR';
  return sortCode ? 'GBP' : 'USD';
}

const isManaged = (state: State, key: string) =>
  [...state.ibans.values()].some(({ bankAccountDetails = [] }) =>
    bankAccountDetails.some(({ details }) => keyOf(details) === key),
  );

const isLinked = (state: State, owner: string, key: string) =>
  state.linkedAccounts
    .of(owner)
    .some(
      ({ accountReference, state: stands }) =>
        stands !== 'REMOVED' && stands !== 'REJECTED' && accountReference && keyOf(accountReference) === key,
    );

/** Why an account cannot be linked, in the order in which Weavr looks; undefined if it can. */
function refusalOf(state: State, owner: IdentityId, input: NewLinkedAccount, money: string): Refusal | undefined {
  const { profileId = LINKED_ACCOUNT_PROFILE, type, accountReference } = input;
  if (profileId !== LINKED_ACCOUNT_PROFILE) return 'PROFILE_NOT_FOUND';
  if (!CURRENCIES.includes(money)) return 'CURRENCY_NOT_SUPPORTED_BY_PROFILE';
  if (REFUSED_COUNTRIES.includes(input.country)) return 'COUNTRY_NOT_SUPPORTED_BY_PROFILE';
  const refused = numbersRefusal(accountReference, money);
  if (refused) return refused;
  if ((type === 'BUSINESS') !== (owner.type === 'CORPORATE')) return 'INVALID_IDENTITY_TYPE';
  const key = keyOf(accountReference);
  if (isManaged(state, key)) return 'THIS_IS_A_MANAGED_ACCOUNT';
  if (isLinked(state, owner.id, key)) return 'LINKED_ACCOUNT_ALREADY_ADDED';
  return destinationFor(state, owner.id, money) ? undefined : 'MANAGED_ACCOUNT_MISSING';
}

/** A linked account whose verification has begun. */
export function linkAccount(state: State, owner: IdentityId, input: NewLinkedAccount, now: number): LinkedAccount {
  const {
    profileId = LINKED_ACCOUNT_PROFILE,
    currency: money = currencyFor(input.accountReference),
    ...fields
  } = input;
  const accountId = state.nextId();
  const account = state.linkedAccounts.add(owner.id, accountId, {
    ...fields,
    id: accountId,
    profileId,
    currency: money,
    state: 'PENDING_VERIFICATION',
    creationTimestamp: now,
    owner: { type: owner.type === 'CORPORATE' ? 'corporates' : 'consumers', id: owner.id },
  });
  startVerification(state, owner, account);
  return account;
}

const matchesFilter = (query: LinkedAccountFilter, account: LinkedAccount) =>
  [
    is(query.profileId, account.profileId),
    is(query.friendlyName, account.friendlyName),
    isOneOf(query.state, account.state),
    is(query.currency, account.currency),
    within(query.createdFrom, query.createdTo, account.creationTimestamp),
    is(query.tag, account.tag),
  ].every(Boolean);

type Blocking = Call<'LINKED_ACCOUNT_INACTIVE' | 'LINKED_ACCOUNT_REMOVED'>;

/** The account, if it is one that can be blocked and unblocked at all. */
function verified(accountId: string, { state, session, refuse }: Blocking): LinkedAccount {
  const account = state.linkedAccounts.find(identityOf(session).id, accountId);
  if (account.state === 'REMOVED') refuse('LINKED_ACCOUNT_REMOVED');
  if (account.state !== 'ACTIVE' && account.state !== 'BLOCKED') refuse('LINKED_ACCOUNT_INACTIVE');
  return account;
}

export const linkedAccountHandlers: Handlers<typeof linkedAccounts> = {
  linkedAccountsGet: (query, { state, session }) => {
    const found = state.linkedAccounts.of(identityOf(session).id).filter((account) => matchesFilter(query, account));
    const { items, counts } = pageOf(found, query);
    return { accounts: items, ...counts };
  },

  linkedAccountCreate: (input, { state, session, now, refuse }) => {
    check(input, NEW);
    const owner = identityOf(session);
    const refused = refusalOf(state, owner, input, input.currency ?? currencyFor(input.accountReference));
    if (refused) refuse(refused);
    return linkAccount(state, owner, input, now);
  },

  linkedAccountGet: ({ id: accountId }, { state, session }) =>
    state.linkedAccounts.find(identityOf(session).id, accountId),

  linkedAccountUpdate: ({ id: accountId, ...change }, { state, session }) => {
    check(change, { friendlyName: size(50, 1), tag });
    return Object.assign(state.linkedAccounts.find(identityOf(session).id, accountId), change);
  },

  linkedAccountBlock: ({ id: accountId }, call) => {
    const account = verified(accountId, call);
    if (account.state === 'BLOCKED') call.refuse('LINKED_ACCOUNT_ALREADY_BLOCKED');
    account.state = 'BLOCKED';
  },

  linkedAccountUnblock: ({ id: accountId }, call) => {
    const account = verified(accountId, call);
    if (account.state !== 'BLOCKED') call.refuse('LINKED_ACCOUNT_NOT_BLOCKED');
    account.state = 'ACTIVE';
  },

  linkedAccountRemove: ({ id: accountId }, { state, session, refuse }) => {
    const account = state.linkedAccounts.find(identityOf(session).id, accountId);
    if (account.state === 'REMOVED') refuse('LINKED_ACCOUNT_ALREADY_REMOVED');
    if (account.state === 'REJECTED') refuse('LINKED_ACCOUNT_REJECTED');
    if (account.state === 'PENDING_VERIFICATION') refuse('LINKED_ACCOUNT_HAS_PENDING_ACTIONS');
    account.state = 'REMOVED';
  },

  linkedAccountVerificationsGet: ({ id: accountId, ...query }, { state, session }) => {
    state.linkedAccounts.find(identityOf(session).id, accountId);
    const runs = (state.verificationRuns.get(accountId) ?? []).filter((run) => isOneOf(query.state, run.state));
    const { items, counts } = pageOf(runs, query);
    return { verificationRuns: items, ...counts };
  },
};
