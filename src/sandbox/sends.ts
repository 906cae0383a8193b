import type { InstrumentId } from '../weavr/core/shapes.js';
import type { NewSend, SendDestination, sends } from '../weavr/sends.js';
import { type ActivitySource, sidesOf, statusOf } from './core/activity.js';
import type { Confirmable } from './core/confirmations.js';
import type { Handlers } from './core/handlers.js';
import {
  instrumentAt,
  instrumentOf,
  isDebitCard,
  ownerOfInstrument,
  type StoredInstrument,
  stateRefusal,
} from './core/instruments.js';
import { is, isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredSend } from './core/state.js';
import { check, has, id, matches, moneyAt, type Rule, type Rules, required, size, tag } from './core/validation.js';
import { postFee } from './fees.js';

/** The programme's send profiles: one is free, the other charges both sides. */
export const SEND_PROFILE = '140000000000000001';
export const CHARGED_SEND_PROFILE = '140000000000000002';
const FEES: Record<string, { source: number; destination: number }> = {
  EUR: { source: 50, destination: 25 },
  GBP: { source: 40, destination: 20 },
};

/** Below 30.00, in whichever currency, nobody is asked for a code. */
const LOW_VALUE = 30_00;

type Refusal = (typeof sends.sendCreate.refusals)[number];
/** A send before it is taken. */
type Draft = Omit<StoredSend, 'id' | 'state'>;

const description: Rule = (value) => size(255)(value) ?? matches(/^[\w\s/?:().$,'+#=!"%&*<>;{@-]*$/)(value);
const reason: Rule = (value) => size(50)(value) ?? matches(/^[\w -]+$/)(value);

function destinationRules({ destination }: Partial<NewSend>): Rules {
  return has(destination, 'beneficiaryId')
    ? { 'destination.beneficiaryId': required(id) }
    : instrumentAt('destination');
}

/** What a new send must be, alone or in a bulk. */
export const newSendRules = (input: Partial<NewSend>): Rules => ({
  profileId: required(id),
  tag,
  ...instrumentAt('source'),
  ...destinationRules(input),
  ...moneyAt('destinationAmount'),
  description,
  scheduledTimestamp: matches(/^[0-9]{1,16}$/),
});

function draftOf(order: NewSend, now: number): Draft {
  const { currency, amount } = order.destinationAmount;
  const fees = order.profileId === CHARGED_SEND_PROFILE ? FEES[currency] : undefined;
  return {
    profileId: order.profileId,
    tag: order.tag,
    source: order.source,
    destination: order.destination,
    description: order.description,
    scheduledTimestamp: order.scheduledTimestamp,
    transactionAmount: order.destinationAmount,
    destinationAmount: { currency, amount: amount - (fees?.destination ?? 0) },
    sourceFee: fees && { currency, amount: fees.source },
    destinationFee: fees && { currency, amount: fees.destination },
    challengeExemptionReason: exemptionOf(order.destination, amount),
    creationTimestamp: now,
  };
}

/** Every beneficiary is a trusted one. */
function exemptionOf(destination: SendDestination, amount: number) {
  if ('beneficiaryId' in destination) return 'TRUSTED_BENEFICIARY';
  return amount < LOW_VALUE ? 'LOW_VALUE' : undefined;
}

/** Where a send arrives: at the instrument itself, or at its beneficiary's, whatever has become of that. */
function arrivalOf(state: State, destination: SendDestination): InstrumentId | undefined {
  if (!('beneficiaryId' in destination)) return destination;
  const details = state.beneficiaries.any(destination.beneficiaryId)?.beneficiaryDetails;
  return details && 'instrument' in details ? details.instrument : undefined;
}

function beneficiaryRefusal(state: State, owner: string, destination: SendDestination): Refusal | undefined {
  if (!('beneficiaryId' in destination)) return undefined;
  const beneficiary = state.beneficiaries.of(owner).find((one) => one.id === destination.beneficiaryId);
  if (beneficiary?.state !== 'ACTIVE') return 'BENEFICIARY_NOT_FOUND';
  return 'instrument' in beneficiary.beneficiaryDetails ? undefined : 'BENEFICIARY_TYPE_INVALID';
}

interface Ends {
  from: StoredInstrument;
  to: StoredInstrument;
}

/** Both ends of a send, fit to exchange its amount; else the code that says why not, in the order in which Weavr looks. */
function endsOf(state: State, owner: string, send: Draft): Ends | Refusal {
  const from = instrumentOf(state, owner, send.source);
  if (!from) return 'SOURCE_NOT_FOUND';
  const refusal = beneficiaryRefusal(state, owner, send.destination);
  if (refusal) return refusal;
  const arrival = arrivalOf(state, send.destination);
  const recipient = arrival && ownerOfInstrument(state, arrival);
  const to = recipient && instrumentOf(state, recipient, arrival);
  if (!to) return 'DESTINATION_NOT_FOUND';
  if (from === to) return 'SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT';
  if (recipient === owner) return 'DESTINATION_BELONGS_TO_SAME_IDENTITY';
  if (isDebitCard(from)) return 'SOURCE_CANNOT_BE_DEBIT_MODE_CARD';
  if (isDebitCard(to)) return 'DESTINATION_CANNOT_BE_DEBIT_MODE_CARD';
  const closed = stateRefusal('SOURCE', from) ?? stateRefusal('DESTINATION', to);
  if (closed) return closed;
  const { currency } = send.transactionAmount;
  return from.currency === currency && to.currency === currency ? { from, to } : 'CURRENCY_MISMATCH';
}

function amountsRefusal({ profileId, transactionAmount, destinationAmount, sourceFee }: Draft): Refusal | undefined {
  if (transactionAmount.amount <= 0) return 'AMOUNT_INVALID';
  if (profileId === CHARGED_SEND_PROFILE && !sourceFee) return 'FEE_NOT_CONFIGURED_FOR_CURRENCY';
  return destinationAmount.amount < 0 ? 'DESTINATION_FEE_EXCEEDS_TRANSACTION_AMOUNT' : undefined;
}

const costOf = ({ transactionAmount, sourceFee }: Draft) => transactionAmount.amount + (sourceFee?.amount ?? 0);

function fundsRefusal({ ledger }: State, send: Draft): Refusal | undefined {
  return ledger.balances(send.source.id).availableBalance < costOf(send) ? 'FUNDS_INSUFFICIENT' : undefined;
}

/** A send that has been taken: it waits for its challenge, with the money set aside, or goes ahead. */
export function takeSend(state: State, owner: string, order: NewSend, now: number): StoredSend {
  const draft = draftOf(order, now);
  const sendId = state.nextId();
  const waits = !draft.challengeExemptionReason;
  const taken: StoredSend = { id: sendId, ...draft, state: waits ? 'PENDING_CHALLENGE' : 'INITIALISED' };
  const send = state.sends.add(owner, sendId, taken);
  if (!waits) goAhead(state, send, now);
  // Money is looked for when it is needed: a scheduled send may be confirmed before its source is funded.
  else if (!send.scheduledTimestamp) state.ledger.hold(send.source.id, sendId, costOf(send));
  return send;
}

/** Executes a send, at once or at its time unless it is cancelled by then. */
function goAhead(state: State, send: StoredSend, now: number) {
  const due = Number(send.scheduledTimestamp ?? now);
  if (due <= now) return execute(state, send, now);
  send.state = 'SCHEDULED';
  state.clock.at(due, () => {
    if (send.state === 'SCHEDULED') execute(state, send, due);
  });
}

/** Moves a send's money in one posting, beside its fees; where something speaks against it, it fails and nothing moves. */
function execute(state: State, send: StoredSend, at: number) {
  const ends = endsOf(state, state.sends.ownerOf(send.id) ?? '', send);
  const isRefused = typeof ends === 'string' || fundsRefusal(state, send) !== undefined;
  Object.assign(send, { state: isRefused ? 'FAILED' : 'COMPLETED', executionTimestamp: String(at) });
  if (isRefused) return;
  const { from, to } = ends;
  const { currency, amount } = send.transactionAmount;
  const transaction = { type: 'sends' as const, id: send.id };
  state.ledger.post({ id: send.id, at, transaction, legacyType: 'SEND', description: send.description }, [
    { account: from.id, currency, amount: -amount },
    { account: to.id, currency, amount },
  ]);
  const fee = { at, subtype: 'send_fees', relatedMovementId: send.id };
  if (send.sourceFee) postFee(state, from, { ...fee, amount: send.sourceFee.amount });
  if (send.destinationFee) postFee(state, to, { ...fee, amount: send.destinationFee.amount });
}

/** Gives back what was set aside while a send waited. */
const release = ({ ledger }: State, { id, source }: StoredSend) => ledger.release(source.id, id);

export const sendConfirmable: Confirmable = {
  isPending: (state, owner, sendId) =>
    state.sends.ownerOf(sendId) === owner && state.sends.any(sendId)?.state === 'PENDING_CHALLENGE',
  confirm: (state, owner, sendId) => {
    const send = state.sends.find(owner, sendId);
    release(state, send);
    goAhead(state, send, state.clock.now());
  },
};

export const sendHandlers: Handlers<typeof sends> = {
  sendCreate: (input, { state, session, now, refuse }) => {
    check(input, newSendRules(input));
    const owner = identityOf(session).id;
    if (input.profileId !== SEND_PROFILE && input.profileId !== CHARGED_SEND_PROFILE) refuse('PROFILE_NOT_FOUND');
    const draft = draftOf(input, now);
    const ends = endsOf(state, owner, draft);
    const refusal = typeof ends === 'string' ? ends : amountsRefusal(draft);
    if (refusal) refuse(refusal);
    const { scheduledTimestamp: time } = input;
    if (time && Number(time) <= now) refuse('SCHEDULED_TIMESTAMP_INVALID');
    const unfunded = time ? undefined : fundsRefusal(state, draft);
    if (unfunded) refuse(unfunded);
    return takeSend(state, owner, input, now);
  },

  sendsGet: (query, { state, session }) => {
    const found = state.sends
      .of(identityOf(session).id)
      .filter((send) =>
        [
          is(query.profileId, send.profileId),
          is(query['source.type'], send.source.type),
          is(query['source.id'], send.source.id),
          isOneOf(query.state, send.state),
          within(query.createdFrom, query.createdTo, send.creationTimestamp),
          within(query.executedFrom, query.executedTo, send.executionTimestamp),
          is(query.tag, send.tag),
        ].every(Boolean),
      );
    const { items, counts } = pageOf(found, query);
    return { send: items, ...counts };
  },

  sendGet: ({ id: sendId }, { state, session }) => state.sends.find(identityOf(session).id, sendId),

  sendSingleCancel: ({ id: sendId, cancellationReason }, { state, session, refuse }) => {
    check({ cancellationReason }, { cancellationReason: reason });
    const send = state.sends.find(identityOf(session).id, sendId);
    if (send.state !== 'SCHEDULED' && send.state !== 'PENDING_CHALLENGE') refuse('INVALID_STATE');
    release(state, send);
    return Object.assign(send, { state: 'CANCELLED' as const, cancellationReason });
  },
};

/** What has been sent, and what has arrived: nobody sees a send to them before it is there. */
export const sendActivity: ActivitySource = (state, owner) =>
  state.sends.all().flatMap((send) => {
    const { id, source, transactionAmount: amount, creationTimestamp, executionTimestamp } = send;
    const destination = send.state === 'COMPLETED' ? arrivalOf(state, send.destination) : undefined;
    const lastUpdatedTimestamp = Number(executionTimestamp ?? creationTimestamp);
    const row = { id, status: statusOf(send.state), amount, creationTimestamp, lastUpdatedTimestamp };
    return sidesOf(state, owner, { source, destination }, { ...row, type: 'sends', transaction: send });
  });
