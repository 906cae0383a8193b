import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, InstrumentId, Page } from './core/shapes.js';

export const SEND_STATES = [
  'INVALID',
  'INITIALISED',
  'COMPLETED',
  'REJECTED',
  'FAILED',
  'PENDING',
  'PENDING_CHALLENGE',
  'APPROVED',
  'RETURNED',
  'SCHEDULED',
  'CANCELLED',
] as const;
export type SendState = (typeof SEND_STATES)[number];

export const CHALLENGE_EXEMPTION_REASONS = ['LOW_VALUE', 'TRUSTED_BENEFICIARY'] as const;
export type ChallengeExemptionReason = (typeof CHALLENGE_EXEMPTION_REASONS)[number];

/** Undiscriminated: told apart by the properties that are there. */
export type SendDestination = InstrumentId | { beneficiaryId: string };

export interface Send {
  id: string;
  profileId: string;
  tag?: string;
  source: InstrumentId;
  sourceFee?: CurrencyAmount;
  destination?: SendDestination;
  destinationAmount: CurrencyAmount;
  destinationFee?: CurrencyAmount;
  /** Before any fee is taken from it. */
  transactionAmount: CurrencyAmount;
  description?: string;
  state: SendState;
  challengeExemptionReason?: ChallengeExemptionReason;
  creationTimestamp: number;
  /** Epoch milliseconds as text, unlike every other timestamp. */
  scheduledTimestamp?: string;
  executionTimestamp?: string;
  cancellationReason?: string;
}

export interface NewSend {
  profileId: string;
  tag?: string;
  source: InstrumentId;
  destination: SendDestination;
  destinationAmount: CurrencyAmount;
  description?: string;
  scheduledTimestamp?: string;
}

/** Both halves of the source are needed. Weavr takes it under flat `id` and `type` as well, with the same meaning. */
export interface SendFilter {
  'source.id'?: string;
  'source.type'?: InstrumentId['type'];
  profileId?: string;
  state?: SendState[];
  createdFrom?: number;
  createdTo?: number;
  executedFrom?: number;
  executedTo?: number;
  tag?: string;
}

export interface SendPage extends Counted {
  send?: Send[];
}

// biome-ignore format: a table reads best as a table
export const sends = operations({
  sendCreate:       op<NewSend, Send>                                  ('POST /multi/sends').idempotent('MULTI').movesMoney().refusing('PROFILE_INACTIVE', 'MODEL_CONSTRAINTS_VIOLATED', 'INTERCEPTOR_DENIED_TRANSACTION', 'INSTRUMENT_DENIED_TRANSACTION', 'FOREX_TRADE_DENIED_TRANSACTION', 'CURRENCY_MISMATCH', 'SOURCE_INSTRUMENT_BLOCKED', 'DESTINATION_INSTRUMENT_BLOCKED', 'SOURCE_NOT_FOUND', 'DESTINATION_NOT_FOUND', 'FEE_NOT_CONFIGURED_FOR_CURRENCY', 'DESTINATION_LIMIT_EXCEEDED', 'FUNDS_INSUFFICIENT', 'AMOUNT_INVALID', 'SOURCE_CANNOT_BE_DEBIT_MODE_CARD', 'DESTINATION_CANNOT_BE_DEBIT_MODE_CARD', 'SEND_TO_INSTRUMENT_UNSUPPORTED', 'SOURCE_INSTRUMENT_DESTROYED', 'DESTINATION_INSTRUMENT_DESTROYED', 'SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT', 'IDENTITY_KYC_LEVEL_STEPUP_REQUIRED', 'DESTINATION_BELONGS_TO_SAME_IDENTITY', 'SOURCE_AND_DESTINATION_MUST_BE_IN_SAME_PROGRAMME', 'BENEFICIARY_NOT_FOUND', 'BENEFICIARY_TYPE_INVALID', 'PROFILE_NOT_FOUND', 'SCHEDULED_TIMESTAMP_INVALID', 'DESTINATION_FEE_EXCEEDS_TRANSACTION_AMOUNT'),
  sendsGet:         op<Page & SendFilter, SendPage>                    ('GET /multi/sends').pages('send').foundBy({ 'source.type': ({ source }) => source.type, 'source.id': ({ source }) => source.id }),
  sendGet:          op<ById, Send>                                     ('GET /multi/sends/{id}').listedBy('sendsGet'),
  sendSingleCancel: op<ById & { cancellationReason?: string }, Send>   ('POST /multi/sends/{id}/cancel').refusing('INVALID_STATE'),
});
