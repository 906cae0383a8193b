import type { ManagedAccount, managedAccounts } from '../weavr/managed-accounts.js';
import { bankDetailsFor } from './bank-details.js';
import type { Handlers } from './core/handlers.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredAccount } from './core/state.js';
import { check, currency, digits, id, name, required, tag } from './core/validation.js';

/** Accounts that the programme's profile allows. */
export const ACCOUNT_PROFILE = '110000000000000001';
const CURRENCIES = ['EUR', 'GBP', 'USD'];

export const present = ({ ledger }: State, account: StoredAccount): ManagedAccount => ({
  ...account,
  balances: ledger.balances(account.id),
});

export function openAccount(state: State, owner: string, fields: Omit<StoredAccount, 'id' | 'state'>): StoredAccount {
  const id = state.nextId();
  return state.managedAccounts.add(owner, id, { id, ...fields, state: { state: 'ACTIVE' } });
}

export const managedAccountHandlers: Handlers<typeof managedAccounts> = {
  managedAccountsGet: (query, { state, session }) => {
    const accounts = state.managedAccounts
      .of(identityOf(session).id)
      .filter((account) =>
        [
          is(query.profileId, account.profileId),
          is(query.friendlyName, account.friendlyName),
          isOneOf(query.state, account.state.state),
          isOneOf(query['state.blockedReason'], account.state.blockedReason),
          isOneOf(query['state.destroyedReason'], account.state.destroyedReason),
          is(query.currency, account.currency),
          within(query.createdFrom, query.createdTo, account.creationTimestamp),
          is(query.tag, account.tag),
        ].every(Boolean),
      );
    const { items, counts } = pageOf(accounts, query);
    return { accounts: items.map((account) => present(state, account)), ...counts };
  },

  managedAccountCreate: (input, { state, session, now, refuse }) => {
    check(input, {
      profileId: required(id),
      friendlyName: required(name),
      currency: required(currency),
      tag,
      lowBalanceThreshold: digits,
    });
    const owner = identityOf(session);
    if (input.profileId !== ACCOUNT_PROFILE) refuse('PROFILE_NOT_FOUND');
    if (!CURRENCIES.includes(input.currency)) refuse('CURRENCY_NOT_SUPPORTED_BY_PROFILE');
    if (!state.isVerified(owner)) refuse('OWNER_IDENTITY_NOT_VERIFIED');
    const { profileId, friendlyName, currency: money, tag: label, lowBalanceThreshold } = input;
    const fields = {
      profileId,
      friendlyName,
      currency: money,
      tag: label,
      lowBalanceThreshold,
      creationTimestamp: now,
    };
    return present(state, openAccount(state, owner.id, fields));
  },

  managedAccountGet: ({ id }, { state, session }) =>
    present(state, state.managedAccounts.find(identityOf(session).id, id)),

  managedAccountUpdate: ({ id, ...change }, { state, session }) => {
    check(change, { friendlyName: name, tag, lowBalanceThreshold: digits });
    const account = state.managedAccounts.find(identityOf(session).id, id);
    const { clearLowBalanceThreshold, ...fields } = change;
    Object.assign(account, fields);
    if (clearLowBalanceThreshold) delete account.lowBalanceThreshold;
    return present(state, account);
  },

  managedAccountBlock: ({ id }, { state, session, refuse }) => {
    const account = state.managedAccounts.find(identityOf(session).id, id);
    if (account.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    if (account.state.state === 'BLOCKED') refuse('INSTRUMENT_ALREADY_BLOCKED');
    account.state = { state: 'BLOCKED', blockedReason: 'USER' };
  },

  managedAccountUnblock: ({ id }, { state, session, refuse }) => {
    const account = state.managedAccounts.find(identityOf(session).id, id);
    if (account.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    if (account.state.blockedReason !== 'USER') refuse('INSTRUMENT_NOT_BLOCKED');
    account.state = { state: 'ACTIVE' };
  },

  managedAccountRemove: ({ id }, { state, session, refuse }) => {
    const account = state.managedAccounts.find(identityOf(session).id, id);
    const { actualBalance, availableBalance } = state.ledger.balances(id);
    if (account.state.state === 'DESTROYED') refuse('INSTRUMENT_ALREADY_REMOVED');
    if (state.cardsOn(id).length) refuse('INSTRUMENT_HAS_LINKED_CARDS');
    if (actualBalance !== availableBalance) refuse('INSTRUMENT_HAS_PENDING_ACTIONS');
    if (actualBalance !== 0) refuse('BALANCE_NOT_ZERO');
    account.state = { state: 'DESTROYED', destroyedReason: 'USER' };
  },

  managedAccountsIBANUpgrade: ({ id }, { state, session, now, refuse }) => {
    const owner = identityOf(session);
    const account = state.managedAccounts.find(owner.id, id);
    if (account.state.state !== 'ACTIVE') refuse('INSTRUMENT_IS_NOT_ACTIVE');
    if (!state.isVerified(owner)) refuse('OWNER_NOT_VERIFIED');
    const known = state.ibans.get(id);
    if (known?.state === 'PENDING_ALLOCATION') refuse('IBAN_ALREADY_REQUESTED');
    if (known?.state === 'ALLOCATED') refuse('INSTRUMENT_ALREADY_UPGRADED_TO_IBAN');
    const requested = { state: 'PENDING_ALLOCATION' as const, bankAccountDetails: [] };
    state.ibans.set(id, requested);
    state.clock.at(now + ALLOCATION_MS, () => state.ibans.set(id, bankDetailsFor(account, state.nameOf(owner))));
    return requested;
  },

  managedAccountIBANGet: ({ id }, { state, session }) => {
    state.managedAccounts.find(identityOf(session).id, id);
    return state.ibans.get(id) ?? { state: 'UNALLOCATED', bankAccountDetails: [] };
  },
};

/** How long an IBAN takes to be allocated. */
const ALLOCATION_MS = 2_000;
