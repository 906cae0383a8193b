import { op, operations } from './core/operation.js';
import type { ById, Counted, CurrencyAmount, InstrumentId, Page } from './core/shapes.js';
import type { SortOrder, TransactionForex } from './statements.js';

export const INCOMING_WIRE_TRANSFER_STATES = ['PENDING', 'COMPLETED', 'REJECTED'] as const;
export const PAYMENT_NETWORKS = ['SEPA', 'FASTER_PAYMENTS', 'SWIFT', 'RIX', 'BACS', 'CHAPS', 'TARGET'] as const;

export interface IncomingWireTransfer {
  id: string;
  profileId?: string;
  state: (typeof INCOMING_WIRE_TRANSFER_STATES)[number];
  /** In the instrument's currency. */
  amount: CurrencyAmount;
  fee?: CurrencyAmount;
  destinationInstrument: InstrumentId;
  paymentNetwork?: (typeof PAYMENT_NETWORKS)[number];
  senderName?: string;
  senderIban?: string;
  senderReference?: string;
  forex?: TransactionForex;
  isInstant?: boolean;
  createdAt: number;
  executedAt?: number;
}

export interface IncomingWireTransferFilter {
  state?: IncomingWireTransfer['state'][];
  creationTimestampFrom?: number;
  creationTimestampTo?: number;
  lastUpdatedTimestampFrom?: number;
  lastUpdatedTimestampTo?: number;
  sortOrder?: SortOrder;
}

export interface IncomingWireTransferPage extends Counted {
  incomingWireTransfers?: IncomingWireTransfer[];
}

// biome-ignore format: a table reads best as a table
export const incomingWireTransfers = operations({
  incomingWireTransfersGet: op<Page & IncomingWireTransferFilter, IncomingWireTransferPage>('GET /multi/incoming_wire_transfers').pages('incomingWireTransfers'),
  incomingWireTransferGet:  op<ById, IncomingWireTransfer>                                 ('GET /multi/incoming_wire_transfers/{id}').listedBy('incomingWireTransfersGet'),
});
