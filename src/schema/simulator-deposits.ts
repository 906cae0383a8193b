import type { CurrencyAmount } from '../weavr/core/shapes.js';
import { managedAccounts } from '../weavr/managed-accounts.js';
import * as rest from '../weavr/simulator.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { MoneyInput } from './core/money.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { PaymentNetwork } from './incoming-wire-transfers.js';
import { IbanReferenceInput, SortCodeReferenceInput } from './linked-accounts.js';
import { ManagedAccount } from './managed-accounts.js';

const api = rest.simulator;

const SimulatedDepositOutcome = enumType<rest.DepositOutcome>(
  'SimulatedDepositOutcome',
  'What became of a simulated deposit.',
  {
    COMPLETED: 'The money is there.',
    DENIED_ACCOUNT_NOT_FOUND: 'There is no such account.',
    DENIED_AMOUNT_NOT_POSITIVE: 'The amount is not above zero.',
    DENIED_CURRENCY_NOT_ACCOUNT_CURRENCY: "The amount is not in the account's currency.",
    DENIED_ACCOUNT_INACTIVE: 'The account is blocked or removed.',
    DENIED_INVALID_TX_ID: 'Another payment has the id.',
    DENIED_OTHER: 'Refused for a reason that is not told.',
    DENIED_ACCOUNT_NOT_UPGRADED_TO_IBAN: 'The account has no bank details: `assignManagedAccountIban` first.',
  },
);

const SimulatedSortCodeInput = builder.inputType('SimulatedSortCodeInput', {
  description: 'An account that money is said to come from.',
  fields: (t) => ({
    sortCode: t.string({ required: true, description: 'Six digits.' }),
    accountNumber: t.string({ required: true, description: 'Eight digits.' }),
  }),
});

const depositInput = (t: InputFields) => ({
  amount: t.field({ type: MoneyInput, required: true, description: 'How much.' }),
  senderName: t.string({ description: 'Who pays.' }),
  reference: t.string({ description: 'What the payer writes.' }),
  receiverName: t.string({ description: 'Whom the payer names.' }),
  transactionId: t.field({
    type: 'SafeInt',
    description: 'The id that the incoming wire transfer is to have; absent: any.',
  }),
  paymentNetwork: t.field({
    type: PaymentNetwork,
    description: "The network it comes by, but for `TARGET`; absent: the currency's usual one.",
  }),
});

const descriptor = (accountDescriptor: string | null | undefined) =>
  accountDescriptor ? { accountDescriptor } : undefined;

interface DepositInput {
  amount: CurrencyAmount;
  senderName?: string | null;
  reference?: string | null;
  receiverName?: string | null;
  transactionId?: number | null;
  paymentNetwork?: rest.DepositById['paymentNetwork'] | null;
}

const depositOf = ({ amount, senderName, reference, receiverName, transactionId, paymentNetwork }: DepositInput) => ({
  depositAmount: amount,
  senderName,
  reference,
  receiverName,
  txId: transactionId,
  paymentNetwork,
});

const DEPOSIT_NAMES = { depositAmount: 'amount', txId: 'transactionId' };

interface Deposited {
  code?: rest.DepositOutcome;
}

const depositOutcome = (t: PayloadFields<Deposited>) =>
  t.field({
    type: SimulatedDepositOutcome,
    nullable: true,
    description: 'Whether the money came, and why not.',
    resolve: ({ code }) => code,
  });

mutation('simulateDeposit', api.accounts_account_id_deposit, {
  description: 'Lets another bank pay into an account. Only for sandboxes.',
  input: (t) => ({
    accountId: t.id({ required: true, description: "Weavr's id of the account." }),
    ...depositInput(t),
    senderIban: t.string({ description: 'The IBAN that it comes from, if nothing else says where from.' }),
    fromIban: t.field({ type: IbanReferenceInput, description: 'It comes from an account with an IBAN.' }),
    fromSortCode: t.field({ type: SimulatedSortCodeInput, description: 'It comes from an account with a sort code.' }),
    fromAccountDescriptor: t.string({ description: 'It comes from an account with neither: its number.' }),
  }),
  renamed: {
    ...DEPOSIT_NAMES,
    sepa: 'fromIban',
    fasterPayments: 'fromSortCode',
    accountDescriptor: 'fromAccountDescriptor',
  },
  resolve: async (input, call) => ({
    accountId: input.accountId,
    ...(await call({
      account_id: input.accountId,
      ...depositOf(input),
      senderIban: input.senderIban,
      sepa: input.fromIban,
      fasterPayments: input.fromSortCode,
      accountDescriptor: descriptor(input.fromAccountDescriptor),
    })),
  }),
  payload: (t) => ({
    outcome: depositOutcome(t),
    managedAccount: t.field(
      link(managedAccounts.managedAccountGet, {
        type: ManagedAccount,
        description: "The account as it is now; null if it is not this session's. Asking for it costs one read.",
        id: ({ accountId }: Deposited & { accountId: string }) => accountId,
      }),
    ),
  }),
});

mutation('simulateDepositByIban', api.accounts_deposit, {
  description: 'Lets another bank pay into the account that has certain bank details. Only for sandboxes.',
  input: (t) => ({
    ...depositInput(t),
    iban: t.string({
      deprecationReason: 'Weavr deprecates it for `toIban`.',
      description: 'The IBAN of the account.',
    }),
    toIban: t.field({ type: IbanReferenceInput, description: 'The account has an IBAN.' }),
    toSortCode: t.field({ type: SortCodeReferenceInput, description: 'The account has a sort code.' }),
    paymentReference: t.string({ description: 'Tells accounts apart that share an IBAN: see their bank details.' }),
    fromIban: t.field({ type: IbanReferenceInput, description: 'It comes from an account with an IBAN.' }),
    fromSortCode: t.field({ type: SortCodeReferenceInput, description: 'It comes from an account with a sort code.' }),
    fromAccountDescriptor: t.string({ description: 'It comes from an account with neither: its number.' }),
  }),
  renamed: {
    ...DEPOSIT_NAMES,
    destinationIbanDetails: 'toIban',
    destinationFasterPaymentsDetails: 'toSortCode',
    senderIbanDetails: 'fromIban',
    senderFasterPaymentsDetails: 'fromSortCode',
    senderAccountDescriptorDetails: 'fromAccountDescriptor',
  },
  resolve: ({ fromIban, fromSortCode, fromAccountDescriptor, toIban, toSortCode, ...input }, call) =>
    call({
      ...depositOf(input),
      iban: input.iban,
      paymentReference: input.paymentReference,
      destinationIbanDetails: toIban,
      destinationFasterPaymentsDetails: toSortCode,
      senderIbanDetails: fromIban,
      senderFasterPaymentsDetails: fromSortCode,
      senderAccountDescriptorDetails: descriptor(fromAccountDescriptor),
    }),
  payload: (t) => ({ outcome: depositOutcome(t) }),
});
