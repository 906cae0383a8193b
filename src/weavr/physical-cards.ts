import { op, operations } from './core/operation.js';
import type { ById } from './core/shapes.js';
import type { DELIVERY_METHODS, DeliveryAddress, ManagedCard, Sensitive } from './managed-cards.js';

export interface PhysicalUpgrade extends ById {
  productReference?: string;
  carrierType?: string;
  deliveryMethod?: (typeof DELIVERY_METHODS)[number];
  deliveryAddress: DeliveryAddress;
  /** 1 to 6 digits. */
  activationCode?: string;
  pin?: Sensitive;
  /** Deprecated by Weavr in favour of the card's own. */
  nameOnCardLine2?: string;
  bulkDelivery?: boolean;
}

/** Without a code Weavr checks none, even if one was set. */
export interface PhysicalActivation extends ById {
  activationCode?: string;
}

/** The code is for the new card. */
export interface PhysicalReplacement extends ById {
  activationCode: string;
}

export interface PhysicalPin {
  pin: Required<Sensitive>;
}

// biome-ignore format: a table reads best as a table
export const physicalCards = operations({
  managedCardPhysicalUpgrade:              op<PhysicalUpgrade, ManagedCard>     ('POST /multi/managed_cards/{id}/physical').idempotent('MULTI').refusing('INSTRUMENT_ALREADY_UPGRADED_TO_PHYSICAL', 'CONFIG_ERROR_PRODUCT_REFERENCE', 'PRODUCT_REFERENCE_NOT_SPECIFIED', 'PRODUCT_REFERENCE_INVALID', 'CONFIG_ERROR_CARRIER_TYPE', 'CARRIER_TYPE_NOT_SPECIFIED', 'CARRIER_TYPE_INVALID', 'CONFIG_ERROR_CARD_BUREAU', 'INSTRUMENT_BLOCKED', 'INSTRUMENT_DESTROYED', 'INSTRUMENT_NOT_ENABLED', 'PIN_INVALID_FORMAT', 'PARENT_MANAGED_ACCOUNT_BLOCKED', 'MAX_PRINT_CHARACTERS_EXCEEDED', 'DELIVERY_METHOD_INVALID', 'CONTACT_NUMBER_NEEDED_FOR_BULK_DELIVERY'),
  managedCardPhysicalActivate:             op<PhysicalActivation, ManagedCard>  ('POST /multi/managed_cards/{id}/physical/activate').needsBody().idempotent('MULTI').refusing('INSTRUMENT_NOT_PHYSICAL', 'INSTRUMENT_ALREADY_ACTIVATED', 'ACTIVATION_CODE_INVALID', 'INSTRUMENT_BLOCKED', 'INSTRUMENT_DESTROYED'),
  managedCardPhysicalPinGet:               op<ById, PhysicalPin>                ('GET /multi/managed_cards/{id}/physical/pin').refusing('INSTRUMENT_NOT_PHYSICAL', 'PHYSICAL_CARD_NOT_ACTIVATED', 'PIN_NOT_SET', 'PIN_TRIES_EXCEEDED', 'INSTRUMENT_BLOCKED', 'INSTRUMENT_DESTROYED'),
  managedCardPhysicalPinUnBlock:           op.empty<ById>                       ('PATCH /multi/managed_cards/{id}/physical/pin/unblock').refusing('INSTRUMENT_NOT_PHYSICAL', 'PHYSICAL_CARD_NOT_ACTIVATED', 'INSTRUMENT_BLOCKED', 'INSTRUMENT_DESTROYED'),
  managedCardPhysicalReplaceDamaged:       op.empty<PhysicalReplacement>        ('POST /multi/managed_cards/{id}/physical/replace_damaged').idempotent('MULTI').refusing('INSTRUMENT_NOT_PHYSICAL', 'PHYSICAL_CARD_NOT_ACTIVATED', 'INSTRUMENT_ALREADY_DESTROYED', 'INSTRUMENT_ALREADY_PENDING_REPLACEMENT', 'INSTRUMENT_MARKED_AS_LOST', 'MAX_PRINT_CHARACTERS_EXCEEDED'),
  managedCardPhysicalReportLost:           op.empty<ById>                       ('POST /multi/managed_cards/{id}/physical/report_lost').idempotent('MULTI').refusing('INSTRUMENT_NOT_PHYSICAL', 'INSTRUMENT_ALREADY_MARKED_LOST', 'INSTRUMENT_ALREADY_MARKED_STOLEN', 'INSTRUMENT_DESTROYED'),
  managedCardPhysicalReportStolen:         op.empty<ById>                       ('POST /multi/managed_cards/{id}/physical/report_stolen').idempotent('MULTI').refusing('INSTRUMENT_NOT_PHYSICAL', 'PHYSICAL_CARD_NOT_ACTIVATED', 'INSTRUMENT_ALREADY_MARKED_STOLEN', 'INSTRUMENT_ALREADY_MARKED_LOST', 'INSTRUMENT_DESTROYED'),
  managedCardPhysicalReplaceLostOrStolen:  op<PhysicalReplacement, ManagedCard> ('POST /multi/managed_cards/{id}/physical/replace_lost_stolen').either().idempotent('MULTI').refusing('INSTRUMENT_NOT_PHYSICAL', 'INSTRUMENT_NOT_MARKED_LOST_OR_STOLEN', 'INSTRUMENT_DESTROYED', 'INSTRUMENT_ALREADY_REPLACED', 'PARENT_MANAGED_ACCOUNT_NOT_ACTIVE', 'MAX_PRINT_CHARACTERS_EXCEEDED'),
  managedCardPhysicalContactlessLimitReset: op.empty<ById>                      ('POST /multi/managed_cards/{id}/physical/contactless_limit/reset').idempotent('MULTI').refusing('INSTRUMENT_NOT_PHYSICAL', 'PHYSICAL_CARD_NOT_ACTIVATED', 'INSTRUMENT_BLOCKED', 'INSTRUMENT_DESTROYED', 'PHYSICAL_CARD_TYPE_NOT_SUPPORTED'),
});
