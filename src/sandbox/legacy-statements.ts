import type { CurrencyAmount, Page } from '../weavr/core/shapes.js';
import {
  type BankAccountCounterparty,
  LEGACY_TRANSACTION_TYPES,
  type LegacyAccountStatementFilter,
  type LegacyStatement,
  type LegacyStatementEntry,
  type MerchantCounterparty,
  SORT_ORDERS,
  type statements,
  type TransactionForex,
} from '../weavr/statements.js';
import { balancesOf, bookOf, checkQuery, describe, FOOTER, otherSideOf } from './core/books.js';
import type { Call, Handlers, Rendering } from './core/handlers.js';
import type { StoredInstrument } from './core/instruments.js';
import type { Entry, Movement } from './core/ledger.js';
import { isOneOf, pageOf, within } from './core/lists.js';
import { csv, pdf, printed, printedTime } from './core/rendering.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';

type FirstForm = Pick<
  Handlers<typeof statements>,
  'managedAccountStatementDeprecated' | 'managedCardStatementDeprecated'
>;

export const legacyStatementHandlers: FirstForm = {
  managedAccountStatementDeprecated: (query, call) =>
    statement(call.state.managedAccounts.find(identityOf(call.session).id, query.id), query, call),

  managedCardStatementDeprecated: (query, call) =>
    statement(call.state.managedCards.find(identityOf(call.session).id, query.id), query, call),
};

function statement(
  instrument: StoredInstrument,
  query: Page & LegacyAccountStatementFilter,
  { state, accept, now }: Call,
): LegacyStatement | Promise<Rendering> {
  const { fromTimestamp: from, toTimestamp: to, orderByTimestamp } = query;
  checkQuery(
    query,
    { from: 'fromTimestamp', to: 'toTimestamp', shortest: 1 },
    {
      orderByTimestamp: SORT_ORDERS,
      transactionType: LEGACY_TRANSACTION_TYPES,
      showFundMovementsOnly: ['true', 'false'],
      singleEntryPerTransaction: ['true', 'false'],
    },
  );
  const book = bookOf(state, instrument);
  const { opening, closing } = balancesOf(book, from, to);
  const asPdf = accept.includes('application/pdf');
  const found = select(book.entries, query, asPdf);
  const sorted = orderByTimestamp === 'ASC' ? found : found.toReversed();
  const present = (entry: Entry) => presentEntry(state, entry);
  if (asPdf) return print(instrument, sorted.map(present), now);
  if (accept.includes('text/csv')) return csv(sorted.map(present), CSV_COLUMNS);
  const { items, counts } = pageOf(sorted, query, 500);
  return { entry: items.map(present), ...counts, startBalance: opening, endBalance: closing, footer: FOOTER };
}

/** Movements of the period and the conditions; those of no money are left out only where that is asked for. */
function select(entries: Entry[], query: LegacyAccountStatementFilter, asPdf: boolean) {
  const { singleEntryPerTransaction: single = asPdf, showFundMovementsOnly } = query;
  const found = entries.filter(
    ({ amount, movement }) =>
      within(query.fromTimestamp, query.toTimestamp, movement.at) &&
      isOneOf(query.transactionType, movement.legacyType) &&
      (String(showFundMovementsOnly) !== 'true' || amount !== 0),
  );
  return String(single) === 'true' ? merged(found) : found;
}

/** One entry per transaction, in the place of its last movement; a fee belongs to what it was charged for. */
function merged(entries: Entry[]): Entry[] {
  const transactions = new Map(entries.map(({ movement }) => [movement.id, movement.transaction.id]));
  const whole = new Map<string, Entry>();
  for (const entry of entries) {
    const { relatedMovementId = '', transaction, at } = entry.movement;
    const key = transactions.get(relatedMovementId) ?? transaction.id;
    const first = whole.get(key) ?? { ...entry, amount: 0 };
    whole.delete(key);
    const { balanceAfter, amount } = entry;
    whole.set(key, { ...first, movement: { ...first.movement, at }, amount: first.amount + amount, balanceAfter });
  }
  return [...whole.values()];
}

function presentEntry(state: State, entry: Entry): LegacyStatementEntry {
  const { currency, movement } = entry;
  const { forex, fee } = movement;
  const money = (amount: number): CurrencyAmount => ({ currency, amount });
  const adjustment = money(entry.amount);
  const after = money(entry.balanceAfter);
  const amount = money(Math.abs(entry.amount));
  return {
    transactionId: { type: movement.legacyType, id: movement.transaction.id },
    entryState: 'COMPLETED',
    originalAmount: forex?.originalAmount ?? amount,
    forexRate: forex?.exchangeRate,
    transactionAmount: amount,
    availableBalanceAdjustment: adjustment,
    actualBalanceAdjustment: adjustment,
    balanceAfter: after,
    availableBalanceAfter: after,
    actualBalanceAfter: after,
    transactionFee: fee?.amount,
    cardholderFee: fee?.amount,
    processedTimestamp: movement.at,
    sourceAmount: forex?.originalAmount,
    userCurrencyTransactionDetails: forex && {
      userTransactionAmount: amount,
      userExchangeRate: rateOf(forex),
    },
    additionalFields: additionalFieldsOf(state, entry),
  };
}

const rateOf = ({ exchangeRate: { value = 1, scale = 0 } = {} }: TransactionForex) => String(value / 10 ** scale);

/** What the first form says of a movement by name; what is not there is left out. */
function additionalFieldsOf(state: State, entry: Entry): Record<string, string> {
  const { movement } = entry;
  const fields = {
    description: movement.description,
    relatedCardId: movement.cardId,
    ...instrumentFields(state, entry),
    ...counterpartyFields(movement),
    ...forexFields(movement.forex),
    ...kindFields(state, movement),
  };
  const texts = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return Object.fromEntries(texts);
}

/** Between two instruments: both, and whose they are. */
function instrumentFields(state: State, entry: Entry) {
  const other = otherSideOf(state, entry);
  const own = other && describe(state, entry.account);
  if (!own) return {};
  const [source, destination] = entry.amount < 0 ? [own, other] : [other, own];
  return { ...sideFields('source', source), ...sideFields('destination', destination) };
}

const sideFields = (side: string, { id, type, friendlyName, owner }: NonNullable<ReturnType<typeof describe>>) => ({
  [`${side}InstrumentType`]: type.toUpperCase(),
  [`${side}InstrumentId`]: id,
  [`${side}InstrumentFriendlyName`]: friendlyName,
  [`${side}IdentityType`]: owner.type,
  [`${side}IdentityId`]: owner.id,
  [`${side}IdentityName`]: owner.name,
});

/** A merchant, or whoever sent or gets a wire. */
function counterpartyFields({ counterparty = {}, transaction: { type } }: Movement) {
  if (type === 'card_payments') {
    const { name, id, categoryCode, country } = counterparty as Partial<MerchantCounterparty>; // of a card there is no other
    return { merchantName: name, merchantId: id, merchantCategoryCode: categoryCode, merchantTerminalCountry: country };
  }
  const { name, iban, accountNumber, bic, sortCode, reference } = counterparty as BankAccountCounterparty; // of a wire
  if (type === 'incoming_wire_transfers') return { sender: name, senderIban: iban, senderReference: reference };
  return { beneficiaryName: name, beneficiaryAccount: iban ?? accountNumber, beneficiaryBankCode: bic ?? sortCode };
}

const forexFields = ({ exchangeRate, paddingAmount, feeAmount }: TransactionForex = {}) => ({
  exchangeRate: exchangeRate && rateOf({ exchangeRate }),
  forexPaddingCurrency: paddingAmount?.currency,
  forexPaddingAmount: paddingAmount?.amount,
  forexFeeCurrency: feeAmount?.currency,
  forexFeeAmount: feeAmount?.amount,
});

/** Of fees what they were charged for, of movements without a counterparty why they were made. */
function kindFields(state: State, { legacyType, transaction, relatedMovementId = '', description }: Movement) {
  switch (legacyType) {
    case 'CHARGE_FEE':
    case 'FEE_REVERSAL': {
      const [related] = state.ledger.legsOf(relatedMovementId);
      const { id, type } = related ? { id: related.movement.transaction.id, type: related.movement.legacyType } : {};
      return { chargeFeeType: transaction.subtype, relatedTransactionId: id, relatedTransactionIdType: type };
    }
    case 'SYSTEM_TRANSACTION':
      return { systemTransactionType: transaction.subtype };
    case 'MANUAL_TRANSACTION':
      return { note: description };
    default:
      return {};
  }
}

const AMOUNTS = [
  'originalAmount',
  'transactionAmount',
  'availableBalanceAdjustment',
  'actualBalanceAdjustment',
  'balanceAfter',
  'availableBalanceAfter',
  'actualBalanceAfter',
  'transactionFee',
  'sourceAmount',
];
const CSV_COLUMNS = [
  'processedTimestamp',
  'transactionId.type',
  'transactionId.id',
  'entryState',
  ...AMOUNTS.flatMap((name) => [`${name}.currency`, `${name}.amount`]),
  ...['description', 'merchantName', 'sender', 'beneficiaryName', 'sourceInstrumentId', 'destinationInstrumentId'].map(
    (name) => `additionalFields.${name}`,
  ),
];

const print = ({ id, friendlyName }: StoredInstrument, entries: LegacyStatementEntry[], at: number) =>
  pdf({
    title: `Statement of ${friendlyName} (${id})`,
    facts: [],
    columns: [
      { name: 'Time', width: 80 },
      { name: 'Transaction', width: 115 },
      { name: 'Type', width: 160 },
      { name: 'Amount', width: 80, align: 'right' },
      { name: 'Balance', width: 80, align: 'right' },
    ],
    rows: entries.map(({ processedTimestamp, transactionId, actualBalanceAdjustment, actualBalanceAfter }) => [
      printedTime(processedTimestamp),
      transactionId.id,
      transactionId.type ?? '',
      actualBalanceAdjustment ? printed(actualBalanceAdjustment) : '',
      actualBalanceAfter ? printed(actualBalanceAfter) : '',
    ]),
    footer: FOOTER,
    at,
  });
