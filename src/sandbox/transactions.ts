import type { InstrumentId } from '../weavr/core/shapes.js';
import { SORT_ORDERS, TRANSACTION_TYPES, type TransactionType } from '../weavr/statements.js';
import {
  type SystemTransaction,
  TRANSACTION_ACTIVITY_DIRECTIONS,
  TRANSACTION_ACTIVITY_SORT_KEYS,
  TRANSACTION_ACTIVITY_STATUSES,
  type TransactionActivity,
  type TransactionActivityFilter,
  type TransactionActivityPage,
  type transactions,
} from '../weavr/transactions.js';
import { cardPaymentActivity } from './card-payments.js';
import { type Activity, type ActivitySource, sidesOf } from './core/activity.js';
import { checkQuery } from './core/books.js';
import { type Call, type Handlers, notFound } from './core/handlers.js';
import type { Entry } from './core/ledger.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredCard } from './core/state.js';
import { correspondentBankTransferActivity } from './correspondent-bank-transfers.js';
import { feeActivity } from './fees.js';
import { incomingWireTransferActivity } from './incoming-wire-transfers.js';
import { outgoingWireTransferActivity } from './outgoing-wire-transfers.js';
import { sendActivity } from './sends.js';
import { transferActivity } from './transfers.js';

const moneyOf = ({ currency, amount }: Entry) => ({ currency, amount: Math.abs(amount) });

/** The debit card that caused an entry, or the account or card that it is on. */
function instrumentOf({ managedAccounts }: State, { account, movement: { cardId } }: Entry): InstrumentId {
  if (cardId) return { type: 'managed_cards', id: cardId };
  return { type: managedAccounts.any(account) ? 'managed_accounts' : 'managed_cards', id: account };
}

function correctionOf(state: State, entry: Entry): SystemTransaction {
  const { transaction, at, description, relatedMovementId = '' } = entry.movement;
  return {
    id: transaction.id,
    subtype: transaction.subtype,
    amount: moneyOf(entry),
    instrument: instrumentOf(state, entry),
    status: 'COMPLETED',
    reason: description,
    relatedTransactionId: state.ledger.legsOf(relatedMovementId)[0]?.movement.transaction.id,
    creationTimestamp: at,
    lastUpdatedTimestamp: at,
  };
}

/** Corrections are what the ledger says: nothing but the feeds lists them. */
const systemActivity: ActivitySource = (state, owner) =>
  [...state.managedAccounts.of(owner), ...state.managedCards.of(owner)]
    .flatMap(({ id }) => state.ledger.entriesOf(id))
    .filter(({ movement }) => movement.transaction.type === 'system_transactions')
    .flatMap((entry) => {
      const correction = correctionOf(state, entry);
      const { id, status, amount, instrument, creationTimestamp, lastUpdatedTimestamp } = correction;
      const ends = entry.amount < 0 ? { source: instrument } : { destination: instrument };
      const row = { id, status, amount, creationTimestamp, lastUpdatedTimestamp, transaction: correction };
      return sidesOf(state, owner, ends, { ...row, type: 'system_transactions' });
    });

/** What each kind adds to the feeds, as its row exports it. */
const SOURCES: Record<TransactionType, ActivitySource> = {
  transfers: transferActivity,
  sends: sendActivity,
  card_payments: cardPaymentActivity,
  outgoing_wire_transfers: outgoingWireTransferActivity,
  correspondent_bank_transfers: correspondentBankTransferActivity,
  incoming_wire_transfers: incomingWireTransferActivity,
  fees: feeActivity,
  system_transactions: systemActivity,
};

const feedOf = (state: State, owner: string): Activity[] =>
  Object.values(SOURCES).flatMap((source) => source(state, owner));

const matchesFilter = (query: TransactionActivityFilter, row: Activity) =>
  [
    isOneOf(query.type, row.type),
    isOneOf(query.status, row.status),
    is(query.direction, row.direction),
    within(query.creationTimestampFrom, query.creationTimestampTo, row.creationTimestamp),
    within(query.lastUpdatedTimestampFrom, query.lastUpdatedTimestampTo, row.lastUpdatedTimestamp),
  ].every(Boolean);

const MEMBERS = {
  type: TRANSACTION_TYPES,
  status: TRANSACTION_ACTIVITY_STATUSES,
  direction: TRANSACTION_ACTIVITY_DIRECTIONS,
  sortOrder: SORT_ORDERS,
  sortBy: TRANSACTION_ACTIVITY_SORT_KEYS,
};

/** One page of some rows: newest first, unless told. */
function pageOfFeed(rows: Activity[], query: TransactionActivityFilter) {
  checkQuery(query, { from: 'creationTimestampFrom', to: 'creationTimestampTo', shortest: 0 }, MEMBERS);
  const { sortBy = 'creationTimestamp', sortOrder = 'DESC' } = query;
  const direction = sortOrder === 'ASC' ? 1 : -1;
  const found = rows
    .filter((row) => matchesFilter(query, row))
    .sort((a, b) => direction * ((a[sortBy] ?? 0) - (b[sortBy] ?? 0)));
  return pageOf(found, query);
}

/** What happened on one of the caller's instruments; on an account, with its debit cards too. */
function rowsOn({ state, session }: Call, { type, id }: InstrumentId): Activity[] {
  const owner = identityOf(session).id;
  (type === 'managed_cards' ? state.managedCards : state.managedAccounts).find(owner, id);
  const accountOf = (card: StoredCard | undefined) => card && state.ledgerAccountOf(card);
  const isOn = ({ instrument }: Activity) =>
    instrument.id === id || accountOf(state.managedCards.any(instrument.id)) === id;
  return feedOf(state, owner).filter(isOn);
}

/** A row without what the path says. */
const unnamed = ({ instrument: _, ...row }: Activity): TransactionActivity => row;

function feedOn(instrument: InstrumentId, query: TransactionActivityFilter, call: Call): TransactionActivityPage {
  const { items, counts } = pageOfFeed(rowsOn(call, instrument), query);
  return { transactions: items.map(unnamed), ...counts };
}

function rowOn(instrument: InstrumentId, transactionId: string, call: Call): TransactionActivity {
  const row = rowsOn(call, instrument).find(({ id }) => id === transactionId);
  if (!row) throw notFound();
  return unnamed(row);
}

export const transactionHandlers: Handlers<typeof transactions> = {
  transactionsGet: (query, { state, session }) => {
    const { items, counts } = pageOfFeed(feedOf(state, identityOf(session).id), query);
    return { transactions: items, ...counts };
  },

  managedAccountTransactionsGet: ({ id, ...query }, call) => feedOn({ type: 'managed_accounts', id }, query, call),

  managedAccountTransactionGet: ({ id, transactionId }, call) =>
    rowOn({ type: 'managed_accounts', id }, transactionId, call),

  managedCardTransactionsGet: ({ id, ...query }, call) => feedOn({ type: 'managed_cards', id }, query, call),

  managedCardTransactionGet: ({ id, transactionId }, call) => rowOn({ type: 'managed_cards', id }, transactionId, call),
};
