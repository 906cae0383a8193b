import type { GraphQLResolveInfo } from 'graphql';
import { cardPayments } from '../weavr/card-payments.js';
import type { Operation } from '../weavr/core/operation.js';
import type { ById, CurrencyAmount } from '../weavr/core/shapes.js';
import { correspondentBankTransfers } from '../weavr/correspondent-bank-transfers.js';
import { incomingWireTransfers } from '../weavr/incoming-wire-transfers.js';
import { outgoingWireTransfers } from '../weavr/outgoing-wire-transfers.js';
import { sends } from '../weavr/sends.js';
import { transfers } from '../weavr/transfers.js';
import { builder, type Context } from './core/builder.js';
import { Money } from './core/money.js';
import { asksOnlyId } from './core/selection.js';
import { upstreamOn } from './core/upstream.js';

/** A transaction as its own row has it, with the word that Weavr's statements and feeds have for its kind. */
export interface AnyTransaction {
  id: string;
  description?: string;
  kind?: string;
}

/** The object type of each kind; the row that serves a kind adds it. */
const OBJECT_TYPES = new Map([
  ['transfers', 'Transfer'],
  ['sends', 'Send'],
  ['card_payments', 'CardPayment'],
  ['outgoing_wire_transfers', 'OutgoingWireTransfer'],
  ['correspondent_bank_transfers', 'CorrespondentBankTransfer'],
  ['incoming_wire_transfers', 'IncomingWireTransfer'],
  ['fees', 'FeeTransaction'],
  ['system_transactions', 'SystemTransaction'],
]);

/** What reads one transaction of a kind by its id; fees and system transactions have nothing that does. */
const READS = new Map<string, Operation<ById, AnyTransaction>>([
  ['transfers', transfers.transferGet],
  ['sends', sends.sendGet],
  ['card_payments', cardPayments.cardPaymentGet],
  ['outgoing_wire_transfers', outgoingWireTransfers.outgoingWireTransferGet],
  ['correspondent_bank_transfers', correspondentBankTransfers.correspondentBankTransferGet],
  ['incoming_wire_transfers', incomingWireTransfers.incomingWireTransferGet],
]);

export const Transaction = builder.interfaceRef<AnyTransaction>('Transaction').implement({
  description: 'A movement of money, done or intended.',
  resolveType: ({ kind = '' }) => OBJECT_TYPES.get(kind) ?? 'OtherTransaction',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id." }),
    amount: t.field({ type: Money, description: 'How much, without fees.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was created.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for, in words.' }),
  }),
});

/** What is known of a kind that no row serves. */
interface OtherKind extends AnyTransaction {
  amount: CurrencyAmount;
  creationTimestamp: number;
}

builder.objectRef<OtherKind>('OtherTransaction').implement({
  description: 'A transaction of a kind that is newer than this schema.',
  interfaces: [Transaction],
  fields: (t) => ({
    amount: t.expose('amount', { type: Money, description: 'How much, without fees.' }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

/** The same transaction, told apart from those of other kinds. */
export const ofKind = <T extends ById>(kind: string, transaction: T): T & AnyTransaction => ({ ...transaction, kind });

/**
 * A field that leads from a transaction's kind and id to the transaction: null for a kind that nothing reads by id, free
 * where only `id` and `__typename` are asked.
 */
export const linkToTransaction = <Parent>(
  description: string,
  of: (parent: Parent) => { id: string; type?: string | null },
) => ({
  ...upstreamOn({ oneOf: true, free: asksOnlyId }, ...READS.values()),
  type: Transaction,
  description,
  nullable: true as const,
  resolve: async (parent: Parent, _args: object, { weavr }: Context, info: GraphQLResolveInfo) => {
    const { id, type } = of(parent);
    const read = READS.get(type ?? '');
    if (!type || !read) return null;
    if (asksOnlyId(info)) return ofKind(type, { id });
    const found = await weavr.follow(read, { id });
    return found && ofKind(type, found);
  },
});
