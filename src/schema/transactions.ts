import type { CurrencyAmount } from '../weavr/core/shapes.js';
import { builder } from './core/builder.js';
import { Money } from './core/money.js';

/** A transaction as its own row has it, with the word that Weavr's statements and feeds have for its kind. */
export interface AnyTransaction {
  id: string;
  description?: string;
  kind?: string;
}

/** The object type of each kind; the row that serves a kind adds it. */
const OBJECT_TYPES = new Map([['transfers', 'Transfer']]);

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
