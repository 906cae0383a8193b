import type { CurrencyAmount } from '../weavr/core/shapes.js';
import type { BankAccountDetails, IbanDetails, SortCodeDetails } from '../weavr/managed-accounts.js';
import type { DepositById, DepositByNumber, DepositOutcome } from '../weavr/simulator.js';
import type { BankAccountCounterparty } from '../weavr/statements.js';
import type { Call } from './core/handlers.js';
import type { State, StoredAccount } from './core/state.js';
import { check, currency, matches, oneOf, type Rules, required, size } from './core/validation.js';
import { receiveWire } from './incoming-wire-transfers.js';

/** More at once would not leave balances whole numbers that JSON keeps. */
export const LARGEST_AMOUNT = 10 ** 12;

const DEPOSIT: Rules = {
  'depositAmount.currency': required(currency),
  paymentNetwork: oneOf(['SEPA', 'FASTER_PAYMENTS', 'SWIFT', 'BACS', 'CHAPS', 'RIX']),
};

const BY_ID: Rules = {
  ...DEPOSIT,
  senderIban: matches(/^[a-zA-Z0-9_-]{1,50}$/),
  'sepa.iban': matches(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/),
  'sepa.bankIdentifierCode': matches(/^[a-zA-Z0-9]{4}[a-zA-Z]{2}[a-zA-Z0-9]{2,5}$/),
  'fasterPayments.sortCode': matches(/^[0-9]{6}$/),
  'fasterPayments.accountNumber': matches(/^[0-9]{8}$/),
  'accountDescriptor.accountDescriptor': size(50),
};

const capitals = matches(/^[A-Z0-9]*$/);
const BY_NUMBER: Rules = {
  ...DEPOSIT,
  'senderIbanDetails.iban': capitals,
  'senderIbanDetails.bankIdentifierCode': capitals,
  'senderFasterPaymentsDetails.sortCode': matches(/^[0-9]{6}$/),
  'senderFasterPaymentsDetails.accountNumber': matches(/^[0-9]*$/),
  'senderAccountDescriptorDetails.accountDescriptor': size(50),
  'destinationIbanDetails.iban': capitals,
  'destinationIbanDetails.bankIdentifierCode': capitals,
  'destinationFasterPaymentsDetails.sortCode': matches(/^[0-9]{6}$/),
  'destinationFasterPaymentsDetails.accountNumber': matches(/^[0-9]*$/),
};

/** An account as whoever pays writes it. */
interface BankNumber {
  iban?: IbanDetails;
  sortCode?: SortCodeDetails;
  descriptor?: string;
}

const senderOf = (
  { senderName: name, reference }: DepositById | DepositByNumber,
  { iban, sortCode, descriptor }: BankNumber,
): BankAccountCounterparty => ({
  name,
  reference,
  iban: iban?.iban,
  bic: iban?.bankIdentifierCode,
  sortCode: sortCode?.sortCode,
  accountNumber: sortCode?.accountNumber ?? descriptor,
});

function deposit(
  { state, now }: Call,
  account: StoredAccount | undefined,
  input: DepositById | DepositByNumber,
  number: BankNumber,
): { code: DepositOutcome } {
  const { txId, paymentNetwork, reference: description } = input;
  const { currency: money, amount = 0 }: Partial<CurrencyAmount> = input.depositAmount;
  if (!Number.isSafeInteger(amount)) return { code: 'DENIED_AMOUNT_NOT_POSITIVE' };
  if (amount > LARGEST_AMOUNT) return { code: 'DENIED_OTHER' };
  const id = txId === undefined ? undefined : String(txId);
  if (id && (!/^[0-9]+$/.test(id) || state.incomingWireTransfers.any(id))) return { code: 'DENIED_INVALID_TX_ID' };
  const wire = { amount: { currency: money, amount }, sender: senderOf(input, number), paymentNetwork, description };
  return { code: receiveWire(state, account, wire, { at: now, id }) };
}

/** The account that has a number; several may share an IBAN, and are told apart by what the payer quotes. */
function accountBy({ ibans, managedAccounts }: State, input: DepositByNumber): StoredAccount | undefined {
  const { destinationIbanDetails, iban = destinationIbanDetails?.iban, paymentReference } = input;
  const { sortCode, accountNumber } = input.destinationFasterPaymentsDetails ?? {};
  const isIt = ({ details, paymentReference: quoted }: BankAccountDetails) =>
    (paymentReference === undefined || quoted === paymentReference) &&
    ('sortCode' in details
      ? details.sortCode === sortCode && details.accountNumber === accountNumber
      : details.iban === iban);
  const [id = ''] = [...ibans].find(([, { bankAccountDetails = [] }]) => bankAccountDetails.some(isIt)) ?? [];
  return managedAccounts.any(id);
}

export function depositById(input: DepositById, call: Call) {
  check(input, BY_ID);
  const { sepa, senderIban, fasterPayments, accountDescriptor } = input;
  const iban = sepa ?? (senderIban === undefined ? undefined : { iban: senderIban });
  const number = { iban, sortCode: fasterPayments, descriptor: accountDescriptor?.accountDescriptor };
  return deposit(call, call.state.managedAccounts.any(input.account_id), input, number);
}

export function depositByNumber(input: DepositByNumber, call: Call) {
  check(input, BY_NUMBER);
  return deposit(call, accountBy(call.state, input), input, {
    iban: input.senderIbanDetails,
    sortCode: input.senderFasterPaymentsDetails,
    descriptor: input.senderAccountDescriptorDetails?.accountDescriptor,
  });
}
