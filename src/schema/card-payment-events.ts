import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import * as rest from '../weavr/card-payments.js';
import type { Weavr } from '../weavr/core/client.js';
import { CardPaymentFee } from './card-payment-fees.js';
import { CardPayment, CardPaymentSubtype, CardSummary, Merchant } from './card-payments.js';
import { builder, type Types } from './core/builder.js';
import { connection, type PageArgs, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { Money, rateOf } from './core/money.js';
import type { PayloadFields } from './core/mutation.js';
import { lasting, upstream } from './core/upstream.js';
import { ManagedCard } from './managed-cards.js';
import { SortOrder } from './statements.js';

const api = rest.cardPayments;

export const CardPaymentEventType = enumType<rest.CardPaymentEvent['type']>(
  'CardPaymentEventType',
  'What happened in a card payment.',
  {
    AUTHORISATION: 'The merchant asked for money, or what was held for it changed. No money moves.',
    SETTLEMENT: 'Money moved between the card and the merchant.',
    REFUND: 'Money of an earlier purchase came back.',
    ORIGINAL_CREDIT: 'Money was sent to the card, without a purchase before.',
  },
);

const SettlementState = enumType<rest.SettlementEvent['settlementState']>(
  'SettlementState',
  'How far a settlement is.',
  {
    PENDING: 'Under way.',
    COMPLETED: 'Done.',
  },
);

const EVENT_TYPES = new Map([
  ['AUTHORISATION', 'CardPaymentAuthorisation'],
  ['SETTLEMENT', 'CardPaymentSettlement'],
  ['REFUND', 'CardPaymentRefund'],
  ['ORIGINAL_CREDIT', 'CardPaymentOriginalCredit'],
]);

export const CardPaymentEvent = builder.interfaceRef<rest.CardPaymentEventDetail>('CardPaymentEvent');
CardPaymentEvent.implement({
  description: 'One step of a card payment.',
  resolveType: ({ type }) => EVENT_TYPES.get(type) ?? 'OtherCardPaymentEvent',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id of the step, not of the payment." }),
    type: t.field({
      type: CardPaymentEventType,
      nullable: true,
      description: 'What happened.',
      resolve: ({ type }) => type,
    }),
    subtype: t.expose('subtype', { type: CardPaymentSubtype, nullable: true, description: 'What it is for.' }),
    reversal: t.exposeBoolean('reversal', {
      nullable: true,
      description: 'Whether it undoes an earlier step of the same payment.',
    }),
    transactionAmount: t.expose('transactionAmount', {
      type: Money,
      nullable: true,
      description: "How much, in the merchant's currency.",
    }),
    billingAmount: t.expose('billingAmount', {
      type: Money,
      nullable: true,
      description: "How much, in the card's currency.",
    }),
    userAmount: t.expose('userAmount', {
      type: Money,
      nullable: true,
      description: "How much, in the currency of the card's holder if there is one. For display alone.",
    }),
    userExchangeRate: t.string({
      nullable: true,
      description: 'The rate that made `userAmount` of `transactionAmount`, as an exact decimal.',
      resolve: ({ userExchangeRate }) => rateOf(userExchangeRate),
    }),
    authCode: t.exposeString('authCode', {
      nullable: true,
      description: 'The code that the authorisation was given, the same in all that follows from it.',
    }),
    fees: t.field({
      type: [CardPaymentFee],
      description: 'What this step costs.',
      resolve: ({ fees = [] }) => fees,
    }),
    occurredAt: t.expose('timestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it happened at the merchant.',
    }),
    processedAt: t.expose('processedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When Weavr dealt with it.',
    }),
    cardPayment: t.field(
      link(api.cardPaymentGet, {
        type: CardPayment,
        description: 'The payment it is a step of.',
        id: ({ cardPaymentId }) => cardPaymentId,
      }),
    ),
    card: t.expose('card', { type: CardSummary, nullable: true, description: 'The card that was used.' }),
    merchant: t.expose('merchant', { type: Merchant, nullable: true, description: 'Where it was used.' }),
  }),
});

/** What every step brings along of its payment. */
export type EventContext = Pick<rest.CardPaymentEventDetail, 'cardPaymentId' | 'card' | 'merchant'>;

/** The rate of a step that moved money. */
const exchangeRate = <Event extends { exchangeRate?: rest.SettlementEvent['exchangeRate'] }>(t: PayloadFields<Event>) =>
  t.string({
    nullable: true,
    description: 'The rate it was converted at, as an exact decimal; null if it was not.',
    resolve: (event) => rateOf(event.exchangeRate),
  });

builder.objectRef<rest.SettlementEvent & EventContext>('CardPaymentSettlement').implement({
  description: 'Money moved between the card and the merchant.',
  interfaces: [CardPaymentEvent],
  fields: (t) => ({
    settlementState: t.expose('settlementState', {
      type: SettlementState,
      nullable: true,
      description: 'How far it is.',
    }),
    exchangeRate: exchangeRate(t),
  }),
});

const creditFields = (t: PayloadFields<rest.CreditEvent & EventContext>) => ({
  reasonCode: t.exposeString('reasonCode', { nullable: true, description: "The card scheme's code of its reason." }),
  exchangeRate: exchangeRate(t),
});

builder.objectRef<rest.CreditEvent & EventContext>('CardPaymentRefund').implement({
  description: 'Money of an earlier purchase came back to the card.',
  interfaces: [CardPaymentEvent],
  fields: creditFields,
});

builder.objectRef<rest.CreditEvent & EventContext>('CardPaymentOriginalCredit').implement({
  description: 'Money was sent to the card, without a purchase before.',
  interfaces: [CardPaymentEvent],
  fields: creditFields,
});

builder.objectRef<rest.CardPaymentEventDetail>('OtherCardPaymentEvent').implement({
  description: 'A step of a kind that is newer than this schema.',
  interfaces: [CardPaymentEvent],
});

builder.objectField(CardPayment, 'events', (t) =>
  t.field({
    ...lasting({ atMost: 20 }),
    type: [CardPaymentEvent],
    description: 'Its steps, oldest first.',
    resolve: ({ id: cardPaymentId, card, merchant, events }) =>
      events.map((event) => ({ ...event, cardPaymentId, card, merchant })),
  }),
);

const CardPaymentEventConnection = connection('CardPaymentEventConnection', CardPaymentEvent);

const CardPaymentEventFilter = builder.inputType('CardPaymentEventFilter', {
  description: 'Which steps of card payments. All given conditions must hold.',
  fields: (t) => ({
    cardPaymentId: t.id({ description: 'Of this payment.' }),
    cardId: t.id({ description: 'Of payments with this card.' }),
    type: t.field({ type: [CardPaymentEventType], description: 'Of one of these types.' }),
    subtype: t.field({ type: [CardPaymentSubtype], description: 'For one of these purposes.' }),
    reversal: t.boolean({ description: 'True: those that undo an earlier one. False: the others.' }),
    occurredFrom: t.field({ type: 'DateTime', description: 'Happened then or later.' }),
    occurredTo: t.field({ type: 'DateTime', description: 'Happened then or earlier.' }),
  }),
});

const listArgs = (t: ArgBuilder<Types>) => ({
  ...pageArgs(t),
  filter: t({ type: CardPaymentEventFilter, description: 'Which steps; absent: all.' }),
  sortOrder: t({ type: SortOrder, required: true, defaultValue: 'DESC', description: 'By when they happened.' }),
});

interface ListArgs extends PageArgs {
  filter?: typeof CardPaymentEventFilter.$inferInput | null;
  sortOrder: typeof SortOrder.$inferInput;
}

/** A page of steps, with the filter in Weavr's words. */
function readEvents(
  weavr: Weavr,
  { filter, sortOrder, ...page }: ListArgs,
  info: GraphQLResolveInfo,
  of?: { cardId: string },
) {
  const { occurredFrom: timestampFrom, occurredTo: timestampTo, ...rest } = filter ?? {};
  const filters = { ...rest, timestampFrom, timestampTo, sortOrder, ...of };
  return readPage(weavr, api.cardPaymentEventsGet, page, filters, info);
}

builder.queryField('cardPaymentEvents', (t) =>
  t.field({
    ...upstream(api.cardPaymentEventsGet),
    type: CardPaymentEventConnection,
    nullable: true,
    description: "The steps of the payments with the identity's cards, one by one.",
    args: listArgs(t.arg),
    resolve: (_root, args, { weavr }, info) => readEvents(weavr, args, info),
  }),
);

builder.interfaceField(ManagedCard, 'paymentEvents', (t) =>
  t.field({
    ...upstream(api.cardPaymentEventsGet),
    type: CardPaymentEventConnection,
    nullable: true,
    description:
      'The steps of the payments with it, whatever `cardId` the filter names. One REST call per card, or fewer for many.',
    args: listArgs(t.arg),
    resolve: ({ id }, args, { weavr }, info) => readEvents(weavr, args, info, { cardId: id }),
  }),
);
