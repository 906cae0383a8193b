import * as rest from '../weavr/incoming-wire-transfers.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { linkToInstrument } from './core/link.js';
import { Money } from './core/money.js';
import { upstream } from './core/upstream.js';
import { SortOrder, TransactionForex } from './statements.js';
import { Transaction } from './transactions.js';

const api = rest.incomingWireTransfers;

const IncomingWireTransferState = enumType<rest.IncomingWireTransfer['state']>(
  'IncomingWireTransferState',
  'How far a payment from another bank is.',
  {
    PENDING: 'Announced: the money is not there yet.',
    COMPLETED: 'The money is there.',
    REJECTED: 'Not taken: the money never came.',
  },
);

export const PaymentNetwork = enumType<NonNullable<rest.IncomingWireTransfer['paymentNetwork']>>(
  'PaymentNetwork',
  'The network that a payment from another bank came by.',
  {
    SEPA: 'Euros, in Europe.',
    FASTER_PAYMENTS: 'Pounds, in the United Kingdom, within seconds.',
    SWIFT: 'Anywhere.',
    RIX: 'Kronor, in Sweden.',
    BACS: 'Pounds, in the United Kingdom, within days.',
    CHAPS: 'Pounds, in the United Kingdom, for large amounts.',
    TARGET: 'Euros, between central banks.',
  },
);

export const IncomingWireTransfer = builder.objectRef<rest.IncomingWireTransfer>('IncomingWireTransfer').implement({
  description: 'Money paid to an account from one at another bank.',
  interfaces: [Transaction],
  fields: (t) => ({
    profileId: t.exposeID('profileId', { nullable: true, description: "The programme's profile it came under." }),
    state: t.field({ type: IncomingWireTransferState, description: 'How far it is.', resolve: ({ state }) => state }),
    amount: t.expose('amount', {
      type: Money,
      description: "What arrives, in the account's currency, without the fee.",
    }),
    fee: t.expose('fee', {
      type: Money,
      nullable: true,
      description: 'What the account pays for it; null if nothing.',
    }),
    forex: t.expose('forex', {
      type: TransactionForex,
      nullable: true,
      description: 'How it was converted; null if it was not.',
    }),
    destination: t.field(
      linkToInstrument('Where the money goes: an account.', ({ destinationInstrument }) => destinationInstrument),
    ),
    paymentNetwork: t.field({
      type: PaymentNetwork,
      nullable: true,
      description: 'The network it came by.',
      resolve: ({ paymentNetwork }) => paymentNetwork,
    }),
    senderName: t.exposeString('senderName', { nullable: true, description: 'Who paid.' }),
    senderIban: t.exposeString('senderIban', { nullable: true, description: 'The IBAN it was paid from.' }),
    senderReference: t.exposeString('senderReference', { nullable: true, description: 'What the payer wrote.' }),
    isInstant: t.exposeBoolean('isInstant', { nullable: true, description: 'Whether it came within seconds.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was received.' }),
    executedAt: t.expose('executedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was settled; null before.',
    }),
  }),
});

const IncomingWireTransferConnection = connection('IncomingWireTransferConnection', IncomingWireTransfer);

const IncomingWireTransferFilter = builder.inputType('IncomingWireTransferFilter', {
  description: 'Which incoming wire transfers. All given conditions must hold.',
  fields: (t) => ({
    state: t.field({ type: [IncomingWireTransferState], description: 'In one of these states.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Received then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Received then or earlier.' }),
    updatedFrom: t.field({ type: 'DateTime', description: 'With their latest change then or later.' }),
    updatedTo: t.field({ type: 'DateTime', description: 'With their latest change then or earlier.' }),
  }),
});

builder.queryFields((t) => ({
  incomingWireTransfer: t.field({
    ...upstream(api.incomingWireTransferGet),
    type: IncomingWireTransfer,
    nullable: true,
    description: 'One incoming wire transfer; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.incomingWireTransferGet, { id }),
  }),
  incomingWireTransfers: t.field({
    ...upstream(api.incomingWireTransfersGet),
    type: IncomingWireTransferConnection,
    nullable: true,
    description: "The payments from other banks to the identity's accounts.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: IncomingWireTransferFilter, description: 'Which transfers; absent: all.' }),
      sortOrder: t.arg({
        type: SortOrder,
        required: true,
        defaultValue: 'DESC',
        description: 'By when they were received.',
      }),
    },
    resolve: (_root, { filter, sortOrder, ...page }, { weavr }, info) =>
      readPage(
        weavr,
        api.incomingWireTransfersGet,
        page,
        {
          state: filter?.state,
          creationTimestampFrom: filter?.createdFrom,
          creationTimestampTo: filter?.createdTo,
          lastUpdatedTimestampFrom: filter?.updatedFrom,
          lastUpdatedTimestampTo: filter?.updatedTo,
          sortOrder,
        },
        info,
      ),
  }),
}));
