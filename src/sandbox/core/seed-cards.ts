import type { IdentityId } from '../../weavr/core/shapes.js';
import type { NewManagedCard } from '../../weavr/managed-cards.js';
import type { CardLevelSpendRules, IdentityLevelSpendRules } from '../../weavr/spend-rules.js';
import { DEBIT_CARD_PROFILE, openCard, PREPAID_CARD_PROFILE } from '../managed-cards.js';
import { ADDRESS, type Seeded } from './seed.js';
import type { State, StoredCard } from './state.js';

const DEBIT_CARDS = 100;
const PREPAID_CARDS = 20;
const ACCOUNTS = 10;

/** The places, among the debit cards, of those with a story. */
const FULLEST = 1;
const REPLACEMENT = 11;
const BLOCKED = 97;
const DESTROYED = 98;

const HOLDERS = ['Rita Root', 'Ben Bolt', 'Cleo Clamp', 'Dora Drill', 'Emil Edge', 'Fay File', 'Gus Gear'];

/** They hold for all of Acme's cards, so no list says where alone they may be used. */
const IDENTITY_RULES: Required<IdentityLevelSpendRules> = {
  allowedMerchantCategories: [],
  blockedMerchantCategories: ['9754'],
  allowedMerchantIds: [],
  blockedMerchantIds: ['200000000000666'],
  allowedMerchantCountries: [],
  blockedMerchantCountries: ['KP'],
  allowContactless: true,
  allowAtm: true,
  allowECommerce: true,
  allowCashback: true,
  allowCreditAuthorisations: true,
  minTransactionAmount: 1,
  maxTransactionAmount: 10_000_00,
  rolloverPolicy: { rolloverNegative: true },
};

/** Acme's 120 cards and Ada's two. The prepaid ones are made last, so that lists, newest first, begin with them. */
export function seedCards(state: State, seeded: Seeded) {
  state.identitySpendRules.set(seeded.acme.id, IDENTITY_RULES);
  const users = usersOf(state, seeded.acme);
  const debit = Array.from({ length: DEBIT_CARDS }, (_, place) => addDebitCard(state, seeded, place, users));
  const prepaid = Array.from({ length: PREPAID_CARDS }, (_, place) => addPrepaidCard(state, seeded, place));
  debit[BLOCKED]!.state = { state: 'BLOCKED', blockedReason: 'USER' };
  debit[DESTROYED]!.state = { state: 'DESTROYED', destroyedReason: 'USER' };
  makePhysical(debit[FULLEST]!, debit[REPLACEMENT]!.id);
  state.spendRules.set(debit[FULLEST]!.id, everyRule(seeded));
  [...debit, ...prepaid].forEach((card, place) => {
    if (place % 3 === 0) state.spendRules.set(card.id, fewRules(card));
  });
  addAdaCards(state, seeded);
}

const usersOf = (state: State, { id }: IdentityId) =>
  [...state.credentials.values()]
    .filter((known) => known.type === 'USER' && known.identities[0]?.id === id)
    .map((known) => known.id);

const holderOf = (place: number) => HOLDERS[place % HOLDERS.length]!;

function addDebitCard(state: State, { acme, accounts, daysAgo }: Seeded, place: number, users: readonly string[]) {
  const nameOnCard = holderOf(place);
  const given: NewManagedCard = {
    mode: 'DEBIT_MODE',
    profileId: DEBIT_CARD_PROFILE,
    parentManagedAccountId: accounts[place % ACCOUNTS]!.id,
    friendlyName: `${nameOnCard.split(' ')[0]}'s card ${place + 1}`,
    nameOnCard,
    billingAddress: ADDRESS,
    tag: `debit-${place + 1}`,
    userId: place % 4 === 0 ? users[(place / 4) % users.length] : undefined,
    ...(place === FULLEST && everySetting(users[0]!)),
  };
  return openCard(state, acme, given, daysAgo(378 - place * 0.08));
}

function addPrepaidCard(state: State, { acme, daysAgo }: Seeded, place: number) {
  const nameOnCard = holderOf(place);
  const given: NewManagedCard = {
    mode: 'PREPAID_MODE',
    profileId: PREPAID_CARD_PROFILE,
    currency: place < 12 ? 'EUR' : place < 16 ? 'GBP' : 'USD',
    friendlyName: `${nameOnCard.split(' ')[0]}'s purse ${place + 1}`,
    nameOnCard,
    billingAddress: ADDRESS,
    tag: `prepaid-${place + 1}`,
  };
  const card = openCard(state, acme, given, daysAgo(369 - place * 0.2));
  fund(state, card, 200_00 + place * 10_00, daysAgo(364 - place * 0.1));
  return card;
}

/** Whatever can be set on a debit card. */
const everySetting = (userId: string) => ({
  userId,
  userCurrency: 'USD',
  nameOnCardLine2: 'Acme Ltd',
  cardholderMobileNumber: '+35679000003',
  digitalWallets: { walletsEnabled: true, pushProvisioningEnabled: true, artworkReference: 'anvil' },
  authForwardingDefaultTimeoutDecision: 'DECLINE' as const,
  threeDSecureAuthConfig: {
    linkedUserId: userId,
    primaryChannel: 'OTP_SMS' as const,
    fallbackChannel: 'OTP_SMS' as const,
  },
  externalData: [{ name: 'cost-centre', value: '4711' }],
  renewalType: 'RENEW' as const,
});

/** Delivered and activated; reported damaged since, so that another card will take its place. */
function makePhysical(card: StoredCard, replacementId: string) {
  card.type = 'PHYSICAL';
  card.singleSpend = false;
  card.replacement = { id: replacementId, reason: 'DAMAGED' };
  Object.assign(card.secrets, { activationCode: '1234', pin: '4711' });
  card.physicalCardDetails = {
    productReference: 'anvil-black',
    carrierType: 'letter',
    pendingActivation: false,
    pinBlocked: false,
    manufacturingState: 'DELIVERED',
    replacement: { replacementId, replacementReason: 'DAMAGED' },
    deliveryAddress: { ...ADDRESS, name: 'Ben', surname: 'Bolt', contactNumber: '+35679000003' },
    deliveryMethod: 'COURIER',
    bulkDelivery: true,
    deliveryTrackingCode: 'SBX123456789MT',
    deliveryTrackingMethod: 'DHL',
    deliveryTrackingUrl: 'https://carrier.example/track/SBX123456789MT',
    nameOnCardLine2: 'Acme Ltd',
  };
}

/** Whatever a card's rules can say; its limits are in its user's currency. */
const everyRule = ({ daysAgo }: Seeded): Required<CardLevelSpendRules> => ({
  allowedMerchantCategories: ['5814', '4112'],
  blockedMerchantCategories: ['5813'],
  allowedMerchantIds: ['100000000000001'],
  blockedMerchantIds: ['100000000000009'],
  allowedMerchantCountries: ['MT', 'IT'],
  blockedMerchantCountries: ['US'],
  allowContactless: true,
  allowAtm: false,
  allowECommerce: true,
  allowCashback: false,
  allowCreditAuthorisations: true,
  minTransactionAmount: 1_00,
  maxTransactionAmount: 500_00,
  rolloverPolicy: { rolloverNegative: true },
  spendLimit: [
    { value: { currency: 'USD', amount: 100_00 }, interval: 'DAILY', startTimestamp: daysAgo(30) },
    { value: { currency: 'USD', amount: 5_000_00 }, interval: 'ALWAYS', startTimestamp: daysAgo(30) },
  ],
});

const fewRules = ({ mode, currency }: StoredCard): CardLevelSpendRules => ({
  blockedMerchantCategories: ['5813'],
  allowContactless: true,
  allowAtm: false,
  allowECommerce: true,
  allowCashback: false,
  allowCreditAuthorisations: true,
  ...(mode === 'DEBIT_MODE' && { spendLimit: [{ value: { currency, amount: 1_000_00 }, interval: 'MONTHLY' }] }),
});

function addAdaCards(state: State, { ada, adaAccount, daysAgo }: Seeded) {
  const holder = { nameOnCard: 'Ada Lovelace', billingAddress: { ...ADDRESS, city: 'London', country: 'GB' } };
  openCard(
    state,
    ada,
    {
      ...holder,
      mode: 'DEBIT_MODE',
      profileId: DEBIT_CARD_PROFILE,
      parentManagedAccountId: adaAccount.id,
      friendlyName: 'Everyday card',
    },
    daysAgo(180),
  );
  const purse = openCard(
    state,
    ada,
    { ...holder, mode: 'PREPAID_MODE', profileId: PREPAID_CARD_PROFILE, currency: 'GBP', friendlyName: 'Purse' },
    daysAgo(170),
  );
  fund(state, purse, 150_00, daysAgo(169));
}

/** Money from outside, as a correction by the programme leaves it on the ledger. */
function fund(state: State, { id, currency }: StoredCard, amount: number, at: number) {
  const transactionId = state.nextId();
  state.ledger.post(
    {
      id: transactionId,
      at,
      transaction: { type: 'system_transactions', id: transactionId, subtype: 'balance_adjustments' },
      legacyType: 'SYSTEM_TRANSACTION',
      description: 'Opening balance',
    },
    [
      { account: `world:${currency}`, currency, amount: -amount },
      { account: id, currency, amount },
    ],
  );
}
