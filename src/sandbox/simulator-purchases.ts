import { CARD_HOLDER_PRESENCES, type PurchaseOutcome, type SimulatedPurchase } from '../weavr/simulator.js';
import { twoLetters } from './core/countries.js';
import type { Call } from './core/handlers.js';
import { credit, type Order, purchase, settle } from './core/purchases.js';
import type { State, StoredCard, StoredCardPayment } from './core/state.js';
import { check, currency, matches, oneOf, type Rule, range, required, size } from './core/validation.js';
import { LARGEST_AMOUNT } from './simulator-deposits.js';

const alpha3: Rule = (value) =>
  matches(/^[A-Z]{3}$/)(value) ?? (twoLetters(String(value)) ? undefined : { error: 'IN' });
const wholeUpTo =
  (max: number): Rule =>
  (value) =>
    Number.isInteger(value) ? range(0, max)(value) : { error: 'RANGE', params: ['0', String(max)] };

/** Of a `Date`. */
const LAST_INSTANT = 8_640_000_000_000_000;

const PURCHASE = {
  merchantName: required(size(50, 1)),
  merchantCategoryCode: size(4, 1),
  merchantId: size(15, 1),
  'transactionAmount.currency': required(currency),
  transactionCountry: alpha3,
  cardHolderPresent: oneOf(CARD_HOLDER_PRESENCES),
  transactionTimestamp: wholeUpTo(LAST_INSTANT),
  forexFee: wholeUpTo(LARGEST_AMOUNT),
  forexPadding: wholeUpTo(LARGEST_AMOUNT),
  'additionalMerchantData.merchantCountry': alpha3,
};

/** What a merchant sells where nobody says. */
const GENERAL_MERCHANDISE = '5399';
const CASH_MACHINE = '6011';

function merchantOf({ additionalMerchantData: more = {}, ...given }: SimulatedPurchase, paymentId: string) {
  const country = more.merchantCountry ?? given.transactionCountry;
  const { merchantCategoryCode: category = '', merchantId = paymentId.slice(-15) } = given;
  return {
    id: merchantId,
    name: given.merchantName,
    nameOther: more.merchantNameOther,
    networkId: more.merchantNetworkId,
    categoryCode: given.atmWithdrawal ? CASH_MACHINE : /^\d{4}$/.test(category) ? category : GENERAL_MERCHANDISE,
    street: more.merchantStreet,
    city: more.merchantCity,
    state: more.merchantState,
    postalCode: more.merchantPostalCode,
    country: country && twoLetters(country),
    telephone: more.merchantTelephone,
    url: more.merchantURL,
    contact: more.merchantContact,
  };
}

/** No purchase lies ahead, whatever it says. */
function orderOf(state: State, input: SimulatedPurchase, now: number): Order {
  const { transactionAmount: amount, transactionTimestamp = now, forexFee, forexPadding } = input;
  const isRemote = input.cardPresent === false || input.cardHolderPresent === 'NOT_PRESENT';
  return {
    merchant: merchantOf(input, state.nextId()),
    amount,
    at: Math.min(transactionTimestamp, now),
    subtype: input.atmWithdrawal ? 'cash_withdrawals' : undefined,
    entry: isRemote ? 'E_COMMERCE' : undefined,
    forexFee,
    forexPadding,
  };
}

/** The reasons for a decline, in the Simulator's words. */
const OUTCOMES = new Map<string | undefined, PurchaseOutcome>([
  ['CARD_STATUS_NOT_ALLOWED', 'DENIED_CARD_INACTIVE'],
  ['SINGLE_SPEND', 'DENIED_CARD_INACTIVE'],
  ['PHYSICAL_NOT_ACTIVATED', 'DENIED_CARD_INACTIVE'],
  ['CARD_EXPIRY_CHECKS_FAILED', 'DENIED_CARD_EXPIRY'],
  ['AUTH_RULE_CHECKS_FAILED', 'DENIED_SPEND_CONTROL'],
  ['INSUFFICIENT_BALANCE', 'DENIED_NOT_ENOUGH_FUNDS'],
]);

function outcomeOf({ status, events }: StoredCardPayment): PurchaseOutcome {
  if (status !== 'DECLINED') return 'APPROVED';
  const declined = events.find((event) => event.type === 'AUTHORISATION');
  return OUTCOMES.get(declined?.declineReason) ?? 'DENIED_OTHER';
}

/** What is asked of a card, if there is one and it makes sense. */
function askedOf(state: State, input: SimulatedPurchase): StoredCard | PurchaseOutcome {
  const { amount } = input.transactionAmount;
  const card = state.managedCards.any(input.card_id);
  if (!card) return 'DENIED_CARD_NOT_FOUND';
  if (!Number.isSafeInteger(amount) || amount <= 0) return 'DENIED_AMOUNT_NOT_POSITIVE';
  return amount > LARGEST_AMOUNT ? 'DENIED_OTHER' : card;
}

/** The merchant settles at once. */
function pay(state: State, card: StoredCard, order: Order): PurchaseOutcome {
  const payment = purchase(state, card, order);
  if (payment.status !== 'DECLINED') settle(state, payment, { at: state.clock.now() });
  return outcomeOf(payment);
}

/** Whom the card's holder would have to ask on the device, if it is enrolled. */
function approverOf(state: State, { threeDSecureAuthConfig: { linkedUserId, primaryChannel } = {} }: StoredCard) {
  const known = primaryChannel === 'BIOMETRICS' && linkedUserId ? state.credentials.get(linkedUserId) : undefined;
  return known?.pushEnrolled === 'BIOMETRIC' ? known.id : undefined;
}

/** Asks the holder first. The id travels as a number, so it has fewer digits than others. */
function challenge(state: State, userId: string, pass: () => void) {
  const value = Number(state.nextId().slice(-15));
  state.pushes.set(String(value), { userId, pass });
  return {
    code: 'PENDING_BIOMETRIC_THREEDS_VERIFICATION' as const,
    threeDSecureChallengeId: { hasValue: true, value },
  };
}

export function buy(input: SimulatedPurchase, { state, now }: Call) {
  check(input, PURCHASE);
  const card = askedOf(state, input);
  if (typeof card === 'string') return { code: card };
  const order = orderOf(state, input, now);
  if (!input.initiateBiometricThreeDSecure) return { code: pay(state, card, order) };
  const approver = approverOf(state, card);
  return approver
    ? challenge(state, approver, () => void pay(state, card, order))
    : { code: 'CARD_NOT_ENROLLED_FOR_BIOMETRIC_THREEDS' as const };
}

/** The money is back at once, whatever it was paid for. */
export function refund(input: SimulatedPurchase, { state, now }: Call) {
  check(input, PURCHASE);
  const card = askedOf(state, input);
  if (typeof card === 'string') return { code: card };
  const { merchant, amount } = orderOf(state, input, now);
  return { code: outcomeOf(credit(state, card, { type: 'REFUND', merchant, amount, at: now })) };
}
