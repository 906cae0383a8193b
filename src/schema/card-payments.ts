import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import * as rest from '../weavr/card-payments.js';
import type { Weavr } from '../weavr/core/client.js';
import { managedAccounts } from '../weavr/managed-accounts.js';
import { managedCards } from '../weavr/managed-cards.js';
import { users } from '../weavr/users.js';
import { builder, type Types } from './core/builder.js';
import { CardBrand, CardMode } from './core/cards.js';
import { connection, type PageArgs, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { Money } from './core/money.js';
import { upstream } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { ManagedCard } from './managed-cards.js';
import { SortOrder } from './statements.js';
import { Transaction } from './transactions.js';
import { User } from './users.js';

const api = rest.cardPayments;

const CardPaymentType = enumType<rest.CardPayment['type']>('CardPaymentType', 'What a card was used for.', {
  PURCHASE: 'To buy something.',
  REFUND: 'To get money back from a merchant.',
  ORIGINAL_CREDIT: 'To be sent money.',
  ACCOUNT_FUNDING: 'To load money onto an account.',
  CASH_WITHDRAWAL: 'To draw cash.',
  BALANCE_INQUIRY: 'To see what is left: no money moves.',
});

const CardPaymentStatus = enumType<rest.CardPayment['status']>('CardPaymentStatus', 'How far a card payment is.', {
  SETTLEMENT_IN_PROGRESS: 'Authorised, and not yet wholly settled: the money is held.',
  SETTLED: 'Wholly settled: the money has moved.',
  DECLINED: 'Declined: no money has moved.',
  CANCELLED: 'Given up before it was settled: no money has moved.',
  EXPIRED: 'Never settled: what was held is available again.',
});

export const CardPaymentSubtype = enumType<rest.CardPaymentSubtype>(
  'CardPaymentSubtype',
  'What a step of a card payment is for, in the words of the card schemes.',
  {
    sale_purchases: 'A purchase.',
    cash_withdrawals: 'Cash from a machine or a counter.',
    sales_with_cashback: 'A purchase with cash handed out on top.',
    mail_or_telephone_orders: 'An order by mail or telephone.',
    account_funding: 'Money loaded onto an account elsewhere.',
    purchase_reversals: 'A purchase undone.',
    cash_withdrawal_reversals: 'A withdrawal undone.',
    purchase_refunds: 'Money back for a purchase.',
    purchase_refund_reversals: 'A refund undone.',
    original_credit_transactions: 'Money sent to the card.',
    original_credit_transaction_reversals: 'Money sent to the card, undone.',
  },
);

const MODES = { prepaid: 'PREPAID_MODE', debit: 'DEBIT_MODE' } as const;

export const CardSummary = builder.objectRef<rest.CardSummary>('CardSummary').implement({
  description: 'What a payment tells of its card, without a call.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id of the card." }),
    mode: t.field({
      type: CardMode,
      nullable: true,
      description: 'How it is funded.',
      // What is neither of the two, the enum tells.
      resolve: ({ mode }) => mode && (MODES[mode] ?? (mode as string as (typeof MODES)['debit'])),
    }),
    friendlyName: t.exposeString('friendlyName', { nullable: true, description: 'Its name for people.' }),
    nameOnCard: t.exposeString('nameOnCard', { nullable: true, description: "The cardholder's name." }),
    cardBrand: t.expose('cardBrand', { type: CardBrand, nullable: true, description: 'Its scheme.' }),
    cardNumberFirstSix: t.exposeString('cardNumberFirstSix', { nullable: true, description: 'Six digits.' }),
    cardNumberLastFour: t.exposeString('cardNumberLastFour', { nullable: true, description: 'Four digits.' }),
    managedCard: t.field(
      link(managedCards.managedCardGet, { type: ManagedCard, description: 'The card itself.', id: ({ id }) => id }),
    ),
    user: t.field(
      link(users.userGetById, {
        type: User,
        description: 'The user it is linked to. A root user may come as null.',
        id: ({ linkedUserId }) => linkedUserId,
      }),
    ),
    parentManagedAccount: t.field(
      link(managedAccounts.managedAccountGet, {
        type: ManagedAccount,
        description: 'The account it spends from; null for a card that holds its own funds.',
        id: ({ parentManagedAccountId }) => parentManagedAccountId,
      }),
    ),
  }),
});

export const Merchant = builder.objectRef<rest.Merchant>('Merchant').implement({
  description: 'Who a card was used at. How much is known depends on the acquirer.',
  fields: (t) => ({
    merchantId: t.exposeString('id', { nullable: true, description: "The acquirer's id of it, not Weavr's." }),
    name: t.exposeString('name', { nullable: true, description: 'Its name, as it stands on the receipt.' }),
    nameOther: t.exposeString('nameOther', { nullable: true, description: 'Another name of it.' }),
    networkId: t.exposeString('networkId', { nullable: true, description: "The card scheme's id of it." }),
    categoryCode: t.exposeString('categoryCode', {
      nullable: true,
      description: 'What it sells, as a merchant category code of ISO 18245: four digits.',
    }),
    description: t.exposeString('description', { nullable: true, description: 'What it is, in words.' }),
    street: t.exposeString('street', { nullable: true, description: 'Street and number of its terminal.' }),
    city: t.exposeString('city', { nullable: true, description: 'The town of its terminal.' }),
    state: t.exposeString('state', { nullable: true, description: 'The state, county or region of its terminal.' }),
    postalCode: t.exposeString('postalCode', { nullable: true, description: 'The post code of its terminal.' }),
    country: t.expose('country', {
      type: 'CountryCode',
      nullable: true,
      description: 'Where its terminal is: an ISO 3166-1 alpha-2 code.',
    }),
    telephone: t.exposeString('telephone', { nullable: true, description: 'Its telephone number.' }),
    url: t.exposeString('url', { nullable: true, description: 'Its website.' }),
    contact: t.exposeString('contact', { nullable: true, description: 'A name or an e-mail address to turn to.' }),
    reference: t.exposeString('reference', { nullable: true, description: 'What it calls the payment itself.' }),
    logoUrl: t.exposeString('logoUrl', { nullable: true, description: 'Where to get its logo.' }),
  }),
});

export const CardPayment = builder.objectRef<rest.CardPayment>('CardPayment');
CardPayment.implement({
  description: 'One use of a card, from its authorisation to its settlement. A refund is a payment of its own.',
  interfaces: [Transaction],
  fields: (t) => ({
    profileId: t.exposeID('profileId', { nullable: true, description: "The programme's profile of its card." }),
    type: t.field({ type: CardPaymentType, description: 'What the card was used for.', resolve: ({ type }) => type }),
    status: t.expose('status', { type: CardPaymentStatus, description: 'How far it is.' }),
    card: t.expose('card', { type: CardSummary, description: 'The card that was used.' }),
    merchant: t.expose('merchant', { type: Merchant, description: 'Where it was used.' }),
    amount: t.expose('displayAmount', {
      type: Money,
      description:
        "What it was meant to be, in the currency of the card's holder if there is one. Never negative: the type tells whether it left the card.",
    }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it began.' }),
    updatedAt: t.expose('lastUpdatedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When its latest step came.',
    }),
    relatedCardPayment: t.field(
      link(api.cardPaymentGet, {
        type: CardPayment,
        description: 'The payment it follows from: the purchase of a refund, the fare of a tip.',
        id: ({ relatedCardPaymentId }) => relatedCardPaymentId,
      }),
    ),
    followingCardPayments: t.field({
      ...upstream(api.cardPaymentsGet),
      type: CardPaymentConnection,
      nullable: true,
      description: 'The payments that follow from it: refunds, tips. One REST call per payment, or fewer for many.',
      args: pageArgs(t.arg),
      resolve: ({ id }, page, { weavr }, info) =>
        readPage(weavr, api.cardPaymentsGet, page, { relatedCardPaymentId: id }, info),
    }),
  }),
});

const CardPaymentConnection = connection('CardPaymentConnection', CardPayment);

const CardPaymentFilter = builder.inputType('CardPaymentFilter', {
  description: 'Which card payments. All given conditions must hold.',
  fields: (t) => ({
    cardId: t.id({ description: 'With this card.' }),
    status: t.field({ type: [CardPaymentStatus], description: 'In one of these states.' }),
    type: t.field({ type: [CardPaymentType], description: 'Of one of these types.' }),
    subtype: t.field({ type: [CardPaymentSubtype], description: 'With a step for one of these purposes.' }),
    merchantName: t.string({ description: "A part of the merchant's name, in any case." }),
    amountFrom: t.field({ type: 'MinorUnits', description: "Of this amount or more, in each payment's own currency." }),
    amountTo: t.field({ type: 'MinorUnits', description: "Of this amount or less, in each payment's own currency." }),
    relatedCardPaymentId: t.id({ description: 'That follow from this payment.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Begun then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Begun then or earlier.' }),
    updatedFrom: t.field({ type: 'DateTime', description: 'With their latest step then or later.' }),
    updatedTo: t.field({ type: 'DateTime', description: 'With their latest step then or earlier.' }),
  }),
});

const listArgs = (t: ArgBuilder<Types>) => ({
  ...pageArgs(t),
  filter: t({ type: CardPaymentFilter, description: 'Which payments; absent: all.' }),
  sortOrder: t({ type: SortOrder, required: true, defaultValue: 'DESC', description: 'By when they began.' }),
});

interface ListArgs extends PageArgs {
  filter?: typeof CardPaymentFilter.$inferInput | null;
  sortOrder: typeof SortOrder.$inferInput;
}

/** A page of payments, with the filter in Weavr's words. */
function readPayments(
  weavr: Weavr,
  { filter, sortOrder, ...page }: ListArgs,
  info: GraphQLResolveInfo,
  of?: { cardId: string },
) {
  const { createdFrom, createdTo, updatedFrom, updatedTo, ...rest } = filter ?? {};
  return readPage(
    weavr,
    api.cardPaymentsGet,
    page,
    {
      ...rest,
      creationTimestampFrom: createdFrom,
      creationTimestampTo: createdTo,
      lastUpdatedTimestampFrom: updatedFrom,
      lastUpdatedTimestampTo: updatedTo,
      sortOrder,
      ...of,
    },
    info,
  );
}

builder.queryFields((t) => ({
  cardPayment: t.field({
    ...upstream(api.cardPaymentGet),
    type: CardPayment,
    nullable: true,
    description: 'One card payment; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.cardPaymentGet, { id }),
  }),
  cardPayments: t.field({
    ...upstream(api.cardPaymentsGet),
    type: CardPaymentConnection,
    nullable: true,
    description: "The payments with the identity's cards.",
    args: listArgs(t.arg),
    resolve: (_root, args, { weavr }, info) => readPayments(weavr, args, info),
  }),
}));

builder.interfaceField(ManagedCard, 'payments', (t) =>
  t.field({
    ...upstream(api.cardPaymentsGet),
    type: CardPaymentConnection,
    nullable: true,
    description: 'The payments with it, whatever `cardId` the filter names. One REST call per card, or fewer for many.',
    args: listArgs(t.arg),
    resolve: ({ id }, args, { weavr }, info) => readPayments(weavr, args, info, { cardId: id }),
  }),
);
