import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Operation } from '../weavr/core/operation.js';
import type { ById, Page } from '../weavr/core/shapes.js';
import * as rest from '../weavr/transactions.js';
import { builder, type Context, type Types } from './core/builder.js';
import { connection, type PageArgs, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import type { AnyInstrument } from './core/instruments.js';
import { linkToInstrument } from './core/link.js';
import { Money } from './core/money.js';
import { upstream } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { ManagedCard } from './managed-cards.js';
import { FeeSummary, SortOrder, TransactionType } from './statements.js';
import { ofKind, Transaction } from './transactions.js';

const api = rest.transactions;

const TransactionActivityStatus = enumType<rest.TransactionActivity['status']>(
  'TransactionActivityStatus',
  'How far a transaction is, in the same words for all kinds.',
  {
    DRAFT: 'Its user has to do something first.',
    SUBMITTED: 'Taken, and perhaps scheduled: no money has moved.',
    PROCESSING: 'Under way.',
    COMPLETED: 'Done: the money has moved.',
    CANCELLED: 'Declined, failed or called off: no money has moved.',
    RETURNED: 'Done, and sent back since.',
  },
);

const TransactionActivityDirection = enumType<NonNullable<rest.TransactionActivity['direction']>>(
  'TransactionActivityDirection',
  'Which way the money goes.',
  { CREDIT: 'To the instrument.', DEBIT: 'From the instrument.' },
);

const TransactionActivitySortBy = builder.enumType('TransactionActivitySortBy', {
  description: 'What a feed is sorted by.',
  values: {
    CREATED_AT: { value: 'creationTimestamp', description: 'When transactions were created.' },
    UPDATED_AT: {
      value: 'lastUpdatedTimestamp',
      description: 'When they last changed: for whoever wants what is new.',
    },
  } as const,
});

builder.objectRef<rest.SystemTransaction>('SystemTransaction').implement({
  description: 'A correction by Weavr, or the end of an instrument.',
  interfaces: [Transaction],
  fields: (t) => ({
    subtype: t.exposeString('subtype', {
      nullable: true,
      description: 'What was done: `balance_adjustments`, `chargebacks_won`. An open set.',
    }),
    amount: t.expose('amount', { type: Money, description: "How much, in the instrument's currency." }),
    status: t.expose('status', { type: TransactionActivityStatus, description: 'How far it is.' }),
    description: t.exposeString('reason', { nullable: true, description: 'Why it was done, in words.' }),
    instrument: t.field(linkToInstrument('The account or card that it was done to.', ({ instrument }) => instrument)),
    relatedTransactionId: t.exposeID('relatedTransactionId', {
      nullable: true,
      description: "Weavr's id of the transaction that it corrects. Nothing says of which kind that is.",
    }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('lastUpdatedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last changed.',
    }),
  }),
});

/** A row of a feed; in the feed of one instrument with that instrument, which Weavr leaves out. */
type Row = rest.TransactionActivity & { of?: AnyInstrument };

const instrument = linkToInstrument<Row>('The account or card in question.', (row) => row.instrument);

const TransactionActivity = builder.objectRef<Row>('TransactionActivity').implement({
  description:
    "What a transaction means to one instrument. A transfer between two of the identity's own comes twice, once for each, under one id.",
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id of the transaction." }),
    type: t.expose('type', { type: TransactionType, description: 'What kind of transaction.' }),
    status: t.expose('status', { type: TransactionActivityStatus, description: 'How far it is.' }),
    direction: t.expose('direction', {
      type: TransactionActivityDirection,
      nullable: true,
      description: 'Which way the money goes; null where none does.',
    }),
    amount: t.expose('amount', {
      type: Money,
      description: "How much, in the instrument's currency. Never negative: the direction tells.",
    }),
    fee: t.expose('fee', { type: FeeSummary, nullable: true, description: 'What was charged for it.' }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('lastUpdatedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last changed.',
    }),
    instrument: t.field({ ...instrument, resolve: (row, ...how) => row.of ?? instrument.resolve(row, ...how) }),
    transaction: t.field({
      type: Transaction,
      nullable: true,
      description: 'The transaction itself, without a call.',
      // Of a kind that is newer than this schema, the row alone may tell the amount and the time.
      resolve: ({ type, amount, creationTimestamp, transaction }) =>
        transaction && ofKind(type, { amount, creationTimestamp, ...transaction }),
    }),
  }),
});

const TransactionActivityConnection = connection('TransactionActivityConnection', TransactionActivity, {
  description:
    'One page of what happens on instruments, whether it is done, under way, planned or declined. Statements have only what is done.',
  fields: () => ({}),
});

const TransactionActivityFilter = builder.inputType('TransactionActivityFilter', {
  description: 'Which transactions. All given conditions must hold.',
  fields: (t) => ({
    type: t.field({ type: [TransactionType], description: 'Of one of these kinds.' }),
    status: t.field({ type: [TransactionActivityStatus], description: 'This far.' }),
    direction: t.field({ type: TransactionActivityDirection, description: 'To an instrument, or from it.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    updatedFrom: t.field({ type: 'DateTime', description: 'Last changed then or later.' }),
    updatedTo: t.field({ type: 'DateTime', description: 'Last changed then or earlier.' }),
  }),
});

const feedArgs = (t: ArgBuilder<Types>) => ({
  ...pageArgs(t),
  filter: t({ type: TransactionActivityFilter, description: 'Which transactions; absent: all.' }),
  sortBy: t({
    type: TransactionActivitySortBy,
    required: true,
    defaultValue: 'creationTimestamp',
    description: 'By what.',
  }),
  sortOrder: t({ type: SortOrder, required: true, defaultValue: 'DESC', description: 'In which order of time.' }),
});

interface FeedArgs extends PageArgs {
  filter?: typeof TransactionActivityFilter.$inferInput | null;
  sortBy: typeof TransactionActivitySortBy.$inferInput;
  sortOrder: typeof SortOrder.$inferInput;
}

/** The filter and the order in Weavr's words. */
function asQuery({ filter, sortBy, sortOrder }: Pick<FeedArgs, 'filter' | 'sortBy' | 'sortOrder'>) {
  const { createdFrom, createdTo, updatedFrom, updatedTo, ...rest } = filter ?? {};
  return {
    ...rest,
    creationTimestampFrom: createdFrom,
    creationTimestampTo: createdTo,
    lastUpdatedTimestampFrom: updatedFrom,
    lastUpdatedTimestampTo: updatedTo,
    sortBy,
    sortOrder,
  };
}

builder.queryField('transactions', (t) =>
  t.field({
    ...upstream(api.transactionsGet),
    type: TransactionActivityConnection,
    nullable: true,
    description: "What happens on all of the identity's accounts and cards.",
    args: feedArgs(t.arg),
    resolve: (_root, { first, after, ...how }, { weavr }, info) =>
      readPage(weavr, api.transactionsGet, { first, after }, asQuery(how), info),
  }),
);

type FeedOfInstrument = Operation<Page & rest.TransactionActivityFilter & ById, rest.TransactionActivityPage>;

/** What happens on one instrument. */
const feed = (t: ArgBuilder<Types>, operation: FeedOfInstrument) => ({
  ...upstream(operation),
  type: TransactionActivityConnection,
  nullable: true as const,
  description: 'What happens on it, in all kinds of transactions. One REST call per instrument.',
  args: feedArgs(t),
  resolve: async (
    of: AnyInstrument,
    { first, after, ...how }: FeedArgs,
    { weavr }: Context,
    info: GraphQLResolveInfo,
  ) => {
    const slice = await readPage(weavr, operation, { first, after }, { id: of.id, ...asQuery(how) }, info);
    return { ...slice, nodes: slice.nodes.map((row) => ({ ...row, of })) };
  },
});

type ActivityOfInstrument = Operation<ById & { transactionId: string }, rest.TransactionActivity>;

/** What one transaction means to one instrument. */
const activity = (t: ArgBuilder<Types>, operation: ActivityOfInstrument) => ({
  ...upstream(operation),
  type: TransactionActivity,
  nullable: true as const,
  description: 'What one transaction means to it; null if that has nothing to do with it.',
  args: { id: t.id({ required: true, description: "Weavr's id of the transaction." }) },
  resolve: async (of: AnyInstrument, { id: transactionId }: { id: string }, { weavr }: Context) => {
    const row = await weavr.find(operation, { id: of.id, transactionId });
    return row && { ...row, of };
  },
});

builder.objectFields(ManagedAccount, (t) => ({
  transactions: t.field(feed(t.arg, api.managedAccountTransactionsGet)),
  transaction: t.field(activity(t.arg, api.managedAccountTransactionGet)),
}));
builder.interfaceFields(ManagedCard, (t) => ({
  transactions: t.field(feed(t.arg, api.managedCardTransactionsGet)),
  transaction: t.field(activity(t.arg, api.managedCardTransactionGet)),
}));
