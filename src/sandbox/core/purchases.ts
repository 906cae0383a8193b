import type {
  AuthorisationEvent,
  CardPayment,
  CardPaymentEvent,
  CreditEvent,
  SettlementEvent,
} from '../../weavr/card-payments.js';
import type { CurrencyAmount } from '../../weavr/core/shapes.js';
import type { MerchantCounterparty } from '../../weavr/statements.js';
import { postFee } from '../fees.js';
import { creditDeclineOf, type Decline, declineOf, type Purchase, type PurchaseSubtype } from './authorisations.js';
import type { Movement } from './ledger.js';
import { converted, rateBetween } from './rates.js';
import type { State, StoredCard, StoredCardPayment } from './state.js';

type Wallet = MerchantCounterparty['digitalWalletTypeUsed'];

/** A purchase with what does not decide about it. */
export interface Order extends Purchase {
  authorisationCategory?: AuthorisationEvent['authorisationCategory'];
  wallet?: Wallet;
  /** In the card's currency, where the merchant's is another: what is held on top, 2 % when absent. */
  forexPadding?: number;
  /** The same for what the conversion costs, 1 % when absent. */
  forexFee?: number;
  /** The payment it follows from. */
  relatedCardPaymentId?: string;
}

/** Asks a card for money: approved, it is held until it is settled or released; declined, only the record stays. */
export function purchase(state: State, card: StoredCard, order: Order): StoredCardPayment {
  const payment = record(state, card, order, TYPES[order.subtype ?? 'sale_purchases'] ?? 'PURCHASE');
  const authorisation = authorisationOf(state, card, payment, order);
  const { amount } = authorisation.billingAmount;
  const decline = declineOf(state, card, order, amount);
  addEvent(payment, { ...authorisation, ...outcomeOf(decline) });
  payment.status = decline ? 'DECLINED' : 'SETTLEMENT_IN_PROGRESS';
  if (decline) return payment;
  state.ledger.hold(state.ledgerAccountOf(card), payment.id, amount);
  if (card.singleSpend) card.state = { state: 'BLOCKED', blockedReason: 'SINGLE_SPEND' };
  return payment;
}

interface Settlement {
  at: number;
  /** In the merchant's currency: what was authorised when absent, and perhaps more or less. */
  amount?: CurrencyAmount;
  /** What the programme charges for it, in minor units of the card's currency. */
  fee?: number;
}

/** Moves the money of an approved purchase. */
export function settle(state: State, payment: StoredCardPayment, { at, amount, fee }: Settlement) {
  const { card, authorisation } = inProgress(state, payment);
  const { subtype, forex, transactionAmount } = authorisation;
  const amounts = amountsOf(card, amount ?? transactionAmount!); // every authorisation has one
  state.ledger.release(state.ledgerAccountOf(card), payment.id);
  const event: SettlementEvent = {
    ...startOf(state, payment, at),
    ...amounts,
    type: 'SETTLEMENT',
    subtype,
    settlementState: 'COMPLETED',
    billingAmount: plus(amounts.billingAmount, forexFeeOf(authorisation)?.amount ?? 0),
    exchangeRate: forex?.exchangeRate,
  };
  addEvent(payment, event);
  payment.status = 'SETTLED';
  const conversion = conversionOf(authorisation, amounts.transactionAmount);
  const movement = post(state, payment, { event, legacyType: 'SETTLEMENT', forex: conversion });
  if (fee) charge(state, { card, event, movement }, fee);
}

/** Gives back what is held for a purchase that will not be settled. */
export function release(
  state: State,
  payment: StoredCardPayment,
  { at, status, reason }: { at: number; status: 'CANCELLED' | 'EXPIRED'; reason?: string },
) {
  const { card, authorisation } = inProgress(state, payment);
  const { result: _, ...released } = authorisation;
  state.ledger.release(state.ledgerAccountOf(card), payment.id);
  addEvent(payment, { ...released, ...startOf(state, payment, at), reversal: true, cancellationReason: reason });
  payment.status = status;
}

/** Brings the money of a settled purchase back to the card. */
export function reverse(state: State, payment: StoredCardPayment, at: number) {
  const settlement = payment.events.findLast((event) => event.type === 'SETTLEMENT');
  if (!settlement || settlement.reversal) throw new RangeError(`${payment.id} has nothing to reverse`);
  const event: SettlementEvent = { ...settlement, ...startOf(state, payment, at), reversal: true, fees: undefined };
  addEvent(payment, event);
  const subtype = settlement.subtype === 'cash_withdrawals' ? 'cash_withdrawal_reversals' : 'purchase_reversals';
  post(state, payment, { event, legacyType: 'SETTLEMENT_REVERSAL', subtype });
}

export interface Credit extends Pick<Order, 'merchant' | 'amount' | 'at' | 'wallet' | 'relatedCardPaymentId'> {
  type: CreditEvent['type'];
  reasonCode?: string;
}

/** Sends money from a merchant to a card, at once: a payment of its own, whatever it follows from. */
export function credit(state: State, card: StoredCard, order: Credit): StoredCardPayment {
  const { type, amount, at, reasonCode } = order;
  const decline = creditDeclineOf(state, card);
  const payment = record(state, card, order, type);
  const step = { ...startOf(state, payment, at), ...amountsOf(card, amount) };
  payment.status = decline ? 'DECLINED' : 'SETTLED';
  if (decline) {
    addEvent(payment, { ...step, ...outcomeOf(decline), type: 'AUTHORISATION', subtype: 'sale_purchases' });
    return payment;
  }
  const event: CreditEvent = {
    ...step,
    type,
    subtype: type === 'REFUND' ? 'purchase_refunds' : 'original_credit_transactions',
    reasonCode,
    exchangeRate: isForeign(card, amount) ? rateBetween(amount.currency, card.currency) : undefined,
  };
  addEvent(payment, event);
  post(state, payment, { event, legacyType: type === 'REFUND' ? 'MERCHANT_REFUND' : 'ORIGINAL_CREDIT_TRANSACTION' });
  return payment;
}

const TYPES: Partial<Record<PurchaseSubtype, CardPayment['type']>> = {
  cash_withdrawals: 'CASH_WITHDRAWAL',
  account_funding: 'ACCOUNT_FUNDING',
};

const isForeign = (card: StoredCard, { currency }: CurrencyAmount) => currency !== card.currency;
const plus = ({ currency, amount }: CurrencyAmount, more: number): CurrencyAmount => ({
  currency,
  amount: amount + more,
});

/** An amount as the merchant, the card and, where the card has a currency for display, its holder see it. */
function amountsOf(card: StoredCard, transactionAmount: CurrencyAmount) {
  const user = card.mode === 'DEBIT_MODE' ? card.userCurrency : undefined;
  return {
    transactionAmount,
    billingAmount: converted(transactionAmount, card.currency),
    ...(user && {
      userAmount: converted(transactionAmount, user),
      userExchangeRate: rateBetween(transactionAmount.currency, user),
    }),
  };
}

/** A purchase's first step, without how it ended. */
function authorisationOf(state: State, card: StoredCard, payment: StoredCardPayment, order: Order) {
  const { amount, at, subtype = 'sale_purchases', authorisationCategory = 'FINAL_AUTH' } = order;
  const amounts = amountsOf(card, amount);
  const step = { ...startOf(state, payment, at), ...amounts, type: 'AUTHORISATION' as const };
  const event = { ...step, subtype, authorisationCategory };
  if (!isForeign(card, amount)) return event;
  const { currency, amount: billed } = amounts.billingAmount;
  const { forexPadding = Math.round(billed * 0.02), forexFee = Math.round(billed * 0.01) } = order;
  return {
    ...event,
    billingAmount: plus(amounts.billingAmount, forexPadding + forexFee),
    forex: { exchangeRate: rateBetween(amount.currency, currency), padding: { currency, amount: forexPadding } },
    fees: [{ type: 'FOREX_FEE' as const, amount: { currency, amount: forexFee } }],
  };
}

/** How a settlement was converted, in the words of statements. */
const conversionOf = (authorisation: AuthorisationEvent, originalAmount: CurrencyAmount) =>
  authorisation.forex && {
    originalAmount,
    exchangeRate: authorisation.forex.exchangeRate,
    paddingAmount: authorisation.forex.padding,
    feeAmount: forexFeeOf(authorisation),
  };

const outcomeOf = (decline: Decline | undefined) => ({
  result: decline ? ('DECLINED' as const) : ('APPROVED' as const),
  ...decline,
});

const forexFeeOf = ({ fees }: AuthorisationEvent) => fees?.find(({ type }) => type === 'FOREX_FEE')?.amount;

/** A payment that nothing has happened in yet. */
function record(
  state: State,
  card: StoredCard,
  { merchant, amount, at, wallet, relatedCardPaymentId }: Omit<Credit, 'type'>,
  type: CardPayment['type'],
): StoredCardPayment {
  if (amount.amount <= 0) throw new RangeError(`${amount.amount} is nothing to pay`);
  const id = state.nextId();
  return state.cardPayments.add(state.managedCards.ownerOf(card.id) ?? '', id, {
    id,
    profileId: card.profileId,
    type,
    cardId: card.id,
    wallet,
    merchant,
    displayAmount: amount,
    status: 'SETTLEMENT_IN_PROGRESS',
    relatedCardPaymentId,
    events: [],
    creationTimestamp: at,
  });
}

/** What every step begins with: all of a payment's carry one code. */
const startOf = (state: State, payment: StoredCardPayment, at: number) => ({
  id: state.nextId(),
  reversal: false,
  authCode: payment.id.slice(-6),
  timestamp: at,
  processedTimestamp: at,
});

function addEvent(payment: StoredCardPayment, event: CardPaymentEvent) {
  payment.events.push(event);
  payment.lastUpdatedTimestamp = event.timestamp;
  if (!event.reversal) payment.displayAmount = event.userAmount ?? event.billingAmount ?? payment.displayAmount;
}

/** The card and the authorisation of a payment that waits to be settled. */
function inProgress(state: State, { id, cardId, status, events }: StoredCardPayment) {
  const card = state.managedCards.any(cardId);
  const authorisation = events.find((event) => event.type === 'AUTHORISATION');
  if (!card || !authorisation || status !== 'SETTLEMENT_IN_PROGRESS') throw new RangeError(`${id} is ${status}`);
  return { card, authorisation };
}

interface Posting extends Pick<Movement, 'legacyType' | 'forex'> {
  event: SettlementEvent | CreditEvent;
  /** Where statements have another word than the step. */
  subtype?: string;
}

/** Statements have no word for loading an account. */
const wordOf = ({ subtype }: CardPaymentEvent) => (subtype === 'account_funding' ? undefined : subtype);

/** Moves the money of one step, between the card's account and the world; the step's id is the movement's. */
function post(
  state: State,
  payment: StoredCardPayment,
  { event, legacyType, forex, subtype = wordOf(event) }: Posting,
) {
  const card = state.managedCards.any(payment.cardId)!; // cards are never forgotten
  const { currency, amount } = event.billingAmount!; // every step has one
  const enters = event.type !== 'SETTLEMENT' || event.reversal;
  const gained = enters ? amount : -amount;
  const { name = '', id, categoryCode, country } = payment.merchant;
  const movement: Movement = {
    id: event.id,
    at: event.timestamp,
    transaction: { type: 'card_payments', id: payment.id, subtype },
    legacyType,
    counterparty: { name, id, categoryCode, country, digitalWalletTypeUsed: payment.wallet },
    cardId: card.mode === 'DEBIT_MODE' ? card.id : undefined,
    forex,
  };
  state.ledger.post(movement, [
    { account: state.ledgerAccountOf(card), currency, amount: gained },
    { account: `world:${currency}`, currency, amount: -gained },
  ]);
  return movement;
}

/** Charges for a settlement: a movement of its own, which the settlement's own sums up. */
function charge(
  state: State,
  { card, event, movement }: { card: StoredCard; event: SettlementEvent; movement: Movement },
  amount: number,
) {
  const subtype = event.subtype === 'cash_withdrawals' ? 'atm_withdrawal_fees' : 'purchase_fees';
  const id = postFee(state, card, { at: event.timestamp, amount, subtype, relatedMovementId: movement.id });
  const fee = { id, subtype, amount: { currency: card.currency, amount } };
  movement.fee = { ...fee, type: 'fees' };
  event.fees = [{ ...fee, type: 'PLATFORM_FEE' }];
}
