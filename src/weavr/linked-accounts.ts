import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, Page } from './core/shapes.js';
import type { IbanDetails, SortCodeDetails } from './managed-accounts.js';

export const ACCOUNT_TYPES = ['BUSINESS', 'PERSONAL'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

export const LINKED_ACCOUNT_STATES = ['PENDING_VERIFICATION', 'BLOCKED', 'ACTIVE', 'REJECTED', 'REMOVED'] as const;
export type LinkedAccountState = (typeof LINKED_ACCOUNT_STATES)[number];

/** A number of a country without IBAN and sort code. */
export interface AccountDescriptor {
  accountDescriptor: string;
}

/** Undiscriminated: told apart by the properties that are there. */
export type AccountReference = IbanDetails | SortCodeDetails | AccountDescriptor;

export interface LinkedAccount {
  id: string;
  profileId: string;
  tag?: string;
  friendlyName?: string;
  /** Its holder, as the bank has it. */
  name: string;
  type?: AccountType;
  currency?: string;
  country: string;
  accountReference?: AccountReference;
  state: LinkedAccountState;
  creationTimestamp?: number;
  /** Its type is an open set: `corporates`, `consumers`. */
  owner?: { type?: string; id: string };
}

export interface NewLinkedAccount {
  /** Needed where the programme has several. */
  profileId?: string;
  tag?: string;
  name: string;
  type: AccountType;
  accountReference: AccountReference;
  country: string;
  friendlyName?: string;
  currency?: string;
}

export interface LinkedAccountChange extends ById {
  tag?: string;
  friendlyName?: string;
}

export interface LinkedAccountFilter {
  profileId?: string;
  friendlyName?: string;
  /** Documented with the states of accounts and cards: ACTIVE and BLOCKED are in both sets. */
  state?: LinkedAccountState[];
  currency?: string;
  createdFrom?: number;
  createdTo?: number;
  tag?: string;
}

export interface LinkedAccountPage extends Counted {
  accounts?: LinkedAccount[];
}

export const VERIFICATION_RUN_STATES = ['PENDING', 'VERIFIED', 'REJECTED'] as const;
export type VerificationRunState = (typeof VERIFICATION_RUN_STATES)[number];

export const VERIFICATION_STEPS = [
  'TRANSFER_INSTRUCTION',
  'USER_DECLARATION_SCA_CHALLENGE',
  'INTERNAL_CHECKS',
  'MICRO_DEPOSIT',
] as const;
export type VerificationStepName = (typeof VERIFICATION_STEPS)[number];

export const VERIFICATION_STEP_STATUSES = [
  'PENDING_USER',
  'PENDING_REVIEW',
  'PENDING_EXECUTION',
  'REJECTED',
  'COMPLETED',
] as const;
export type VerificationStepStatus = (typeof VERIFICATION_STEP_STATUSES)[number];

/** What the user is to pay from the linked account, and where to. */
export interface TransferInstruction {
  amount: CurrencyAmount;
  reference: string;
  destination?: { accountOwnerName?: string; accountType?: AccountType; accountReference?: AccountReference };
}

/** The payment that came from the linked account. */
export interface MicroDeposit {
  amount: CurrencyAmount;
  senderName?: string;
}

export interface VerificationStep {
  step?: VerificationStepName;
  /** Undiscriminated: an instruction has a reference, a deposit has none. */
  details?: TransferInstruction | MicroDeposit;
  status?: VerificationStepStatus;
  completedTimestamp?: number;
}

export interface VerificationRun {
  id?: string;
  state: VerificationRunState;
  completedTimestamp?: number;
  verificationSteps?: VerificationStep[];
  overriddenReason?: string;
}

export interface VerificationFilter extends ById {
  state?: VerificationRunState[];
}

export interface VerificationPage extends Counted {
  verificationRuns?: VerificationRun[];
}

// biome-ignore format: a table reads best as a table
export const linkedAccounts = operations({
  linkedAccountCreate:           op<NewLinkedAccount, LinkedAccount>              ('POST /multi/linked_accounts').idempotent('MULTI').refusing('PROFILE_NOT_FOUND', 'PROFILE_INACTIVE', 'MODEL_CONSTRAINTS_VIOLATED', 'CURRENCY_NOT_SUPPORTED_BY_PROFILE', 'COUNTRY_NOT_SUPPORTED_BY_PROFILE', 'ACCOUNT_NUMBER_MISSING', 'SORT_CODE_MISSING', 'ACCOUNT_NUMBER_AND_IBAN_PROVIDED', 'SORT_CODE_AND_IBAN_PROVIDED', 'NO_ACCOUNT_DETAILS_PROVIDED', 'INVALID_IDENTITY_TYPE', 'IBAN_MISSING', 'LINKED_ACCOUNT_ALREADY_ADDED', 'MANAGED_ACCOUNT_MISSING', 'THIS_IS_A_MANAGED_ACCOUNT', 'ACCOUNT_DESCRIPTOR_MISSING'),
  linkedAccountsGet:             op<Page & LinkedAccountFilter, LinkedAccountPage>('GET /multi/linked_accounts').pages('accounts'),
  linkedAccountGet:              op<ById, LinkedAccount>                          ('GET /multi/linked_accounts/{id}').listedBy('linkedAccountsGet'),
  linkedAccountUpdate:           op<LinkedAccountChange, LinkedAccount>           ('PATCH /multi/linked_accounts/{id}').needsBody(),
  linkedAccountRemove:           op.empty<ById>                                   ('POST /multi/linked_accounts/{id}/remove').refusing('LINKED_ACCOUNT_ALREADY_REMOVED', 'LINKED_ACCOUNT_HAS_PENDING_ACTIONS', 'LINKED_ACCOUNT_REJECTED'),
  linkedAccountBlock:            op.empty<ById>                                   ('POST /multi/linked_accounts/{id}/block').idempotent('MULTI').refusing('LINKED_ACCOUNT_INACTIVE', 'LINKED_ACCOUNT_ALREADY_BLOCKED', 'LINKED_ACCOUNT_REMOVED'),
  linkedAccountUnblock:          op.empty<ById>                                   ('POST /multi/linked_accounts/{id}/unblock').idempotent('MULTI').refusing('LINKED_ACCOUNT_INACTIVE', 'LINKED_ACCOUNT_NOT_BLOCKED', 'LINKED_ACCOUNT_REMOVED'),
  linkedAccountVerificationsGet: op<Page & VerificationFilter, VerificationPage>  ('GET /multi/linked_accounts/{id}/verifications').pages('verificationRuns'),
});
