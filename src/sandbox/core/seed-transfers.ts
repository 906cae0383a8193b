import type { InstrumentId } from '../../weavr/core/shapes.js';
import type { Transfer } from '../../weavr/transfers.js';
import { creditWire } from '../incoming-wire-transfers.js';
import { executeTransfer, recordTransfer, scheduleTransfer, TRANSFER_PROFILE } from '../transfers.js';
import type { StoredInstrument } from './instruments.js';
import type { Seeded } from './seed.js';
import { type Posting, statementPayments } from './seed-payments.js';
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

/** Acme's past year: its transfers, and as many card payments as make the first account's statement 250 entries long. */
export function seedTransfers(state: State, seeded: Seeded) {
  const main = seeded.accounts[0]!;
  const postings = [...transfers(state, seeded), wireFromOutside(state, main, seeded.daysAgo(362))];
  const known = postings.filter(({ touched }) => touched.includes(main.id)).length;
  const missing = STATEMENT_ENTRIES - state.ledger.entriesOf(main.id).length - known;
  postings.push(...statementPayments(state, main, seeded, missing));
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
  const reference = 'Invoice 1042';
  const sender = { name: 'Coyote Desert Supplies', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', reference };
  const wire = { amount: { currency: main.currency, amount: 25_000_00 }, sender, description: reference };
  return { at, touched: [main.id], post: () => creditWire(state, main, wire, { at, id }) };
}
