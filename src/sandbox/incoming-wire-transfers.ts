import type { CurrencyAmount } from '../weavr/core/shapes.js';
import {
  INCOMING_WIRE_TRANSFER_STATES,
  type IncomingWireTransfer,
  type incomingWireTransfers,
} from '../weavr/incoming-wire-transfers.js';
import type { DepositOutcome } from '../weavr/simulator.js';
import { type BankAccountCounterparty, SORT_ORDERS } from '../weavr/statements.js';
import { type ActivitySource, sidesOf, statusOf } from './core/activity.js';
import { checkQuery } from './core/books.js';
import type { Handlers } from './core/handlers.js';
import { isOneOf, pageOf, within } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredAccount } from './core/state.js';
import { postFee } from './fees.js';

/** The programme's only profile for wires in. */
export const INCOMING_WIRE_PROFILE = '170000000000000001';

/** A payment as the sender's bank announces it. */
export interface WireFromOutside extends Partial<Pick<IncomingWireTransfer, 'paymentNetwork' | 'fee' | 'forex'>> {
  amount: CurrencyAmount;
  sender: BankAccountCounterparty;
  description?: string;
}

/** When a payment came, and the id it has to have if not the next one. */
interface Arrival {
  at: number;
  id?: string;
}

/** Takes a payment for an account, or says why not: then nothing is recorded. */
export function receiveWire(
  state: State,
  account: StoredAccount | undefined,
  wire: WireFromOutside,
  arrival: Arrival = { at: state.clock.now() },
): DepositOutcome {
  if (!account) return 'DENIED_ACCOUNT_NOT_FOUND';
  if (account.state.state !== 'ACTIVE') return 'DENIED_ACCOUNT_INACTIVE';
  if (state.ibans.get(account.id)?.state !== 'ALLOCATED') return 'DENIED_ACCOUNT_NOT_UPGRADED_TO_IBAN';
  if (wire.amount.currency !== account.currency) return 'DENIED_CURRENCY_NOT_ACCOUNT_CURRENCY';
  if (wire.amount.amount <= 0) return 'DENIED_AMOUNT_NOT_POSITIVE';
  creditWire(state, account, wire, arrival);
  return 'COMPLETED';
}

/** Other currencies come over SWIFT. */
const NETWORKS = new Map<string, IncomingWireTransfer['paymentNetwork']>([
  ['EUR', 'SEPA'],
  ['GBP', 'FASTER_PAYMENTS'],
]);

/** What is known of a payment before its money is credited. */
export function recordWire(
  state: State,
  account: StoredAccount,
  { amount, sender, fee, forex, ...wire }: WireFromOutside,
  { at, id = state.nextId() }: Arrival,
): IncomingWireTransfer {
  const paymentNetwork = wire.paymentNetwork ?? NETWORKS.get(account.currency) ?? 'SWIFT';
  return state.incomingWireTransfers.add(state.managedAccounts.ownerOf(account.id) ?? '', id, {
    id,
    profileId: INCOMING_WIRE_PROFILE,
    state: 'PENDING',
    amount,
    fee,
    destinationInstrument: { type: 'managed_accounts', id: account.id },
    paymentNetwork,
    senderName: sender.name,
    senderIban: sender.iban,
    senderReference: sender.reference,
    forex,
    isInstant: paymentNetwork === 'FASTER_PAYMENTS',
    createdAt: at,
  });
}

/** Credits an account with a payment that was taken. */
export function creditWire(state: State, account: StoredAccount, wire: WireFromOutside, arrival: Arrival) {
  const recorded = recordWire(state, account, wire, arrival);
  const { id } = recorded;
  const { at } = arrival;
  const { amount, fee, forex, sender: counterparty, description } = wire;
  const { currency } = amount;
  const subtype = 'incoming_wire_fees';
  const feeId = fee && postFee(state, account, { at, amount: fee.amount, subtype, relatedMovementId: id });
  state.ledger.post(
    {
      id,
      at,
      transaction: { type: 'incoming_wire_transfers', id, subtype: 'fundings' },
      legacyType: 'DEPOSIT',
      description,
      counterparty,
      forex,
      fee: feeId ? { id: feeId, type: 'fees', amount: fee, subtype } : undefined,
    },
    [
      { account: `world:${currency}`, currency, amount: -amount.amount },
      { account: account.id, currency, amount: amount.amount },
    ],
  );
  return Object.assign(recorded, { state: 'COMPLETED' as const, executedAt: at });
}

export const incomingWireTransferActivity: ActivitySource = (state, owner) =>
  state.incomingWireTransfers.of(owner).flatMap((wire) => {
    const { id, amount, createdAt, executedAt, destinationInstrument: destination } = wire;
    const credit = state.ledger.entriesOf(destination.id).find(({ movement }) => movement.id === id);
    return sidesOf(
      state,
      owner,
      { destination },
      {
        id,
        type: 'incoming_wire_transfers',
        status: statusOf(wire.state),
        amount,
        fee: credit?.movement.fee,
        creationTimestamp: createdAt,
        lastUpdatedTimestamp: executedAt ?? createdAt,
        transaction: wire,
      },
    );
  });

export const incomingWireTransferHandlers: Handlers<typeof incomingWireTransfers> = {
  incomingWireTransfersGet: (query, { state, session }) => {
    const { creationTimestampFrom, creationTimestampTo, lastUpdatedTimestampFrom, lastUpdatedTimestampTo } = query;
    checkQuery(
      query,
      { from: 'creationTimestampFrom', to: 'creationTimestampTo', shortest: 0 },
      { state: INCOMING_WIRE_TRANSFER_STATES, sortOrder: SORT_ORDERS },
    );
    const found = state.incomingWireTransfers
      .of(identityOf(session).id)
      .filter(
        ({ state: how, createdAt, executedAt }) =>
          isOneOf(query.state, how) &&
          within(creationTimestampFrom, creationTimestampTo, createdAt) &&
          within(lastUpdatedTimestampFrom, lastUpdatedTimestampTo, executedAt ?? createdAt),
      )
      .sort((a, b) => (query.sortOrder === 'ASC' ? a.createdAt - b.createdAt : b.createdAt - a.createdAt));
    const { items, counts } = pageOf(found, query);
    return { incomingWireTransfers: items, ...counts };
  },

  incomingWireTransferGet: ({ id }, { state, session }) => state.incomingWireTransfers.find(identityOf(session).id, id),
};
