import type { OperationBatchId } from './beneficiary-batches.js';
import { op, operations } from './core/operation.js';
import type { ById, Counted, InstrumentId, Page } from './core/shapes.js';
import type { IbanDetails, SortCodeDetails } from './managed-accounts.js';

export const BENEFICIARY_STATES = [
  'INITIALISED',
  'INVALID',
  'PENDING_CHALLENGE',
  'CHALLENGE_FAILED',
  'ACTIVE',
  'REMOVED',
] as const;
export const BENEFICIARY_TRUST_LEVELS = ['TRUSTED'] as const;
export const BENEFICIARY_VALIDATION_FAILURES = [
  'INSTRUMENT_DETAILS_NOT_FOUND',
  'BENEFICIARY_DETAILS_ALREADY_EXIST',
  'BENEFICIARY_BELONGS_TO_SAME_IDENTITY',
] as const;

export interface BusinessBeneficiary {
  businessName: string;
}
export interface ConsumerBeneficiary {
  fullName: string;
  nationality?: string;
  /** ISO 8601 text, unlike the dates of identities and users. */
  dateOfBirth?: string;
}
/** Undiscriminated, like the details: told apart by the properties that are there. */
export type BeneficiaryInformation = BusinessBeneficiary | ConsumerBeneficiary;

export interface BeneficiaryInstrument {
  instrument: InstrumentId;
}
export interface BeneficiaryBankAccount {
  address?: string;
  bankName?: string;
  bankAddress?: string;
  bankCountry?: string;
  bankAccountDetails: IbanDetails | SortCodeDetails;
}
export type BeneficiaryDetails = BeneficiaryInstrument | BeneficiaryBankAccount;

export interface NewBeneficiary {
  trustLevel: (typeof BENEFICIARY_TRUST_LEVELS)[number];
  externalRefs?: string[];
  group?: string;
  beneficiaryInformation: BeneficiaryInformation;
  beneficiaryDetails: BeneficiaryDetails;
}

export interface Beneficiary extends NewBeneficiary {
  id: string;
  relatedOperationBatches: OperationBatchId[];
  state: (typeof BENEFICIARY_STATES)[number];
  validationFailure?: (typeof BENEFICIARY_VALIDATION_FAILURES)[number];
}

export interface BeneficiaryFilter {
  batchId?: string[];
  group?: string[];
}

export interface BeneficiaryPage extends Counted {
  beneficiaries?: Beneficiary[];
}

// biome-ignore format: a table reads best as a table
export const beneficiaries = operations({
  beneficiariesGet: op<Page & BeneficiaryFilter, BeneficiaryPage>('GET /multi/beneficiaries').pages('beneficiaries'),
  beneficiaryGet:   op<ById, Beneficiary>                        ('GET /multi/beneficiaries/{id}').listedBy('beneficiariesGet'),
});
