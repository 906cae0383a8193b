import type { Page } from '../weavr/core/shapes.js';
import {
  ACCESS_INSTRUMENT_TYPES,
  type Counterparty,
  type ExecutingAccessInstrument,
  SORT_ORDERS,
  type Statement,
  type StatementEntry,
  type StatementFilter,
  type statements,
  TRANSACTION_TYPES,
} from '../weavr/statements.js';
import { type Book, balancesOf, bookOf, checkQuery, FOOTER, otherSideOf } from './core/books.js';
import type { Call, Handlers, Rendering } from './core/handlers.js';
import type { StoredInstrument } from './core/instruments.js';
import type { Entry } from './core/ledger.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { pdf, printed, printedTime } from './core/rendering.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { legacyStatementHandlers } from './legacy-statements.js';

export const statementHandlers: Handlers<typeof statements> = {
  managedAccountStatement: (query, call) =>
    statement(call.state.managedAccounts.find(identityOf(call.session).id, query.id), query, call),

  managedCardStatement: (query, call) =>
    statement(call.state.managedCards.find(identityOf(call.session).id, query.id), query, call),

  ...legacyStatementHandlers,
};

function statement(
  instrument: StoredInstrument,
  query: Page & StatementFilter,
  { state, accept, now }: Call,
): Statement | Promise<Rendering> {
  const { startPeriod, endPeriod, sortOrder } = query;
  checkQuery(
    query,
    { from: 'startPeriod', to: 'endPeriod', shortest: 0 },
    {
      sortOrder: SORT_ORDERS,
      'transaction.type': TRANSACTION_TYPES,
      'executingAccessInstrument.type': ACCESS_INSTRUMENT_TYPES,
    },
  );
  const book = bookOf(state, instrument);
  const { opening, closing } = balancesOf(book, startPeriod, endPeriod);
  const found = select(state, book, query);
  const sorted = sortOrder === 'DESC' ? found.toReversed() : found;
  const present = (entry: Entry) => presentEntry(state, entry);
  const balances = { openingBalance: opening, closingBalance: closing, footer: FOOTER };
  if (accept.includes('application/pdf')) return print(instrument, { ...balances, entries: sorted.map(present) }, now);
  const { items, counts } = pageOf(sorted, query, 500);
  return { ...balances, entries: items.map(present), ...counts };
}

/** What is posted and moved the balance, within the period and the conditions. */
const select = (state: State, { entries }: Book, query: StatementFilter) =>
  entries.filter((entry) => {
    const access = accessInstrumentOf(state, entry);
    return [
      entry.amount !== 0,
      within(query.startPeriod, query.endPeriod, entry.movement.at),
      isOneOf(query['transaction.type'], entry.movement.transaction.type),
      is(query['executingAccessInstrument.id'], access?.id),
      isOneOf(query['executingAccessInstrument.type'], access?.type),
    ].every(Boolean);
  });

function presentEntry(state: State, entry: Entry): StatementEntry {
  const { currency, amount, balanceAfter, movement } = entry;
  return {
    entryId: movement.id,
    transaction: movement.transaction,
    description: movement.description,
    timestamp: movement.at,
    balanceAdjustment: { currency, amount },
    balanceAfter: { currency, amount: balanceAfter },
    counterparty: movement.counterparty ?? instrumentCounterparty(state, entry),
    fee: movement.fee,
    forex: movement.forex,
    relatedEntryId: movement.relatedMovementId,
    executingAccessInstrument: accessInstrumentOf(state, entry),
  };
}

function instrumentCounterparty(state: State, entry: Entry): Counterparty | undefined {
  const other = otherSideOf(state, entry);
  if (!other) return undefined;
  const { type, ...owner } = other.owner;
  return { ...other, owner: { ...owner, type: type === 'CORPORATE' ? 'corporates' : 'consumers' } };
}

/** The card that caused an entry, or the IBAN that a wire came or went by; it is known by its account's id. */
function accessInstrumentOf(state: State, { account, movement }: Entry): ExecutingAccessInstrument | undefined {
  const card = state.managedCards.any(movement.cardId ?? '');
  if (card) {
    const { id, friendlyName, cardBrand, cardNumberFirstSix, cardNumberLastFour } = card;
    return { id, type: 'managed_cards', friendlyName, cardBrand, cardNumberFirstSix, cardNumberLastFour };
  }
  const { details } = state.ibans.get(account)?.bankAccountDetails?.[0] ?? {};
  if (!details || !/_wire_transfers$/.test(movement.transaction.type)) return undefined;
  const handle = 'iban' in details ? details.iban : details.accountNumber;
  return { id: account, type: 'ibans', friendlyName: state.managedAccounts.any(account)?.friendlyName, handle };
}

function print({ id, friendlyName }: StoredInstrument, statement: Statement, at: number) {
  const { openingBalance: opening, closingBalance: closing, entries = [], footer = '' } = statement;
  return pdf({
    title: `Statement of ${friendlyName} (${id})`,
    facts: opening && closing ? [`Opening balance ${printed(opening)}`, `Closing balance ${printed(closing)}`] : [],
    columns: [
      { name: 'Time', width: 70 },
      { name: 'Entry', width: 90 },
      { name: 'Transaction', width: 120 },
      { name: 'Description', width: 95 },
      { name: 'Amount', width: 70, align: 'right' },
      { name: 'Balance', width: 70, align: 'right' },
    ],
    rows: entries.map(({ timestamp, entryId = '', transaction, description = '', ...entry }) => [
      printedTime(timestamp),
      entryId,
      transaction.type ?? '',
      description,
      entry.balanceAdjustment ? printed(entry.balanceAdjustment) : '',
      entry.balanceAfter ? printed(entry.balanceAfter) : '',
    ]),
    footer,
    at,
  });
}
