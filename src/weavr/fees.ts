import { op, operations } from './core/operation.js';
import type { Counted, CurrencyAmount, InstrumentId, Page } from './core/shapes.js';
import type { LegacyTransactionType, SortOrder } from './statements.js';
import type { TransactionState } from './transfers.js';

export const FEE_TRANSACTION_STATUSES = ['PENDING', 'COMPLETED', 'CANCELLED', 'REVERSED'] as const;

export interface FeeTransaction {
  id: string;
  /** What it was charged for: `custom_fees`, `purchase_fees`, `fee_reversals`. An open set. */
  feeType?: string;
  amount: CurrencyAmount;
  instrument: InstrumentId;
  status: (typeof FEE_TRANSACTION_STATUSES)[number];
  description?: string;
  /** Of any kind: nothing says which. */
  relatedTransactionId?: string;
  creationTimestamp: number;
  lastUpdatedTimestamp?: number;
}

export interface FeeFilter {
  creationTimestampFrom?: number;
  creationTimestampTo?: number;
  sortOrder?: SortOrder;
}

export interface FeePage extends Counted {
  fees?: FeeTransaction[];
}

export interface FeeToCharge {
  /** One of the programme's own names, unlike a FeeTransaction's. */
  feeType: string;
  source: InstrumentId;
}

export interface ChargedFee {
  /** In the words of the first form of statements: CHARGE_FEE. */
  transactionId: { type?: LegacyTransactionType; id: string };
  profileId?: string;
  feeType?: string;
  source: InstrumentId;
  availableBalanceAdjustment?: CurrencyAmount;
  state: TransactionState;
  creationTimestamp: number;
}

const CHARGE_REFUSALS = [
  'UNRESOLVED_FEE_TYPE',
  'UNRESOLVED_CURRENCY',
  'UNRESOLVED_INSTRUMENT',
  'FUNDS_INSUFFICIENT',
  'IDENTITY_NOT_OWNER_OF_INSTRUMENT',
  'FEE_AMOUNT_NOT_SET',
] as const;

// biome-ignore format: a table reads best as a table
export const fees = operations({
  feesGet:            op<Page & FeeFilter, FeePage>  ('GET /multi/fees').pages('fees'),
  corporateChargeFee: op<FeeToCharge, ChargedFee>    ('POST /multi/corporates/fees/charge').backOffice().idempotent().movesMoney().refusing(...CHARGE_REFUSALS),
  chargeFee:          op<FeeToCharge, ChargedFee>    ('POST /multi/backoffice/fees/charge').backOffice().idempotent('BACK_OFFICE').movesMoney().refusing(...CHARGE_REFUSALS),
  consumerChargeFee:  op<FeeToCharge, ChargedFee>    ('POST /multi/consumers/fees/charge').backOffice().idempotent().movesMoney().refusing(...CHARGE_REFUSALS),
});
