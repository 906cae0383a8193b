import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, InstrumentId, Page } from './core/shapes.js';
import type { FeeSummary, SortOrder, TransactionType } from './statements.js';

export const TRANSACTION_ACTIVITY_STATUSES = [
  'DRAFT',
  'SUBMITTED',
  'PROCESSING',
  'COMPLETED',
  'CANCELLED',
  'RETURNED',
] as const;
export const TRANSACTION_ACTIVITY_DIRECTIONS = ['CREDIT', 'DEBIT'] as const;
export const TRANSACTION_ACTIVITY_SORT_KEYS = ['creationTimestamp', 'lastUpdatedTimestamp'] as const;

/** A correction by Weavr. Nothing but the feeds shows it. */
export interface SystemTransaction {
  id: string;
  /** An open set. */
  subtype?: string;
  amount: CurrencyAmount;
  instrument: InstrumentId;
  status: (typeof TRANSACTION_ACTIVITY_STATUSES)[number];
  reason?: string;
  relatedTransactionId?: string;
  creationTimestamp: number;
  lastUpdatedTimestamp?: number;
}

/** What happened on one instrument: a transfer between two of the caller's own comes twice, under one id. */
export interface TransactionActivity {
  id: string;
  type: TransactionType;
  status: (typeof TRANSACTION_ACTIVITY_STATUSES)[number];
  direction?: (typeof TRANSACTION_ACTIVITY_DIRECTIONS)[number];
  /** Unsigned: the direction tells. */
  amount: CurrencyAmount;
  /** Left out where the path names it. */
  instrument?: InstrumentId;
  fee?: FeeSummary;
  creationTimestamp: number;
  lastUpdatedTimestamp?: number;
  /** The whole object, in the shape that its `type` has in its own row. */
  transaction?: ById;
}

export interface TransactionActivityFilter {
  type?: TransactionType[];
  status?: TransactionActivity['status'][];
  direction?: TransactionActivity['direction'];
  creationTimestampFrom?: number;
  creationTimestampTo?: number;
  lastUpdatedTimestampFrom?: number;
  lastUpdatedTimestampTo?: number;
  sortOrder?: SortOrder;
  /** `creationTimestamp` when absent. */
  sortBy?: (typeof TRANSACTION_ACTIVITY_SORT_KEYS)[number];
}

export interface TransactionActivityPage extends Counted {
  transactions?: TransactionActivity[];
}

type Feed = Page & TransactionActivityFilter;
type ByIdOnInstrument = ById & { transactionId: string };
const items = (page: TransactionActivityPage) => page.transactions ?? [];

// biome-ignore format: a table reads best as a table
export const transactions = operations({
  transactionsGet:               op<Feed, TransactionActivityPage>        ('GET /multi/transactions').pages(items),
  managedAccountTransactionsGet: op<Feed & ById, TransactionActivityPage> ('GET /multi/managed_accounts/{id}/transactions').pages(items),
  managedAccountTransactionGet:  op<ByIdOnInstrument, TransactionActivity>('GET /multi/managed_accounts/{id}/transactions/{transactionId}'),
  managedCardTransactionsGet:    op<Feed & ById, TransactionActivityPage> ('GET /multi/managed_cards/{id}/transactions').pages(items),
  managedCardTransactionGet:     op<ByIdOnInstrument, TransactionActivity>('GET /multi/managed_cards/{id}/transactions/{transactionId}'),
});
