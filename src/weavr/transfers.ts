import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, InstrumentId, Page } from './core/shapes.js';

export const TRANSACTION_STATES = [
  'INITIALISED',
  'COMPLETED',
  'REJECTED',
  'FAILED',
  'PENDING',
  'SCHEDULED',
  'CANCELLED',
] as const;
export type TransactionState = (typeof TRANSACTION_STATES)[number];

export interface Transfer {
  id: string;
  profileId: string;
  tag?: string;
  source: InstrumentId;
  destination: InstrumentId;
  destinationAmount: CurrencyAmount;
  description?: string;
  state: TransactionState;
  creationTimestamp: number;
  /** Epoch milliseconds as text, unlike every other timestamp. */
  scheduledTimestamp?: string;
  executionTimestamp?: string;
  cancellationReason?: string;
}

export interface NewTransfer {
  profileId: string;
  tag?: string;
  source: InstrumentId;
  destination: InstrumentId;
  destinationAmount: CurrencyAmount;
  description?: string;
  scheduledTimestamp?: string;
}

/** `id` and `type` are the source instrument's: Weavr flattens that filter, and both are needed. */
export interface TransferFilter extends Partial<InstrumentId> {
  profileId?: string;
  state?: TransactionState[];
  createdFrom?: number;
  createdTo?: number;
  executedFrom?: number;
  executedTo?: number;
  tag?: string;
}

export interface TransferPage extends Counted {
  transfer?: Transfer[];
}

export interface Cancellation {
  id: string;
  cancellationReason?: string;
}

/** Each cancellation has its own outcome: the answer is 200 even if all of them failed. */
export interface CancellationOutcome {
  id: string;
  state: 'SUCCESS' | 'ERROR';
  errorCode?: 'GENERIC' | 'TRANSACTION_NOT_SCHEDULED' | 'FORBIDDEN' | 'NOT_FOUND';
}

// biome-ignore format: a table reads best as a table
export const transfers = operations({
  transferCreate: op<NewTransfer, Transfer>              ('POST /multi/transfers').backOffice().idempotent().movesMoney().refusing('PROFILE_INACTIVE', 'MODEL_CONSTRAINTS_VIOLATED', 'INTERCEPTOR_DENIED_TRANSACTION', 'INSTRUMENT_DENIED_TRANSACTION', 'SOURCE_INSTRUMENT_DESTROYED', 'DESTINATION_INSTRUMENT_DESTROYED', 'FOREX_TRADE_DENIED_TRANSACTION', 'CURRENCY_MISMATCH', 'SOURCE_INSTRUMENT_BLOCKED', 'DESTINATION_INSTRUMENT_BLOCKED', 'FUNDS_INSUFFICIENT', 'AMOUNT_INVALID', 'SOURCE_NOT_FOUND', 'DESTINATION_NOT_FOUND', 'FEE_NOT_CONFIGURED_FOR_CURRENCY', 'DESTINATION_LIMIT_EXCEEDED', 'SOURCE_CANNOT_BE_DEBIT_MODE_CARD', 'DESTINATION_CANNOT_BE_DEBIT_MODE_CARD', 'TRANSFER_BETWEEN_INSTRUMENTS_UNSUPPORTED', 'SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT', 'SCHEDULED_TIMESTAMP_INVALID'),
  transfersGet:   op<Page & TransferFilter, TransferPage>('GET /multi/transfers').backOffice().pages('transfer').foundBy({ type: ({ source }) => source.type, id: ({ source }) => source.id }),
  transferGet:    op<ById, Transfer>                     ('GET /multi/transfers/{id}').backOffice().listedBy('transfersGet'),
  transferCancel: op<{ cancellations: Cancellation[] }, { cancellations?: CancellationOutcome[] }>('POST /multi/transfers/bulk/cancel'),
});
