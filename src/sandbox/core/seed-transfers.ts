import type { InstrumentId } from '../../weavr/core/shapes.js';
import type { FeeSummary, MerchantCounterparty, TransactionForex } from '../../weavr/statements.js';
import type { Transfer } from '../../weavr/transfers.js';
import { executeTransfer, recordTransfer, scheduleTransfer, TRANSFER_PROFILE } from '../transfers.js';
import type { StoredInstrument } from './instruments.js';
import type { Movement } from './ledger.js';
import type { Seeded } from './seed.js';
import type { State, StoredAccount, StoredCard } from './state.js';

const TRANSFERS = 130;
const STATEMENT_ENTRIES = 250;

/** One round of transfers, by the places of the accounts; the card gives back a part of what it has just got. */
const ROUTES = [
  [0, 1],
  [0, 'CARD'],
  ['CARD', 0],
  [1, 0],
  [6, 7],
  [0, 2],
  [0, 'CARD'],
  [9, 10],
  [2, 3],
  [3, 4],
] as const;
const GIVING_BACK = 2;

/** The places of transfers that were not executed at once. */
const EXECUTED_LATER = 23;
const FAILED = 43;
const CANCELLED = new Map([
  [63, 'Wrong month'],
  [93, 'Paid by card instead'],
]);
const FIRST_SCHEDULED = 125;

const LABELS = [
  { tag: 'payroll', description: 'Salaries' },
  { tag: 'rent', description: 'Rent, first floor' },
  { description: 'Top-up' },
  { tag: 'savings', description: 'Monthly savings' },
  { tag: 'travel' },
  { tag: 'supplies', description: 'Anvils & rockets' },
  {},
];

const MERCHANTS: MerchantCounterparty[] = [
  { name: 'Harbour Coffee', id: '100000000000001', categoryCode: '5814', country: 'MT' },
  {
    name: 'Northern Rail',
    id: '100000000000002',
    categoryCode: '4112',
    country: 'IT',
    digitalWalletTypeUsed: 'APPLE_PAY',
  },
  { name: 'Cloud Nine Hosting', id: '100000000000003', categoryCode: '7372', country: 'IE' },
  { name: 'Grand Hotel', id: '100000000000004', categoryCode: '7011', country: 'IT' },
  { name: 'Corner Office Supplies', id: '100000000000005', categoryCode: '5943', country: 'MT' },
];

/** The places of two card payments: one in another currency, one that cost a fee. */
const ABROAD = 33;
const CHARGED = 50;
const BOOKSHOP = { name: 'Airport Books', id: '100000000000006', categoryCode: '5942', country: 'US' };
const FOREX: TransactionForex = {
  originalAmount: { currency: 'USD', amount: 50_00 },
  exchangeRate: { value: 92, scale: 2 },
  paddingAmount: { currency: 'EUR', amount: 92 },
  feeAmount: { currency: 'EUR', amount: 46 },
};
const FEE = { currency: 'EUR', amount: 1_50 };

/** What moved money, to be posted in the order of time. */
interface Posting {
  at: number;
  post: () => void;
  /** The accounts it makes an entry on. */
  touched: string[];
}

/** Acme's past year: its transfers, and as many card payments as make the first account's statement 250 entries long. */
export function seedTransfers(state: State, seeded: Seeded) {
  const main = seeded.accounts[0]!;
  const postings = [...transfers(state, seeded), wireFromOutside(state, main, seeded.daysAgo(362))];
  const known = postings.filter(({ touched }) => touched.includes(main.id)).length;
  const missing = STATEMENT_ENTRIES - state.ledger.entriesOf(main.id).length - known;
  postings.push(...cardPayments(state, main, seeded, missing));
  for (const { post } of postings.sort((a, b) => a.at - b.at)) post();
}

function transfers(state: State, { acme, accounts, daysAgo }: Seeded): Posting[] {
  const cards = state.managedCards.of(acme.id).filter(isFundable);
  return Array.from({ length: TRANSFERS }).flatMap((_, place) => {
    const day = 360 - place * 2.7;
    const due = dueDay(place, day);
    const card = cards[Math.floor(place / ROUTES.length) % cards.length]!;
    const [from, to] = ROUTES[place % ROUTES.length]!.map((stop) => (stop === 'CARD' ? card : accounts[stop]!));
    const transfer = recordTransfer(
      state,
      acme.id,
      {
        ...LABELS[place % LABELS.length],
        profileId: TRANSFER_PROFILE,
        source: refer(from!),
        destination: refer(to!),
        destinationAmount: { currency: from!.currency, amount: amountOf(place) },
        scheduledTimestamp: due === undefined ? undefined : String(daysAgo(due)),
      },
      daysAgo(day),
    );
    return settle(state, transfer, place, daysAgo(due ?? day));
  });
}

const isFundable = ({ mode, currency, state }: StoredCard) =>
  mode === 'PREPAID_MODE' && currency === 'EUR' && state.state === 'ACTIVE';

const refer = (instrument: StoredInstrument): InstrumentId => ({
  type: 'mode' in instrument ? 'managed_cards' : 'managed_accounts',
  id: instrument.id,
});

/** How many days ago a transfer was due, below zero for the future; undefined for one that was executed at once. */
function dueDay(place: number, day: number) {
  if (place >= FIRST_SCHEDULED) return FIRST_SCHEDULED - 10 - place;
  return [EXECUTED_LATER, FAILED, ...CANCELLED.keys()].includes(place) ? day - 2 : undefined;
}

function amountOf(place: number) {
  if (place === FAILED) return 9_999_999_00;
  return place % ROUTES.length === GIVING_BACK ? 5_00 + place : 20_00 + ((place * 37) % 60) * 100;
}

/** Gives a transfer the end that its place has; what is to be executed comes back as a posting. */
function settle(state: State, transfer: Transfer, place: number, at: number): Posting[] {
  const cancellationReason = CANCELLED.get(place);
  if (cancellationReason) Object.assign(transfer, { state: 'CANCELLED', cancellationReason });
  else if (place >= FIRST_SCHEDULED) scheduleTransfer(state, transfer);
  else {
    const touched = place === FAILED ? [] : [transfer.source.id, transfer.destination.id];
    return [{ at, touched, post: () => executeTransfer(state, transfer, at) }];
  }
  return [];
}

function wireFromOutside(state: State, main: StoredAccount, at: number): Posting {
  const id = state.nextId();
  const movement: Movement = {
    id,
    at,
    transaction: { type: 'incoming_wire_transfers', id, subtype: 'fundings' },
    legacyType: 'DEPOSIT',
    description: 'Invoice 1042',
    counterparty: {
      name: 'Coyote Desert Supplies',
      iban: 'DE89370400440532013000',
      bic: 'COBADEFFXXX',
      reference: 'Invoice 1042',
    },
  };
  return { at, touched: [main.id], post: () => post(state, movement, main, 25_000_00) };
}

/** Payments by the account's debit cards, evenly over the time since the first of them; one brings a fee's entry along. */
function cardPayments(state: State, main: StoredAccount, { daysAgo }: Seeded, entries: number): Posting[] {
  const cards = state.cardsOn(main.id);
  const since = Math.max(daysAgo(358), Math.min(...cards.map((card) => card.creationTimestamp)));
  const step = (daysAgo(0) - since) / entries;
  return Array.from({ length: entries - 1 }, (_, place) => {
    const at = Math.round(since + (place + 1) * step);
    const usable = cards.filter((card) => card.creationTimestamp < at);
    const cardId = usable[place % usable.length]!.id;
    return { at, touched: [main.id], post: () => pay(state, main, { place, at, cardId }) };
  });
}

function pay(state: State, main: StoredAccount, { place, at, cardId }: { place: number; at: number; cardId: string }) {
  const id = state.nextId();
  const special =
    place === ABROAD ? { counterparty: BOOKSHOP, forex: FOREX } : place === CHARGED ? { fee: feeOf(state) } : {};
  const movement: Movement = {
    id,
    at,
    transaction: { type: 'card_payments', id, subtype: 'sale_purchases' },
    legacyType: 'SETTLEMENT',
    counterparty: MERCHANTS[place % MERCHANTS.length],
    cardId,
    ...special,
  };
  post(state, movement, main, place === ABROAD ? -46_46 : -(3_50 + ((place * 173) % 9_000)));
  if (movement.fee) charge(state, movement, movement.fee, main);
}

/** A fee's own movement, beside the payment that it was charged for. */
function charge(
  state: State,
  { at, cardId, id: relatedMovementId }: Movement,
  { id }: FeeSummary,
  main: StoredAccount,
) {
  const transaction = { type: 'fees' as const, id, subtype: 'purchase_fees' };
  post(state, { id, at, transaction, legacyType: 'CHARGE_FEE', cardId, relatedMovementId }, main, -FEE.amount);
}

const feeOf = (state: State): FeeSummary => ({
  id: state.nextId(),
  type: 'fees',
  amount: FEE,
  subtype: 'purchase_fees',
});

/** Between an account and the world; a negative amount leaves the account. */
function post({ ledger }: State, movement: Movement, { id, currency }: StoredAccount, amount: number) {
  ledger.post(movement, [
    { account: id, currency, amount },
    { account: `world:${currency}`, currency, amount: -amount },
  ]);
}
