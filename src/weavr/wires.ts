import type { IbanDetails, SortCodeDetails } from './managed-accounts.js';

/** Of outgoing wire transfers and correspondent bank transfers alike. */
export const WIRE_STATES = [
  'INVALID',
  'PENDING_CHALLENGE',
  'SUBMITTED',
  'REJECTED',
  'APPROVED',
  'FAILED',
  'COMPLETED',
  'RETURNED',
  'SCHEDULED',
  'CANCELLED',
  'PENDING_CONFIRMATION',
] as const;
export type WireState = (typeof WIRE_STATES)[number];

/** Cards cannot pay to other banks. */
export interface SourceAccount {
  type: 'managed_accounts';
  id: string;
}

export const BENEFICIARY_ACCOUNT_TYPES = ['PERSONAL', 'BUSINESS'] as const;

interface BankBeneficiary {
  name: string;
  /** In one line. Correspondent bank transfers and SWIFT need it. */
  address?: string;
  bankName?: string;
  bankAddress?: string;
  bankCountry?: string;
  nationality?: string;
  /** ISO 8601 text, unlike the dates of identities and users. */
  dateOfBirth?: string;
}
/** Reached over SEPA or RIX: nothing here tells which. */
export interface IbanBeneficiary extends BankBeneficiary {
  iban: string;
  bankIdentifierCode?: string;
}
export interface SwiftBeneficiary extends BankBeneficiary {
  /** An IBAN, or an account number beside a BIC. */
  account: string;
  bankIdentifierCode?: string;
  address: string;
  bankCountry: string;
}
export interface FasterPaymentsBeneficiary extends BankBeneficiary, SortCodeDetails {
  type: (typeof BENEFICIARY_ACCOUNT_TYPES)[number];
}
/** The form of earlier versions, which Weavr deprecates and still answers. */
export interface LegacyWireBeneficiary extends BankBeneficiary {
  type?: FasterPaymentsBeneficiary['type'];
  bankAccountDetails: IbanDetails | SortCodeDetails;
}

export const PAYEE_CHECKS = ['UK_CONFIRMATION_OF_PAYEE', 'SEPA_VERIFICATION_OF_PAYEE'] as const;
export const UK_PAYEE_MATCHES = ['EXACT_MATCH', 'CLOSE_MATCH', 'NO_MATCH', 'NOT_POSSIBLE'] as const;
export const SEPA_PAYEE_MATCHES = ['MATCH', 'NO_MATCH', 'CLOSE_MATCH', 'NOT_POSSIBLE'] as const;
export type PayeeMatch = (typeof UK_PAYEE_MATCHES)[number] | (typeof SEPA_PAYEE_MATCHES)[number];

/** What the beneficiary's bank says to the name: with a word of its own for a match in each scheme. */
export interface ValidationOutcome {
  category: (typeof PAYEE_CHECKS)[number];
  categoryResult: {
    match: PayeeMatch;
    /** Of the UK's scheme alone; four letters, an open set. */
    reasonCode?: string;
    /** The name the account really has, where the one given is close to it. */
    accountName?: string;
  };
}

/** Answered page by page, like every list; the conditions that both kinds of transfer share. */
export interface WireFilter {
  profileId?: string;
  'sourceInstrument.id'?: string;
  'sourceInstrument.type'?: SourceAccount['type'];
  state?: WireState[];
  createdFrom?: number;
  createdTo?: number;
  executedFrom?: number;
  executedTo?: number;
  tag?: string;
}

export interface WireCancellation {
  id: string;
  cancellationReason?: string;
}
