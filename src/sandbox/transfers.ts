import type { Cancellation, CancellationOutcome, NewTransfer, Transfer, transfers } from '../weavr/transfers.js';
import { type ActivitySource, sidesOf, statusOf } from './core/activity.js';
import type { Handlers } from './core/handlers.js';
import { instrumentAt, instrumentOf, isDebitCard, stateRefusal } from './core/instruments.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, id, matches, moneyAt, type Rule, type Rules, required, size, tag } from './core/validation.js';

/** The programme's only transfer profile. */
export const TRANSFER_PROFILE = '130000000000000001';

type Refusal = (typeof transfers.transferCreate.refusals)[number];

const description: Rule = (value) => size(255)(value) ?? matches(/^[\w\s/?:().$,'+#=!"%&*<>;{@-]*$/)(value);
const list: Rule = (value) => (Array.isArray(value) ? undefined : { error: 'INVALID_TYPE_OR_VALUE' });
const reason: Rule = (value) => size(50)(value) ?? matches(/^[\w -]+$/)(value);

/** What a new transfer must be, alone or in a bulk. */
export const NEW_TRANSFER: Rules = {
  profileId: required(id),
  tag,
  ...instrumentAt('source'),
  ...instrumentAt('destination'),
  ...moneyAt('destinationAmount'),
  description,
  scheduledTimestamp: matches(/^[0-9]{1,16}$/),
};

/** What is asked of the ledger. */
type Order = Pick<Transfer, 'source' | 'destination' | 'destinationAmount'>;

/** Why these instruments cannot exchange that amount, in the order in which Weavr looks; undefined if they can. */
function instrumentsRefusal(state: State, owner: string, order: Order): Refusal | undefined {
  const from = instrumentOf(state, owner, order.source);
  if (!from) return 'SOURCE_NOT_FOUND';
  const to = instrumentOf(state, owner, order.destination);
  if (!to) return 'DESTINATION_NOT_FOUND';
  if (from === to) return 'SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT';
  if (isDebitCard(from)) return 'SOURCE_CANNOT_BE_DEBIT_MODE_CARD';
  if (isDebitCard(to)) return 'DESTINATION_CANNOT_BE_DEBIT_MODE_CARD';
  const closed = stateRefusal('SOURCE', from) ?? stateRefusal('DESTINATION', to);
  if (closed) return closed;
  const { currency, amount } = order.destinationAmount;
  if (from.currency !== currency || to.currency !== currency) return 'CURRENCY_MISMATCH';
  return amount > 0 ? undefined : 'AMOUNT_INVALID';
}

/** Why a transfer cannot be executed now; undefined if it can. */
function refusalOf(state: State, owner: string, order: Order): Refusal | undefined {
  const refusal = instrumentsRefusal(state, owner, order);
  if (refusal) return refusal;
  const { availableBalance } = state.ledger.balances(order.source.id);
  return availableBalance < order.destinationAmount.amount ? 'FUNDS_INSUFFICIENT' : undefined;
}

/** A transfer that nothing has happened to yet. */
export function recordTransfer(state: State, owner: string, order: NewTransfer, now: number): Transfer {
  const transferId = state.nextId();
  return state.transfers.add(owner, transferId, {
    id: transferId,
    profileId: order.profileId,
    tag: order.tag,
    source: order.source,
    destination: order.destination,
    destinationAmount: order.destinationAmount,
    description: order.description,
    state: order.scheduledTimestamp ? 'SCHEDULED' : 'INITIALISED',
    creationTimestamp: now,
    scheduledTimestamp: order.scheduledTimestamp,
  });
}

/** Moves a transfer's money in one posting; where something speaks against it, it fails and nothing moves. */
export function executeTransfer(state: State, transfer: Transfer, at: number) {
  const owner = state.transfers.ownerOf(transfer.id) ?? '';
  if (refusalOf(state, owner, transfer)) return void Object.assign(transfer, { state: 'FAILED' });
  const { source, destination, destinationAmount } = transfer;
  const { currency, amount } = destinationAmount;
  const transaction = { type: 'transfers' as const, id: transfer.id };
  state.ledger.post({ id: transfer.id, at, transaction, legacyType: 'TRANSFER', description: transfer.description }, [
    { account: source.id, currency, amount: -amount },
    { account: destination.id, currency, amount },
  ]);
  Object.assign(transfer, { state: 'COMPLETED', executionTimestamp: String(at) });
}

/** Executes a scheduled transfer at its time, unless it is cancelled by then. */
export function scheduleTransfer(state: State, transfer: Transfer) {
  const at = Number(transfer.scheduledTimestamp);
  state.clock.at(at, () => {
    if (transfer.state === 'SCHEDULED') executeTransfer(state, transfer, at);
  });
}

export const transferHandlers: Handlers<typeof transfers> = {
  transferCreate: (input, { state, session, now, refuse }) => {
    check(input, NEW_TRANSFER);
    const owner = identityOf(session).id;
    if (input.profileId !== TRANSFER_PROFILE) refuse('PROFILE_INACTIVE');
    const { scheduledTimestamp: time } = input;
    // Money is looked for when it is needed: a transfer may be scheduled before its source is funded.
    const refusal = time ? instrumentsRefusal(state, owner, input) : refusalOf(state, owner, input);
    if (refusal) refuse(refusal);
    if (time && Number(time) <= now) refuse('SCHEDULED_TIMESTAMP_INVALID');
    const transfer = recordTransfer(state, owner, input, now);
    if (time) scheduleTransfer(state, transfer);
    else executeTransfer(state, transfer, now);
    return transfer;
  },

  transfersGet: (query, { state, session }) => {
    const found = state.transfers
      .of(identityOf(session).id)
      .filter((transfer) =>
        [
          is(query.profileId, transfer.profileId),
          is(query.type, transfer.source.type),
          is(query.id, transfer.source.id),
          isOneOf(query.state, transfer.state),
          within(query.createdFrom, query.createdTo, transfer.creationTimestamp),
          within(query.executedFrom, query.executedTo, transfer.executionTimestamp),
          is(query.tag, transfer.tag),
        ].every(Boolean),
      );
    const { items, counts } = pageOf(found, query);
    return { transfer: items, ...counts };
  },

  transferGet: ({ id: transferId }, { state, session }) => state.transfers.find(identityOf(session).id, transferId),

  transferCancel: (input, { state, session }) => {
    check(input, { cancellations: required(list) });
    const rules = input.cancellations.flatMap((_, index) => [
      [`cancellations.${index}.id`, required(id)],
      [`cancellations.${index}.cancellationReason`, reason],
    ]);
    check(input, Object.fromEntries(rules));
    const owner = identityOf(session).id;
    return { cancellations: input.cancellations.map((cancellation) => cancel(state, owner, cancellation)) };
  },
};

/** Cancels one transfer, or says why not: neither stops the others. */
function cancel(state: State, owner: string, { id, cancellationReason }: Cancellation): CancellationOutcome {
  const transfer = state.transfers.ownerOf(id) === owner ? state.transfers.any(id) : undefined;
  if (!transfer) return { id, state: 'ERROR', errorCode: 'NOT_FOUND' };
  if (transfer.state !== 'SCHEDULED') return { id, state: 'ERROR', errorCode: 'TRANSACTION_NOT_SCHEDULED' };
  Object.assign(transfer, { state: 'CANCELLED', cancellationReason });
  return { id, state: 'SUCCESS' };
}

export const transferActivity: ActivitySource = (state, owner) =>
  state.transfers.of(owner).flatMap((transfer) => {
    const { id, destinationAmount: amount, creationTimestamp, executionTimestamp } = transfer;
    return sidesOf(state, owner, transfer, {
      id,
      type: 'transfers',
      status: statusOf(transfer.state),
      amount,
      creationTimestamp,
      lastUpdatedTimestamp: Number(executionTimestamp ?? creationTimestamp),
      transaction: transfer,
    });
  });
