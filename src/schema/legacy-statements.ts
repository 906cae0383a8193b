import type { ArgBuilder, InputShapeFromFields } from '@pothos/core';
import type { ById } from '../weavr/core/shapes.js';
import * as rest from '../weavr/statements.js';
import { builder, type Types } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { Money, rateOf } from './core/money.js';
import { upstream } from './core/upstream.js';
import { ManagedAccount } from './managed-accounts.js';
import { ManagedCard } from './managed-cards.js';
import { SortOrder } from './statements.js';

const api = rest.statements;

const FILTERABLE: Record<rest.LegacyTypeFilter, string> = {
  AUTHORISATION: 'A card payment was authorised: money is held.',
  SETTLEMENT: 'A card payment was settled: money moved.',
  MANUAL_TRANSACTION: 'A correction by hand; `note` says why.',
  TRANSFER: 'A transfer between two instruments of one identity.',
  SEND: 'A payment to an instrument of another identity.',
  DEPOSIT: 'A payment from another bank.',
  AUTHORISATION_REVERSAL: 'The merchant gave an authorisation back.',
  AUTHORISATION_EXPIRY: 'An authorisation was never settled and has lapsed.',
  AUTHORISATION_DECLINE: 'A card payment was declined: no money moved.',
  AUTHORISATION_MANUAL_CLOSE: 'An authorisation was closed by hand.',
  MERCHANT_REFUND: 'A merchant paid money back.',
  MERCHANT_REFUND_REVERSAL: 'A merchant took a refund back.',
  ORIGINAL_CREDIT_TRANSACTION: 'A merchant paid money out to the card.',
  SETTLEMENT_REVERSAL: 'A settlement was undone.',
  ADJUSTMENT: 'A correction of the balance.',
  CHARGE_FEE: 'A fee.',
  WITHDRAWAL_RESERVE: 'Money was set aside for a payment to another bank.',
  WITHDRAWAL_RELEASE: 'Money that was set aside is free again.',
  FEE_REVERSAL: 'A fee was paid back.',
  OUTGOING_WIRE_TRANSFER: 'A payment to another bank.',
  AUTHORISATION_CANCELLATION: 'An authorisation was cancelled.',
  SYSTEM_TRANSACTION: 'A movement that Weavr made by itself; `systemTransactionType` says which.',
  OUTGOING_DIRECT_DEBIT_COLLECTION: 'A direct debit was collected.',
  OUTGOING_DIRECT_DEBIT_REFUND: 'A direct debit was paid back.',
  CORRESPONDENT_BANK_TRANSFER: 'A payment to another bank by way of a correspondent bank.',
};

const LegacyTransactionTypeFilter = enumType<rest.LegacyTypeFilter>(
  'LegacyTransactionTypeFilter',
  'The kinds of movement that the first form of statements can be filtered by.',
  FILTERABLE,
);

const LegacyTransactionType = enumType<rest.LegacyTransactionType>(
  'LegacyTransactionType',
  'What moves money, in the words of the first form of statements.',
  {
    ...FILTERABLE,
    LINKED_ACCOUNT_VERIFICATION_TRANSFER: 'A small payment that proves who owns a linked account.',
    INCOMING_WIRE_TRANSFER: 'A payment from another bank.',
    FUNDING: 'Money from outside.',
    TEST_FUNDING: 'Money from outside, for a test.',
  },
);

const LegacyEntryState = enumType<NonNullable<rest.LegacyStatementEntry['entryState']>>(
  'LegacyEntryState',
  'Whether a movement is final.',
  { PENDING: 'Some of its money has still to move.', COMPLETED: 'All of it has.' },
);

export const LegacyTransactionId = builder
  .objectRef<rest.LegacyStatementEntry['transactionId']>('LegacyTransactionId')
  .implement({
    description: 'Names a transaction, in the words of the first form of statements. Several entries may share one.',
    fields: (t) => ({
      id: t.exposeID('id', { description: "Weavr's id." }),
      type: t.field({
        type: LegacyTransactionType,
        nullable: true,
        description: 'What kind of movement.',
        resolve: ({ type }) => type,
      }),
    }),
  });

type UserCurrencyDetails = NonNullable<rest.LegacyStatementEntry['userCurrencyTransactionDetails']>;

const UserCurrencyTransactionDetails = builder
  .objectRef<UserCurrencyDetails>('UserCurrencyTransactionDetails')
  .implement({
    description: "A movement in the user's own currency.",
    fields: (t) => ({
      userTransactionAmount: t.expose('userTransactionAmount', {
        type: Money,
        nullable: true,
        description: 'How much it is in that currency.',
      }),
      userExchangeRate: t.exposeString('userExchangeRate', { nullable: true, description: 'The rate, as a decimal.' }),
    }),
  });

const AdditionalField = builder.objectRef<{ name: string; value: string }>('AdditionalField').implement({
  description: 'A text that some kinds of movement have.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: "Weavr's name of it: `merchantName`, `senderIban`, `relatedTransactionId`. An open set.",
    }),
    value: t.exposeString('value', { nullable: true, description: 'The text.' }),
  }),
});

const LegacyStatementEntry = builder.objectRef<rest.LegacyStatementEntry>('LegacyStatementEntry').implement({
  description: 'A movement of money, final or not. Amounts are in the currency of the instrument unless told.',
  fields: (t) => {
    const money = (name: AmountName, description: string) =>
      t.expose(name, { type: Money, nullable: true, description });
    return {
      transactionId: t.expose('transactionId', { type: LegacyTransactionId, description: 'What caused it.' }),
      entryState: t.field({
        type: LegacyEntryState,
        nullable: true,
        description: 'Whether it is final.',
        resolve: ({ entryState }) => entryState,
      }),
      executedAt: t.expose('processedTimestamp', { type: 'DateTime', description: 'When it was processed.' }),
      originalAmount: money('originalAmount', 'What was asked for, in the currency it was asked in.'),
      forexRate: t.string({
        nullable: true,
        description: 'The rate of the conversion as an exact decimal: `"1.2345"`. Null if there was none.',
        resolve: ({ forexRate }) => rateOf(forexRate),
      }),
      transactionAmount: money('transactionAmount', 'How much.'),
      availableBalanceAdjustment: money('availableBalanceAdjustment', 'Signed change of what can be spent.'),
      actualBalanceAdjustment: money('actualBalanceAdjustment', 'Signed change of what is there.'),
      balanceAfter: money('balanceAfter', 'The balance after it.'),
      availableBalanceAfter: money('availableBalanceAfter', 'What can be spent after it.'),
      actualBalanceAfter: money('actualBalanceAfter', 'What is there after it.'),
      transactionFee: money('transactionFee', 'What was charged for it.'),
      cardholderFee: t.expose('cardholderFee', {
        type: Money,
        nullable: true,
        description: 'What was charged for it.',
        deprecationReason: 'Use `transactionFee`.',
      }),
      sourceAmount: money('sourceAmount', 'What the source paid, in its own currency, if it was converted.'),
      userCurrencyTransactionDetails: t.expose('userCurrencyTransactionDetails', {
        type: UserCurrencyTransactionDetails,
        nullable: true,
        description: "The movement in the user's own currency, where that is another.",
      }),
      additionalFields: t.field({
        type: [AdditionalField],
        description: 'What else Weavr says of it.',
        resolve: ({ additionalFields }) =>
          Object.entries(additionalFields ?? {}).map(([name, value]) => ({ name, value })),
      }),
    };
  },
});

type AmountName = {
  [K in keyof rest.LegacyStatementEntry]-?: NonNullable<rest.LegacyStatementEntry[K]> extends {
    currency: string;
    amount: number;
  }
    ? K
    : never;
}[keyof rest.LegacyStatementEntry];

const LegacyStatement = connection<rest.LegacyStatementEntry, rest.LegacyStatement>(
  'LegacyStatement',
  LegacyStatementEntry,
  {
    description: 'One page of the movements on an instrument in the first form of statements, pending ones included.',
    fields: (t) => ({
      startBalance: t.field({
        type: Money,
        nullable: true,
        description: 'The balance before the first movement of the period. Null for a debit card.',
        resolve: ({ body }) => body.startBalance,
      }),
      endBalance: t.field({
        type: Money,
        nullable: true,
        description: 'The balance after the last movement of the period. Null for a debit card.',
        resolve: ({ body }) => body.endBalance,
      }),
      footer: t.string({
        nullable: true,
        description: 'Text that regulators and card schemes want printed under a statement.',
        resolve: ({ body }) => body.footer,
      }),
    }),
  },
);

const LegacyStatementFilter = builder.inputType('LegacyStatementFilter', {
  description: 'The period of a statement, and which entries. All given conditions must hold.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Where the period starts; absent: at the beginning.' }),
    to: t.field({ type: 'DateTime', description: 'Where the period ends, later than `from`; absent: now.' }),
    transactionType: t.field({ type: [LegacyTransactionTypeFilter], description: 'Movements of these kinds.' }),
    singleEntryPerTransaction: t.boolean({
      description: 'True: one entry for all movements of a transaction, and none for what is not completed.',
    }),
  }),
});

const legacyArgs = (t: ArgBuilder<Types>) => ({
  ...pageArgs(t, 500),
  filter: t({ type: LegacyStatementFilter, description: 'Period and entries; absent: all.' }),
  sortOrder: t({ type: SortOrder, required: true, defaultValue: 'DESC', description: 'By time.' }),
});

type LegacyFilters = Pick<InputShapeFromFields<ReturnType<typeof legacyArgs>>, 'filter' | 'sortOrder'>;

/** The filter in Weavr's names. */
const asQuery = ({ filter, sortOrder }: LegacyFilters) => {
  const { from, to, ...conditions } = filter ?? {};
  return { fromTimestamp: from, toTimestamp: to, orderByTimestamp: sortOrder, ...conditions };
};

const legacy = {
  type: LegacyStatement,
  nullable: true as const,
  description: 'Its movements in the first form of statements. One REST call per instrument.',
  deprecationReason: 'Use `statement`. Only pending movements need this one.',
};

builder.objectFields(ManagedAccount, (t) => ({
  legacyStatement: t.field({
    ...legacy,
    ...upstream(api.managedAccountStatementDeprecated),
    args: {
      ...legacyArgs(t.arg),
      showFundMovementsOnly: t.arg.boolean({
        description: 'True: leaves out what moved no money.',
        deprecationReason: 'Use `singleEntryPerTransaction`.',
      }),
    },
    resolve: ({ id }, { filter, sortOrder, showFundMovementsOnly, ...page }, { weavr }, info) =>
      readPage(
        weavr,
        api.managedAccountStatementDeprecated,
        page,
        {
          id,
          ...asQuery({ filter, sortOrder }),
          showFundMovementsOnly,
        },
        info,
      ),
  }),
}));

builder.interfaceFields(ManagedCard, (t) => ({
  legacyStatement: t.field({
    ...legacy,
    ...upstream(api.managedCardStatementDeprecated),
    args: legacyArgs(t.arg),
    resolve: ({ id }: ById, { filter, sortOrder, ...page }, { weavr }, info) =>
      readPage(weavr, api.managedCardStatementDeprecated, page, { id, ...asQuery({ filter, sortOrder }) }, info),
  }),
}));
