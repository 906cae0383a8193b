import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Weavr } from '../weavr/core/client.js';
import { managedAccounts } from '../weavr/managed-accounts.js';
import * as rest from '../weavr/managed-cards.js';
import { Address } from './core/address.js';
import { builder, type Types } from './core/builder.js';
import {
  CardBrand,
  CardClassification,
  CardMode,
  CardType,
  DeliveryAddress,
  DeliveryMethod,
  DigitalWallets,
  ExternalDatum,
  ManufacturingState,
  RenewalType,
  ReplacementReason,
  ThreeDSecureAuthConfig,
  TimeoutDecision,
} from './core/cards.js';
import { connection, type PageArgs, pageArgs, readPage } from './core/connection.js';
import { Balances, BlockedReason, DestroyedReason, Instrument, InstrumentStateEnum } from './core/instruments.js';
import { asksOnlyBelow, link } from './core/link.js';
import { upstream, upstreamOn } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';

const api = rest.managedCards;

export const ManagedCard = builder.interfaceRef<rest.ManagedCard>('ManagedCard');
ManagedCard.implement({
  description: 'A payment card: it holds its own funds, or spends from an account.',
  interfaces: [Instrument],
  // A mode of tomorrow still tells by its parent account.
  resolveType: (card) => (card.mode === 'DEBIT_MODE' || 'parentManagedAccountId' in card ? 'DebitCard' : 'PrepaidCard'),
  fields: (t) => ({
    mode: t.expose('mode', { type: CardMode, description: 'How it is funded.' }),
    externalHandle: t.exposeString('externalHandle', {
      nullable: true,
      description: "Weavr's code for the card, to be quoted instead of its number.",
    }),
    type: t.expose('type', { type: CardType, description: 'Virtual or physical.' }),
    cardBrand: t.expose('cardBrand', { type: CardBrand, nullable: true, description: 'Its scheme.' }),
    cardNumber: t.field({
      type: 'Secret',
      nullable: true,
      description: 'The whole number, or its token for a browser SDK. Null unless the session is stepped up.',
      resolve: ({ cardNumber }) => cardNumber?.value,
    }),
    cvv: t.field({
      type: 'Secret',
      nullable: true,
      description: 'The CVV, or its token for a browser SDK. Null unless the session is stepped up.',
      resolve: ({ cvv }) => cvv?.value,
    }),
    cardNumberFirstSix: t.exposeString('cardNumberFirstSix', { nullable: true, description: 'Six digits.' }),
    cardNumberLastFour: t.exposeString('cardNumberLastFour', { nullable: true, description: 'Four digits.' }),
    nameOnCard: t.exposeString('nameOnCard', { description: "The cardholder's name, as merchants check it." }),
    nameOnCardLine2: t.exposeString('nameOnCardLine2', { nullable: true, description: 'A second printed line.' }),
    startMmyy: t.exposeString('startMmyy', { nullable: true, description: 'The first month it is valid, as MMYY.' }),
    expiryMmyy: t.exposeString('expiryMmyy', { nullable: true, description: 'The last month it is valid, as MMYY.' }),
    expiryPeriodMonths: t.exposeInt('expiryPeriodMonths', { nullable: true, description: 'Its life in months.' }),
    cardLevelClassification: t.expose('cardLevelClassification', {
      type: CardClassification,
      nullable: true,
      description: 'Whether its number is from the range of consumers or of corporates.',
    }),
    renewalType: t.expose('renewalType', { type: RenewalType, nullable: true, description: 'Its fate at the end.' }),
    renewsAt: t.expose('renewalTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it will be renewed.',
    }),
    billingAddress: t.expose('billingAddress', {
      type: Address,
      nullable: true,
      description: "The cardholder's address, as merchants check it.",
    }),
    digitalWallets: t.expose('digitalWallets', {
      type: DigitalWallets,
      nullable: true,
      description: 'Whether it may be added to the wallet of a phone.',
    }),
    physicalCardDetails: t.expose('physicalCardDetails', {
      type: PhysicalCardDetails,
      nullable: true,
      description: 'Of the plastic; null for a virtual card.',
    }),
    authForwardingDefaultTimeoutDecision: t.expose('authForwardingDefaultTimeoutDecision', {
      type: TimeoutDecision,
      nullable: true,
      description: 'What becomes of a purchase when your server does not decide in time.',
    }),
    userId: t.exposeID('userId', {
      nullable: true,
      description: 'The user it is linked to, who confirms its online purchases.',
    }),
    externalData: t.field({
      type: [ExternalDatum],
      description: "The caller's own values, up to 10.",
      resolve: ({ externalData = [] }) => externalData,
    }),
    singleSpend: t.exposeBoolean('singleSpend', {
      nullable: true,
      description: 'Whether it is blocked after its first purchase.',
    }),
    replacement: t.expose('replacement', {
      type: ManagedCardReplacement,
      nullable: true,
      description: 'The card that took its place, if one did.',
    }),
    threeDSecureAuthConfig: t.expose('threeDSecureAuthConfig', {
      type: ThreeDSecureAuthConfig,
      nullable: true,
      description: 'How online purchases are confirmed.',
      deprecationReason: 'Use `userId`.',
    }),
    cardholderMobileNumber: t.exposeString('cardholderMobileNumber', {
      nullable: true,
      description: 'Where codes for online purchases are sent: + and digits.',
      deprecationReason: "Use `userId`: the user's own number serves.",
    }),
  }),
});

const ManagedCardReplacement = builder
  .objectRef<NonNullable<rest.ManagedCard['replacement']>>('ManagedCardReplacement')
  .implement({
    description: 'That another card took the place of this one.',
    fields: (t) => ({
      reason: t.expose('reason', { type: ReplacementReason, nullable: true, description: 'Why.' }),
      managedCard: t.field(
        link(api.managedCardGet, { type: ManagedCard, description: 'The new card.', id: ({ id }) => id }),
      ),
    }),
  });

const PhysicalCardDetails = builder.objectRef<rest.PhysicalCardDetails>('PhysicalCardDetails').implement({
  description: 'The plastic of a card, and its way to its holder.',
  fields: (t) => ({
    pendingActivation: t.exposeBoolean('pendingActivation', {
      nullable: true,
      description: 'Whether it must be activated before it works at terminals.',
    }),
    pinBlocked: t.exposeBoolean('pinBlocked', { nullable: true, description: 'Blocked by too many wrong PINs.' }),
    manufacturingState: t.expose('manufacturingState', {
      type: ManufacturingState,
      nullable: true,
      description: 'How far it is on its way.',
    }),
    productReference: t.exposeString('productReference', {
      nullable: true,
      description: "Weavr's name of its design.",
    }),
    carrierType: t.exposeString('carrierType', { nullable: true, description: 'What it is mounted on.' }),
    bulkDelivery: t.exposeBoolean('bulkDelivery', { nullable: true, description: 'Sent in one box with others.' }),
    deliveryAddress: t.expose('deliveryAddress', {
      type: DeliveryAddress,
      nullable: true,
      description: 'Where it is sent.',
    }),
    deliveryMethod: t.expose('deliveryMethod', {
      type: DeliveryMethod,
      nullable: true,
      description: 'How it is sent.',
    }),
    deliveryTrackingCode: t.exposeString('deliveryTrackingCode', {
      nullable: true,
      description: 'Its number with the carrier; often later than DISPATCHED.',
    }),
    deliveryTrackingMethod: t.exposeString('deliveryTrackingMethod', { nullable: true, description: 'The carrier.' }),
    deliveryTrackingUrl: t.exposeString('deliveryTrackingUrl', { nullable: true, description: 'Where to follow it.' }),
    replacement: t.field({
      type: ManagedCardReplacement,
      nullable: true,
      description: 'The card that took its place, if one did.',
      deprecationReason: "Use the card's own `replacement`.",
      resolve: ({ replacement: { replacementId: id, replacementReason: reason } = {} }) => (id ? { id, reason } : null),
    }),
    nameOnCardLine2: t.exposeString('nameOnCardLine2', {
      nullable: true,
      description: 'A second printed line.',
      deprecationReason: "Use the card's own `nameOnCardLine2`.",
    }),
  }),
});

export const PrepaidCard = builder.objectRef<rest.PrepaidModeCard>('PrepaidCard').implement({
  description: 'A card that holds its own funds.',
  interfaces: [ManagedCard, Instrument],
  fields: (t) => ({
    balances: t.field({
      type: Balances,
      nullable: true,
      description: 'What it holds.',
      resolve: ({ balances, currency }) => balances && { ...balances, currency },
    }),
  }),
});

export const DebitCard = builder.objectRef<rest.DebitModeCard>('DebitCard').implement({
  description: 'A card that spends from its parent account, within its spend rules.',
  interfaces: [ManagedCard, Instrument],
  fields: (t) => ({
    parentManagedAccount: t.field(
      link(managedAccounts.managedAccountGet, {
        type: ManagedAccount,
        description: 'The account it spends from.',
        id: ({ parentManagedAccountId }) => parentManagedAccountId,
      }),
    ),
    userCurrency: t.expose('userCurrency', {
      type: 'Currency',
      nullable: true,
      description: "Its holder's own currency, if limits are set in that one: an ISO 4217 code.",
    }),
  }),
});

export const ManagedCardConnection = connection('ManagedCardConnection', ManagedCard);

const ManagedCardFilter = builder.inputType('ManagedCardFilter', {
  description: 'Which cards. All given conditions must hold.',
  fields: (t) => ({
    profileId: t.id({ description: 'Created under this profile.' }),
    friendlyName: t.string({ description: 'Exactly this name.' }),
    state: t.field({ type: [InstrumentStateEnum], description: 'In one of these states.' }),
    blockedReason: t.field({ type: [BlockedReason], description: 'Blocked for one of these reasons.' }),
    destroyedReason: t.field({ type: [DestroyedReason], description: 'Destroyed for one of these reasons.' }),
    currency: t.field({ type: 'Currency', description: 'In this currency.' }),
    mode: t.field({ type: CardMode, description: 'Funded this way.' }),
    type: t.field({ type: CardType, description: 'Virtual, or physical.' }),
    renewalType: t.field({ type: RenewalType, description: 'With this fate when it expires.' }),
    externalHandle: t.string({ description: "Exactly this code of Weavr's." }),
    cardNumberFirstSix: t.string({ description: 'With these first six digits.' }),
    cardNumberLastFour: t.string({ description: 'With these last four digits.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    tag: t.string({ description: 'Exactly this label.' }),
    parentManagedAccountId: t.id({ description: 'Debit cards that spend from this account.' }),
    manufacturingState: t.field({ type: [ManufacturingState], description: 'Physical cards in one of these states.' }),
    userId: t.id({ description: 'Linked to this user.' }),
  }),
});

const listArgs = (t: ArgBuilder<Types>) => ({
  ...pageArgs(t),
  filter: t({ type: ManagedCardFilter, description: 'Which cards; absent: all.' }),
});

interface ListArgs extends PageArgs {
  filter?: typeof ManagedCardFilter.$inferInput | null;
}

/** A page of cards, with the filter in Weavr's words. */
const readCards = (
  weavr: Weavr,
  { filter, ...page }: ListArgs,
  info: GraphQLResolveInfo,
  parent?: { parentManagedAccountId: string },
) => {
  const { blockedReason, destroyedReason, ...rest } = filter ?? {};
  const reasons = { 'state.blockedReason': blockedReason, 'state.destroyedReason': destroyedReason };
  return readPage(weavr, api.managedCardsGet, page, { ...rest, ...reasons, ...parent }, info);
};

builder.queryFields((t) => ({
  managedCard: t.field({
    ...upstreamOn({ free: asksOnlyBelow }, api.managedCardGet),
    type: ManagedCard,
    nullable: true,
    description: 'One card; null if there is none. Where only its statement is asked for, it is not read itself.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }, info) =>
      asksOnlyBelow(info) ? ({ id } as rest.ManagedCard) : weavr.find(api.managedCardGet, { id }), // no more is read
  }),
  managedCards: t.field({
    ...upstream(api.managedCardsGet),
    type: ManagedCardConnection,
    nullable: true,
    description: "The identity's cards.",
    args: listArgs(t.arg),
    resolve: (_root, args, { weavr }, info) => readCards(weavr, args, info),
  }),
}));

builder.objectFields(ManagedAccount, (t) => ({
  cards: t.field({
    ...upstream(api.managedCardsGet),
    type: ManagedCardConnection,
    nullable: true,
    description:
      'The debit cards that spend from it, whatever `parentManagedAccountId` the filter names. One REST call per account, or fewer for many.',
    args: listArgs(t.arg),
    resolve: ({ id }, args, { weavr }, info) => readCards(weavr, args, info, { parentManagedAccountId: id }),
  }),
}));
