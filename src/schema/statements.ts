import type { ArgBuilder, InputShapeFromFields } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Operation } from '../weavr/core/operation.js';
import type { ById, Page } from '../weavr/core/shapes.js';
import * as rest from '../weavr/statements.js';
import { builder, type Context, type Types } from './core/builder.js';
import { connection, type PageArgs, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { linkToInstrument } from './core/link.js';
import { Money, rateOf } from './core/money.js';
import { upstream } from './core/upstream.js';
import { Counterparty } from './counterparties.js';
import { ManagedAccount } from './managed-accounts.js';
import { ManagedCard } from './managed-cards.js';
import { linkToTransaction } from './transactions.js';

const api = rest.statements;

export const SortOrder = enumType<rest.SortOrder>('SortOrder', 'In which order of time.', {
  ASC: 'Oldest first.',
  DESC: 'Newest first.',
});

export const TransactionType = enumType<rest.TransactionType>('TransactionType', 'What moves money.', {
  card_payments: 'A purchase, withdrawal or refund by card.',
  transfers: 'A transfer between two instruments of one identity.',
  sends: 'A payment to an instrument of another identity.',
  outgoing_wire_transfers: 'A payment to another bank, or its return.',
  incoming_wire_transfers: 'A payment from another bank.',
  correspondent_bank_transfers: 'A payment to another bank by way of a correspondent bank.',
  fees: 'A fee, or its reversal.',
  system_transactions: 'A correction by Weavr, or the end of an instrument.',
});

const AccessInstrumentType = enumType<NonNullable<rest.ExecutingAccessInstrument['type']>>(
  'AccessInstrumentType',
  'What reaches the money of an account.',
  { managed_cards: 'A card that spends from it.', ibans: 'Its IBAN.' },
);

const StatementTransaction = builder.objectRef<rest.StatementEntry['transaction']>('StatementTransaction').implement({
  description: 'Names the transaction that caused an entry.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id of the transaction. A fee has one of its own." }),
    type: t.field({
      type: TransactionType,
      nullable: true,
      description: 'What kind of transaction.',
      resolve: ({ type }) => type,
    }),
    subtype: t.exposeString('subtype', {
      nullable: true,
      description: 'More exactly, where it is known: `purchase_refunds`, `fundings`, `transfer_fees`. An open set.',
    }),
    details: t.field(
      linkToTransaction(
        'The transaction itself. Null for fees and corrections, which can be found in `transactions` of the instrument.',
        (transaction) => transaction,
      ),
    ),
  }),
});

export const FeeSummary = builder.objectRef<rest.FeeSummary>('FeeSummary').implement({
  description: 'A fee of a transaction. It is also an entry of its own, so never add both.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id of the fee: the `entryId` of its own entry." }),
    amount: t.expose('amount', { type: Money, nullable: true, description: "In the instrument's currency." }),
    subtype: t.exposeString('subtype', {
      nullable: true,
      description: 'What it is charged for: `purchase_fees`, `atm_withdrawal_fees`. An open set.',
    }),
  }),
});

export const TransactionForex = builder.objectRef<rest.TransactionForex>('TransactionForex').implement({
  description: 'How an amount was converted.',
  fields: (t) => ({
    originalAmount: t.expose('originalAmount', {
      type: Money,
      nullable: true,
      description: 'What was asked for, before the conversion.',
    }),
    exchangeRate: t.string({
      nullable: true,
      description: 'The rate as an exact decimal: `"1.2345"`.',
      resolve: ({ exchangeRate }) => rateOf(exchangeRate),
    }),
    paddingAmount: t.expose('paddingAmount', {
      type: Money,
      nullable: true,
      description: 'What was held on top when it was authorised, against a change of the rate.',
    }),
    feeAmount: t.expose('feeAmount', { type: Money, nullable: true, description: 'What the conversion itself costs.' }),
  }),
});

const ExecutingAccessInstrument = builder
  .objectRef<rest.ExecutingAccessInstrument>('ExecutingAccessInstrument')
  .implement({
    description: 'By which card or IBAN the money of an account was reached.',
    fields: (t) => ({
      id: t.exposeID('id', { description: "Weavr's id." }),
      type: t.field({
        type: AccessInstrumentType,
        nullable: true,
        description: 'Card or IBAN.',
        resolve: ({ type }) => type,
      }),
      friendlyName: t.exposeString('friendlyName', { nullable: true, description: 'Its name for people.' }),
      cardBrand: t.exposeString('cardBrand', { nullable: true, description: "A card's scheme: `VISA`. An open set." }),
      cardNumberFirstSix: t.exposeString('cardNumberFirstSix', {
        nullable: true,
        description: "The first six digits of a card's number.",
      }),
      cardNumberLastFour: t.exposeString('cardNumberLastFour', {
        nullable: true,
        description: "The last four digits of a card's number.",
      }),
      handle: t.exposeString('handle', { nullable: true, description: 'The IBAN or account number itself.' }),
      card: t.field(
        linkToInstrument("The card itself; null for an IBAN, and where it is not the caller's.", ({ type, id }) =>
          type === 'managed_cards' ? { type, id } : undefined,
        ),
      ),
    }),
  });

const StatementEntry = builder.objectRef<rest.StatementEntry>('StatementEntry').implement({
  description: 'A movement of money that is final.',
  fields: (t) => ({
    entryId: t.exposeID('entryId', {
      nullable: true,
      description: "Weavr's id of the entry, not of its transaction. Null where Weavr answers its first form.",
    }),
    transaction: t.expose('transaction', { type: StatementTransaction, description: 'What caused it.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for, in words.' }),
    executedAt: t.expose('timestamp', { type: 'DateTime', description: 'When it was posted to the instrument.' }),
    balanceAdjustment: t.expose('balanceAdjustment', {
      type: Money,
      nullable: true,
      description: 'What came in, or went out: then it is negative.',
    }),
    balanceAfter: t.expose('balanceAfter', {
      type: Money,
      nullable: true,
      description: "The actual balance after it. A debit card's is its account's.",
    }),
    counterparty: t.field({
      type: Counterparty,
      nullable: true,
      description: 'The other side; null for fees and corrections.',
      resolve: ({ counterparty }) => counterparty,
    }),
    fee: t.expose('fee', { type: FeeSummary, nullable: true, description: 'What was charged for the transaction.' }),
    forex: t.expose('forex', {
      type: TransactionForex,
      nullable: true,
      description: 'How it was converted; null if it was not.',
    }),
    relatedEntryId: t.exposeID('relatedEntryId', {
      nullable: true,
      description: 'The `entryId` of an entry it belongs to: of the payment that a fee was charged for.',
    }),
    executingAccessInstrument: t.expose('executingAccessInstrument', {
      type: ExecutingAccessInstrument,
      nullable: true,
      description: 'By which card or IBAN the money was reached, where it was by one.',
    }),
  }),
});

const Statement = connection<rest.StatementEntry, rest.EitherForm>('Statement', StatementEntry, {
  description:
    'One page of the final movements on an instrument. The same period always has the same entries. Some programmes get the first form of statements from Weavr: then its entries are shown as far as both forms agree, without ids and perhaps without heed to filter and order.',
  fields: (t) => ({
    openingBalance: t.field({
      type: Money,
      nullable: true,
      description: 'The balance at the start of the period, whatever the filter leaves out. Null for a debit card.',
      resolve: ({ body: { openingBalance, startBalance } }) => openingBalance ?? startBalance,
    }),
    closingBalance: t.field({
      type: Money,
      nullable: true,
      description: 'The balance at the end of the period, whatever the filter leaves out. Null for a debit card.',
      resolve: ({ body: { closingBalance, endBalance } }) => closingBalance ?? endBalance,
    }),
    footer: t.string({
      nullable: true,
      description: 'Text that regulators and card schemes want printed under a statement.',
      resolve: ({ body }) => body.footer,
    }),
  }),
});

const StatementFilter = builder.inputType('StatementFilter', {
  description: 'The period of a statement, and which entries. All given conditions must hold.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Where the period starts; absent: at the beginning.' }),
    to: t.field({ type: 'DateTime', description: 'Where the period ends; absent: now.' }),
    transactionType: t.field({ type: [TransactionType], description: 'Caused by a transaction of these kinds.' }),
    executingAccessInstrumentId: t.id({ description: 'By this card or IBAN.' }),
    executingAccessInstrumentType: t.field({ type: [AccessInstrumentType], description: 'By a card, or by the IBAN.' }),
  }),
});

/** The filter and order of a statement, and of its file. */
export const statementFilters = (t: ArgBuilder<Types>) => ({
  filter: t({ type: StatementFilter, description: 'Period and entries; absent: all.' }),
  sortOrder: t({ type: SortOrder, required: true, defaultValue: 'ASC', description: 'By time.' }),
});

export type StatementFilters = InputShapeFromFields<ReturnType<typeof statementFilters>>;

/** The filter in Weavr's names. */
export const asQuery = ({ filter, sortOrder }: StatementFilters) => ({
  startPeriod: filter?.from,
  endPeriod: filter?.to,
  sortOrder,
  'transaction.type': filter?.transactionType,
  'executingAccessInstrument.id': filter?.executingAccessInstrumentId,
  'executingAccessInstrument.type': filter?.executingAccessInstrumentType,
});

/** An instrument's statement. */
const statement = (t: ArgBuilder<Types>, operation: Operation<Page & rest.StatementFilter, rest.Statement>) => ({
  ...upstream(operation),
  type: Statement,
  nullable: true as const,
  description: 'Its final movements, with the balances before and after. One REST call per instrument.',
  args: { ...pageArgs(t, 500), ...statementFilters(t) },
  resolve: (
    { id }: ById,
    { filter, sortOrder, ...page }: PageArgs & StatementFilters,
    { weavr }: Context,
    info: GraphQLResolveInfo,
  ) => readPage(weavr, operation, page, { id, ...asQuery({ filter, sortOrder }) }, info),
});

builder.objectFields(ManagedAccount, (t) => ({ statement: t.field(statement(t.arg, api.managedAccountStatement)) }));
builder.interfaceFields(ManagedCard, (t) => ({ statement: t.field(statement(t.arg, api.managedCardStatement)) }));
