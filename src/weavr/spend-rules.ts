import { op, operations } from './core/operation.js';
import type { ById, CurrencyAmount } from './core/shapes.js';

export const SPEND_LIMIT_INTERVALS = ['DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'ALWAYS'] as const;
export type SpendLimitInterval = (typeof SPEND_LIMIT_INTERVALS)[number];
export const SPEND_LIMIT_UPDATE_METHODS = ['OVERWRITE', 'INCREMENT'] as const;

export interface SpendLimit {
  value: CurrencyAmount;
  interval: SpendLimitInterval;
  startTimestamp?: number;
}

/** What all three levels carry. A block list beats an allow list; an allow list denies everything else. */
export interface CommonSpendRules {
  allowedMerchantCategories?: string[];
  blockedMerchantCategories?: string[];
  allowedMerchantIds?: string[];
  blockedMerchantIds?: string[];
  /** ISO 3166-1 alpha-2. */
  allowedMerchantCountries?: string[];
  blockedMerchantCountries?: string[];
  allowContactless?: boolean;
  allowAtm?: boolean;
  allowECommerce?: boolean;
  allowCashback?: boolean;
  allowCreditAuthorisations?: boolean;
  rolloverPolicy?: { rolloverNegative: boolean };
}

/** Bounds are minor units of the card's currency; 0 or absent is none. */
export interface IdentityLevelSpendRules extends CommonSpendRules {
  minTransactionAmount?: number;
  maxTransactionAmount?: number;
}

export interface CardLevelSpendRules extends IdentityLevelSpendRules {
  spendLimit?: SpendLimit[];
}

export interface ProfileLevelSpendRules extends CommonSpendRules {
  authForwardingEnabled?: boolean;
}

/** The flat rules are deprecated copies of the card's own level. */
export interface SpendRules extends Omit<CardLevelSpendRules, 'rolloverPolicy'> {
  cardLevelSpendRules?: CardLevelSpendRules;
  profileLevelSpendRules?: ProfileLevelSpendRules;
  identityLevelSpendRules?: IdentityLevelSpendRules;
}

export type NewSpendRules = ById & CardLevelSpendRules;
/** On a change an empty list clears, an absent one stays; INCREMENT adds to the limit of the same interval. */
export type SpendRulesChange = NewSpendRules & { updateSpendLimitMethod?: (typeof SPEND_LIMIT_UPDATE_METHODS)[number] };

const LIMIT_REFUSALS = [
  'SPEND_LIMIT_CURRENCY_DIFFERENT_FROM_CARD_CURRENCY',
  'SPEND_LIMIT_NOT_SUPPORTED_FOR_PREPAID_MODE_CARD',
  'SPEND_LIMIT_DUPLICATE_INTERVAL',
  'SPEND_LIMIT_AMOUNT_INVALID',
  'SPEND_LIMIT_CURRENCY_DIFFERENT_FROM_USER_CURRENCY',
] as const;

// biome-ignore format: a table reads best as a table
export const spendRules = operations({
  managedCardSpendRulesGet:    op<ById, SpendRules>         ('GET /multi/managed_cards/{id}/spend_rules').backOffice(),
  managedCardSpendRulesCreate: op.empty<NewSpendRules>      ('POST /multi/managed_cards/{id}/spend_rules').backOffice().idempotent('MULTI').refusing(...LIMIT_REFUSALS, 'SPEND_RULE_ALREADY_SET'),
  managedCardSpendRulesUpdate: op.empty<SpendRulesChange>   ('PATCH /multi/managed_cards/{id}/spend_rules').needsBody().backOffice().idempotent().refusing(...LIMIT_REFUSALS),
  managedCardSpendRulesDelete: op.empty<ById>               ('DELETE /multi/managed_cards/{id}/spend_rules').backOffice(),
});
