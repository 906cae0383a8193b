import { managedAccounts } from '../weavr/managed-accounts.js';
import * as rest from '../weavr/simulator.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { MoneyInput } from './core/money.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { PaymentNetwork } from './incoming-wire-transfers.js';
import { AccountReferenceInput, IbanReferenceInput, SortCodeReferenceInput } from './linked-accounts.js';
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

const SimulatedDestinationInput = builder.inputType('SimulatedDestinationInput', {
  description: 'The account that money is for, by its bank details.',
  isOneOf: true,
  fields: (t) => ({
    iban: t.field({ type: IbanReferenceInput, description: 'It has an IBAN.' }),
    sortCode: t.field({ type: SortCodeReferenceInput, description: 'It has a sort code.' }),
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
  from: t.field({ type: AccountReferenceInput, description: 'The account that it comes from.' }),
});

/** The account of whoever pays, by the variants of its @oneOf. */
const senderOf = (from: typeof AccountReferenceInput.$inferInput | null | undefined) => ({
  iban: from?.iban,
  sortCode: from?.sortCode,
  descriptor: from?.accountDescriptor == null ? undefined : { accountDescriptor: from.accountDescriptor },
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
  description: 'Lets another bank pay into an account. Sent twice, it happens twice. Only for sandboxes.',
  input: (t) => ({
    accountId: t.id({ required: true, description: "Weavr's id of the account." }),
    ...depositInput(t),
    senderIban: t.string({ description: 'The IBAN that it comes from, where `from` does not say.' }),
  }),
  renamed: {
    ...DEPOSIT_NAMES,
    account_id: 'accountId',
    sepa: 'from.iban',
    fasterPayments: 'from.sortCode',
    accountDescriptor: 'from.accountDescriptor',
    'accountDescriptor.accountDescriptor': 'from.accountDescriptor',
  },
  resolve: async ({ accountId, amount, transactionId, from, ...input }, call) => {
    const { iban, sortCode, descriptor } = senderOf(from);
    const sender = { sepa: iban, fasterPayments: sortCode, accountDescriptor: descriptor };
    const deposit = { ...input, depositAmount: amount, txId: transactionId, ...sender };
    return { accountId, ...(await call({ account_id: accountId, ...deposit })) };
  },
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
  description:
    'Lets another bank pay into the account that has certain bank details. Sent twice, it happens twice. Only for sandboxes.',
  input: (t) => ({
    ...depositInput(t),
    to: t.field({ type: SimulatedDestinationInput, description: 'The account that it is for.' }),
    iban: t.string({
      deprecationReason: 'Weavr deprecates it for `to`.',
      description: 'The IBAN of the account that it is for.',
    }),
    paymentReference: t.string({ description: 'Tells accounts apart that share an IBAN: see their bank details.' }),
  }),
  renamed: {
    ...DEPOSIT_NAMES,
    destinationIbanDetails: 'to.iban',
    destinationFasterPaymentsDetails: 'to.sortCode',
    senderIbanDetails: 'from.iban',
    senderFasterPaymentsDetails: 'from.sortCode',
    senderAccountDescriptorDetails: 'from',
  },
  resolve: ({ amount, transactionId, from, to, ...input }, call) => {
    const { iban, sortCode, descriptor } = senderOf(from);
    return call({
      ...input,
      depositAmount: amount,
      txId: transactionId,
      senderIbanDetails: iban,
      senderFasterPaymentsDetails: sortCode,
      senderAccountDescriptorDetails: descriptor,
      destinationIbanDetails: to?.iban,
      destinationFasterPaymentsDetails: to?.sortCode,
    });
  },
  payload: (t) => ({ outcome: depositOutcome(t) }),
});
