import { op, operations } from './core/operation.js';
import type { ById, Counted, InstrumentBalances, InstrumentState, Page } from './core/shapes.js';

export interface ManagedAccount {
  id: string;
  profileId: string;
  tag?: string;
  friendlyName: string;
  currency: string;
  balances: InstrumentBalances;
  state: InstrumentState;
  creationTimestamp: number;
  lowBalanceThreshold?: number;
}

export interface NewManagedAccount {
  profileId: string;
  friendlyName: string;
  currency: string;
  tag?: string;
  lowBalanceThreshold?: number;
}

export interface ManagedAccountChange extends ById {
  tag?: string;
  friendlyName?: string;
  lowBalanceThreshold?: number;
  clearLowBalanceThreshold?: boolean;
}

export interface ManagedAccountFilter {
  profileId?: string;
  friendlyName?: string;
  state?: InstrumentState['state'][];
  'state.blockedReason'?: NonNullable<InstrumentState['blockedReason']>[];
  'state.destroyedReason'?: NonNullable<InstrumentState['destroyedReason']>[];
  currency?: string;
  createdFrom?: number;
  createdTo?: number;
  tag?: string;
}

export interface ManagedAccountPage extends Counted {
  accounts?: ManagedAccount[];
}

export const IBAN_STATES = ['UNALLOCATED', 'PENDING_ALLOCATION', 'ALLOCATED'] as const;

export interface IbanDetails {
  iban: string;
  bankIdentifierCode?: string;
}
export interface SortCodeDetails {
  accountNumber: string;
  sortCode: string;
  secondaryReference?: string;
}
export interface SwiftDetails {
  iban: string;
  code: string;
}

export interface BankAccountDetails {
  beneficiaryNameAndSurname?: string;
  beneficiaryBank?: string;
  beneficiaryBankAddress?: string;
  paymentReference?: string;
  /** Undiscriminated: told apart by the properties that are there. */
  details: IbanDetails | SortCodeDetails | SwiftDetails;
}

export interface ManagedAccountIban {
  state: (typeof IBAN_STATES)[number];
  /** Empty until ALLOCATED. */
  bankAccountDetails?: BankAccountDetails[];
}

// biome-ignore format: a table reads best as a table
export const managedAccounts = operations({
  managedAccountsGet:         op<Page & ManagedAccountFilter, ManagedAccountPage>('GET /multi/managed_accounts').pages('accounts'),
  managedAccountCreate:       op<NewManagedAccount, ManagedAccount>              ('POST /multi/managed_accounts').idempotent('MULTI').refusing('PROFILE_NOT_FOUND', 'PROFILE_INACTIVE', 'MODEL_CONSTRAINTS_VIOLATED', 'CURRENCY_NOT_SUPPORTED_BY_PROFILE', 'PROVIDER_NOT_SUPPORTED_BY_PROFILE', 'INSTRUMENT_NOT_FOUND', 'OWNER_IDENTITY_NOT_VERIFIED', 'IDENTITY_LIMITS_EXCEEDED', 'PROGRAMME_LIMITS_EXCEEDED', 'INNOVATOR_LIMITS_EXCEEDED', 'SYSTEM_LIMITS_EXCEEDED'),
  managedAccountGet:          op<ById, ManagedAccount>                           ('GET /multi/managed_accounts/{id}').backOffice().listedBy('managedAccountsGet'),
  managedAccountUpdate:       op<ManagedAccountChange, ManagedAccount>           ('PATCH /multi/managed_accounts/{id}').needsBody(),
  managedAccountBlock:        op.empty<ById>                                     ('POST /multi/managed_accounts/{id}/block').idempotent('MULTI').refusing('INSTRUMENT_INACTIVE', 'INSTRUMENT_ALREADY_BLOCKED', 'INSTRUMENT_DESTROYED'),
  managedAccountUnblock:      op.empty<ById>                                     ('POST /multi/managed_accounts/{id}/unblock').idempotent('MULTI').refusing('INSTRUMENT_INACTIVE', 'INSTRUMENT_NOT_BLOCKED', 'INSTRUMENT_DESTROYED'),
  managedAccountRemove:       op.empty<ById>                                     ('POST /multi/managed_accounts/{id}/remove').refusing('BALANCE_NOT_ZERO', 'INSTRUMENT_ALREADY_REMOVED', 'INSTRUMENT_HAS_PENDING_ACTIONS', 'INSTRUMENT_HAS_LINKED_CARDS'),
  managedAccountsIBANUpgrade: op<ById, ManagedAccountIban>                       ('POST /multi/managed_accounts/{id}/iban').idempotent('MULTI').refusing('INSTRUMENT_ALREADY_UPGRADED_TO_IBAN', 'INSTRUMENT_IS_NOT_ACTIVE', 'IBAN_ALLOCATION_EXCEEDED', 'IBAN_NOT_SUPPORTED', 'IBAN_ALREADY_REQUESTED', 'OWNER_NOT_VERIFIED'),
  managedAccountIBANGet:      op<ById, ManagedAccountIban>                       ('GET /multi/managed_accounts/{id}/iban'),
});
