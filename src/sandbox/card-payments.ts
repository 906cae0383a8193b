import {
  CARD_PAYMENT_EVENT_TYPES,
  CARD_PAYMENT_STATUSES,
  CARD_PAYMENT_SUBTYPES,
  CARD_PAYMENT_TYPES,
  type CardPayment,
  type CardPaymentEventDetail,
  type CardPaymentEventFilter,
  type CardPaymentFilter,
  type CardSummary,
  type cardPayments,
} from '../weavr/card-payments.js';
import { SORT_ORDERS } from '../weavr/statements.js';
import { type Activity, type ActivitySource, sidesOf, statusOf } from './core/activity.js';
import { checkQuery } from './core/books.js';
import type { Handlers } from './core/handlers.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredCard, StoredCardPayment } from './core/state.js';

function summaryOf(card: StoredCard): CardSummary {
  const { id, friendlyName, nameOnCard, cardBrand, cardNumberFirstSix, cardNumberLastFour, userId } = card;
  return {
    id,
    type: 'managed_cards',
    mode: card.mode === 'DEBIT_MODE' ? 'debit' : 'prepaid',
    friendlyName,
    nameOnCard,
    cardBrand,
    cardNumberFirstSix,
    cardNumberLastFour,
    linkedUserId: userId,
    parentManagedAccountId: card.mode === 'DEBIT_MODE' ? card.parentManagedAccountId : undefined,
  };
}

function present(state: State, { cardId, wallet: _, ...payment }: StoredCardPayment): CardPayment {
  return { ...payment, card: summaryOf(state.managedCards.any(cardId)!) }; // cards are never forgotten
}

/** Newest first, unless told. */
const sorted = <Row>(rows: Row[], timeOf: (row: Row) => number, sortOrder: unknown = 'DESC') => {
  const direction = sortOrder === 'ASC' ? 1 : -1;
  return rows.toSorted((a, b) => direction * (timeOf(a) - timeOf(b)));
};

const containsName = (part: string | undefined, name = '') =>
  part === undefined || name.toLowerCase().includes(part.toLowerCase());

const matchesFilter = (query: CardPaymentFilter, payment: StoredCardPayment) =>
  [
    is(query.cardId, payment.cardId),
    isOneOf(query.status, payment.status),
    isOneOf(query.type, payment.type),
    payment.events.some(({ subtype }) => isOneOf(query.subtype, subtype)),
    containsName(query.merchantName, payment.merchant.name),
    within(query.amountFrom, query.amountTo, payment.displayAmount.amount),
    is(query.relatedCardPaymentId, payment.relatedCardPaymentId),
    within(query.creationTimestampFrom, query.creationTimestampTo, payment.creationTimestamp),
    within(query.lastUpdatedTimestampFrom, query.lastUpdatedTimestampTo, payment.lastUpdatedTimestamp),
  ].every(Boolean);

/** The steps of a payment as they stand alone. */
function detailsOf(state: State, payment: StoredCardPayment): CardPaymentEventDetail[] {
  const { id: cardPaymentId, card, merchant, events } = present(state, payment);
  return events.map((event) => ({ ...event, cardPaymentId, card, merchant }));
}

const matchesEventFilter = (query: CardPaymentEventFilter, event: CardPaymentEventDetail) =>
  [
    is(query.cardPaymentId, event.cardPaymentId),
    is(query.cardId, event.card.id),
    isOneOf(query.type, event.type),
    isOneOf(query.subtype, event.subtype),
    is(query.reversal, event.reversal),
    within(query.timestampFrom, query.timestampTo, event.timestamp),
  ].every(Boolean);

export const cardPaymentHandlers: Handlers<typeof cardPayments> = {
  cardPaymentsGet: (query, { state, session }) => {
    const period = { from: 'creationTimestampFrom', to: 'creationTimestampTo', shortest: 0 };
    checkQuery(query, period, {
      status: CARD_PAYMENT_STATUSES,
      type: CARD_PAYMENT_TYPES,
      subtype: CARD_PAYMENT_SUBTYPES,
      sortOrder: SORT_ORDERS,
    });
    const found = state.cardPayments.of(identityOf(session).id).filter((payment) => matchesFilter(query, payment));
    const { items, counts } = pageOf(
      sorted(found, ({ creationTimestamp }) => creationTimestamp, query.sortOrder),
      query,
    );
    return { cardPayments: items.map((payment) => present(state, payment)), ...counts };
  },

  cardPaymentGet: ({ id }, { state, session }) => present(state, state.cardPayments.find(identityOf(session).id, id)),

  cardPaymentEventsGet: (query, { state, session }) => {
    const period = { from: 'timestampFrom', to: 'timestampTo', shortest: 0 };
    checkQuery(query, period, {
      type: CARD_PAYMENT_EVENT_TYPES,
      subtype: CARD_PAYMENT_SUBTYPES,
      reversal: ['true', 'false'],
      sortOrder: SORT_ORDERS,
    });
    const found = state.cardPayments
      .of(identityOf(session).id)
      .flatMap((payment) => detailsOf(state, payment))
      .filter((event) => matchesEventFilter(query, event));
    const { items, counts } = pageOf(
      sorted(found, ({ timestamp }) => timestamp, query.sortOrder),
      query,
    );
    return { events: items, ...counts };
  },
};

/** What a payment came to in its card's currency, with what the programme charged for it. */
function sumOf({ events, displayAmount }: StoredCardPayment): Pick<Activity, 'amount' | 'fee'> {
  const last = events.findLast(({ reversal }) => !reversal);
  const fee = events.flatMap(({ fees = [] }) => fees).find((one) => one.type === 'PLATFORM_FEE');
  return {
    amount: last?.billingAmount ?? displayAmount,
    fee: fee && { id: fee.id, type: 'fees', subtype: fee.subtype, amount: fee.amount },
  };
}

const ENTERING: readonly CardPayment['type'][] = ['REFUND', 'ORIGINAL_CREDIT'];

export const cardPaymentActivity: ActivitySource = (state, owner) =>
  state.cardPayments.of(owner).flatMap((payment) => {
    const { id, type, status, cardId, creationTimestamp, lastUpdatedTimestamp } = payment;
    const end = ENTERING.includes(type) ? 'destination' : 'source';
    return sidesOf(
      state,
      owner,
      { [end]: { type: 'managed_cards', id: cardId } },
      {
        ...sumOf(payment),
        id,
        type: 'card_payments',
        status: statusOf(status),
        creationTimestamp,
        lastUpdatedTimestamp,
        transaction: present(state, payment),
      },
    );
  });
