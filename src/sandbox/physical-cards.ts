import { DELIVERY_METHODS, type PhysicalCardDetails, type REPLACEMENT_REASONS } from '../weavr/managed-cards.js';
import type { PhysicalUpgrade, physicalCards } from '../weavr/physical-cards.js';
import { type Call, Failure, type Handlers } from './core/handlers.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredCard } from './core/state.js';
import { check, matches, oneOf, required, size } from './core/validation.js';
import { deliveryAddressAt, isLostOrStolen, openCard, present } from './managed-cards.js';

/** What the programme prints on: how long a line may be, and whether it is worn instead of carried. */
const DESIGNS = new Map([
  ['anvil-black', { lineLength: 27, wearable: false }],
  ['anvil-band', { lineLength: 15, wearable: true }],
]);
/** The only one, so that it need not be named. */
const CARRIER = 'letter';
const IN_BULK = ['REGISTERED_MAIL', 'COURIER'];

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const activationCode = matches(/^[0-9]{1,6}$/);

type UpgradeRefusal = (typeof physicalCards.managedCardPhysicalUpgrade.refusals)[number];

/** The caller's card, and its plastic. */
function plasticOf({ state, session, refuse }: Call<'INSTRUMENT_NOT_PHYSICAL'>, cardId: string) {
  const card = state.managedCards.find(identityOf(session).id, cardId);
  return { card, details: card.physicalCardDetails ?? refuse('INSTRUMENT_NOT_PHYSICAL') };
}

/** The same, of a card that its holder has in hand. */
function activatedOf(call: Call<'INSTRUMENT_NOT_PHYSICAL' | 'PHYSICAL_CARD_NOT_ACTIVATED'>, cardId: string) {
  const found = plasticOf(call, cardId);
  if (found.details.pendingActivation) call.refuse('PHYSICAL_CARD_NOT_ACTIVATED');
  return found;
}

function refuseInactive({ refuse }: Call<'INSTRUMENT_BLOCKED' | 'INSTRUMENT_DESTROYED'>, { state }: StoredCard) {
  if (state.state === 'BLOCKED') refuse('INSTRUMENT_BLOCKED');
  if (state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
}

/** Refuses a card that cannot be reported, because it was already or is no more. */
function refuseReported(
  { refuse }: Call<'INSTRUMENT_ALREADY_MARKED_LOST' | 'INSTRUMENT_ALREADY_MARKED_STOLEN' | 'INSTRUMENT_DESTROYED'>,
  { state: { state, blockedReason, destroyedReason } }: StoredCard,
) {
  if (blockedReason === 'LOST' || destroyedReason === 'LOST') refuse('INSTRUMENT_ALREADY_MARKED_LOST');
  if (destroyedReason === 'STOLEN') refuse('INSTRUMENT_ALREADY_MARKED_STOLEN');
  if (state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
}

function refuseUnprintable(
  { refuse }: Call<'MAX_PRINT_CHARACTERS_EXCEEDED'>,
  { nameOnCard, nameOnCardLine2 }: StoredCard,
  details: Pick<PhysicalCardDetails, 'productReference' | 'nameOnCardLine2'>,
) {
  const { lineLength = 0 } = DESIGNS.get(details.productReference ?? '') ?? {};
  for (const line of [nameOnCard, nameOnCardLine2, details.nameOnCardLine2])
    if (line && line.length > lineLength) refuse('MAX_PRINT_CHARACTERS_EXCEEDED');
}

const hasActiveParent = ({ managedAccounts }: State, card: StoredCard) =>
  card.mode !== 'DEBIT_MODE' || managedAccounts.any(card.parentManagedAccountId)?.state.state === 'ACTIVE';

function refuseUpgrade(call: Call<UpgradeRefusal>, card: StoredCard, upgrade: PhysicalUpgrade) {
  const { state, refuse } = call;
  const { productReference, carrierType, pin, bulkDelivery, deliveryMethod = '', deliveryAddress } = upgrade;
  if (card.physicalCardDetails) refuse('INSTRUMENT_ALREADY_UPGRADED_TO_PHYSICAL');
  if (!productReference) return refuse('PRODUCT_REFERENCE_NOT_SPECIFIED');
  if (!DESIGNS.has(productReference)) refuse('PRODUCT_REFERENCE_INVALID');
  if (carrierType && carrierType !== CARRIER) refuse('CARRIER_TYPE_INVALID');
  refuseInactive(call, card);
  if (card.state.state === 'NOT_ENABLED') refuse('INSTRUMENT_NOT_ENABLED');
  if (pin && !/^[0-9]{4}$/.test(pin.value ?? '')) refuse('PIN_INVALID_FORMAT');
  if (!hasActiveParent(state, card)) refuse('PARENT_MANAGED_ACCOUNT_BLOCKED');
  refuseUnprintable(call, card, upgrade);
  if (bulkDelivery && !IN_BULK.includes(deliveryMethod)) refuse('DELIVERY_METHOD_INVALID');
  if (bulkDelivery && !deliveryAddress.contactNumber) refuse('CONTACT_NUMBER_NEEDED_FOR_BULK_DELIVERY');
}

/** What is ordered, apart from how far it is. */
type Order = Pick<
  PhysicalCardDetails,
  'productReference' | 'carrierType' | 'deliveryMethod' | 'deliveryAddress' | 'bulkDelivery' | 'nameOnCardLine2'
>;

/** Orders a card's plastic: printed within the hour, sent within a day, and tracked the day after. */
function order(
  { state, now }: Pick<Call, 'state' | 'now'>,
  card: StoredCard,
  ordered: Order,
  secrets: Pick<StoredCard['secrets'], 'activationCode' | 'pin'>,
) {
  const details: PhysicalCardDetails = {
    ...ordered,
    pendingActivation: true,
    pinBlocked: false,
    manufacturingState: 'REQUESTED',
  };
  Object.assign(card, { type: 'PHYSICAL', physicalCardDetails: details });
  Object.assign(card.secrets, secrets);
  const step = (after: number, change: Partial<PhysicalCardDetails>) =>
    state.clock.at(now + after, () => {
      if (details.manufacturingState !== 'DELIVERED') Object.assign(details, change);
    });
  const deliveryTrackingCode = `SBX${card.id.slice(-9)}MT`;
  step(HOUR_MS, { manufacturingState: 'SENT_FOR_FULFILLMENT' });
  step(DAY_MS, { manufacturingState: 'DISPATCHED' });
  step(2 * DAY_MS, {
    deliveryTrackingCode,
    deliveryTrackingMethod: 'DHL',
    deliveryTrackingUrl: `https://carrier.example/track/${deliveryTrackingCode}`,
  });
}

/** Orders another card in the place of one, with its settings, its spend rules and its PIN. */
function replace(
  call: Pick<Call, 'state' | 'session' | 'now'>,
  card: StoredCard,
  details: PhysicalCardDetails,
  reason: (typeof REPLACEMENT_REASONS)[number],
  code: string,
) {
  const { state, session, now } = call;
  const { physicalCardDetails, replacement, renewalTimestamp, secrets, ...settings } = card;
  const billingAddress = settings.billingAddress ?? {};
  const next = openCard(state, identityOf(session), { ...settings, billingAddress }, now);
  const { productReference, carrierType, deliveryMethod, deliveryAddress, bulkDelivery, nameOnCardLine2 } = details;
  const ordered = { productReference, carrierType, deliveryMethod, deliveryAddress, bulkDelivery, nameOnCardLine2 };
  order(call, next, ordered, { activationCode: code, pin: secrets.pin });
  const rules = state.spendRules.get(card.id);
  if (rules) state.spendRules.set(next.id, structuredClone(rules));
  card.replacement = { id: next.id, reason };
  details.replacement = { replacementId: next.id, replacementReason: reason };
  return next;
}

/** Gives what a card holds to the one in its place, but for what is held for purchases. */
function moveFunds(state: State, from: StoredCard, to: StoredCard, subtype: string, at: number) {
  const { availableBalance: amount } = state.ledger.balances(from.id);
  if (amount <= 0) return;
  const { currency } = from;
  const movementId = state.nextId();
  state.ledger.post(
    {
      id: movementId,
      at,
      transaction: { type: 'system_transactions', id: movementId, subtype },
      legacyType: 'SYSTEM_TRANSACTION',
      description: 'Replacement of a card',
    },
    [
      { account: from.id, currency, amount: -amount },
      { account: to.id, currency, amount },
    ],
  );
}

/** Ends the damaged card whose place an activated one takes. */
function endDamaged({ state, session, now }: Pick<Call, 'state' | 'session' | 'now'>, card: StoredCard) {
  const damaged = state.managedCards
    .of(identityOf(session).id)
    .find(({ replacement }) => replacement?.id === card.id && replacement.reason === 'DAMAGED');
  if (!damaged) return;
  moveFunds(state, damaged, card, 'balance_adjustments', now);
  if (damaged.state.state !== 'DESTROYED') damaged.state = { state: 'DESTROYED', destroyedReason: 'SYSTEM' };
}

export const physicalCardHandlers: Handlers<typeof physicalCards> = {
  managedCardPhysicalUpgrade: (input, call) => {
    const { state, session } = call;
    check(input, {
      ...deliveryAddressAt('deliveryAddress'),
      deliveryMethod: oneOf(DELIVERY_METHODS),
      activationCode,
      'pin.value': size(24, 4),
      nameOnCardLine2: size(27),
    });
    const card = state.managedCards.find(identityOf(session).id, input.id);
    refuseUpgrade(call, card, input);
    const { id: _, activationCode: code, pin, ...given } = input;
    const defaults = { carrierType: CARRIER, deliveryMethod: 'STANDARD_DELIVERY' as const };
    order(call, card, { ...defaults, ...given }, { activationCode: code, pin: pin?.value });
    return present(call, card);
  },

  managedCardPhysicalActivate: ({ id, ...input }, call) => {
    check(input, { activationCode });
    const { card, details } = plasticOf(call, id);
    if (!details.pendingActivation) call.refuse('INSTRUMENT_ALREADY_ACTIVATED');
    const { activationCode: expected } = card.secrets;
    if (expected && input.activationCode && input.activationCode !== expected) call.refuse('ACTIVATION_CODE_INVALID');
    refuseInactive(call, card);
    Object.assign(details, { pendingActivation: false, manufacturingState: 'DELIVERED' });
    endDamaged(call, card);
    return present(call, card);
  },

  managedCardPhysicalPinGet: ({ id }, call) => {
    const { card, details } = activatedOf(call, id);
    const value = card.secrets.pin ?? call.refuse('PIN_NOT_SET');
    if (details.pinBlocked) call.refuse('PIN_TRIES_EXCEEDED');
    refuseInactive(call, card);
    return { pin: { value } };
  },

  managedCardPhysicalPinUnBlock: ({ id }, call) => {
    const { card, details } = activatedOf(call, id);
    refuseInactive(call, card);
    details.pinBlocked = false;
  },

  managedCardPhysicalReplaceDamaged: ({ id, ...input }, call) => {
    check(input, { activationCode: required(activationCode) });
    const { card, details } = activatedOf(call, id);
    if (card.state.state === 'DESTROYED') call.refuse('INSTRUMENT_ALREADY_DESTROYED');
    if (card.replacement) call.refuse('INSTRUMENT_ALREADY_PENDING_REPLACEMENT');
    if (isLostOrStolen(card)) call.refuse('INSTRUMENT_MARKED_AS_LOST');
    refuseUnprintable(call, card, details);
    replace(call, card, details, 'DAMAGED', input.activationCode);
  },

  managedCardPhysicalReportLost: ({ id }, call) => {
    const { card } = plasticOf(call, id);
    refuseReported(call, card);
    card.state = { state: 'BLOCKED', blockedReason: 'LOST' };
  },

  managedCardPhysicalReportStolen: ({ id }, call) => {
    const { card } = activatedOf(call, id);
    refuseReported(call, card);
    card.state = { state: 'DESTROYED', destroyedReason: 'STOLEN' };
  },

  managedCardPhysicalReplaceLostOrStolen: ({ id, ...input }, call) => {
    const { state, session, now, refuse } = call;
    // The api-key alone opens it, and does not say whose card it is.
    if (!session) throw new Failure(401);
    check(input, { activationCode: required(activationCode) });
    const { card, details } = plasticOf(call, id);
    if (card.replacement) refuse('INSTRUMENT_ALREADY_REPLACED');
    if (!isLostOrStolen(card)) {
      refuse(card.state.state === 'DESTROYED' ? 'INSTRUMENT_DESTROYED' : 'INSTRUMENT_NOT_MARKED_LOST_OR_STOLEN');
    }
    if (!hasActiveParent(state, card)) refuse('PARENT_MANAGED_ACCOUNT_NOT_ACTIVE');
    refuseUnprintable(call, card, details);
    const next = replace(call, card, details, 'LOST_STOLEN', input.activationCode);
    moveFunds(state, card, next, 'lost_stolen_replacement_balance_transfers', now);
    if (card.state.state === 'BLOCKED') card.state = { state: 'DESTROYED', destroyedReason: 'LOST' };
    return present(call, next);
  },

  managedCardPhysicalContactlessLimitReset: ({ id }, call) => {
    const { card, details } = activatedOf(call, id);
    refuseInactive(call, card);
    if (!DESIGNS.get(details.productReference ?? '')?.wearable) call.refuse('PHYSICAL_CARD_TYPE_NOT_SUPPORTED');
  },
};
