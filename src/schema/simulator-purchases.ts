import { managedCards } from '../weavr/managed-cards.js';
import * as rest from '../weavr/simulator.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { MoneyInput } from './core/money.js';
import { mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { ManagedCard } from './managed-cards.js';

const api = rest.simulator;

const SimulatedPurchaseOutcome = enumType<rest.PurchaseOutcome>(
  'SimulatedPurchaseOutcome',
  'What became of a simulated purchase or refund.',
  {
    APPROVED: 'The money has moved, or is set aside for it.',
    DENIED_NOT_ENOUGH_FUNDS: 'There is less to spend than it costs.',
    DENIED_CARD_NOT_FOUND: 'There is no such card.',
    DENIED_INCORRECT_CVV: 'The security code is wrong.',
    DENIED_CARD_EXPIRY: 'The card has expired.',
    DENIED_AMOUNT_NOT_POSITIVE: 'The amount is not above zero.',
    DENIED_CARD_INACTIVE: 'The card is blocked, destroyed or not activated.',
    DENIED_OTHER: 'Refused for a reason that is not told.',
    DENIED_SPEND_CONTROL: 'A spend rule or a spend limit forbids it.',
    PENDING_BIOMETRIC_THREEDS_VERIFICATION: "Waits for the cardholder's device: `simulateChallengeSuccess` next.",
    CARD_NOT_ENROLLED_FOR_BIOMETRIC_THREEDS: "The card's purchases are confirmed on no device.",
  },
);

const CardHolderPresence = enumType<NonNullable<rest.SimulatedPurchase['cardHolderPresent']>>(
  'SimulatedCardHolderPresence',
  'Whether whoever holds a card was there.',
  { PRESENT: 'There.', NOT_PRESENT: 'Elsewhere, as in a shop on the web.', PRESENCE_UNKNOWN: 'Nobody knows.' },
);

const ALPHA_3 = 'As an ISO 3166-1 alpha-3 code: `MLT`. Everywhere else countries have two letters.';

const SimulatedMerchantInput = builder.inputType('SimulatedMerchantInput', {
  description: 'More about a merchant.',
  fields: (t) => ({
    street: t.string({ description: 'Street and number.' }),
    city: t.string({ description: 'Town.' }),
    state: t.string({ description: 'State or province.' }),
    postalCode: t.string({ description: 'Postal code.' }),
    country: t.string({ description: `Where it is. ${ALPHA_3}` }),
    telephone: t.string({ description: 'Telephone number.' }),
    url: t.string({ description: 'Its page on the web.' }),
    nameOther: t.string({ description: 'Another name of it.' }),
    networkId: t.string({ description: "The card network's id of it." }),
    contact: t.string({ description: 'Whom to ask there.' }),
  }),
});

const MERCHANT_NAMES = {
  merchantStreet: 'street',
  merchantCity: 'city',
  merchantState: 'state',
  merchantPostalCode: 'postalCode',
  merchantCountry: 'country',
  merchantTelephone: 'telephone',
  merchantURL: 'url',
  merchantNameOther: 'nameOther',
  merchantNetworkId: 'networkId',
  merchantContact: 'contact',
};

type Merchant = typeof SimulatedMerchantInput.$inferInput;

const merchantOf = ({ street, city, state, postalCode, country, telephone, url, ...more }: Merchant) => ({
  merchantStreet: street,
  merchantCity: city,
  merchantState: state,
  merchantPostalCode: postalCode,
  merchantCountry: country,
  merchantTelephone: telephone,
  merchantURL: url,
  merchantNameOther: more.nameOther,
  merchantNetworkId: more.networkId,
  merchantContact: more.contact,
});

const cardField = (t: PayloadFields<{ cardId: string }>) =>
  t.field({
    ...upstream(managedCards.managedCardGet),
    type: ManagedCard,
    nullable: true,
    description: "The card as it is now; null if it is not this session's. Asking for it costs one read.",
    resolve: ({ cardId }, _args, { weavr }) => weavr.follow(managedCards.managedCardGet, { id: cardId }),
  });

const PURCHASES = [
  [
    'simulateCardPurchase',
    api.cards_card_id_purchase,
    'Buys something with a card: the merchant asks, and settles at once if the card pays. Sent twice, it happens twice. Only for sandboxes.',
  ],
  [
    'simulateMerchantRefund',
    api.cards_card_id_merchant_refund,
    'Lets a merchant give money back to a card. Sent twice, it happens twice. Only for sandboxes.',
  ],
] as const;

for (const [name, operation, description] of PURCHASES)
  mutation(name, operation, {
    description,
    input: (t) => ({
      cardId: t.id({ required: true, description: "Weavr's id of the card." }),
      amount: t.field({ type: MoneyInput, required: true, description: "How much, in the merchant's currency." }),
      merchantName: t.string({ required: true, description: 'Name of the merchant, up to 50 characters.' }),
      merchantId: t.string({ description: "The acquirer's id of the merchant, up to 15 characters; absent: any." }),
      merchantCategoryCode: t.string({ description: 'What it sells, by ISO 18245; absent: `5399`, this and that.' }),
      merchant: t.field({ type: SimulatedMerchantInput, description: 'More about the merchant.' }),
      country: t.string({ description: `Where it happens. ${ALPHA_3}` }),
      at: t.field({ type: 'DateTime', description: 'When; absent: now.' }),
      atmWithdrawal: t.boolean({ description: 'True: it is cash from a machine, in the category `6011`.' }),
      cardPresent: t.boolean({ description: 'Whether the card was there.' }),
      cardHolderPresent: t.field({ type: CardHolderPresence, description: 'Whether the cardholder was there.' }),
      initiateBiometricThreeDSecure: t.boolean({ description: "True: asks on the cardholder's device first." }),
      forexFee: t.field({
        type: 'MinorUnits',
        deprecationReason: "Weavr deprecates it for the card profile's own.",
        description: "What a conversion costs, in the minor unit of the card's currency.",
      }),
      forexPadding: t.field({
        type: 'MinorUnits',
        deprecationReason: "Weavr deprecates it for the card profile's own.",
        description: "What is set aside on top of a conversion, in the minor unit of the card's currency.",
      }),
    }),
    renamed: {
      ...MERCHANT_NAMES,
      card_id: 'cardId',
      transactionAmount: 'amount',
      transactionCountry: 'country',
      transactionTimestamp: 'at',
      additionalMerchantData: 'merchant',
    },
    resolve: async ({ cardId, amount, merchant, country, at, ...given }, call) => ({
      cardId,
      ...(await call({
        ...given,
        card_id: cardId,
        transactionAmount: amount,
        transactionCountry: country,
        transactionTimestamp: at,
        additionalMerchantData: merchant && merchantOf(merchant),
      })),
    }),
    payload: (t) => ({
      outcome: t.field({
        type: SimulatedPurchaseOutcome,
        nullable: true,
        description: 'Whether the card paid or took the money, and why not.',
        resolve: ({ code }) => code,
      }),
      threeDSecureChallengeId: t.id({
        nullable: true,
        description: "The question on the cardholder's device, if there is one: for `simulateChallengeSuccess`.",
        resolve: ({ threeDSecureChallengeId: id }) => (id?.value ? String(id.value) : null),
      }),
      managedCard: cardField(t),
    }),
  });

const CARD_ENDS = [
  ['simulateCardExpiry', api.cards_card_id_expire, 'Lets a card expire, which destroys it'],
  ['simulateCardAboutToExpire', api.cards_card_id_about_to_expire, 'Brings a card to its last month'],
  ['simulateCardRenewal', api.cards_card_id_renew, 'Renews a card that is to be renewed'],
] as const;

for (const [name, operation, what] of CARD_ENDS)
  mutation(name, operation, {
    description: `${what}. Only for sandboxes.`,
    input: (t) => ({ cardId: t.id({ required: true, description: "Weavr's id of the card." }) }),
    renamed: { card_id: 'cardId' },
    resolve: async ({ cardId }, call) => {
      await call({ card_id: cardId });
      return { cardId };
    },
    payload: (t) => ({ managedCard: cardField(t) }),
  });
