import type { CurrencyAmount, IdentityId, InstrumentId } from '../../weavr/core/shapes.js';
import { isDebitCard, type StoredInstrument } from './instruments.js';
import type { Entry } from './ledger.js';
import { many } from './lists.js';
import type { State } from './state.js';
import { invalid } from './validation.js';

export const FOOTER = 'Issued by the sandbox: no money behind it is real.';

/** What an instrument's statements are made from. */
export interface Book {
  instrument: StoredInstrument;
  /** In order of time, each with the balance after it; of a debit card, what it caused on its account. */
  entries: Entry[];
}

export function bookOf(state: State, instrument: StoredInstrument): Book {
  if (!('mode' in instrument)) return { instrument, entries: chronicle(state, instrument.id) };
  const entries = chronicle(state, state.ledgerAccountOf(instrument));
  const own = isDebitCard(instrument) ? entries.filter(({ movement }) => movement.cardId === instrument.id) : entries;
  return { instrument, entries: own };
}

/** A posting may be dated back, so the balances after are counted anew. */
function chronicle(state: State, account: string): Entry[] {
  let balance = 0;
  return state.ledger
    .entriesOf(account)
    .toSorted((a, b) => a.movement.at - b.movement.at)
    .map((entry) => {
      balance += entry.amount;
      return { ...entry, balanceAfter: balance };
    });
}

/** The balances at both ends of a period, its own milliseconds included; a debit card has none. */
export function balancesOf({ instrument, entries }: Book, from: unknown, to: unknown) {
  if (isDebitCard(instrument)) return {};
  const before = entries.findLast(({ movement }) => from !== undefined && movement.at < Number(from));
  const last = entries.findLast(({ movement }) => to === undefined || movement.at <= Number(to));
  const money = (amount = 0): CurrencyAmount => ({ currency: instrument.currency, amount });
  return { opening: money(before?.balanceAfter), closing: money(last?.balanceAfter) };
}

/** The instrument that an entry's money came from or went to, with its owner. */
export function otherSideOf(state: State, { account, amount, movement }: Entry) {
  const leg = state.ledger
    .legsOf(movement.id)
    .find((other) => other.account !== account && Math.sign(other.amount) === -Math.sign(amount));
  return leg && describe(state, leg.account);
}

export function describe(state: State, id: string) {
  const { managedAccounts, managedCards } = state;
  const type: InstrumentId['type'] = managedAccounts.any(id) ? 'managed_accounts' : 'managed_cards';
  const instrument = managedAccounts.any(id) ?? managedCards.any(id);
  if (!instrument) return undefined;
  const ownerId = managedAccounts.ownerOf(id) ?? managedCards.ownerOf(id) ?? '';
  const owner: IdentityId = { id: ownerId, type: state.corporates.any(ownerId) ? 'CORPORATE' : 'CONSUMER' };
  return { id, type, friendlyName: instrument.friendlyName, owner: { ...owner, name: state.nameOf(owner) } };
}

interface PeriodRule {
  from: string;
  to: string;
  /** In milliseconds. */
  shortest: number;
}

/** Refuses parameters outside of their members, and a period that ends before it starts. */
export function checkQuery(
  query: object,
  { from, to, shortest }: PeriodRule,
  members: Record<string, readonly string[]>,
) {
  const given = query as Record<string, unknown>; // a query string is texts by name
  const unknown = Object.entries(members).flatMap(([fieldName, known]) =>
    many(given[fieldName])?.every((value) => known.includes(value)) === false
      ? [{ fieldName, error: 'IN', params: [...known] }]
      : [],
  );
  const times = [from, to].flatMap((fieldName) =>
    given[fieldName] === undefined || /^-?\d{1,16}$/.test(String(given[fieldName]))
      ? []
      : [{ fieldName, error: 'INVALID_TYPE_OR_VALUE', params: [] }],
  );
  const ends =
    Number(given[to]) - Number(given[from]) < shortest ? [{ fieldName: to, error: 'RANGE', params: [] }] : [];
  if (unknown.length + times.length + ends.length) throw invalid([...unknown, ...times, ...ends]);
}
