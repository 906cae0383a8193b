import type { Merchant, PURCHASE_SUBTYPES } from '../../weavr/card-payments.js';
import type { CurrencyAmount } from '../../weavr/core/shapes.js';
import type { IdentityLevelSpendRules, SpendRules } from '../../weavr/spend-rules.js';
import { rulesOf, unspent } from '../spend-rules.js';
import type { State, StoredCard } from './state.js';

export type PurchaseSubtype = (typeof PURCHASE_SUBTYPES)[number];

/** What a merchant asks of a card. */
export interface Purchase {
  merchant: Merchant;
  /** In the merchant's currency. */
  amount: CurrencyAmount;
  at: number;
  /** What for: cash from a machine is `cash_withdrawals`. A purchase when absent. */
  subtype?: PurchaseSubtype;
  /** How the card and the terminal met; by chip when absent. */
  entry?: 'CONTACTLESS' | 'E_COMMERCE';
}

/** Why a card does not pay, in Weavr's words. */
export interface Decline {
  declineReason: string;
  authRuleFailedReason?: string;
}

const ofRule = (authRuleFailedReason: string | undefined): Decline | undefined =>
  authRuleFailedReason ? { declineReason: 'AUTH_RULE_CHECKS_FAILED', authRuleFailedReason } : undefined;

/** Why a card does not pay what it would cost, in minor units of its currency; undefined if it does. */
export function declineOf(state: State, card: StoredCard, purchase: Purchase, cost: number): Decline | undefined {
  const ofCard = declineByState(state, card) ?? declineByCard(card, purchase);
  if (ofCard) return { declineReason: ofCard };
  const rule = brokenRule(rulesOf(state, card), (rules) => ruleAgainst(rules, purchase, cost));
  if (rule) return ofRule(rule);
  const isOverLimit = card.mode === 'DEBIT_MODE' && unspent(state, card, purchase.at).some(({ left }) => left < cost);
  if (isOverLimit) return ofRule('SPEND_LIMIT_EXCEEDED');
  const { availableBalance } = state.ledger.balances(state.ledgerAccountOf(card));
  return availableBalance < cost ? { declineReason: 'INSUFFICIENT_BALANCE' } : undefined;
}

/** Why a card does not take money from a merchant; undefined if it does. */
export function creditDeclineOf(state: State, card: StoredCard): Decline | undefined {
  if (card.state.state === 'DESTROYED') return { declineReason: 'CARD_STATUS_NOT_ALLOWED' };
  const refuses = (rules: IdentityLevelSpendRules) =>
    rules.allowCreditAuthorisations === false ? 'CREDIT_AUTHORISATIONS_NOT_ALLOWED' : undefined;
  return ofRule(brokenRule(rulesOf(state, card), refuses));
}

function declineByState(state: State, card: StoredCard) {
  if (card.state.destroyedReason === 'EXPIRED') return 'CARD_EXPIRY_CHECKS_FAILED';
  if (card.state.blockedReason === 'SINGLE_SPEND') return 'SINGLE_SPEND';
  if (card.state.state !== 'ACTIVE') return 'CARD_STATUS_NOT_ALLOWED';
  const parent = state.managedAccounts.any(state.ledgerAccountOf(card));
  return parent && parent.state.state !== 'ACTIVE' ? 'TRANSACTION_NOT_PERMITTED' : undefined;
}

function declineByCard({ physicalCardDetails, expiryMmyy = '' }: StoredCard, { entry, at }: Purchase) {
  if (physicalCardDetails?.pendingActivation && entry !== 'E_COMMERCE') return 'PHYSICAL_NOT_ACTIVATED';
  const [month, year] = [Number(expiryMmyy.slice(0, 2)), 2000 + Number(expiryMmyy.slice(2))];
  return at >= Date.UTC(year, month) ? 'CARD_EXPIRY_CHECKS_FAILED' : undefined; // months count from 0: this is the next one
}

/** The first rule that is broken, of the card's own, its profile's and its identity's. */
function brokenRule(
  { cardLevelSpendRules, profileLevelSpendRules, identityLevelSpendRules }: SpendRules,
  against: (rules: IdentityLevelSpendRules) => string | undefined,
) {
  for (const rules of [cardLevelSpendRules, profileLevelSpendRules, identityLevelSpendRules]) {
    const broken = rules && against(rules);
    if (broken) return broken;
  }
  return undefined;
}

const ruleAgainst = (rules: IdentityLevelSpendRules, purchase: Purchase, cost: number) =>
  listAgainst(rules, purchase.merchant) ?? flagAgainst(rules, purchase) ?? boundAgainst(rules, cost);

const LISTS = [
  ['categoryCode', 'MerchantCategories', 'MERCHANT_CATEGORY'],
  ['id', 'MerchantIds', 'MERCHANT_ID'],
  ['country', 'MerchantCountries', 'MERCHANT_COUNTRY'],
] as const;

/** A block list beats an allow list, and an empty allow list allows everything. */
function listAgainst(rules: IdentityLevelSpendRules, merchant: Merchant) {
  for (const [property, list, reason] of LISTS) {
    const value = merchant[property] ?? '';
    const allowed = rules[`allowed${list}`] ?? [];
    if (rules[`blocked${list}`]?.includes(value)) return `${reason}_BLOCKED`;
    if (allowed.length && !allowed.includes(value)) return `${reason}_NOT_IN_ALLOWED_LIST`;
  }
  return undefined;
}

function flagAgainst(rules: IdentityLevelSpendRules, { subtype, entry }: Purchase) {
  if (rules.allowAtm === false && subtype === 'cash_withdrawals') return 'ATM_NOT_ALLOWED';
  if (rules.allowContactless === false && entry === 'CONTACTLESS') return 'CONTACTLESS_NOT_ALLOWED';
  if (rules.allowECommerce === false && entry === 'E_COMMERCE') return 'ECOMMERCE_NOT_ALLOWED';
  return rules.allowCashback === false && subtype === 'sales_with_cashback' ? 'CASHBACK_NOT_ALLOWED' : undefined;
}

function boundAgainst({ minTransactionAmount, maxTransactionAmount }: IdentityLevelSpendRules, cost: number) {
  if (minTransactionAmount && cost < minTransactionAmount) return 'MIN_TRANSACTION_AMOUNT_EXCEEDED';
  return maxTransactionAmount && cost > maxTransactionAmount ? 'MAX_TRANSACTION_AMOUNT_EXCEEDED' : undefined;
}
