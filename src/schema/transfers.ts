import type { InputShapeFromFields } from '@pothos/core';
import type { Nullish } from '../weavr/core/shapes.js';
import * as rest from '../weavr/transfers.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { InstrumentIdInput } from './core/instruments.js';
import { link, linkToInstrument } from './core/link.js';
import { Money, MoneyInput } from './core/money.js';
import { type InputFields, mutation } from './core/mutation.js';
import { lasting, upstream } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { PrepaidCard } from './managed-cards.js';
import { Transaction } from './transactions.js';

const api = rest.transfers;

export const TransactionState = enumType<rest.TransactionState>('TransactionState', 'How far a transaction is.', {
  INITIALISED: 'Taken, and nothing has happened yet.',
  PENDING: 'Under way.',
  SCHEDULED: 'Waits for its time; until then it can be cancelled.',
  COMPLETED: 'The money has moved.',
  CANCELLED: 'Called off before its time.',
  REJECTED: 'Refused: no money has moved.',
  FAILED: 'Tried in vain: no money has moved.',
});

export const Transfer = builder.objectRef<rest.Transfer>('Transfer').implement({
  description: 'Money moved between two accounts or prepaid cards of one identity, in one currency.',
  interfaces: [Transaction],
  fields: (t) => ({
    profileId: t.exposeID('profileId', { description: "The programme's transfer profile it was made under." }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    source: t.field(linkToInstrument('Where the money comes from.', ({ source }) => source)),
    destination: t.field(linkToInstrument('Where the money goes.', ({ destination }) => destination)),
    amount: t.expose('destinationAmount', {
      type: Money,
      description: 'What arrives at the destination, without fees.',
    }),
    state: t.field({ type: TransactionState, description: 'How far it is.', resolve: ({ state }) => state }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    scheduledFor: t.expose('scheduledTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is, or was, to be executed; null if at once.',
    }),
    executedAt: t.expose('executionTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When the money moved; null if it has not.',
    }),
    cancellationReason: t.exposeString('cancellationReason', {
      nullable: true,
      description: 'Why it was cancelled, as the caller put it.',
    }),
  }),
});

const TransferConnection = connection('TransferConnection', Transfer);

const TransferFilter = builder.inputType('TransferFilter', {
  description: 'Which transfers. All given conditions must hold.',
  fields: (t) => ({
    source: t.field({ type: InstrumentIdInput, description: 'From this account or card.' }),
    profileId: t.id({ description: 'Made under this profile.' }),
    state: t.field({ type: [TransactionState], description: 'In one of these states.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
    executedFrom: t.field({
      type: 'DateTime',
      description: 'Executed then or later. Back Office does not know this condition.',
    }),
    executedTo: t.field({
      type: 'DateTime',
      description: 'Executed then or earlier. Back Office does not know this condition.',
    }),
    tag: t.string({ description: 'Exactly this label.' }),
  }),
});

builder.queryFields((t) => ({
  transfer: t.field({
    ...upstream(api.transferGet),
    type: Transfer,
    nullable: true,
    description: 'One transfer; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.transferGet, { id }),
  }),
  transfers: t.field({
    ...upstream(api.transfersGet),
    type: TransferConnection,
    nullable: true,
    description: "The identity's transfers.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: TransferFilter, description: 'Which transfers; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => {
      const { source, ...rest } = filter ?? {};
      return readPage(weavr, api.transfersGet, page, { ...rest, ...source }, info);
    },
  }),
}));

builder.objectField(ManagedAccount, 'outgoingTransfers', (t) =>
  t.field({
    ...upstream(api.transfersGet),
    type: TransferConnection,
    nullable: true,
    description: 'The transfers from this account. One REST call per account, or fewer for many.',
    args: pageArgs(t.arg),
    resolve: ({ id }, page, { weavr }, info) =>
      readPage(weavr, api.transfersGet, page, { type: 'managed_accounts', id }, info),
  }),
);

builder.objectField(PrepaidCard, 'outgoingTransfers', (t) =>
  t.field({
    ...upstream(api.transfersGet),
    type: TransferConnection,
    nullable: true,
    description: 'The transfers from this card. One REST call per card, or fewer for many.',
    args: pageArgs(t.arg),
    resolve: ({ id }, page, { weavr }, info) =>
      readPage(weavr, api.transfersGet, page, { type: 'managed_cards', id }, info),
  }),
);

/** What a transfer is made of, alone or in a bulk. */
export const newTransfer = (t: InputFields) => ({
  profileId: t.id({ required: true, description: "The programme's transfer profile." }),
  source: t.field({ type: InstrumentIdInput, required: true, description: 'Where the money comes from.' }),
  destination: t.field({ type: InstrumentIdInput, required: true, description: 'Where the money goes.' }),
  amount: t.field({
    type: MoneyInput,
    required: true,
    description: 'What shall arrive, without fees, in the currency of both instruments.',
  }),
  description: t.string({ description: 'What it is for, up to 255 characters.' }),
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
  scheduledFor: t.field({ type: 'DateTime', description: 'When to execute it, in the future; absent: at once.' }),
});

/** The same in Weavr's words. */
export const toTransfer = ({
  amount,
  scheduledFor,
  ...input
}: InputShapeFromFields<ReturnType<typeof newTransfer>>): Nullish<rest.NewTransfer> => ({
  ...input,
  destinationAmount: amount,
  scheduledTimestamp: scheduledFor?.toString(),
});

export const TRANSFER_NAMES = { destinationAmount: 'amount', scheduledTimestamp: 'scheduledFor' };

mutation('createTransfer', api.transferCreate, {
  description: 'Moves money between two accounts or prepaid cards of the identity, at once or at a given time.',
  input: newTransfer,
  renamed: TRANSFER_NAMES,
  resolve: async (input, call) => ({ transfer: await call(toTransfer(input)) }),
  payload: (t) => ({ transfer: t.expose('transfer', { type: Transfer, description: 'The transfer.' }) }),
});

const CancellationInput = builder.inputType('CancellationInput', {
  description: 'What to cancel, and why.',
  fields: (t) => ({
    id: t.id({ required: true, description: "Weavr's id." }),
    reason: t.string({ description: 'Up to 50 letters, digits, blanks, _ and -.' }),
  }),
});

const TransferCancellation = builder.objectRef<rest.CancellationOutcome>('TransferCancellation').implement({
  description: 'How the cancellation of one transfer went.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id of the transfer." }),
    cancelled: t.boolean({
      description: 'Whether it is cancelled. If not, nothing has changed.',
      resolve: ({ state }) => state === 'SUCCESS',
    }),
    errorCode: t.exposeString('errorCode', {
      nullable: true,
      description: 'Why not: `TRANSACTION_NOT_SCHEDULED`, `NOT_FOUND`, `FORBIDDEN`, `GENERIC`. An open set.',
    }),
    transfer: t.field(
      link(api.transferGet, {
        type: Transfer,
        description: 'The transfer as it is now; null if there is none. Asking for more than its id costs a read.',
        id: ({ id, errorCode }) => (errorCode === 'NOT_FOUND' ? null : id),
      }),
    ),
  }),
});

mutation('cancelTransfers', api.transferCancel, {
  description: 'Cancels scheduled transfers, each for itself: some may be cancelled and others not.',
  input: (t) => ({
    cancellations: t.field({ type: [CancellationInput], required: true, description: 'One for each transfer.' }),
  }),
  renamed: { cancellationReason: 'reason' },
  resolve: async ({ cancellations }, call) => {
    const asked = cancellations.map(({ id, reason }) => ({ id, cancellationReason: reason }));
    return { results: (await call({ cancellations: asked })).cancellations };
  },
  payload: (t) => ({
    results: t.field({
      ...lasting({ asManyAs: 'cancellations' }),
      type: [TransferCancellation],
      description: 'One for each cancellation.',
      resolve: ({ results = [] }) => results,
    }),
  }),
});
