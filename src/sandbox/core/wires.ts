import type { CorrespondentBankTransfer } from '../../weavr/correspondent-bank-transfers.js';
import type { OutgoingWireTransfer } from '../../weavr/outgoing-wire-transfers.js';
import type { WireOutcome } from '../../weavr/simulator.js';
import type { WireCancellation, WireFilter, WireState } from '../../weavr/wires.js';
import { postFee } from '../fees.js';
import { type ActivitySource, sidesOf, statusOf } from './activity.js';
import type { Confirmable } from './confirmations.js';
import { instrumentOf, stateRefusal } from './instruments.js';
import type { Movement } from './ledger.js';
import { is, isOneOf, within } from './lists.js';
import { checkPayee, isRight } from './payee-check.js';
import type { State } from './state.js';
import type { Table } from './table.js';
import { check, matches, type Rule, size } from './validation.js';
import { type BankAccount, bankAccountOf, takes } from './wire-destinations.js';

/** Both kinds of payment to other banks go the same way. */
export type Wire = OutgoingWireTransfer | CorrespondentBankTransfer;

type WireKind = 'outgoing_wire_transfers' | 'correspondent_bank_transfers';

const CANCELLABLE: WireState[] = ['SCHEDULED', 'PENDING_CONFIRMATION', 'PENDING_CHALLENGE'];
const ON_ITS_WAY: WireState[] = ['SUBMITTED', 'APPROVED'];
const OVER: WireState[] = ['COMPLETED', 'RETURNED', 'REJECTED', 'FAILED'];

const amountOf = (wire: Wire) => ('originator' in wire ? wire.amount : wire.transferAmount);
const feeOf = (wire: Wire) => ('originator' in wire ? undefined : wire.fee);
const destinationOf = (wire: Wire) => ('originator' in wire ? wire.beneficiary : wire.destination);
const costOf = (wire: Wire) => amountOf(wire).amount + (feeOf(wire)?.amount ?? 0);
const ownerOf = (state: State, { id }: Wire) =>
  state.outgoingWireTransfers.ownerOf(id) ?? state.correspondentBankTransfers.ownerOf(id) ?? '';

function accountOf(state: State, wire: Wire): BankAccount | undefined {
  const destination = destinationOf(wire);
  return destination && bankAccountOf(state, ownerOf(state, wire), destination);
}

/** Why no money can leave a source as it is; undefined if it can. */
export function sourceRefusal(state: State, owner: string, { sourceInstrument }: Pick<Wire, 'sourceInstrument'>) {
  const source = instrumentOf(state, owner, sourceInstrument);
  return source ? stateRefusal('SOURCE', source) : 'SOURCE_NOT_FOUND';
}

/** Why a wire's amount cannot go from its source to such an account, in the order in which Weavr looks. */
export function amountRefusal(state: State, wire: Wire, account: BankAccount) {
  const { currency, amount } = amountOf(wire);
  const source = state.managedAccounts.any(wire.sourceInstrument.id);
  if (source?.currency !== currency || !takes(account, currency)) return 'CURRENCY_MISMATCH';
  if (amount <= 0) return 'AMOUNT_INVALID';
  // Money is looked for when it is needed: a wire may be scheduled before its source is funded.
  return wire.scheduledTimestamp || isAffordable(state, wire) ? undefined : 'FUNDS_INSUFFICIENT';
}

const isAffordable = ({ ledger }: State, wire: Wire) =>
  ledger.balances(wire.sourceInstrument.id).availableBalance >= costOf(wire);

/** Sets the money aside, once; false where it is not there, or its account is closed. */
function reserve(state: State, wire: Wire) {
  const { id } = wire.sourceInstrument;
  if (state.ledger.holdsOn(id).has(wire.id)) return true;
  if (state.managedAccounts.any(id)?.state.state !== 'ACTIVE' || !isAffordable(state, wire)) return false;
  state.ledger.hold(id, wire.id, costOf(wire));
  return true;
}

const release = ({ ledger }: State, wire: Wire) => ledger.release(wire.sourceInstrument.id, wire.id);

/** Starts a new wire on its way, which nothing speaks against; it comes back where it waits first. */
export function startWire<W extends Wire>(state: State, wire: W, at: number): W {
  if (!wire.scheduledTimestamp) reserve(state, wire);
  checkName(state, wire, at);
  return wire;
}

/** Asks the other bank whose account it is; the user has to look at any answer but yes. */
export function checkName(state: State, wire: Wire, at: number) {
  const account = accountOf(state, wire);
  wire.validationOutcomes = account && checkPayee(account);
  if (isRight(wire.validationOutcomes)) passNameCheck(state, wire, at);
  else wire.state = 'PENDING_CONFIRMATION';
}

export function passNameCheck(state: State, wire: Wire, at: number) {
  const isExempted = !('originator' in wire) && wire.challengeExemptionReason;
  if (isExempted) submit(state, wire, at);
  else wire.state = 'PENDING_CHALLENGE';
}

/** Sends a wire to the other bank, now or at its time unless it is cancelled by then. */
function submit(state: State, wire: Wire, at: number) {
  const due = Number(wire.scheduledTimestamp ?? at);
  if (due > at) {
    wire.state = 'SCHEDULED';
    state.clock.at(due, () => {
      if (wire.state === 'SCHEDULED') submit(state, wire, due);
    });
  } else if (reserve(state, wire)) wire.state = 'SUBMITTED';
  else end(wire, 'FAILED', at);
}

/** Correspondent bank transfers do not tell when they ended. */
function end(wire: Wire, how: 'COMPLETED' | 'REJECTED' | 'FAILED', at: number) {
  wire.state = how;
  if (!('originator' in wire)) wire.executionTimestamp = String(at);
}

/** The wire that the other bank is to decide about, or why it cannot. */
function undecided({ outgoingWireTransfers, correspondentBankTransfers }: State, id: string): Wire | WireOutcome {
  const wire = outgoingWireTransfers.any(id) ?? correspondentBankTransfers.any(id);
  if (!wire) return 'DENIED_WIRE_TRANSFER_NOT_FOUND';
  if (ON_ITS_WAY.includes(wire.state)) return wire;
  return OVER.includes(wire.state) ? 'DENIED_WIRE_TRANSFER_ALREADY_COMPLETED' : 'DENIED';
}

/** The other bank takes a wire that is on its way: the money leaves. */
export function acceptWire(state: State, id: string, at = state.clock.now()): WireOutcome {
  const wire = undecided(state, id);
  if (typeof wire === 'string') return wire;
  release(state, wire);
  const fee = chargeFee(state, wire, at);
  post(state, wire, -1, { id: wire.id, at, fee });
  end(wire, 'COMPLETED', at);
  return 'COMPLETED';
}

/** The other bank, or Weavr, refuses a wire that is on its way: the money stays. */
export function rejectWire(state: State, id: string, at = state.clock.now()): WireOutcome {
  const wire = undecided(state, id);
  if (typeof wire === 'string') return wire;
  release(state, wire);
  end(wire, 'REJECTED', at);
  if (!('originator' in wire)) wire.rejectedInfo = 'SYSTEM';
  return 'COMPLETED';
}

/** The other bank sends the money back, without the fee. */
export function returnWire(state: State, wire: Wire, at: number) {
  post(state, wire, 1, { id: state.nextId(), at, relatedMovementId: wire.id });
  wire.state = 'RETURNED';
}

function chargeFee(state: State, wire: Wire, at: number): Movement['fee'] {
  const fee = feeOf(wire);
  const source = state.managedAccounts.any(wire.sourceInstrument.id);
  if (!fee || !source) return undefined;
  const subtype = 'outgoing_wire_transfer_fees';
  const id = postFee(state, source, { at, amount: fee.amount, subtype, relatedMovementId: wire.id });
  return { id, type: 'fees', amount: fee, subtype };
}

/** Moves a wire's amount out of its account, or back into it. */
function post(state: State, wire: Wire, sign: 1 | -1, movement: Pick<Movement, 'id' | 'at'> & Partial<Movement>) {
  const { currency, amount } = amountOf(wire);
  const subtype = sign > 0 ? 'returns' : 'originator' in wire ? undefined : 'redemptions';
  const { network: _network, ...counterparty } = accountOf(state, wire) ?? {};
  state.ledger.post(
    {
      ...('originator' in wire
        ? { transaction: { type: 'correspondent_bank_transfers', id: wire.id, subtype } }
        : { transaction: { type: 'outgoing_wire_transfers', id: wire.id, subtype } }),
      legacyType: 'originator' in wire ? 'CORRESPONDENT_BANK_TRANSFER' : 'OUTGOING_WIRE_TRANSFER',
      description: wire.description,
      counterparty: { ...counterparty, reference: wire.description },
      ...movement,
    },
    [
      { account: wire.sourceInstrument.id, currency, amount: sign * amount },
      { account: `world:${currency}`, currency, amount: -sign * amount },
    ],
  );
}

const reason: Rule = (value) => size(50)(value) ?? matches(/^[\w -]+$/)(value);
export const checkReason = ({ cancellationReason }: WireCancellation) =>
  check({ cancellationReason }, { cancellationReason: reason });

/** Calls a wire off; false once it is on its way. */
export function cancelWire(state: State, wire: Wire, { cancellationReason }: WireCancellation) {
  if (!CANCELLABLE.includes(wire.state)) return false;
  release(state, wire);
  Object.assign(wire, { state: 'CANCELLED', cancellationReason });
  return true;
}

/** What a table of wires adds to the feeds. */
export const activityIn =
  (type: WireKind, tableOf: (state: State) => Table<Wire>): ActivitySource =>
  (state, owner) =>
    tableOf(state)
      .of(owner)
      .flatMap((wire) =>
        sidesOf(
          state,
          owner,
          { source: wire.sourceInstrument },
          {
            id: wire.id,
            type,
            status: statusOf(wire.state),
            amount: amountOf(wire),
            fee: paymentOf(state, wire)?.fee,
            creationTimestamp: wire.creationTimestamp,
            lastUpdatedTimestamp: Number(endOf(state, wire) ?? wire.creationTimestamp),
            transaction: wire,
          },
        ),
      );

/** The wires of a table that wait for their challenge. */
export const confirmableIn = (tableOf: (state: State) => Table<Wire>): Confirmable => ({
  isPending: (state, owner, id) =>
    tableOf(state).ownerOf(id) === owner && tableOf(state).any(id)?.state === 'PENDING_CHALLENGE',
  confirm: (state, owner, id) => submit(state, tableOf(state).find(owner, id), state.clock.now()),
});

/** What took a wire's money from its account, once it has. */
const paymentOf = ({ ledger }: State, { id, sourceInstrument }: Wire) =>
  ledger.entriesOf(sourceInstrument.id).find(({ movement }) => movement.id === id)?.movement;
const endOf = (state: State, wire: Wire) =>
  'originator' in wire ? paymentOf(state, wire)?.at : wire.executionTimestamp;

/** Whether a wire meets the conditions that both lists share. */
export const isSelected = (state: State, query: WireFilter, wire: Wire) =>
  [
    is(query.profileId, wire.profileId),
    is(query['sourceInstrument.type'], wire.sourceInstrument.type),
    is(query['sourceInstrument.id'], wire.sourceInstrument.id),
    isOneOf(query.state, wire.state),
    within(query.createdFrom, query.createdTo, wire.creationTimestamp),
    within(query.executedFrom, query.executedTo, endOf(state, wire)),
    is(query.tag, wire.tag),
  ].every(Boolean);
