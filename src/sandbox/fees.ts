import type { ChargedFee, FeeFilter, FeeToCharge, FeeTransaction, fees } from '../weavr/fees.js';
import { SORT_ORDERS } from '../weavr/statements.js';
import { consumerIdOf } from './consumers.js';
import { type ActivitySource, sidesOf } from './core/activity.js';
import { checkQuery } from './core/books.js';
import type { Call, Handlers } from './core/handlers.js';
import { instrumentAt, isDebitCard, type StoredInstrument } from './core/instruments.js';
import type { Entry, Movement } from './core/ledger.js';
import { pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, required, size } from './core/validation.js';
import { corporateIdOf } from './corporates.js';

/** What the programme may charge for, in minor units by currency; null where it has not said how much. */
const PRICES = new Map<string, Record<string, number | null>>([
  ['MONTHLY_FEE', { EUR: 5_00, GBP: 4_50, USD: 5_50 }],
  ['ONBOARDING_FEE', { EUR: 25_00, GBP: 22_50 }],
  ['PRIORITY_SUPPORT', { EUR: 9_99, GBP: null }],
]);

type Refusal = (typeof fees.corporateChargeFee.refusals)[number];

const accountOf = (state: State, instrument: StoredInstrument) =>
  'mode' in instrument ? state.ledgerAccountOf(instrument) : instrument.id;

interface Fee extends Pick<Movement, 'at' | 'description' | 'relatedMovementId'> {
  /** In minor units; negative: it is paid back. */
  amount: number;
  /** One of Weavr's kinds: `custom_fees`, `transfer_fees`. */
  subtype: string;
}

/** Takes a fee from an instrument, a debit card's from its account; answers the fee's id. */
export function postFee(state: State, instrument: StoredInstrument, { amount, subtype, ...fee }: Fee) {
  const id = state.nextId();
  const { currency } = instrument;
  state.ledger.post(
    {
      id,
      transaction: { type: 'fees', id, subtype },
      legacyType: amount < 0 ? 'FEE_REVERSAL' : 'CHARGE_FEE',
      cardId: isDebitCard(instrument) ? instrument.id : undefined,
      ...fee,
    },
    [
      { account: accountOf(state, instrument), currency, amount: -amount },
      { account: `world:${currency}`, currency, amount },
    ],
  );
  return id;
}

function charge(input: FeeToCharge, owner: string, { state, now, refuse }: Call<Refusal>): ChargedFee {
  check(input, { feeType: required(size(50, 1)), ...instrumentAt('source') });
  const { feeType, source } = input;
  const prices = PRICES.get(feeType) ?? refuse('UNRESOLVED_FEE_TYPE');
  const table = source.type === 'managed_cards' ? state.managedCards : state.managedAccounts;
  const instrument = table.any(source.id) ?? refuse('UNRESOLVED_INSTRUMENT');
  if (table.ownerOf(source.id) !== owner) refuse('IDENTITY_NOT_OWNER_OF_INSTRUMENT');
  const { currency, profileId } = instrument;
  const amount = prices[currency];
  if (amount === undefined) return refuse('UNRESOLVED_CURRENCY');
  if (amount === null) return refuse('FEE_AMOUNT_NOT_SET');
  if (state.ledger.balances(accountOf(state, instrument)).availableBalance < amount) refuse('FUNDS_INSUFFICIENT');
  const id = postFee(state, instrument, { at: now, amount, subtype: 'custom_fees', description: feeType });
  return {
    transactionId: { type: 'CHARGE_FEE', id },
    profileId,
    feeType,
    source,
    availableBalanceAdjustment: { currency, amount: -amount },
    state: 'COMPLETED',
    creationTimestamp: now,
  };
}

/** Every fee on the owner's instruments, newest first. */
function feeEntries({ ledger, managedAccounts, managedCards }: State, owner: string) {
  return [...managedAccounts.of(owner), ...managedCards.of(owner)]
    .flatMap(({ id }) => ledger.entriesOf(id))
    .filter(({ movement }) => movement.transaction.type === 'fees')
    .sort((a, b) => b.movement.at - a.movement.at);
}

/** A fee as its entry tells it: whoever posts one has listed it. */
export function feeOf({ ledger, managedCards }: State, { account, amount, currency, movement }: Entry): FeeTransaction {
  const { id, at, cardId, description, relatedMovementId, transaction } = movement;
  const movements = ledger.entriesOf(account).map((entry) => entry.movement);
  const reversal = movements.find((other) => other.legacyType === 'FEE_REVERSAL' && other.relatedMovementId === id);
  const card = cardId ?? managedCards.any(account)?.id;
  return {
    id: transaction.id,
    feeType: transaction.subtype,
    amount: { currency, amount: Math.abs(amount) },
    instrument: card ? { type: 'managed_cards', id: card } : { type: 'managed_accounts', id: account },
    status: reversal ? 'REVERSED' : 'COMPLETED',
    description,
    relatedTransactionId: movements.find((other) => other.id === relatedMovementId)?.transaction.id,
    creationTimestamp: at,
    lastUpdatedTimestamp: reversal?.at ?? at,
  };
}

function select(entries: Entry[], { creationTimestampFrom, creationTimestampTo, sortOrder }: FeeFilter) {
  const found = entries.filter(({ movement }) => within(creationTimestampFrom, creationTimestampTo, movement.at));
  return sortOrder === 'ASC' ? found.reverse() : found;
}

export const feeHandlers: Handlers<typeof fees> = {
  feesGet: (query, { state, session }) => {
    const period = { from: 'creationTimestampFrom', to: 'creationTimestampTo', shortest: 0 };
    checkQuery(query, period, { sortOrder: SORT_ORDERS });
    const { items, counts } = pageOf(select(feeEntries(state, identityOf(session).id), query), query);
    return { fees: items.map((entry) => feeOf(state, entry)), ...counts };
  },

  corporateChargeFee: (input, call) => charge(input, corporateIdOf(call.session), call),

  chargeFee: (input, call) => charge(input, identityOf(call.session).id, call),

  consumerChargeFee: (input, call) => charge(input, consumerIdOf(call.session), call),
};

export const feeActivity: ActivitySource = (state, owner) =>
  feeEntries(state, owner).flatMap((entry) => {
    const fee = feeOf(state, entry);
    const { id, amount, instrument, creationTimestamp, lastUpdatedTimestamp } = fee;
    const ends = entry.amount < 0 ? { source: instrument } : { destination: instrument };
    const row = { id, amount, creationTimestamp, lastUpdatedTimestamp, transaction: fee };
    return sidesOf(state, owner, ends, { ...row, type: 'fees', status: 'COMPLETED' });
  });
