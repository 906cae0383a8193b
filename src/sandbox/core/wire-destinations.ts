import type { IbanDetails, SortCodeDetails } from '../../weavr/managed-accounts.js';
import type { OutgoingWireTransfer, WireDestination } from '../../weavr/outgoing-wire-transfers.js';
import type { BankAccountCounterparty } from '../../weavr/statements.js';
import { BENEFICIARY_ACCOUNT_TYPES, type SwiftBeneficiary } from '../../weavr/wires.js';
import { isIban } from '../bank-details.js';
import type { State } from './state.js';
import { country, id, matches, oneOf, type Rule, type Rules, required, size } from './validation.js';

/** An account at another bank, however a transfer names it, and how it is reached. */
export interface BankAccount extends BankAccountCounterparty {
  network: NonNullable<OutgoingWireTransfer['type']>;
}

/** How long the names and addresses of beneficiaries may be, which differs between the kinds of transfer. */
export interface Limits {
  name: number;
  address: Rule;
}

const IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/;
const NETWORK_CURRENCIES: Partial<Record<BankAccount['network'], string>> = {
  SEPA: 'EUR',
  RIX: 'EUR',
  FASTER_PAYMENTS: 'GBP',
};

/** The rules of whatever stands at a path: which of them hold is told by the variant that it is. */
export function destinationRules(path: string, given: unknown, { name, address }: Limits): Rules {
  const destination: object = Object(given); // a body may hold anything in its place
  const at = (rules: Rules) => Object.fromEntries(Object.entries(rules).map(([key, rule]) => [`${path}.${key}`, rule]));
  if ('beneficiaryId' in destination) return at({ beneficiaryId: required(id) });
  if ('id' in destination) return at({ id: required(id), type: required(oneOf(['linked_accounts'])) });
  const isAbroad = 'account' in destination;
  return at({
    name: required(size(name, 1)),
    address: isAbroad ? required(address) : address,
    bankAddress: size(150, 1),
    bankCountry: isAbroad ? required(country) : country,
    nationality: country,
    dateOfBirth: matches(/^\d{4}-\d\d-\d\d$/),
    ...numberRules(destination),
  });
}

function numberRules(destination: object): Rules {
  if ('bankAccountDetails' in destination) {
    const within = numberRules(Object(destination.bankAccountDetails));
    return Object.fromEntries(Object.entries(within).map(([key, rule]) => [`bankAccountDetails.${key}`, rule]));
  }
  if ('account' in destination) {
    return { account: required(matches(/^[a-zA-Z0-9]{1,34}$/)), bankIdentifierCode: matches(/^[a-zA-Z0-9]{8,11}$/) };
  }
  if (!('sortCode' in destination) && !('accountNumber' in destination)) {
    return { iban: required(matches(IBAN)), bankIdentifierCode: matches(/^\w{4}[a-zA-Z]{2}\w{2,5}$/) };
  }
  const type: Rules = 'name' in destination ? { type: required(oneOf(BENEFICIARY_ACCOUNT_TYPES)) } : {};
  return { ...type, accountNumber: required(matches(/^[0-9]{8}$/)), sortCode: required(matches(/^[0-9]{6}$/)) };
}

/** The account that a destination leads to; undefined where it leads to none that can be, or that the owner may pay. */
export function bankAccountOf(state: State, owner: string, destination: WireDestination): BankAccount | undefined {
  if ('beneficiaryId' in destination) return accountOfBeneficiary(state, owner, destination.beneficiaryId);
  if ('id' in destination) return accountOfLinked(state, owner, destination.id);
  const account =
    'account' in destination
      ? abroad(destination)
      : numbered(destination.name, 'bankAccountDetails' in destination ? destination.bankAccountDetails : destination);
  return isSound(account) ? account : undefined;
}

function accountOfBeneficiary(state: State, owner: string, beneficiaryId: string): BankAccount | undefined {
  const beneficiary = state.beneficiaries.of(owner).find((one) => one.id === beneficiaryId);
  if (beneficiary?.state !== 'ACTIVE') return undefined;
  const { beneficiaryInformation: who, beneficiaryDetails: where } = beneficiary;
  const name = 'businessName' in who ? who.businessName : who.fullName;
  return 'instrument' in where ? undefined : numbered(name, where.bankAccountDetails);
}

function accountOfLinked(state: State, owner: string, linkedAccountId: string): BankAccount | undefined {
  const linked = state.linkedAccounts.of(owner).find((one) => one.id === linkedAccountId);
  if (linked?.state !== 'ACTIVE' || !linked.accountReference) return undefined;
  const { name, accountReference: reference } = linked;
  return 'accountDescriptor' in reference
    ? { network: 'SWIFT', name, accountNumber: reference.accountDescriptor }
    : numbered(name, reference);
}

function abroad({ name, account, bankIdentifierCode: bic }: SwiftBeneficiary): BankAccount {
  return { network: 'SWIFT', name, bic, ...(IBAN.test(account) ? { iban: account } : { accountNumber: account }) };
}

/** A Swedish IBAN is reached over RIX: there are no kronor here to tell by. */
function numbered(name: string, details: IbanDetails | SortCodeDetails): BankAccount {
  if ('iban' in details) {
    const network = details.iban.startsWith('SE') ? 'RIX' : 'SEPA';
    return { network, name, iban: details.iban, bic: details.bankIdentifierCode };
  }
  const { sortCode, accountNumber } = details;
  return { network: 'FASTER_PAYMENTS', name, sortCode, accountNumber };
}

/** Whether such an account can exist: by its check digits, or with a BIC beside a number that has none. */
const isSound = ({ network, iban, bic }: BankAccount) =>
  iban ? isIban(iban) : network === 'FASTER_PAYMENTS' || Boolean(bic);

/** SWIFT takes any currency, the others have one. */
export const takes = ({ network }: BankAccount, currency: string) =>
  (NETWORK_CURRENCIES[network] ?? currency) === currency;

/** What the beneficiary reads: shorter over Faster Payments, and needed over SEPA and SWIFT. */
export function descriptionRule(account: BankAccount | undefined): Rule {
  if (account?.network === 'FASTER_PAYMENTS') return size(18);
  return account?.network === 'SEPA' || account?.network === 'SWIFT' ? required(size(35)) : size(35);
}
