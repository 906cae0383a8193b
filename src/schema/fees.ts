import { SessionError } from '../weavr/core/errors.js';
import type { Operation } from '../weavr/core/operation.js';
import * as rest from '../weavr/fees.js';
import { builder, type Context } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { InstrumentIdInput } from './core/instruments.js';
import { linkToInstrument } from './core/link.js';
import { Money } from './core/money.js';
import { mutation } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { viewerOf } from './identities.js';
import { LegacyTransactionId } from './legacy-statements.js';
import { SortOrder } from './statements.js';
import { Transaction } from './transactions.js';
import { TransactionState } from './transfers.js';

const api = rest.fees;

const FeeTransactionStatus = enumType<rest.FeeTransaction['status']>('FeeTransactionStatus', 'What became of a fee.', {
  PENDING: 'Belongs to a transaction that is still under way, and may yet be cancelled.',
  COMPLETED: 'Was taken.',
  CANCELLED: 'Was never taken.',
  REVERSED: 'Was taken, and paid back.',
});

const FeeTransaction = builder.objectRef<rest.FeeTransaction>('FeeTransaction').implement({
  description: 'A fee on an account or a card, or its reversal.',
  interfaces: [Transaction],
  fields: (t) => ({
    feeType: t.exposeString('feeType', {
      nullable: true,
      description: 'What it is for: `custom_fees`, `transfer_fees`, `fee_reversals`. An open set.',
    }),
    amount: t.expose('amount', { type: Money, description: "How much, in the instrument's currency." }),
    instrument: t.field(
      linkToInstrument('The account or card that it was charged to.', ({ instrument }) => instrument),
    ),
    status: t.field({ type: FeeTransactionStatus, description: 'What became of it.', resolve: ({ status }) => status }),
    relatedTransactionId: t.exposeID('relatedTransactionId', {
      nullable: true,
      description: "Weavr's id of the transaction it was charged for. Nothing says of which kind that is.",
    }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('lastUpdatedTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last changed.',
    }),
  }),
});

const FeeTransactionConnection = connection('FeeTransactionConnection', FeeTransaction);

const FeeFilter = builder.inputType('FeeFilter', {
  description: 'Which fees. All given conditions must hold.',
  fields: (t) => ({
    createdFrom: t.field({ type: 'DateTime', description: 'Created then or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Created then or earlier.' }),
  }),
});

builder.queryField('fees', (t) =>
  t.field({
    ...upstream(api.feesGet),
    type: FeeTransactionConnection,
    nullable: true,
    description: "The fees on all of the identity's accounts and cards.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: FeeFilter, description: 'Which fees; absent: all.' }),
      sortOrder: t.arg({ type: SortOrder, required: true, defaultValue: 'DESC', description: 'By time.' }),
    },
    resolve: (_root, { filter, sortOrder, ...page }, { weavr }, info) =>
      readPage(
        weavr,
        api.feesGet,
        page,
        {
          creationTimestampFrom: filter?.createdFrom,
          creationTimestampTo: filter?.createdTo,
          sortOrder,
        },
        info,
      ),
  }),
);

const ChargedFee = builder.objectRef<rest.ChargedFee>('ChargedFee').implement({
  description: 'A fee that has just been charged.',
  fields: (t) => ({
    transactionId: t.expose('transactionId', { type: LegacyTransactionId, description: 'Names its transaction.' }),
    profileId: t.exposeID('profileId', { nullable: true, description: "The programme's profile it belongs to." }),
    feeType: t.exposeString('feeType', { nullable: true, description: "The programme's name of it, as in the input." }),
    source: t.field(linkToInstrument('The account or card that paid it.', ({ source }) => source)),
    availableBalanceAdjustment: t.expose('availableBalanceAdjustment', {
      type: Money,
      nullable: true,
      description: 'Change of what can be spent from the source.',
    }),
    state: t.field({ type: TransactionState, description: 'How far it is.', resolve: ({ state }) => state }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was charged.' }),
  }),
});

type Charge = Operation<rest.FeeToCharge, rest.ChargedFee>;

/** The operations that may charge the caller, in the order of trying: of an unknown token nobody knows whose it is. */
function chargesFor(context: Context): [Charge, Charge?] {
  if (context.weavr.session.api === 'BACK_OFFICE') return [api.chargeFee];
  switch (viewerOf(context)?.identity?.type) {
    case 'CORPORATE':
      return [api.corporateChargeFee];
    case 'CONSUMER':
      return [api.consumerChargeFee];
    default:
      return [api.corporateChargeFee, api.consumerChargeFee];
  }
}

const isForbidden = (error: unknown) => error instanceof SessionError && error.code === 'FORBIDDEN';

mutation('chargeFee', api.corporateChargeFee, {
  description:
    "Charges the identity one of the programme's own fees; the programme has set how much. One call where the token came from this gateway. For any other token a corporate's fee is tried first, and a consumer's only after Weavr has answered that the session may not charge that: at most two calls, of which one can have an effect.",
  also: [api.consumerChargeFee, api.chargeFee],
  input: (t) => ({
    feeType: t.string({ required: true, description: "The programme's name of the fee." }),
    source: t.field({ type: InstrumentIdInput, required: true, description: 'The account or card that is to pay.' }),
  }),
  resolve: async (input, call, context) => {
    const [first, second] = chargesFor(context);
    const fee = await call(input, first).catch((error: unknown) => {
      if (second && isForbidden(error)) return call(input, second);
      throw error;
    });
    return { fee };
  },
  payload: (t) => ({ fee: t.expose('fee', { type: ChargedFee, description: 'The fee.' }) }),
});
