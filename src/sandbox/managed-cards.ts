import type { IdentityId } from '../weavr/core/shapes.js';
import {
  CARD_MODES,
  DELIVERY_METHODS,
  type ManagedCard,
  type ManagedCardChange,
  type ManagedCardFilter,
  type managedCards,
  type NewManagedCard,
  RENEWAL_TYPES,
  TIMEOUT_DECISIONS,
} from '../weavr/managed-cards.js';
import { numbersOf, renewalOf, validFrom } from './card-numbers.js';
import type { Call, Handlers } from './core/handlers.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredCard } from './core/state.js';
import {
  addressAt,
  check,
  currency,
  id,
  matches,
  name,
  oneOf,
  type Rules,
  required,
  size,
  tag,
} from './core/validation.js';
import { availableToSpend } from './spend-rules.js';

/** Cards that the programme's profiles allow. */
export const PREPAID_CARD_PROFILE = '120000000000000001';
export const DEBIT_CARD_PROFILE = '120000000000000002';
const PROFILES = { PREPAID_MODE: PREPAID_CARD_PROFILE, DEBIT_MODE: DEBIT_CARD_PROFILE };
const CURRENCIES = ['EUR', 'GBP', 'USD'];

/** A card as its caller may see it. */
export function present(
  { state, session, now }: Pick<Call, 'state' | 'session' | 'now'>,
  { secrets: { cardNumber, cvv }, ...card }: StoredCard,
): ManagedCard {
  const shown = session.steppedUp && card.state.state !== 'NOT_ENABLED';
  const numbers = shown ? { cardNumber: { value: cardNumber }, cvv: { value: cvv } } : {};
  return card.mode === 'DEBIT_MODE'
    ? { ...card, ...numbers, availableToSpend: availableToSpend(state, card, now) }
    : { ...card, ...numbers, balances: state.ledger.balances(card.id) };
}

export function openCard(state: State, owner: IdentityId, given: NewManagedCard, now: number): StoredCard {
  const cardId = state.nextId();
  return state.managedCards.add(owner.id, cardId, {
    renewalType: 'NO_RENEW',
    renewalTimestamp: given.renewalType === 'RENEW' ? renewalOf(now) : undefined,
    digitalWallets: { walletsEnabled: false, pushProvisioningEnabled: false },
    ...given,
    ...numbersOf(cardId, given.mode),
    ...validFrom(now),
    id: cardId,
    externalHandle: `SBX-${cardId.slice(-12)}`,
    currency: given.mode === 'DEBIT_MODE' ? currencyOf(state, given.parentManagedAccountId) : given.currency,
    state: { state: 'ACTIVE' },
    type: 'VIRTUAL',
    cardLevelClassification: owner.type,
    creationTimestamp: now,
  });
}

const currencyOf = (state: State, accountId: string) => state.managedAccounts.any(accountId)?.currency ?? '';

export const deliveryAddressAt = (path: string): Rules => ({
  ...addressAt(path),
  [`${path}.addressLine1`]: required(size(50, 1)),
  [`${path}.addressLine2`]: size(50, 1),
  [`${path}.name`]: required(size(100)),
  [`${path}.surname`]: required(size(100)),
  [`${path}.contactNumber`]: matches(/^\+[0-9]{4,19}$/),
});

const SETTINGS: Rules = {
  tag,
  friendlyName: name,
  nameOnCard: size(27, 1),
  nameOnCardLine2: size(27),
  cardholderMobileNumber: matches(/^\+[0-9]{4,14}$/),
  authForwardingDefaultTimeoutDecision: oneOf(TIMEOUT_DECISIONS),
  externalData: size(10),
  renewalType: oneOf(RENEWAL_TYPES),
  userId: id,
};

/** Refuses settings that the programme or the identity does not allow, on creation and on change. */
function refuseSettings(
  { state, session, refuse }: Call<'WALLET_ARTWORK_NOT_SPECIFIED' | 'LINKED_USER_NOT_FOUND' | 'USER_INACTIVE'>,
  { digitalWallets, userId, threeDSecureAuthConfig }: Partial<NewManagedCard>,
) {
  if (digitalWallets?.walletsEnabled && !digitalWallets.artworkReference) refuse('WALLET_ARTWORK_NOT_SPECIFIED');
  const owner = identityOf(session).id;
  const isOurs = (user: string) => state.credentials.get(user)?.identities.some((identity) => identity.id === owner);
  for (const user of [userId, threeDSecureAuthConfig?.linkedUserId]) {
    if (user && !isOurs(user)) refuse('LINKED_USER_NOT_FOUND');
    if (user && !state.isActive(user)) refuse('USER_INACTIVE');
  }
}

/** Refuses a funding that the profile does not allow, or that is not there. */
function refuseFunding(
  { state, session, refuse }: Call<(typeof managedCards.managedCardCreate.refusals)[number]>,
  input: NewManagedCard,
) {
  const owner = identityOf(session);
  if (input.mode === 'PREPAID_MODE' && !CURRENCIES.includes(input.currency))
    refuse('CURRENCY_NOT_SUPPORTED_BY_PROFILE');
  if (!state.isVerified(owner)) refuse('OWNER_IDENTITY_NOT_VERIFIED');
  if (input.mode === 'PREPAID_MODE') return;
  const { parentManagedAccountId: parentId, userCurrency } = input;
  const parent = state.managedAccounts.ownerOf(parentId) === owner.id && state.managedAccounts.any(parentId);
  if (!parent) return refuse('PARENT_MANAGED_ACCOUNT_NOT_FOUND');
  if (parent.state.state !== 'ACTIVE') refuse('PARENT_MANAGED_ACCOUNT_NOT_ACTIVE');
  if (userCurrency === parent.currency) refuse('USER_CURRENCY_SAME_AS_BASE_CURRENCY');
}

type Change = Omit<ManagedCardChange, 'id'>;

/** A change's parts: what concerns the plastic, the code that opens it, and the rest. */
function partsOf({ activationCode, deliveryAddress, deliveryMethod, bulkDelivery, ...change }: Change) {
  const { productReference, carrierType, ...settings } = change;
  const delivery = { deliveryAddress, deliveryMethod, bulkDelivery, productReference, carrierType };
  const plastic = Object.fromEntries(Object.entries(delivery).filter(([, value]) => value !== undefined));
  return { settings, plastic, activationCode };
}

function refuseChange(
  call: Call<(typeof managedCards.managedCardUpdate.refusals)[number]>,
  card: StoredCard,
  change: Change,
) {
  const { refuse } = call;
  const { plastic, activationCode } = partsOf(change);
  const ofPlastic = activationCode !== undefined || Object.keys(plastic).length > 0;
  if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
  if (ofPlastic && card.type !== 'PHYSICAL') refuse('INSTRUMENT_NOT_PHYSICAL');
  refuseSettings(call, change);
  const address = change.deliveryAddress ?? card.physicalCardDetails?.deliveryAddress;
  if (change.bulkDelivery && !address?.contactNumber) refuse('CONTACT_NUMBER_NEEDED_FOR_BULK_DELIVERY');
  const reassigned = change.userId && card.userId && change.userId !== card.userId;
  if (reassigned && card.state.state === 'ACTIVE') refuse('CANNOT_REASSIGN_ACTIVE_CARD');
}

function applyChange(card: StoredCard, change: Change) {
  const { settings, plastic, activationCode } = partsOf(change);
  Object.assign(card, settings);
  if (card.physicalCardDetails) Object.assign(card.physicalCardDetails, plastic);
  if (activationCode !== undefined) card.secrets.activationCode = activationCode;
  if (change.renewalType)
    card.renewalTimestamp = change.renewalType === 'RENEW' ? renewalOf(card.creationTimestamp) : undefined;
}

export const isLostOrStolen = ({ state: { blockedReason, destroyedReason } }: StoredCard) =>
  blockedReason === 'LOST' || destroyedReason === 'LOST' || destroyedReason === 'STOLEN';

export const managedCardHandlers: Handlers<typeof managedCards> = {
  managedCardsGet: (query, call) => {
    const { state, session } = call;
    const cards = state.managedCards.of(identityOf(session).id).filter((card) => matchesFilter(query, card));
    const { items, counts } = pageOf(cards, query);
    return { cards: items.map((card) => present(call, card)), ...counts };
  },

  managedCardCreate: (input, call) => {
    const { state, session, now, refuse } = call;
    const funding: Rules =
      input.mode === 'DEBIT_MODE'
        ? { parentManagedAccountId: required(id), userCurrency: currency }
        : { currency: required(currency) };
    check(input, {
      ...SETTINGS,
      ...funding,
      ...addressAt('billingAddress'),
      mode: required(oneOf(CARD_MODES)),
      profileId: required(id),
      friendlyName: required(name),
      nameOnCard: required(size(27, 1)),
    });
    if (!Object.values(PROFILES).includes(input.profileId)) refuse('PROFILE_NOT_FOUND');
    if (PROFILES[input.mode] !== input.profileId) refuse('PROFILE_TYPE_MISMATCH');
    refuseFunding(call, input);
    refuseSettings(call, input);
    return present(call, openCard(state, identityOf(session), input, now));
  },

  managedCardGet: ({ id: cardId }, call) =>
    present(call, call.state.managedCards.find(identityOf(call.session).id, cardId)),

  managedCardUpdate: ({ id: cardId, ...change }, call) => {
    const { state, session } = call;
    check(change, {
      ...SETTINGS,
      ...(change.billingAddress && addressAt('billingAddress')),
      ...(change.deliveryAddress && deliveryAddressAt('deliveryAddress')),
      deliveryMethod: oneOf(DELIVERY_METHODS),
      activationCode: matches(/^[0-9]{1,6}$/),
    });
    const card = state.managedCards.find(identityOf(session).id, cardId);
    refuseChange(call, card, change);
    applyChange(card, change);
    return present(call, card);
  },

  managedCardBlock: ({ id: cardId }, { state, session, refuse }) => {
    const card = state.managedCards.find(identityOf(session).id, cardId);
    if (isLostOrStolen(card)) refuse('INSTRUMENT_MARKED_LOST_STOLEN');
    if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    if (card.state.state === 'BLOCKED') refuse('INSTRUMENT_ALREADY_BLOCKED');
    card.state = { state: 'BLOCKED', blockedReason: 'USER' };
  },

  managedCardUnblock: ({ id: cardId }, { state, session, refuse }) => {
    const card = state.managedCards.find(identityOf(session).id, cardId);
    if (isLostOrStolen(card)) refuse('INSTRUMENT_MARKED_LOST_STOLEN');
    if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    if (card.state.blockedReason !== 'USER') refuse('INSTRUMENT_NOT_BLOCKED');
    card.state = { state: 'ACTIVE' };
  },

  managedCardRemove: ({ id: cardId }, { state, session, refuse }) => {
    const card = state.managedCards.find(identityOf(session).id, cardId);
    if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_ALREADY_REMOVED');
    if (state.ledger.balances(cardId).actualBalance !== 0) refuse('BALANCE_NOT_ZERO');
    card.state = { state: 'DESTROYED', destroyedReason: 'USER' };
  },
};

const matchesFilter = (query: ManagedCardFilter, card: StoredCard) =>
  [
    is(query.profileId, card.profileId),
    is(query.friendlyName, card.friendlyName),
    isOneOf(query.state, card.state.state),
    isOneOf(query['state.blockedReason'], card.state.blockedReason),
    isOneOf(query['state.destroyedReason'], card.state.destroyedReason),
    is(query.currency, card.currency),
    is(query.type, card.type),
    is(query.renewalType, card.renewalType),
    is(query.externalHandle, card.externalHandle),
    is(query.cardNumberFirstSix, card.cardNumberFirstSix),
    is(query.cardNumberLastFour, card.cardNumberLastFour),
    within(query.createdFrom, query.createdTo, card.creationTimestamp),
    is(query.mode, card.mode),
    is(query.tag, card.tag),
    is(query.parentManagedAccountId, card.mode === 'DEBIT_MODE' ? card.parentManagedAccountId : undefined),
    isOneOf(query.manufacturingState, card.physicalCardDetails?.manufacturingState),
    is(query.userId, card.userId),
  ].every(Boolean);
