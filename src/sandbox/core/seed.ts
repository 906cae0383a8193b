import type { Consumer } from '../../weavr/consumers.js';
import type { IdentityId } from '../../weavr/core/shapes.js';
import type { Corporate } from '../../weavr/corporates.js';
import { bankDetailsFor } from '../bank-details.js';
import { CONSUMER_PROFILE } from '../consumers.js';
import { CORPORATE_PROFILE } from '../corporates.js';
import { creditWire } from '../incoming-wire-transfers.js';
import { ACCOUNT_PROFILE, openAccount } from '../managed-accounts.js';
import type { Credentials, State, StoredAccount } from './state.js';

export const PASSWORD = 'Passw0rd!';
const DAY_MS = 24 * 60 * 60_000;
export const ADDRESS = {
  addressLine1: '1 Harbour Street',
  addressLine2: 'Floor 2',
  city: 'Valletta',
  postCode: 'VLT1010',
  state: 'Malta',
  country: 'MT',
};

/** What the seed made, for the rows that build on it. */
export interface Seeded {
  acme: IdentityId;
  newco: IdentityId;
  ada: IdentityId;
  /** Acme's, oldest first. */
  accounts: StoredAccount[];
  adaAccount: StoredAccount;
  /** Milliseconds before the start. */
  daysAgo: (days: number) => number;
}

/** The same world at every start: Acme with money, Newco without verification, Ada the consumer. */
export function seedIdentities(state: State): Seeded {
  const start = state.clock.now();
  const daysAgo = (days: number) => start - Math.round(days * DAY_MS);
  const acme = addCorporate(state, {
    name: 'Acme',
    email: 'root@acme.example',
    verified: true,
    createdAt: daysAgo(400),
  });
  const newco = addCorporate(state, {
    name: 'Newco',
    email: 'root@newco.example',
    verified: false,
    createdAt: daysAgo(3),
  });
  const ada = addConsumer(state, { email: 'ada@consumer.example', createdAt: daysAgo(200) });
  addCredentials(state, { id: state.nextId(), type: 'USER', email: 'ben@acme.example', identities: [acme] });
  // Two identities, so a sign-in answers an AUTH token that must be exchanged.
  addCredentials(state, { id: state.nextId(), type: 'USER', email: 'cleo@acme.example', identities: [acme, newco] });
  return {
    acme,
    newco,
    ada,
    accounts: addAccounts(state, acme, daysAgo),
    adaAccount: addAdaAccount(state, ada, daysAgo),
    daysAgo,
  };
}

/** Newco's Eve, whose password has expired. After everything else, so that no id moves. */
export function seedExpiredPassword(state: State, { newco }: Seeded) {
  const id = state.nextId();
  addCredentials(state, { id, type: 'USER', email: 'eve@newco.example', identities: [newco] });
  state.credentials.get(id)!.passwordExpired = true;
}

function addCredentials(state: State, given: Pick<Credentials, 'id' | 'type' | 'email' | 'identities'>) {
  const enrolled = { smsEnrolled: true, pushEnrolled: given.type === 'ROOT' ? ('BIOMETRIC' as const) : undefined };
  state.credentials.set(given.id, { ...given, ...enrolled, password: PASSWORD, failedSignIns: 0, lockedUntil: 0 });
}

function addCorporate(
  state: State,
  { name, email, verified, createdAt }: { name: string; email: string; verified: boolean; createdAt: number },
) {
  const identity: IdentityId = { type: 'CORPORATE', id: state.nextId() };
  const userId = state.nextId();
  const corporate: Corporate = {
    id: identity,
    profileId: CORPORATE_PROFILE,
    tag: name.toLowerCase(),
    rootUser: {
      id: { type: 'CORPORATE', id: userId },
      name: 'Rita',
      surname: 'Root',
      email,
      mobile: { countryCode: '+356', number: '79000001' },
      companyPosition: 'DIRECTOR',
      active: true,
      emailVerified: verified,
      mobileNumberVerified: verified,
      dateOfBirth: { year: 1980, month: 2, day: 29 },
      tag: 'root',
      locale: 'en-GB',
      brand: 'acme',
    },
    company: {
      name: `${name} Ltd`,
      type: 'LLC',
      registrationNumber: 'C12345',
      registeredAddress: ADDRESS,
      businessAddress: ADDRESS,
      countryOfRegistration: 'MT',
      incorporatedOn: { year: 2001, month: 5, day: 4 },
    },
    industry: 'INFORMATIONAL_TECHNOLOGIES',
    sourceOfFunds: 'OTHER',
    sourceOfFundsOther: 'Sale of anvils',
    acceptedTerms: true,
    ipAddress: '203.0.113.7',
    baseCurrency: 'EUR',
    feeGroup: 'DEFAULT',
    creationTimestamp: createdAt,
    retailQualifier: 'NON_RETAIL',
  };
  state.corporates.add(identity.id, identity.id, corporate);
  const status = verified ? 'APPROVED' : 'NOT_STARTED';
  state.kyb.set(identity.id, { kybStatus: status, ongoingKybStatus: status });
  addCredentials(state, { id: userId, type: 'ROOT', email, identities: [identity] });
  return identity;
}

function addConsumer(state: State, { email, createdAt }: { email: string; createdAt: number }) {
  const identity: IdentityId = { type: 'CONSUMER', id: state.nextId() };
  const userId = state.nextId();
  const consumer: Consumer = {
    id: identity,
    profileId: CONSUMER_PROFILE,
    tag: 'ada',
    rootUser: {
      id: { type: 'CONSUMER', id: userId },
      name: 'Ada',
      surname: 'Lovelace',
      email,
      mobile: { countryCode: '+44', number: '7900000002' },
      occupation: 'OTHER',
      active: true,
      emailVerified: true,
      mobileNumberVerified: true,
      dateOfBirth: { year: 1985, month: 12, day: 10 },
      address: { ...ADDRESS, country: 'GB' },
      nationality: 'GB',
      placeOfBirth: 'London',
      tag: 'ada',
      locale: 'en-GB',
      brand: 'acme',
    },
    creationTimestamp: createdAt,
    ipAddress: '203.0.113.8',
    acceptedTerms: true,
    baseCurrency: 'GBP',
    feeGroup: 'DEFAULT',
    sourceOfFunds: 'OTHER',
    sourceOfFundsOther: 'Analytical engines',
  };
  state.consumers.add(identity.id, identity.id, consumer);
  state.kyc.set(identity.id, {
    fullDueDiligence: 'APPROVED',
    kycLevel: 'KYC_LEVEL_2',
    ongoingFullDueDiligence: 'APPROVED',
    ongoingKycLevel: 'KYC_LEVEL_2',
  });
  addCredentials(state, { id: userId, type: 'ROOT', email, identities: [identity] });
  return identity;
}

/** Twelve: the first holds the long statement, the second has every optional field, the last is blocked. */
function addAccounts(state: State, owner: IdentityId, daysAgo: Seeded['daysAgo']) {
  const currencies = ['EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'GBP', 'GBP', 'GBP', 'USD', 'USD', 'USD'];
  const accounts = currencies.map((currency, index) =>
    openAccount(state, owner.id, {
      profileId: ACCOUNT_PROFILE,
      friendlyName: ['Main account', 'Travel', 'Payroll'][index] ?? `${currency} account ${index + 1}`,
      currency,
      tag: `account-${index + 1}`,
      lowBalanceThreshold: index === 1 ? 50_000 : undefined,
      creationTimestamp: daysAgo(390 - index),
    }),
  );
  accounts.forEach((account, index) => {
    deposit(state, account, 10_000_00 + index * 1_000_00, daysAgo(380 - index));
    if (index < 10) state.ibans.set(account.id, bankDetailsFor(account, state.nameOf(owner)));
  });
  accounts.at(-1)!.state = { state: 'BLOCKED', blockedReason: 'USER' };
  return accounts;
}

function addAdaAccount(state: State, ada: IdentityId, daysAgo: Seeded['daysAgo']) {
  const fields = {
    profileId: ACCOUNT_PROFILE,
    friendlyName: 'Everyday',
    currency: 'GBP',
    creationTimestamp: daysAgo(190),
  };
  const account = openAccount(state, ada.id, fields);
  deposit(state, account, 2_500_00, daysAgo(189));
  return account;
}

/** Money from outside, before accounts had bank details. */
function deposit(state: State, account: StoredAccount, amount: number, at: number) {
  const { currency } = account;
  const number =
    currency === 'GBP'
      ? { sortCode: '200052', accountNumber: '55779911' }
      : { iban: 'MT84MALT011000012345MTLCAST001S', bic: 'MALTMTMT' };
  const sender = { name: 'Universal Exports', reference: 'Opening', ...number };
  creditWire(state, account, { amount: { currency, amount }, sender, description: 'Opening deposit' }, { at });
}
