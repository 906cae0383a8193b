import { op, operations } from './core/operation.js';
import type {
  Address,
  ById,
  Counted,
  CurrencyAmount,
  InstrumentBalances,
  InstrumentState,
  Page,
} from './core/shapes.js';
import type { SpendLimitInterval } from './spend-rules.js';

export const CARD_TYPES = ['VIRTUAL', 'PHYSICAL'] as const;
export const CARD_BRANDS = ['MASTERCARD', 'VISA'] as const;
export const CARD_MODES = ['PREPAID_MODE', 'DEBIT_MODE'] as const;
export const CARD_CLASSIFICATIONS = ['CONSUMER', 'CORPORATE'] as const;
export const RENEWAL_TYPES = ['RENEW', 'NO_RENEW'] as const;
export const TIMEOUT_DECISIONS = ['APPROVE', 'DECLINE'] as const;
export const MANUFACTURING_STATES = ['REQUESTED', 'SENT_FOR_FULFILLMENT', 'DISPATCHED', 'DELIVERED'] as const;
export const DELIVERY_METHODS = ['STANDARD_DELIVERY', 'REGISTERED_MAIL', 'COURIER', 'FIRST_CLASS_MAIL'] as const;
export const REPLACEMENT_REASONS = ['DAMAGED', 'LOST_STOLEN', 'EXPIRED', 'COMPROMISED'] as const;
export const THREEDS_CHANNELS = ['OTP_SMS', 'BIOMETRICS', 'TWILIO_AUTHY'] as const;

/** In clear, or the token of a browser SDK; only in stepped-up sessions. */
export interface Sensitive {
  value?: string;
}

export interface DigitalWallets {
  pushProvisioningEnabled?: boolean;
  walletsEnabled?: boolean;
  artworkReference?: string;
}

export interface DeliveryAddress extends Address {
  name?: string;
  surname?: string;
  contactNumber?: string;
}

export interface PhysicalCardDetails {
  bulkDelivery?: boolean;
  productReference?: string;
  carrierType?: string;
  pendingActivation?: boolean;
  pinBlocked?: boolean;
  manufacturingState?: (typeof MANUFACTURING_STATES)[number];
  /** Deprecated by Weavr in favour of the card's own `replacement`. */
  replacement?: { replacementReason?: (typeof REPLACEMENT_REASONS)[number]; replacementId?: string };
  deliveryAddress?: DeliveryAddress;
  deliveryMethod?: (typeof DELIVERY_METHODS)[number];
  deliveryTrackingCode?: string;
  deliveryTrackingMethod?: string;
  deliveryTrackingUrl?: string;
  /** Deprecated by Weavr in favour of the card's own. */
  nameOnCardLine2?: string;
}

/** Deprecated by Weavr as a whole. */
export interface ThreeDSecureAuthConfig {
  linkedUserId?: string;
  primaryChannel?: (typeof THREEDS_CHANNELS)[number];
  fallbackChannel?: (typeof THREEDS_CHANNELS)[number];
}

export interface ExternalDatum {
  name?: string;
  value?: string;
}

/** What a caller sets and Weavr returns alike. */
interface CardSettings {
  tag?: string;
  friendlyName: string;
  nameOnCard: string;
  nameOnCardLine2?: string;
  /** Deprecated by Weavr. */
  cardholderMobileNumber?: string;
  billingAddress?: Address;
  digitalWallets?: DigitalWallets;
  authForwardingDefaultTimeoutDecision?: (typeof TIMEOUT_DECISIONS)[number];
  threeDSecureAuthConfig?: ThreeDSecureAuthConfig;
  externalData?: ExternalDatum[];
  renewalType?: (typeof RENEWAL_TYPES)[number];
  userId?: string;
}

interface CardBase extends CardSettings {
  id: string;
  profileId: string;
  externalHandle?: string;
  currency: string;
  state: InstrumentState;
  type: (typeof CARD_TYPES)[number];
  cardBrand?: (typeof CARD_BRANDS)[number];
  cardNumber?: Sensitive;
  cvv?: Sensitive;
  cardNumberFirstSix?: string;
  cardNumberLastFour?: string;
  /** MMYY. */
  startMmyy?: string;
  expiryMmyy?: string;
  cardLevelClassification?: (typeof CARD_CLASSIFICATIONS)[number];
  expiryPeriodMonths?: number;
  renewalTimestamp?: number;
  creationTimestamp: number;
  physicalCardDetails?: PhysicalCardDetails;
  singleSpend?: boolean;
  replacement?: { id: string; reason?: (typeof REPLACEMENT_REASONS)[number] };
}

/** Holds its own funds. */
export interface PrepaidModeCard extends CardBase {
  mode: 'PREPAID_MODE';
  balances?: InstrumentBalances;
}

/** What is left of a limit in its window; below zero when a merchant cleared more than was authorised. */
export interface AvailableToSpend {
  value?: CurrencyAmount;
  interval?: SpendLimitInterval;
}

/** Spends from its parent account, within its limits. */
export interface DebitModeCard extends CardBase {
  mode: 'DEBIT_MODE';
  parentManagedAccountId: string;
  userCurrency?: string;
  availableToSpend?: AvailableToSpend[];
}

export type ManagedCard = PrepaidModeCard | DebitModeCard;

interface NewCard extends CardSettings {
  profileId: string;
  billingAddress: Address;
}
export type NewManagedCard =
  | (NewCard & { mode: 'PREPAID_MODE'; currency: string })
  | (NewCard & { mode: 'DEBIT_MODE'; parentManagedAccountId: string; userCurrency?: string });

export interface ManagedCardChange extends Partial<CardSettings>, ById {
  deliveryAddress?: DeliveryAddress;
  deliveryMethod?: (typeof DELIVERY_METHODS)[number];
  bulkDelivery?: boolean;
  activationCode?: string;
  productReference?: string;
  carrierType?: string;
}

export interface ManagedCardFilter {
  profileId?: string;
  friendlyName?: string;
  state?: InstrumentState['state'][];
  'state.blockedReason'?: NonNullable<InstrumentState['blockedReason']>[];
  'state.destroyedReason'?: NonNullable<InstrumentState['destroyedReason']>[];
  currency?: string;
  type?: (typeof CARD_TYPES)[number];
  renewalType?: (typeof RENEWAL_TYPES)[number];
  externalHandle?: string;
  cardNumberFirstSix?: string;
  cardNumberLastFour?: string;
  createdFrom?: number;
  createdTo?: number;
  mode?: (typeof CARD_MODES)[number];
  tag?: string;
  parentManagedAccountId?: string;
  manufacturingState?: (typeof MANUFACTURING_STATES)[number][];
  userId?: string;
}

export interface ManagedCardPage extends Counted {
  cards?: ManagedCard[];
}

/** What a card's settings may be refused for, on creation and on change. */
const SETTINGS_REFUSALS = [
  'COUNTRY_INVALID',
  'WALLETS_NOT_ENABLED',
  'WALLET_ARTWORK_NOT_SPECIFIED',
  'WALLET_ARTWORK_INVALID',
  'PUSHPROVISIONING_NOT_ENABLED',
  'AUTH_FORWARDING_NOT_ENABLED',
  'USER_NOT_ENROLLED_FOR_BIOMETRICS',
  'BIOMETRIC_AUTHENTICATION_NOT_SUPPORTED',
  'LINKED_USER_NOT_FOUND',
  'USER_INACTIVE',
  'INVALID_CHANNELS_SELECTED',
  'INVALID_PRIMARY_CHANNEL_SELECTED',
  'USER_MOBILE_NUMBER_DOES_NOT_EXIST',
  'MORE_THAN_ONE_MOBILE_NUMBER_PROVIDED',
  'MOBILE_NUMBER_ALREADY_EXISTS',
  'TWILIO_AUTHY_AUTHENTICATION_NOT_SUPPORTED',
  'USER_NOT_ENROLLED_FOR_TWILIO_AUTHY',
  'RENEWAL_TYPE_NOT_SUPPORTED_BY_PROFILE',
] as const;

/** What a card's change may be refused for, in either API. */
export const CHANGE_REFUSALS = [
  ...SETTINGS_REFUSALS,
  'INSTRUMENT_DESTROYED',
  'INSTRUMENT_NOT_PHYSICAL',
  'THREEDS_DETAILS_NOT_PROVIDED',
  'DELIVERY_METHOD_INVALID',
  'CONTACT_NUMBER_NEEDED_FOR_BULK_DELIVERY',
  'PRODUCT_REFERENCE_INVALID',
  'CARRIER_TYPE_INVALID',
  'CONFIG_ERROR_CARD_BUREAU',
  'CANNOT_REASSIGN_ACTIVE_CARD',
] as const;

// biome-ignore format: a table reads best as a table
export const managedCards = operations({
  managedCardsGet:    op<Page & ManagedCardFilter, ManagedCardPage>('GET /multi/managed_cards').pages('cards')
    .foundBy({ parentManagedAccountId: (card) => ('parentManagedAccountId' in card ? card.parentManagedAccountId : undefined) })
    .foundBy({ userId: ({ userId }) => userId }),
  managedCardCreate:  op<NewManagedCard, ManagedCard>              ('POST /multi/managed_cards').idempotent('MULTI').refusing(...SETTINGS_REFUSALS, 'PAYMENT_MODEL_CONSTRAINTS_VIOLATED', 'PROFILE_NOT_FOUND', 'PROFILE_INACTIVE', 'PROFILE_TYPE_MISMATCH', 'CURRENCY_NOT_SUPPORTED_BY_PROFILE', 'PROVIDER_NOT_SUPPORTED_BY_PROFILE', 'INSTRUMENT_NOT_FOUND', 'OWNER_IDENTITY_NOT_VERIFIED', 'IDENTITY_LIMITS_EXCEEDED', 'PROGRAMME_LIMITS_EXCEEDED', 'INNOVATOR_LIMITS_EXCEEDED', 'SYSTEM_LIMITS_EXCEEDED', 'PARENT_MANAGED_ACCOUNT_NOT_ACTIVE', 'PARENT_MANAGED_ACCOUNT_NOT_FOUND', 'IDENTITY_KYC_LEVEL_STEPUP_REQUIRED', 'USER_CURRENCY_NOT_ENABLED', 'USER_CURRENCY_NOT_SUPPORTED_BY_PROFILE', 'USER_CURRENCY_SAME_AS_BASE_CURRENCY'),
  managedCardGet:     op<ById, ManagedCard>                        ('GET /multi/managed_cards/{id}').backOffice().listedBy('managedCardsGet'),
  managedCardUpdate:  op<ManagedCardChange, ManagedCard>           ('PATCH /multi/managed_cards/{id}').needsBody().idempotent('MULTI').refusing(...CHANGE_REFUSALS),
  managedCardBlock:   op.empty<ById>                               ('POST /multi/managed_cards/{id}/block').backOffice().idempotent('MULTI').refusing('INSTRUMENT_ALREADY_BLOCKED', 'INSTRUMENT_DESTROYED', 'INSTRUMENT_MARKED_LOST_STOLEN'),
  managedCardUnblock: op.empty<ById>                               ('POST /multi/managed_cards/{id}/unblock').backOffice().idempotent('MULTI').refusing('INSTRUMENT_NOT_BLOCKED', 'INSTRUMENT_DESTROYED', 'INSTRUMENT_MARKED_LOST_STOLEN'),
  managedCardRemove:  op.empty<ById>                               ('POST /multi/managed_cards/{id}/remove').backOffice().refusing('BALANCE_NOT_ZERO', 'INSTRUMENT_ALREADY_REMOVED'),
});
