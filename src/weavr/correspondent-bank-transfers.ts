import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, Page } from './core/shapes.js';
import type {
  FasterPaymentsBeneficiary,
  IbanBeneficiary,
  SourceAccount,
  ValidationOutcome,
  WireCancellation,
  WireFilter,
  WireState,
} from './wires.js';

export const INDIVIDUAL_DOCUMENT_TYPES = ['NATIONAL_ID', 'PASSPORT', 'TAX_ID', 'OTHER'] as const;
export const BUSINESS_DOCUMENT_TYPES = ['LEI', 'REGISTRATION_NUMBER', 'TAX_ID', 'OTHER'] as const;
export const ORIGINATOR_TYPES = ['INDIVIDUAL', 'BUSINESS'] as const;

export interface OriginatorBankAccount {
  account: string;
  /** A BIC. */
  financialInstitution: string;
}
export interface IdentityDocument<Type extends string> {
  documentType: Type;
  documentNumber: string;
}
export interface Birth {
  /** ISO 8601 text. */
  dateOfBirth: string;
  placeOfBirth: string;
}
export interface IndividualOriginator {
  tag?: string;
  name: string;
  address: string;
  country: string;
  bankAccountDetails: OriginatorBankAccount;
  supplementaryInformation?: IdentityDocument<(typeof INDIVIDUAL_DOCUMENT_TYPES)[number]> | Birth;
}
export interface BusinessOriginator {
  tag?: string;
  name: string;
  registrationAddress: string;
  registrationCountry: string;
  bankAccountDetails: OriginatorBankAccount;
  supplementaryInformation?: IdentityDocument<(typeof BUSINESS_DOCUMENT_TYPES)[number]>;
}
/** Undiscriminated: only a business has a registration address. */
export type Originator = IndividualOriginator | BusinessOriginator;

/** Undiscriminated: only Faster Payments have a sort code. */
export type CorrespondentBankBeneficiary = IbanBeneficiary | FasterPaymentsBeneficiary;

export interface NewCorrespondentBankTransfer {
  profileId: string;
  tag?: string;
  sourceInstrument: SourceAccount;
  amount: CurrencyAmount;
  originator: Originator;
  beneficiary: CorrespondentBankBeneficiary;
  purpose: string;
  /** What the beneficiary reads: 35 characters over SEPA, which needs it, 18 over Faster Payments. */
  description?: string;
  externalData?: { name: string; value: string }[];
  /** Epoch milliseconds as text. */
  scheduledTimestamp?: string;
}

/** Says nowhere when it was executed, though its list can be filtered by that. */
export interface CorrespondentBankTransfer extends NewCorrespondentBankTransfer {
  id: string;
  state: WireState;
  creationTimestamp: number;
  cancellationReason?: string;
  validationOutcomes?: ValidationOutcome[];
}

export interface CorrespondentBankTransferFilter extends WireFilter {
  /** A part of it. */
  'originator.name'?: string;
  'originator.type'?: (typeof ORIGINATOR_TYPES)[number];
  'originator.tag'?: string;
}

export interface CorrespondentBankTransferPage extends Counted {
  transfer?: CorrespondentBankTransfer[];
}

// biome-ignore format: a table reads best as a table
export const correspondentBankTransfers = operations({
  correspondentBankTransferCreate:  op<NewCorrespondentBankTransfer, CorrespondentBankTransfer>             ('POST /multi/correspondent_bank_transfers').idempotent('MULTI').movesMoney().refusing('PROFILE_INACTIVE', 'MODEL_CONSTRAINTS_VIOLATED', 'CURRENCY_MISMATCH', 'SOURCE_INSTRUMENT_BLOCKED', 'SOURCE_INSTRUMENT_DESTROYED', 'AMOUNT_INVALID', 'FUNDS_INSUFFICIENT', 'SOURCE_NOT_FOUND', 'FEE_NOT_CONFIGURED_FOR_CURRENCY', 'TYPE_NOT_SUPPORTED_BY_PROFILE', 'PROFILE_NOT_FOUND', 'SCHEDULED_TIMESTAMP_INVALID', 'BENEFICIARY_BANK_DETAILS_INVALID', 'ORIGINATOR_DETAILS_INVALID', 'PROVIDER_REJECTED'),
  correspondentBankTransfersGet:    op<Page & CorrespondentBankTransferFilter, CorrespondentBankTransferPage>('GET /multi/correspondent_bank_transfers').pages('transfer').foundBy({ 'sourceInstrument.type': ({ sourceInstrument }) => sourceInstrument.type, 'sourceInstrument.id': ({ sourceInstrument }) => sourceInstrument.id }),
  correspondentBankTransferGet:     op<ById, CorrespondentBankTransfer>                                     ('GET /multi/correspondent_bank_transfers/{id}').listedBy('correspondentBankTransfersGet'),
  correspondentBankTransferConfirm: op<ById, CorrespondentBankTransfer>                                     ('POST /multi/correspondent_bank_transfers/{id}/confirm').refusing('INVALID_STATE'),
  correspondentBankTransferCancel:  op<WireCancellation, CorrespondentBankTransfer>                         ('POST /multi/correspondent_bank_transfers/{id}/cancel').refusing('INVALID_STATE'),
});
