import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, Page } from './core/shapes.js';
import type { ChallengeExemptionReason } from './sends.js';
import type {
  FasterPaymentsBeneficiary,
  IbanBeneficiary,
  LegacyWireBeneficiary,
  SourceAccount,
  SwiftBeneficiary,
  ValidationOutcome,
  WireCancellation,
  WireFilter,
  WireState,
} from './wires.js';

export const OUTGOING_WIRE_TRANSFER_TYPES = ['SEPA', 'FASTER_PAYMENTS', 'SWIFT', 'RIX'] as const;
export const REJECTED_INFOS = ['SYSTEM', 'USER'] as const;

/** Undiscriminated: told apart by the properties that are there. */
export type WireDestination =
  | IbanBeneficiary
  | SwiftBeneficiary
  | FasterPaymentsBeneficiary
  | LegacyWireBeneficiary
  | { beneficiaryId: string }
  | { type: 'linked_accounts'; id: string };

export interface OutgoingWireTransfer {
  id: string;
  profileId: string;
  tag?: string;
  sourceInstrument: SourceAccount;
  transferAmount: CurrencyAmount;
  fee?: CurrencyAmount;
  purpose?: string;
  description?: string;
  type?: (typeof OUTGOING_WIRE_TRANSFER_TYPES)[number];
  destination?: WireDestination;
  state: WireState;
  /** Who rejected it. */
  rejectedInfo?: (typeof REJECTED_INFOS)[number];
  challengeExemptionReason?: ChallengeExemptionReason;
  creationTimestamp: number;
  /** Epoch milliseconds as text, unlike every other timestamp. */
  scheduledTimestamp?: string;
  executionTimestamp?: string;
  cancellationReason?: string;
  validationOutcomes?: ValidationOutcome[];
}

export interface NewOutgoingWireTransfer {
  profileId: string;
  tag?: string;
  sourceInstrument: SourceAccount;
  transferAmount: CurrencyAmount;
  /** SWIFT needs it. */
  purpose?: string;
  /** What the beneficiary reads: 35 characters over SEPA and SWIFT, which need it, 18 over Faster Payments. */
  description?: string;
  /** `destination` in the answer. */
  destinationBeneficiary: WireDestination;
  scheduledTimestamp?: string;
}

/** One of the two. */
export interface BeneficiaryName extends ById {
  name?: string;
  acceptVerifiedName?: boolean;
}

export interface OutgoingWireTransferPage extends Counted {
  transfer?: OutgoingWireTransfer[];
}

// biome-ignore format: a table reads best as a table
export const outgoingWireTransfers = operations({
  outgoingWireTransferCreate:                op<NewOutgoingWireTransfer, OutgoingWireTransfer>  ('POST /multi/outgoing_wire_transfers').idempotent('MULTI').movesMoney().refusing('PROFILE_INACTIVE', 'MODEL_CONSTRAINTS_VIOLATED', 'INTERCEPTOR_DENIED_TRANSACTION', 'INSTRUMENT_DENIED_TRANSACTION', 'CURRENCY_MISMATCH', 'SOURCE_INSTRUMENT_BLOCKED', 'SOURCE_INSTRUMENT_DESTROYED', 'AMOUNT_INVALID', 'FUNDS_INSUFFICIENT', 'SOURCE_NOT_FOUND', 'FEE_NOT_CONFIGURED_FOR_CURRENCY', 'TYPE_NOT_SUPPORTED_BY_PROFILE', 'IDENTITY_KYC_LEVEL_STEPUP_REQUIRED', 'BENEFICIARY_NOT_FOUND', 'BENEFICIARY_TYPE_INVALID', 'PROFILE_NOT_FOUND', 'SCHEDULED_TIMESTAMP_INVALID', 'BENEFICIARY_BANK_DETAILS_INVALID', 'PLUGIN_FILTER_DATA_INVALID', 'IBAN_UPGRADE_REQUIRED', 'EXTERNAL_DESTINATION_ACCOUNT_NOT_FOUND', 'PURPOSE_OF_PAYMENT_REQUIRED'),
  outgoingWireTransfersGet:                  op<Page & WireFilter, OutgoingWireTransferPage>    ('GET /multi/outgoing_wire_transfers').pages('transfer').foundBy({ 'sourceInstrument.type': ({ sourceInstrument }) => sourceInstrument.type, 'sourceInstrument.id': ({ sourceInstrument }) => sourceInstrument.id }),
  outgoingWireTransferGet:                   op<ById, OutgoingWireTransfer>                     ('GET /multi/outgoing_wire_transfers/{id}').listedBy('outgoingWireTransfersGet'),
  outgoingWireTransferUpdateBeneficiaryName: op<BeneficiaryName, OutgoingWireTransfer>          ('PATCH /multi/outgoing_wire_transfers/{id}').needsBody().refusing('INVALID_STATE', 'CONFLICT_BENEFICIARYID_NAME', 'CONFLICT_EXTERNALACCOUNTID_NAME', 'MODEL_CONSTRAINTS_VIOLATED', 'NO_NAME_TO_ACCEPT'),
  outgoingWireTransferConfirm:               op<ById, OutgoingWireTransfer>                     ('POST /multi/outgoing_wire_transfers/{id}/confirm').refusing('INVALID_STATE'),
  outgoingWireTransferSingleCancel:          op<WireCancellation, OutgoingWireTransfer>         ('POST /multi/outgoing_wire_transfers/{id}/cancel').refusing('INVALID_STATE'),
  outgoingWireTransferPaymentConfirmation:   op.empty<ById>                                     ('GET /multi/outgoing_wire_transfers/{id}/payment_confirmation').refusing('TRANSFER_NOT_COMPLETED'),
});
