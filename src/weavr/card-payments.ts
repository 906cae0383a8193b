import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, Page, ScaledAmount } from './core/shapes.js';
import type { CARD_BRANDS, TIMEOUT_DECISIONS } from './managed-cards.js';
import type { SortOrder } from './statements.js';

export const CARD_PAYMENT_TYPES = [
  'PURCHASE',
  'REFUND',
  'ORIGINAL_CREDIT',
  'ACCOUNT_FUNDING',
  'CASH_WITHDRAWAL',
  'BALANCE_INQUIRY',
] as const;
export const CARD_PAYMENT_STATUSES = ['SETTLEMENT_IN_PROGRESS', 'SETTLED', 'DECLINED', 'CANCELLED', 'EXPIRED'] as const;
export const CARD_PAYMENT_EVENT_TYPES = ['AUTHORISATION', 'SETTLEMENT', 'REFUND', 'ORIGINAL_CREDIT'] as const;
export const CARD_PAYMENT_EVENT_RESULTS = ['APPROVED', 'DECLINED'] as const;
export const AUTHORISATION_CATEGORIES = ['PRE_AUTH', 'FINAL_AUTH'] as const;
export const SETTLEMENT_STATES = ['PENDING', 'COMPLETED'] as const;
/** The purposes of an authorisation and of its settlement. */
export const PURCHASE_SUBTYPES = [
  'sale_purchases',
  'cash_withdrawals',
  'sales_with_cashback',
  'mail_or_telephone_orders',
  'account_funding',
] as const;
export const CARD_PAYMENT_SUBTYPES = [
  ...PURCHASE_SUBTYPES,
  'purchase_reversals',
  'cash_withdrawal_reversals',
  'purchase_refunds',
  'purchase_refund_reversals',
  'original_credit_transactions',
  'original_credit_transaction_reversals',
] as const;
export type CardPaymentSubtype = (typeof CARD_PAYMENT_SUBTYPES)[number];

/** Spelled in lower case here, and in upper case wherever the card itself is. */
export const CARD_SUMMARY_MODES = ['prepaid', 'debit'] as const;

/** What a payment tells of its card. */
export interface CardSummary {
  id: string;
  type?: 'managed_cards';
  mode?: (typeof CARD_SUMMARY_MODES)[number];
  friendlyName?: string;
  nameOnCard?: string;
  cardBrand?: (typeof CARD_BRANDS)[number];
  cardNumberFirstSix?: string;
  cardNumberLastFour?: string;
  linkedUserId?: string;
  parentManagedAccountId?: string;
}

/** Documented with id and name, and seen without either. */
export interface Merchant {
  /** The acquirer's, not Weavr's: any text. */
  id?: string;
  name?: string;
  nameOther?: string;
  networkId?: string;
  /** ISO 18245, four digits. */
  categoryCode?: string;
  description?: string;
  street?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
  telephone?: string;
  url?: string;
  contact?: string;
  reference?: string;
  logoUrl?: string;
}

/** One of Weavr's own fees is a fee transaction as well. */
export type CardPaymentFee =
  | { type: 'PLATFORM_FEE'; id: string; subtype?: string; amount?: CurrencyAmount }
  | { type: 'FOREX_FEE'; amount?: CurrencyAmount };

interface EventBase {
  id: string;
  subtype?: CardPaymentSubtype;
  /** Undoes an earlier event of the same payment. */
  reversal?: boolean;
  /** In the merchant's currency. */
  transactionAmount?: CurrencyAmount;
  /** In the card's. */
  billingAmount?: CurrencyAmount;
  /** In the holder's own, for display alone. */
  userAmount?: CurrencyAmount;
  userExchangeRate?: ScaledAmount;
  authCode?: string;
  fees?: CardPaymentFee[];
  timestamp: number;
  processedTimestamp?: number;
}

export interface AuthorisationEvent extends EventBase {
  type: 'AUTHORISATION';
  result?: (typeof CARD_PAYMENT_EVENT_RESULTS)[number];
  authorisationCategory?: (typeof AUTHORISATION_CATEGORIES)[number];
  authForwardingDetails?: {
    triggered?: boolean;
    decisionOutcome?: (typeof TIMEOUT_DECISIONS)[number];
    innovatorTimedOut?: boolean;
  };
  /** An open set, like the rule that failed. */
  declineReason?: string;
  authRuleFailedReason?: string;
  cancellationReason?: string;
  forex?: { exchangeRate?: ScaledAmount; padding?: CurrencyAmount };
}

export interface SettlementEvent extends EventBase {
  type: 'SETTLEMENT';
  settlementState: (typeof SETTLEMENT_STATES)[number];
  exchangeRate?: ScaledAmount;
}

export interface CreditEvent extends EventBase {
  type: 'REFUND' | 'ORIGINAL_CREDIT';
  reasonCode?: string;
  exchangeRate?: ScaledAmount;
}

export type CardPaymentEvent = AuthorisationEvent | SettlementEvent | CreditEvent;

/** An event that stands alone brings along what its payment would tell. */
export type CardPaymentEventDetail = CardPaymentEvent & {
  cardPaymentId: string;
  card: CardSummary;
  merchant: Merchant;
};

/** All that became of one use of a card: what derives from it, like a refund, is a payment of its own. */
export interface CardPayment {
  id: string;
  profileId?: string;
  type: (typeof CARD_PAYMENT_TYPES)[number];
  card: CardSummary;
  merchant: Merchant;
  /** Unsigned, in the holder's currency if the card has one: what the payment was meant to be. */
  displayAmount: CurrencyAmount;
  status: (typeof CARD_PAYMENT_STATUSES)[number];
  relatedCardPaymentId?: string;
  events: CardPaymentEvent[];
  creationTimestamp: number;
  lastUpdatedTimestamp?: number;
}

export interface CardPaymentFilter {
  cardId?: string;
  status?: CardPayment['status'][];
  type?: CardPayment['type'][];
  /** Of any of its events. */
  subtype?: CardPaymentSubtype[];
  /** A part of it, in any case. */
  merchantName?: string;
  amountFrom?: number;
  amountTo?: number;
  relatedCardPaymentId?: string;
  creationTimestampFrom?: number;
  creationTimestampTo?: number;
  lastUpdatedTimestampFrom?: number;
  lastUpdatedTimestampTo?: number;
  sortOrder?: SortOrder;
}

export interface CardPaymentPage extends Counted {
  cardPayments?: CardPayment[];
}

export interface CardPaymentEventFilter {
  cardPaymentId?: string;
  cardId?: string;
  type?: CardPaymentEvent['type'][];
  subtype?: CardPaymentSubtype[];
  reversal?: boolean;
  timestampFrom?: number;
  timestampTo?: number;
  /** DESC when absent. */
  sortOrder?: SortOrder;
}

export interface CardPaymentEventPage extends Counted {
  events?: CardPaymentEventDetail[];
}

// biome-ignore format: a table reads best as a table
export const cardPayments = operations({
  cardPaymentsGet:      op<Page & CardPaymentFilter, CardPaymentPage>          ('GET /multi/card_payments').commas('status', 'type', 'subtype').pages('cardPayments').foundBy({ cardId: ({ card }) => card.id }).foundBy({ relatedCardPaymentId: ({ relatedCardPaymentId }) => relatedCardPaymentId }),
  cardPaymentGet:       op<ById, CardPayment>                                  ('GET /multi/card_payments/{id}').listedBy('cardPaymentsGet'),
  cardPaymentEventsGet: op<Page & CardPaymentEventFilter, CardPaymentEventPage>('GET /multi/card_payment_events').commas('type', 'subtype').pages('events').foundBy({ cardId: ({ card }) => card.id }),
});
