import * as rest from '../weavr/managed-cards.js';
import { AddressInput } from './core/address.js';
import { builder } from './core/builder.js';
import { DeliveryAddressInput, DeliveryMethod, RenewalType, ThreeDsChannel, TimeoutDecision } from './core/cards.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { ManagedCard } from './managed-cards.js';

const api = rest.managedCards;

const DigitalWalletsInput = builder.inputType('DigitalWalletsInput', {
  description: 'Whether a card may be added to the wallet of a phone.',
  fields: (t) => ({
    walletsEnabled: t.boolean({ description: 'Whether its holder may add it by hand. Needs `artworkReference`.' }),
    pushProvisioningEnabled: t.boolean({ description: 'Whether an app may add it.' }),
    artworkReference: t.string({ description: "What it looks like there: Weavr's name of the artwork." }),
  }),
});

export const ExternalDatumInput = builder.inputType('ExternalDatumInput', {
  description: 'One of your own values.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is: up to 100 characters, 50 on a transfer.' }),
    value: t.string({ required: true, description: 'The value: up to 100 characters, 255 on a transfer.' }),
  }),
});

const ThreeDSecureAuthConfigInput = builder.inputType('ThreeDSecureAuthConfigInput', {
  description: 'How online purchases with a card are confirmed.',
  fields: (t) => ({
    linkedUserId: t.id({ required: true, description: 'The user who confirms.' }),
    primaryChannel: t.field({ type: ThreeDsChannel, required: true, description: 'What is tried first.' }),
    fallbackChannel: t.field({ type: ThreeDsChannel, description: 'What is tried then: OTP_SMS is the only one.' }),
  }),
});

const NAME = 'Its name for people, up to 50 characters.';
const NAME_ON_CARD = "The cardholder's name, up to 27 characters: merchants may check it, and physical cards show it.";
const BILLING =
  "The cardholder's address, which merchants may check. Only the second line and the state may be left out.";

/** What may be set when a card is created and when it is changed. */
const settings = (t: InputFields) => ({
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
  nameOnCardLine2: t.string({ description: 'A second line on physical cards, up to 27 characters.' }),
  digitalWallets: t.field({ type: DigitalWalletsInput, description: 'Whether a phone may hold it.' }),
  authForwardingDefaultTimeoutDecision: t.field({
    type: TimeoutDecision,
    description: 'What becomes of a purchase when your server does not decide in time.',
  }),
  externalData: t.field({ type: [ExternalDatumInput], description: 'Your own values, up to 10.' }),
  renewalType: t.field({ type: RenewalType, description: 'What happens when it expires.' }),
  userId: t.id({ description: 'The user it is linked to, who confirms its online purchases.' }),
  threeDSecureAuthConfig: t.field({
    type: ThreeDSecureAuthConfigInput,
    description: 'How online purchases are confirmed.',
    deprecationReason: 'Use `userId`.',
  }),
  cardholderMobileNumber: t.string({
    description: 'Where codes for online purchases are sent: + and digits.',
    deprecationReason: "Use `userId`: the user's own number serves.",
  }),
});

/** What may be set when a card is made physical and when it is changed. */
export const plastic = (t: InputFields) => ({
  deliveryMethod: t.field({ type: DeliveryMethod, description: 'How it is sent.' }),
  bulkDelivery: t.boolean({
    description: 'Sent in one box with others to the same address: by REGISTERED_MAIL or COURIER.',
  }),
  activationCode: t.field({ type: 'Secret', description: 'Will be asked for when it is activated: 1 to 6 digits.' }),
  productReference: t.string({ description: "Weavr's name of its design; absent where there is one alone." }),
  carrierType: t.string({ description: "Weavr's name of what it is mounted on; absent where there is one alone." }),
});

const newCard = (t: InputFields) => ({
  profileId: t.id({ required: true, description: "The programme's profile for cards of this mode." }),
  friendlyName: t.string({ required: true, description: NAME }),
  nameOnCard: t.string({ required: true, description: NAME_ON_CARD }),
  billingAddress: t.field({ type: AddressInput, required: true, description: BILLING }),
  ...settings(t),
});

const NewPrepaidCardInput = builder.inputType('NewPrepaidCardInput', {
  description: 'A card that will hold its own funds.',
  fields: (t) => ({
    ...newCard(t),
    currency: t.field({ type: 'Currency', required: true, description: 'One that the profile allows.' }),
  }),
});

const NewDebitCardInput = builder.inputType('NewDebitCardInput', {
  description: 'A card that will spend from an account.',
  fields: (t) => ({
    ...newCard(t),
    parentManagedAccountId: t.id({ required: true, description: "Weavr's id of the account, which must be active." }),
    userCurrency: t.field({
      type: 'Currency',
      description: "Its holder's own currency, for limits in that one; not the account's.",
    }),
  }),
});

const NewManagedCardInput = builder.inputType('NewManagedCardInput', {
  description: 'One of the two kinds of card.',
  isOneOf: true,
  fields: (t) => ({
    prepaid: t.field({ type: NewPrepaidCardInput, description: 'It will hold its own funds.' }),
    debit: t.field({ type: NewDebitCardInput, description: 'It will spend from an account.' }),
  }),
});

/** The card itself, as Weavr answered it. */
export const changed = (t: PayloadFields<{ managedCard: rest.ManagedCard }>) => ({
  managedCard: t.expose('managedCard', { type: ManagedCard, description: 'The card.' }),
});

/** The card, read again if it is asked for: Weavr answers 204. */
export const reread = (t: PayloadFields<{ id: string }>) => ({
  managedCard: t.field({
    ...upstream(api.managedCardGet),
    type: ManagedCard,
    nullable: true,
    description: 'The card as it is now. Asking for it costs one read.',
    resolve: ({ id }, _args, { weavr }) => weavr.find(api.managedCardGet, { id }),
  }),
});

mutation('createManagedCard', api.managedCardCreate, {
  description: 'Creates a virtual card. The identity must be verified.',
  input: (t) => ({
    card: t.field({ type: NewManagedCardInput, required: true, description: 'Prepaid, or debit.' }),
  }),
  within: ({ card }) => ['card', card.prepaid ? 'prepaid' : 'debit'],
  resolve: async ({ card: { prepaid, debit } }, call) => ({
    managedCard: await call(
      // Exactly one of the two is there: the input is @oneOf.
      prepaid ? { mode: 'PREPAID_MODE', ...prepaid } : { mode: 'DEBIT_MODE', ...debit! },
    ),
  }),
  payload: changed,
});

export const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the card." }) });

mutation('updateManagedCard', api.managedCardUpdate, {
  description: 'Changes what is given and leaves the rest. What concerns the delivery is for physical cards alone.',
  input: (t) => ({
    ...byId(t),
    friendlyName: t.string({ description: NAME }),
    nameOnCard: t.string({ description: NAME_ON_CARD }),
    billingAddress: t.field({ type: AddressInput, description: BILLING }),
    ...settings(t),
    deliveryAddress: t.field({ type: DeliveryAddressInput, description: 'Where it is sent.' }),
    ...plastic(t),
  }),
  resolve: async (input, call) => ({ managedCard: await call(input) }),
  payload: changed,
});

mutation('blockManagedCard', api.managedCardBlock, {
  description: 'Blocks a card until a user unblocks it.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('unblockManagedCard', api.managedCardUnblock, {
  description: 'Unblocks a card that a user blocked.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('removeManagedCard', api.managedCardRemove, {
  description: 'Destroys a card for good. A prepaid one must be empty.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});
