import { op, operations } from './core/operation.js';
import type { CurrencyAmount } from './core/shapes.js';
import type { IncomingWireTransfer } from './incoming-wire-transfers.js';
import type { AccountDescriptor, VerificationStepName } from './linked-accounts.js';
import type { IbanDetails, SortCodeDetails } from './managed-accounts.js';

export const DEPOSIT_OUTCOMES = [
  'COMPLETED',
  'DENIED_ACCOUNT_NOT_FOUND',
  'DENIED_AMOUNT_NOT_POSITIVE',
  'DENIED_CURRENCY_NOT_ACCOUNT_CURRENCY',
  'DENIED_ACCOUNT_INACTIVE',
  'DENIED_INVALID_TX_ID',
  'DENIED_OTHER',
  'DENIED_ACCOUNT_NOT_UPGRADED_TO_IBAN',
] as const;
export type DepositOutcome = (typeof DEPOSIT_OUTCOMES)[number];

export const PURCHASE_OUTCOMES = [
  'APPROVED',
  'DENIED_NOT_ENOUGH_FUNDS',
  'DENIED_CARD_NOT_FOUND',
  'DENIED_INCORRECT_CVV',
  'DENIED_CARD_EXPIRY',
  'DENIED_AMOUNT_NOT_POSITIVE',
  'DENIED_CARD_INACTIVE',
  'DENIED_OTHER',
  'DENIED_SPEND_CONTROL',
  'PENDING_BIOMETRIC_THREEDS_VERIFICATION',
  'CARD_NOT_ENROLLED_FOR_BIOMETRIC_THREEDS',
] as const;
export type PurchaseOutcome = (typeof PURCHASE_OUTCOMES)[number];

export const WIRE_OUTCOMES = [
  'COMPLETED',
  'DENIED',
  'DENIED_WIRE_TRANSFER_NOT_FOUND',
  'DENIED_WIRE_TRANSFER_ALREADY_COMPLETED',
] as const;
export type WireOutcome = (typeof WIRE_OUTCOMES)[number];

export const CHALLENGE_OUTCOMES = ['COMPLETED', 'DENIED'] as const;
export type ChallengeOutcome = (typeof CHALLENGE_OUTCOMES)[number];

export const CARD_HOLDER_PRESENCES = ['PRESENT', 'NOT_PRESENT', 'PRESENCE_UNKNOWN'] as const;
export const VERIFICATION_DECISIONS = ['VERIFIED', 'REJECTED'] as const;
export const STEP_RESULTS = ['COMPLETED', 'REJECTED'] as const;

/** A payment that another bank announces, as far as both ways to name its account have it. */
interface Deposit {
  depositAmount: CurrencyAmount;
  senderName?: string;
  reference?: string;
  receiverName?: string;
  /** A number, unlike any other id: none above 2^53 can be sent. */
  txId?: number;
  /** Not TARGET. */
  paymentNetwork?: IncomingWireTransfer['paymentNetwork'];
}

/** The three last are the sender's account. */
export interface DepositById extends Deposit {
  account_id: string;
  senderIban?: string;
  sepa?: IbanDetails;
  fasterPayments?: SortCodeDetails;
  accountDescriptor?: AccountDescriptor;
}

export interface DepositByNumber extends Deposit {
  /** Deprecated for `destinationIbanDetails`. */
  iban?: string;
  /** Tells accounts with one IBAN apart. */
  paymentReference?: string;
  senderIbanDetails?: IbanDetails;
  senderFasterPaymentsDetails?: SortCodeDetails;
  senderAccountDescriptorDetails?: AccountDescriptor;
  destinationIbanDetails?: IbanDetails;
  destinationFasterPaymentsDetails?: SortCodeDetails;
}

export interface SimulatedMerchant {
  merchantStreet?: string;
  merchantCity?: string;
  merchantState?: string;
  merchantPostalCode?: string;
  /** ISO 3166-1 alpha-3, where all other APIs have two letters. */
  merchantCountry?: string;
  merchantTelephone?: string;
  merchantURL?: string;
  merchantNameOther?: string;
  merchantNetworkId?: string;
  merchantContact?: string;
}

export interface SimulatedPurchase {
  card_id: string;
  merchantName: string;
  transactionAmount: CurrencyAmount;
  merchantCategoryCode?: string;
  merchantId?: string;
  /** Alpha-3. */
  transactionCountry?: string;
  transactionTimestamp?: number;
  atmWithdrawal?: boolean;
  cardPresent?: boolean;
  cardHolderPresent?: (typeof CARD_HOLDER_PRESENCES)[number];
  initiateBiometricThreeDSecure?: boolean;
  /** Both in the card's currency, and deprecated for what the card's profile says. */
  forexFee?: number;
  forexPadding?: number;
  additionalMerchantData?: SimulatedMerchant;
}

export interface PurchaseAnswer {
  code?: PurchaseOutcome;
  /** A number, which may be longer than one that JavaScript keeps: then it is text. */
  threeDSecureChallengeId?: { hasValue?: boolean; value?: number | string };
}

interface Card {
  card_id: string;
}
interface Wire {
  outgoing_wire_transfer_id: string;
}
interface Challenge {
  credentials_id: string;
  challenge_id: string;
}

export interface LinkedAccountDecision {
  account_id: string;
  state?: (typeof VERIFICATION_DECISIONS)[number];
}

export interface LinkedAccountSteps {
  account_id: string;
  steps?: VerificationStepName[];
  result?: (typeof STEP_RESULTS)[number];
}

/** Weavr's hosts but for its sandbox's, under whatever name: where the money is real nothing may be simulated. */
export function isProduction(baseUrl: string) {
  const { hostname } = new URL(baseUrl);
  return /(^|\.)weavr\.io\.?$/.test(hostname) && !hostname.startsWith('sandbox.');
}

/** Without the two that want a card's number in clear, which this gateway never takes. */
// biome-ignore format: a table reads best as a table
export const simulator = operations({
  accounts_account_id_deposit:                                   op<DepositById, { code?: DepositOutcome }>     ('POST /simulate/api/accounts/{account_id}/deposit').anonymous().simulator(),
  accounts_deposit:                                              op<DepositByNumber, { code?: DepositOutcome }> ('POST /simulate/api/accounts/deposit').anonymous().simulator(),
  cards_card_id_purchase:                                        op<SimulatedPurchase, PurchaseAnswer>          ('POST /simulate/api/cards/{card_id}/purchase').anonymous().simulator(),
  cards_card_id_merchant_refund:                                 op<SimulatedPurchase, PurchaseAnswer>          ('POST /simulate/api/cards/{card_id}/merchant_refund').anonymous().simulator(),
  cards_card_id_about_to_expire:                                 op.empty<Card>                                 ('POST /simulate/api/cards/{card_id}/about_to_expire').anonymous().simulator(),
  cards_card_id_expire:                                          op.empty<Card>                                 ('POST /simulate/api/cards/{card_id}/expire').anonymous().simulator().refusing('INSTRUMENT_DESTROYED', 'INSTRUMENT_NOT_EXPIRABLE', 'TRANSACTION_BATCH_EXCEPTION'),
  cards_card_id_renew:                                           op.empty<Card>                                 ('POST /simulate/api/cards/{card_id}/renew').anonymous().simulator().refusing('INSTRUMENT_DESTROYED', 'INSTRUMENT_MARKED_LOST_STOLEN', 'INSTRUMENT_NOT_RENEWABLE', 'TRANSACTION_BATCH_EXCEPTION'),
  corporates_corporate_id_verify:                                op.empty<{ corporate_id: string }>             ('POST /simulate/api/corporates/{corporate_id}/verify').anonymous().simulator(),
  consumers_consumer_id_verify:                                  op.empty<{ consumer_id: string }>              ('POST /simulate/api/consumers/{consumer_id}/verify').anonymous().simulator(),
  wiretransfers_outgoing_outgoing_wire_transfer_id_accept:       op<Wire, { code?: WireOutcome }>               ('POST /simulate/api/wiretransfers/outgoing/{outgoing_wire_transfer_id}/accept').anonymous().simulator(),
  wiretransfers_outgoing_outgoing_wire_transfer_id_reject:       op<Wire, { code?: WireOutcome }>               ('POST /simulate/api/wiretransfers/outgoing/{outgoing_wire_transfer_id}/reject').anonymous().simulator(),
  factors_credentials_id_challenges_challenge_id_verify_success: op<Challenge, { code: ChallengeOutcome }>      ('POST /simulate/api/factors/{credentials_id}/challenges/{challenge_id}/verify_success').simulator(),
  factors_credentials_id_challenges_challenge_id_verify_invalid: op<Challenge, { code: ChallengeOutcome }>      ('POST /simulate/api/factors/{credentials_id}/challenges/{challenge_id}/verify_invalid').simulator(),
  factors_credentials_id_challenges_challenge_id_verify_expired: op<Challenge, { code: ChallengeOutcome }>      ('POST /simulate/api/factors/{credentials_id}/challenges/{challenge_id}/verify_expired').simulator(),
  linked_accounts_account_id_set:                                op.empty<LinkedAccountDecision>                ('POST /simulate/api/linked_accounts/{account_id}/set').anonymous().simulator(),
  linked_accounts_account_id_verify:                             op.empty<LinkedAccountSteps>                   ('POST /simulate/api/linked_accounts/{account_id}/verify').needsBody().anonymous().simulator().refusing('ALREADY_COMPLETED', 'ALREADY_REJECTED'),
});
