import type { Merchant } from '../../weavr/card-payments.js';
import { credit, type Order, purchase, release, reverse, settle } from './purchases.js';
import type { Seeded } from './seed.js';
import type { State, StoredAccount, StoredCard, StoredCardPayment } from './state.js';

/** What moved money, to be posted in the order of time. */
export interface Posting {
  at: number;
  post: () => void;
  /** The accounts it makes an entry on. */
  touched: string[];
}

const COFFEE = { name: 'Harbour Coffee', id: '100000000000001', categoryCode: '5814', country: 'MT' };
const RAIL = { name: 'Northern Rail', id: '100000000000002', categoryCode: '4112', country: 'IT' };
const HOSTING = { name: 'Cloud Nine Hosting', id: '100000000000003', categoryCode: '7372', country: 'IE' };
const HOTEL = { name: 'Grand Hotel', id: '100000000000004', categoryCode: '7011', country: 'IT' };
const SUPPLIES = { name: 'Corner Office Supplies', id: '100000000000005', categoryCode: '5943', country: 'MT' };
const BOOKSHOP = { name: 'Airport Books', id: '100000000000006', categoryCode: '5942', country: 'US' };
const CASH_MACHINE = { name: 'Republic Street ATM', id: '100000000000007', categoryCode: '6011', country: 'MT' };
const BAR = { name: 'The Anchor', id: '100000000000008', categoryCode: '5813', country: 'MT' };
const LOTTERY = { name: 'Island Lottery', id: '100000000000010', categoryCode: '7800', country: 'MT' };

const MERCHANTS = [COFFEE, RAIL, HOSTING, HOTEL, SUPPLIES];

/** The same coffee shop, with whatever can be known of a merchant. */
const FULLEST_MERCHANT: Required<Merchant> = {
  ...COFFEE,
  nameOther: 'Harbour Coffee Valletta',
  networkId: 'NET0001',
  description: 'Coffee and cake',
  street: '7 Quay',
  city: 'Valletta',
  state: 'Malta',
  postalCode: 'VLT1011',
  telephone: '+35621000001',
  url: 'https://coffee.example',
  contact: 'hello@coffee.example',
  reference: 'R-2048',
  logoUrl: 'https://coffee.example/logo.png',
};

/** The places of two payments of the long statement: one in another currency, one that cost a fee. */
const ABROAD = 33;
const CHARGED = 50;

/** Payments by an account's debit cards, evenly over the time since the first of them; one brings a fee's entry along. */
export function statementPayments(state: State, main: StoredAccount, { daysAgo }: Seeded, entries: number): Posting[] {
  const cards = state.cardsOn(main.id);
  const since = Math.max(daysAgo(358), Math.min(...cards.map((card) => card.creationTimestamp)));
  const step = (daysAgo(0) - since) / entries;
  return Array.from({ length: entries - 1 }, (_, place) => {
    const at = Math.round(since + (place + 1) * step);
    const usable = cards.filter((card) => card.creationTimestamp < at);
    const card = usable[place % usable.length]!;
    return { at, touched: [main.id], post: () => pay(state, card, orderAt(place, at), place === CHARGED ? 1_50 : 0) };
  });
}

function orderAt(place: number, at: number): Order {
  if (place === ABROAD) return { at, merchant: BOOKSHOP, amount: { currency: 'USD', amount: 50_00 } };
  const merchant = MERCHANTS[place % MERCHANTS.length]!;
  const amount = { currency: 'EUR', amount: 3_50 + ((place * 173) % 9_000) };
  return { at, merchant, amount, wallet: merchant === RAIL ? 'APPLE_PAY' : undefined };
}

/** A purchase that is authorised and settled at once. */
function pay(state: State, card: StoredCard, order: Order, fee = 0) {
  const payment = purchase(state, card, order);
  settle(state, payment, { at: order.at, fee });
  return payment;
}

const euros = (amount: number) => ({ currency: 'EUR', amount });

/**
 * What became of payments with some of Acme's cards: of every type and status there is at least one. On every account the
 * entries come in the order of time.
 */
export function seedPayments(state: State, seeded: Seeded) {
  payInFull(state, cardOf(state, 'debit-2'), seeded);
  getBack(state, cardOf(state, 'debit-24'), seeded);
  payAsPlanned(state, cardOf(state, 'debit-14'), seeded);
  payInVain(state, cardOf(state, 'debit-4'), seeded);
  payFromPurse(state, cardOf(state, 'prepaid-1'), seeded);
  const adaCard = state.managedCards.of(seeded.ada.id).find(({ mode }) => mode === 'DEBIT_MODE')!; // seedCards has made it
  pay(state, adaCard, { at: seeded.daysAgo(30), merchant: BOOKSHOP, amount: { currency: 'GBP', amount: 18_90 } });
}

const cardOf = (state: State, label: string) => state.managedCards.all().find(({ tag }) => tag === label)!; // seedCards has made it

/** Every optional property at once. */
function payInFull(state: State, card: StoredCard, { daysAgo }: Seeded) {
  const payment = purchase(state, card, {
    at: daysAgo(20),
    merchant: FULLEST_MERCHANT,
    amount: { currency: 'GBP', amount: 20_00 },
    entry: 'CONTACTLESS',
    wallet: 'GOOGLE_PAY',
    authorisationCategory: 'PRE_AUTH',
  });
  Object.assign(payment.events[0]!, {
    authForwardingDetails: { triggered: true, decisionOutcome: 'APPROVE', innovatorTimedOut: false },
  });
  settle(state, payment, { at: daysAgo(19), amount: { currency: 'GBP', amount: 19_50 }, fee: 50 });
}

/** Settled, or about to be. */
function payAsPlanned(state: State, card: StoredCard, { daysAgo }: Seeded) {
  const cash = { merchant: CASH_MACHINE, amount: euros(50_00), subtype: 'cash_withdrawals' as const };
  pay(state, card, { ...cash, at: daysAgo(9) }, 2_00);
  const topUp = { merchant: LOTTERY, amount: euros(10_00), subtype: 'account_funding' as const };
  pay(state, card, { ...topUp, at: daysAgo(8), entry: 'E_COMMERCE' });
  purchase(state, card, {
    at: daysAgo(1),
    merchant: HOTEL,
    amount: euros(180_00),
    authorisationCategory: 'PRE_AUTH',
  });
}

/** Declined by a rule, cancelled, and never settled. */
function payInVain(state: State, card: StoredCard, { daysAgo }: Seeded) {
  purchase(state, card, { at: daysAgo(6), merchant: BAR, amount: euros(24_00) });
  const cash = { merchant: CASH_MACHINE, amount: euros(40_00), subtype: 'cash_withdrawals' as const };
  purchase(state, card, { ...cash, at: daysAgo(5.5) });
  const room = purchase(state, card, { at: daysAgo(40), merchant: HOTEL, amount: euros(95_00) });
  release(state, room, { at: daysAgo(39), status: 'CANCELLED', reason: 'Guest did not come' });
  const seat = purchase(state, card, { at: daysAgo(38), merchant: RAIL, amount: euros(31_00) });
  release(state, seat, { at: daysAgo(31), status: 'EXPIRED' });
}

/** Charged back, undone by the merchant, and refunded. */
function getBack(state: State, card: StoredCard, { daysAgo }: Seeded) {
  const never = pay(state, card, { at: daysAgo(22), merchant: HOSTING, amount: euros(45_00) });
  winChargeback(state, card, never, daysAgo(17));
  const books = { merchant: BOOKSHOP, amount: { currency: 'USD', amount: 64_00 } };
  const { id: relatedCardPaymentId } = pay(state, card, { ...books, at: daysAgo(16) });
  const twice = pay(state, card, { at: daysAgo(15), merchant: SUPPLIES, amount: euros(29_00) });
  reverse(state, twice, daysAgo(14));
  credit(state, card, { ...books, type: 'REFUND', at: daysAgo(12), reasonCode: '7', relatedCardPaymentId });
}

/** Money back by the card scheme's decision instead of the merchant's. */
function winChargeback(state: State, card: StoredCard, { events }: StoredCardPayment, at: number) {
  const { id: relatedMovementId, billingAmount } = events.at(-1)!;
  const { currency, amount } = billingAmount!; // it was settled
  const id = state.nextId();
  state.ledger.post(
    {
      id,
      at,
      transaction: { type: 'system_transactions', id, subtype: 'chargebacks_won' },
      legacyType: 'SYSTEM_TRANSACTION',
      description: 'Goods never arrived',
      cardId: card.id,
      relatedMovementId,
    },
    [
      { account: state.ledgerAccountOf(card), currency, amount },
      { account: `world:${currency}`, currency, amount: -amount },
    ],
  );
}

/** With a prepaid card: paid, too little left to pay, and won. */
function payFromPurse(state: State, card: StoredCard, { daysAgo }: Seeded) {
  pay(state, card, { at: daysAgo(25), merchant: COFFEE, amount: euros(4_80), entry: 'CONTACTLESS' });
  purchase(state, card, { at: daysAgo(24), merchant: HOTEL, amount: euros(9_000_00) });
  credit(state, card, { at: daysAgo(23), merchant: LOTTERY, amount: euros(12_00), type: 'ORIGINAL_CREDIT' });
}
