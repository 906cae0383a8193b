import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, InstrumentId, Page, ScaledAmount } from './core/shapes.js';
import { asCurrentEntry } from './statement-forms.js';

export const TRANSACTION_TYPES = [
  'card_payments',
  'transfers',
  'sends',
  'outgoing_wire_transfers',
  'incoming_wire_transfers',
  'correspondent_bank_transfers',
  'fees',
  'system_transactions',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export const ACCESS_INSTRUMENT_TYPES = ['managed_cards', 'ibans'] as const;
export const DIGITAL_WALLET_TYPES = ['GOOGLE_PAY', 'APPLE_PAY', 'MERCHANT_TOKEN'] as const;
export const SORT_ORDERS = ['ASC', 'DESC'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

export interface MerchantCounterparty {
  name: string;
  id?: string;
  /** ISO 18245, four digits. */
  categoryCode?: string;
  country?: string;
  digitalWalletTypeUsed?: (typeof DIGITAL_WALLET_TYPES)[number];
}
export interface InstrumentCounterparty extends InstrumentId {
  friendlyName?: string;
  /** Its type is spelled in lower-case plural here, unlike every other identity's. */
  owner?: { id?: string; type?: 'consumers' | 'corporates'; name?: string };
}
export interface BankAccountCounterparty {
  name?: string;
  iban?: string;
  sortCode?: string;
  accountNumber?: string;
  bic?: string;
  /** What some answers still call the BIC. */
  bankCode?: string;
  reference?: string;
}
/** Undiscriminated: told apart by the properties that are there. */
export type Counterparty = MerchantCounterparty | InstrumentCounterparty | BankAccountCounterparty;

export interface FeeSummary {
  id: string;
  type?: 'fees';
  amount?: CurrencyAmount;
  /** An open set. */
  subtype?: string;
}

export interface TransactionForex {
  originalAmount?: CurrencyAmount;
  exchangeRate?: ScaledAmount;
  paddingAmount?: CurrencyAmount;
  feeAmount?: CurrencyAmount;
}

/** What caused a movement on an account: one of its cards, or its IBAN. */
export interface ExecutingAccessInstrument {
  id: string;
  type?: (typeof ACCESS_INSTRUMENT_TYPES)[number];
  friendlyName?: string;
  cardBrand?: string;
  cardNumberFirstSix?: string;
  cardNumberLastFour?: string;
  handle?: string;
}

export interface StatementEntry {
  /** A fee's is the fee's own id. Absent where an entry of the first form stands here, which has none. */
  entryId?: string;
  /** `subtype` is an open set, and often missing. */
  transaction: { type?: TransactionType; id: string; subtype?: string };
  description?: string;
  timestamp: number;
  /** Signed. */
  balanceAdjustment?: CurrencyAmount;
  balanceAfter?: CurrencyAmount;
  counterparty?: Counterparty;
  /** Also an entry of its own: never add both. */
  fee?: FeeSummary;
  forex?: TransactionForex;
  relatedEntryId?: string;
  executingAccessInstrument?: ExecutingAccessInstrument;
}

export interface Statement extends Partial<Counted> {
  openingBalance?: CurrencyAmount;
  closingBalance?: CurrencyAmount;
  entries?: StatementEntry[];
  /** What regulators and card schemes want printed. */
  footer?: string;
}

export interface StatementFilter extends ById {
  startPeriod?: number;
  endPeriod?: number;
  sortOrder?: SortOrder;
  'transaction.type'?: TransactionType[];
  'executingAccessInstrument.id'?: string;
  'executingAccessInstrument.type'?: (typeof ACCESS_INSTRUMENT_TYPES)[number][];
}

export const LEGACY_ENTRY_STATES = ['PENDING', 'COMPLETED'] as const;
export const LEGACY_TRANSACTION_TYPES = [
  'AUTHORISATION',
  'SETTLEMENT',
  'MANUAL_TRANSACTION',
  'TRANSFER',
  'SEND',
  'DEPOSIT',
  'AUTHORISATION_REVERSAL',
  'AUTHORISATION_EXPIRY',
  'AUTHORISATION_DECLINE',
  'AUTHORISATION_MANUAL_CLOSE',
  'MERCHANT_REFUND',
  'MERCHANT_REFUND_REVERSAL',
  'ORIGINAL_CREDIT_TRANSACTION',
  'SETTLEMENT_REVERSAL',
  'ADJUSTMENT',
  'CHARGE_FEE',
  'WITHDRAWAL_RESERVE',
  'WITHDRAWAL_RELEASE',
  'FEE_REVERSAL',
  'OUTGOING_WIRE_TRANSFER',
  'AUTHORISATION_CANCELLATION',
  'SYSTEM_TRANSACTION',
  'OUTGOING_DIRECT_DEBIT_COLLECTION',
  'OUTGOING_DIRECT_DEBIT_REFUND',
  'CORRESPONDENT_BANK_TRANSFER',
] as const;
/** Answered, and not taken as a filter. */
export const UNFILTERABLE_LEGACY_TYPES = [
  'LINKED_ACCOUNT_VERIFICATION_TRANSFER',
  'INCOMING_WIRE_TRANSFER',
  'FUNDING',
  'TEST_FUNDING',
] as const;
export type LegacyTypeFilter = (typeof LEGACY_TRANSACTION_TYPES)[number];
export type LegacyTransactionType = LegacyTypeFilter | (typeof UNFILTERABLE_LEGACY_TYPES)[number];

/** The first form's entry: movements that are still pending, too. */
export interface LegacyStatementEntry {
  transactionId: { type?: LegacyTransactionType; id: string };
  entryState?: (typeof LEGACY_ENTRY_STATES)[number];
  originalAmount?: CurrencyAmount;
  forexRate?: ScaledAmount;
  transactionAmount?: CurrencyAmount;
  availableBalanceAdjustment?: CurrencyAmount;
  actualBalanceAdjustment?: CurrencyAmount;
  balanceAfter?: CurrencyAmount;
  availableBalanceAfter?: CurrencyAmount;
  actualBalanceAfter?: CurrencyAmount;
  transactionFee?: CurrencyAmount;
  cardholderFee?: CurrencyAmount;
  processedTimestamp: number;
  sourceAmount?: CurrencyAmount;
  userCurrencyTransactionDetails?: { userTransactionAmount?: CurrencyAmount; userExchangeRate?: string };
  /** Texts by name; which ones are there depends on the type. */
  additionalFields?: Record<string, string>;
}

export interface LegacyStatement extends Partial<Counted> {
  entry?: LegacyStatementEntry[];
  /** Neither is there for a debit card. */
  startBalance?: CurrencyAmount;
  endBalance?: CurrencyAmount;
  footer?: string;
}

export interface LegacyStatementFilter extends ById {
  /** DESC when absent, unlike the current form's. */
  orderByTimestamp?: SortOrder;
  fromTimestamp?: number;
  /** Later than `fromTimestamp`. */
  toTimestamp?: number;
  /** Leaves out what is not completed; in a PDF it is true unless told. */
  singleEntryPerTransaction?: boolean;
  transactionType?: LegacyTypeFilter[];
}

export interface LegacyAccountStatementFilter extends LegacyStatementFilter {
  /** Deprecated by Weavr. */
  showFundMovementsOnly?: boolean;
}

/** What the current path may answer: some tenants get the first form there, whatever the header says. */
export type EitherForm = Statement & Omit<LegacyStatement, keyof Statement>;

/** The entries of either form, those of the first as far as its fields agree. */
export const entriesOf = ({ entries, entry = [] }: EitherForm): StatementEntry[] =>
  entries ?? entry.map(asCurrentEntry);

/** Both forms live on one path at Weavr: this header asks for the current one. */
const CURRENT_FORM = { 'x-api-version': 'LATEST' };
const legacyEntries = ({ entry = [] }: LegacyStatement) => entry;
const CURRENT_PAGING = { size: 500 } as const;
const LEGACY_PAGING = { size: 500, limit: 'statementLimit' } as const;

/** Both also come as PDF, and the first form as CSV: the header `accept` says which. */
// biome-ignore format: a table reads best as a table
export const statements = operations({
  managedAccountStatement:           op<Page & StatementFilter, Statement>                   ('GET /multi/managed_accounts/{id}/statement').with(CURRENT_FORM).pages(entriesOf, CURRENT_PAGING),
  managedAccountStatementDeprecated: op<Page & LegacyAccountStatementFilter, LegacyStatement>('GET /multi/deprecated/managed_accounts/{id}/statement').pages(legacyEntries, LEGACY_PAGING).backOffice({ path: '/multi/backoffice/managed_accounts/{id}/statement' }),
  managedCardStatement:              op<Page & StatementFilter, Statement>                   ('GET /multi/managed_cards/{id}/statement').with(CURRENT_FORM).pages(entriesOf, CURRENT_PAGING),
  managedCardStatementDeprecated:    op<Page & LegacyStatementFilter, LegacyStatement>       ('GET /multi/deprecated/managed_cards/{id}/statement').pages(legacyEntries, LEGACY_PAGING).backOffice({ path: '/multi/backoffice/managed_cards/{id}/statement', pages: { size: 100, limit: 'limit' } }),
});
