import type {
  NewOutgoingWireTransfer,
  OutgoingWireTransfer,
  outgoingWireTransfers,
  WireDestination,
} from '../weavr/outgoing-wire-transfers.js';
import { FOOTER } from './core/books.js';
import type { Handlers } from './core/handlers.js';
import { pageOf } from './core/lists.js';
import { pdf, printed, printedTime } from './core/rendering.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, id, matches, moneyAt, oneOf, type Rules, required, size, tag } from './core/validation.js';
import { type BankAccount, bankAccountOf, descriptionRule, destinationRules } from './core/wire-destinations.js';
import {
  activityIn,
  amountRefusal,
  cancelWire,
  checkName,
  checkReason,
  confirmableIn,
  isSelected,
  passNameCheck,
  sourceRefusal,
  startWire,
} from './core/wires.js';

/** The programme's profiles for wires out: one is free, the other charges. */
export const OUTGOING_WIRE_PROFILE = '150000000000000001';
export const CHARGED_OUTGOING_WIRE_PROFILE = '150000000000000002';
/** In minor units, by currency. */
const FEES = new Map([
  ['EUR', 1_20],
  ['GBP', 1_00],
]);

/** Below 30.00, in whichever currency, nobody is asked for a code. */
const LOW_VALUE = 30_00;

type Refusal = (typeof outgoingWireTransfers.outgoingWireTransferCreate.refusals)[number];

const LIMITS = { name: 150, address: size(150, 1) };

export const sourceAccount: Rules = {
  'sourceInstrument.type': required(oneOf(['managed_accounts'])),
  'sourceInstrument.id': required(id),
};

/** What a new wire must be, alone or in a bulk; its description depends on where it goes. */
export const newWireRules = ({ destinationBeneficiary }: NewOutgoingWireTransfer): Rules => ({
  profileId: required(id),
  tag,
  ...sourceAccount,
  ...moneyAt('transferAmount'),
  purpose: size(255),
  destinationBeneficiary: required(),
  ...destinationRules('destinationBeneficiary', destinationBeneficiary, LIMITS),
  scheduledTimestamp: matches(/^[0-9]{1,16}$/),
});

/** A wire that nothing has happened to yet. */
export function draftWire(state: State, order: NewOutgoingWireTransfer, account: BankAccount | undefined, now: number) {
  const { destinationBeneficiary: destination, transferAmount, ...rest } = order;
  const price = order.profileId === CHARGED_OUTGOING_WIRE_PROFILE ? FEES.get(transferAmount.currency) : undefined;
  const wire: OutgoingWireTransfer = {
    id: state.nextId(),
    ...rest,
    transferAmount,
    fee: price === undefined ? undefined : { currency: transferAmount.currency, amount: price },
    type: account?.network,
    destination,
    state: 'INVALID',
    challengeExemptionReason: exemptionOf(destination, transferAmount.amount),
    creationTimestamp: now,
  };
  return wire;
}

/** Every beneficiary is a trusted one. */
function exemptionOf(destination: WireDestination, amount: number) {
  if ('beneficiaryId' in destination) return 'TRUSTED_BENEFICIARY';
  return amount < LOW_VALUE ? 'LOW_VALUE' : undefined;
}

/** Why a destination leads nowhere. */
function destinationRefusal(state: State, owner: string, destination: WireDestination): Refusal {
  if ('id' in destination) return 'EXTERNAL_DESTINATION_ACCOUNT_NOT_FOUND';
  if (!('beneficiaryId' in destination)) return 'BENEFICIARY_BANK_DETAILS_INVALID';
  const known = state.beneficiaries.of(owner).find((one) => one.id === destination.beneficiaryId);
  const isInstrument = known?.state === 'ACTIVE' && 'instrument' in known.beneficiaryDetails;
  return isInstrument ? 'BENEFICIARY_TYPE_INVALID' : 'BENEFICIARY_NOT_FOUND';
}

function refusalOf(
  state: State,
  owner: string,
  wire: OutgoingWireTransfer,
  account?: BankAccount,
): Refusal | undefined {
  const source = sourceRefusal(state, owner, wire);
  if (source) return source;
  if (state.ibans.get(wire.sourceInstrument.id)?.state !== 'ALLOCATED') return 'IBAN_UPGRADE_REQUIRED';
  if (!account) return wire.destination && destinationRefusal(state, owner, wire.destination);
  if (account.network === 'SWIFT' && !wire.purpose) return 'PURPOSE_OF_PAYMENT_REQUIRED';
  if (wire.profileId === CHARGED_OUTGOING_WIRE_PROFILE && !wire.fee) return 'FEE_NOT_CONFIGURED_FOR_CURRENCY';
  return amountRefusal(state, wire, account);
}

export const outgoingWireTransferConfirmable = confirmableIn((state) => state.outgoingWireTransfers);
export const outgoingWireTransferActivity = activityIn(
  'outgoing_wire_transfers',
  (state) => state.outgoingWireTransfers,
);

const find = ({ outgoingWireTransfers: table }: State, owner: string, wireId: string) => table.find(owner, wireId);

/** Gives the beneficiary another name. */
function rename(wire: OutgoingWireTransfer, name: string) {
  if (wire.destination && 'name' in wire.destination) wire.destination = { ...wire.destination, name };
}

/** The name that the other bank has for an account whose name was right, or nearly so. */
function verifiedName({ destination, validationOutcomes: [outcome] = [] }: OutgoingWireTransfer) {
  const { match, accountName } = outcome?.categoryResult ?? {};
  const isExact = match === 'EXACT_MATCH' || match === 'MATCH';
  return accountName ?? (isExact && destination && 'name' in destination ? destination.name : undefined);
}

export const outgoingWireTransferHandlers: Handlers<typeof outgoingWireTransfers> = {
  outgoingWireTransferCreate: (input, { state, session, now, refuse }) => {
    const { destinationBeneficiary: destination, scheduledTimestamp } = input;
    check(input, newWireRules(input));
    const owner = identityOf(session).id;
    const account = bankAccountOf(state, owner, destination);
    check(input, { description: descriptionRule(account) });
    if (![OUTGOING_WIRE_PROFILE, CHARGED_OUTGOING_WIRE_PROFILE].includes(input.profileId)) refuse('PROFILE_NOT_FOUND');
    const wire = draftWire(state, input, account, now);
    const refusal = refusalOf(state, owner, wire, account);
    if (refusal) refuse(refusal);
    if (scheduledTimestamp && Number(scheduledTimestamp) <= now) refuse('SCHEDULED_TIMESTAMP_INVALID');
    return startWire(state, state.outgoingWireTransfers.add(owner, wire.id, wire), now);
  },

  outgoingWireTransfersGet: (query, { state, session }) => {
    const all = state.outgoingWireTransfers.of(identityOf(session).id);
    const { items, counts } = pageOf(
      all.filter((wire) => isSelected(state, query, wire)),
      query,
    );
    return { transfer: items, ...counts };
  },

  outgoingWireTransferGet: ({ id: wireId }, { state, session }) => find(state, identityOf(session).id, wireId),

  outgoingWireTransferUpdateBeneficiaryName: (input, { state, session, now, refuse }) => {
    const { name, acceptVerifiedName } = input;
    check(input, { name: acceptVerifiedName ? size(0) : required(size(150, 1)) });
    const wire = find(state, identityOf(session).id, input.id);
    if (wire.state !== 'PENDING_CONFIRMATION') refuse('INVALID_STATE');
    if (wire.destination && 'beneficiaryId' in wire.destination) refuse('CONFLICT_BENEFICIARYID_NAME');
    if (wire.destination && 'id' in wire.destination) refuse('CONFLICT_EXTERNALACCOUNTID_NAME');
    rename(wire, name ?? verifiedName(wire) ?? refuse('NO_NAME_TO_ACCEPT'));
    checkName(state, wire, now);
    return wire;
  },

  outgoingWireTransferConfirm: ({ id: wireId }, { state, session, now, refuse }) => {
    const wire = find(state, identityOf(session).id, wireId);
    if (wire.state !== 'PENDING_CONFIRMATION') refuse('INVALID_STATE');
    passNameCheck(state, wire, now);
    return wire;
  },

  outgoingWireTransferSingleCancel: (input, { state, session, refuse }) => {
    checkReason(input);
    const wire = find(state, identityOf(session).id, input.id);
    return cancelWire(state, wire, input) ? wire : refuse('INVALID_STATE');
  },

  outgoingWireTransferPaymentConfirmation: ({ id: wireId }, { state, session, now, refuse }) => {
    const wire = find(state, identityOf(session).id, wireId);
    if (wire.state !== 'COMPLETED' && wire.state !== 'RETURNED') refuse('TRANSFER_NOT_COMPLETED');
    return confirmationOf(state, wire, now);
  },
};

/** What a payer shows as proof of a payment; with the return, if there was one. */
function confirmationOf(state: State, wire: OutgoingWireTransfer, at: number) {
  const { description = '', type = '', transferAmount } = wire;
  const moves = state.ledger
    .entriesOf(wire.sourceInstrument.id)
    .filter(({ movement }) => movement.transaction.id === wire.id);
  return pdf({
    title: `Payment confirmation ${wire.id}`,
    facts: [`Paid ${printed(transferAmount)} over ${type}`, `Reference ${description}`],
    columns: [
      { name: 'Time', width: 90 },
      { name: 'What', width: 120 },
      { name: 'Beneficiary', width: 185 },
      { name: 'Amount', width: 120, align: 'right' },
    ],
    rows: moves.map(({ amount, currency, movement }) => [
      printedTime(movement.at),
      movement.transaction.subtype ?? '',
      movement.counterparty?.name ?? '',
      printed({ currency, amount }),
    ]),
    footer: FOOTER,
    at,
  });
}
