import type { NewCorrespondentBankTransfer } from '../../weavr/correspondent-bank-transfers.js';
import type {
  NewOutgoingWireTransfer,
  OutgoingWireTransfer,
  WireDestination,
} from '../../weavr/outgoing-wire-transfers.js';
import type { FasterPaymentsBeneficiary, IbanBeneficiary } from '../../weavr/wires.js';
import {
  CORRESPONDENT_BANK_PROFILE,
  correspondentBankTransferConfirmable,
  draftCorrespondent,
} from '../correspondent-bank-transfers.js';
import { creditWire, recordWire } from '../incoming-wire-transfers.js';
import {
  CHARGED_OUTGOING_WIRE_PROFILE,
  draftWire,
  OUTGOING_WIRE_PROFILE,
  outgoingWireTransferConfirmable,
} from '../outgoing-wire-transfers.js';
import type { Seeded } from './seed.js';
import type { State, StoredAccount } from './state.js';
import { bankAccountOf } from './wire-destinations.js';
import { acceptWire, cancelWire, rejectWire, returnWire, startWire } from './wires.js';

/** The places of the accounts that pay and are paid; each account's entries are made in the order of time. */
const EUR = 4;
const EUR_FOR_OTHERS = 5;
const GBP = 6;
const USD = 9;

const PERSON = { nationality: 'DE', dateOfBirth: '1971-04-28' };
const BANK = { bankName: 'Hansa Bank', bankAddress: '7 Alster Quay, Hamburg', bankCountry: 'DE' };
const HAMBURG: IbanBeneficiary = {
  name: 'Hanna Meyer',
  address: '3 Elbe Road, Hamburg',
  ...PERSON,
  ...BANK,
  iban: 'DE02120300000000202051',
  bankIdentifierCode: 'BYLADEM1001',
};
const LONDON: FasterPaymentsBeneficiary = {
  name: 'Thames Tools Ltd',
  type: 'BUSINESS',
  address: '9 Quay Street, London',
  ...PERSON,
  bankName: 'Thames Bank',
  bankAddress: '1 River Row, London',
  bankCountry: 'GB',
  sortCode: '200000',
  accountNumber: '55779911',
  secondaryReference: 'INV-7',
};
const NEW_YORK: WireDestination = {
  name: 'Hudson Rockets Inc',
  address: '12 Pier Avenue, New York',
  ...PERSON,
  bankName: 'Hudson Bank',
  bankAddress: '1 Pier Avenue, New York',
  bankCountry: 'US',
  account: '000123456789',
  bankIdentifierCode: 'HUDSUS33XXX',
};
const STOCKHOLM: WireDestination = { name: 'Svea Snickeri AB', iban: 'SE4550000000058398257466' };

const to = ({ id }: StoredAccount) => ({ type: 'managed_accounts' as const, id });

type Order = Omit<NewOutgoingWireTransfer, 'profileId' | 'sourceInstrument' | 'transferAmount'> & {
  profileId?: string;
};

/** Asks for a wire from the account at a place, so many minor units and days ago. */
type Pay = (place: number, amount: number, days: number, order: Order) => OutgoingWireTransfer;

/** Acme's wires: each way of naming where the money goes, and each state that they can be seen in. */
export function seedWires(state: State, seeded: Seeded) {
  const pay = payerOf(state, seeded);
  const payConfirmed: Pay = (...order) => {
    const wire = pay(...order);
    const isWaiting = wire.state === 'PENDING_CHALLENGE';
    if (isWaiting) outgoingWireTransferConfirmable.confirm(state, seeded.acme.id, wire.id);
    return wire;
  };
  decided(state, seeded, payConfirmed);
  underWay(state, seeded, pay, payConfirmed);
  inTheOldForm(payConfirmed);
  incoming(state, seeded);
  correspondent(state, seeded);
}

const payerOf =
  (state: State, { acme, accounts, daysAgo }: Seeded): Pay =>
  (place, amount, days, order) => {
    const source = accounts[place]!;
    const given = {
      profileId: OUTGOING_WIRE_PROFILE,
      sourceInstrument: to(source),
      transferAmount: { currency: source.currency, amount },
      ...order,
    };
    const account = bankAccountOf(state, acme.id, given.destinationBeneficiary);
    const wire = draftWire(state, given, account, daysAgo(days));
    return startWire(state, state.outgoingWireTransfers.add(acme.id, wire.id, wire), daysAgo(days));
  };

/** What the banks have taken, sent back and refused. */
function decided(state: State, { acme, daysAgo }: Seeded, payConfirmed: Pay) {
  // Every optional field that one wire can have at once.
  const first = payConfirmed(EUR, 900_00, 20, {
    profileId: CHARGED_OUTGOING_WIRE_PROFILE,
    destinationBeneficiary: HAMBURG,
    description: 'Invoice 77',
    purpose: 'Consulting',
    tag: 'suppliers',
    scheduledTimestamp: String(daysAgo(19)),
  });
  acceptWire(state, first.id, daysAgo(18.9));
  const returned = payConfirmed(GBP, 120_00, 17, { destinationBeneficiary: LONDON, description: 'Tools' });
  acceptWire(state, returned.id, daysAgo(16.9));
  returnWire(state, returned, daysAgo(15));
  const goods = { description: 'Rocket parts', purpose: 'Purchase of goods' };
  rejectWire(state, payConfirmed(USD, 450_00, 14, { destinationBeneficiary: NEW_YORK, ...goods }).id, daysAgo(13.9));
  for (const destinationBeneficiary of references(state, acme.id)) {
    const { id } = payConfirmed(EUR, 75_00, 5, { destinationBeneficiary, description: 'Rent' });
    acceptWire(state, id, daysAgo(5));
  }
}

/** What waits for a bank, for its time, or for the user; and what the user has called off. */
function underWay(state: State, { daysAgo }: Seeded, pay: Pay, payConfirmed: Pay) {
  const invoice = { destinationBeneficiary: HAMBURG, description: 'Invoice 79' };
  payConfirmed(EUR, 60_00, 6, { destinationBeneficiary: STOCKHOLM, description: 'Carpentry' }).state = 'APPROVED';
  pay(GBP, 12_00, 4, { destinationBeneficiary: LONDON, description: 'Small change' });
  const cancelled = pay(EUR, 95_00, 3, invoice);
  cancelWire(state, cancelled, { id: cancelled.id, cancellationReason: 'Sent twice' });
  pay(GBP, 80_00, 2, { destinationBeneficiary: { ...LONDON, name: 'Thames Tool?' }, description: 'Saws' });
  pay(EUR, 310_00, 1, { ...invoice, description: 'Invoice 78' });
  payConfirmed(EUR, 95_00, 1, { ...invoice, scheduledTimestamp: String(daysAgo(-30)) });
}

/** As wires from before the current forms still name their beneficiaries. */
function inTheOldForm(payConfirmed: Pay) {
  const { iban, bankIdentifierCode, ...hanna } = HAMBURG;
  const { accountNumber, sortCode, secondaryReference, ...thames } = LONDON;
  payConfirmed(EUR, 41_00, 30, {
    destinationBeneficiary: { ...hanna, type: 'PERSONAL', bankAccountDetails: { iban, bankIdentifierCode } },
    description: 'Invoice 70',
  });
  payConfirmed(GBP, 43_00, 30, {
    destinationBeneficiary: { ...thames, bankAccountDetails: { accountNumber, sortCode, secondaryReference } },
    description: 'Hammers',
  });
}

/** A beneficiary at another bank and a linked account, both ready to be paid in euros. */
function references(state: State, owner: string): WireDestination[] {
  const inEuros = (destination: WireDestination) => bankAccountOf(state, owner, destination)?.network === 'SEPA';
  const beneficiaries = state.beneficiaries.of(owner).map(({ id }) => ({ beneficiaryId: id }));
  const linked = state.linkedAccounts.of(owner).map(({ id }) => ({ type: 'linked_accounts' as const, id }));
  return [beneficiaries.find(inEuros), linked.find(inEuros)].filter((found) => found !== undefined);
}

const ACCOUNT = { account: 'MT84MALT011000012345MTLCAST001S', financialInstitution: 'MALTMTMT' };
const LEI = { documentType: 'LEI' as const, documentNumber: '5493001KJTIIGC8Y1R12' };
const BUSINESS = {
  tag: 'client-7',
  name: 'Road Runner Couriers',
  registrationAddress: '1 Desert Mile, Valletta',
  registrationCountry: 'MT',
  bankAccountDetails: ACCOUNT,
};
const INDIVIDUAL = {
  tag: 'client-8',
  name: 'Wanda Coyote',
  address: '2 Desert Mile, Valletta',
  country: 'MT',
  bankAccountDetails: ACCOUNT,
};
const PASSPORT = { documentType: 'PASSPORT' as const, documentNumber: 'MT123456' };
const BIRTH = { dateOfBirth: '1980-02-29', placeOfBirth: 'Valletta, Malta' };
const FREIGHT = {
  profileId: CORRESPONDENT_BANK_PROFILE,
  amount: { currency: 'EUR', amount: 35_00 },
  originator: { ...BUSINESS, supplementaryInformation: LEI },
  beneficiary: HAMBURG,
  purpose: 'Freight',
  description: 'Freight of May',
};

function correspondent(state: State, { acme, accounts, daysAgo }: Seeded) {
  const pay = (days: number, order: Partial<NewCorrespondentBankTransfer>) => {
    const wire = draftCorrespondent(state, { ...FREIGHT, sourceInstrument: to(euros), ...order }, daysAgo(days));
    return startWire(state, state.correspondentBankTransfers.add(acme.id, wire.id, wire), daysAgo(days));
  };
  const euros = accounts[EUR_FOR_OTHERS]!;
  const pounds = { sourceInstrument: to(accounts[GBP]!), amount: { currency: 'GBP', amount: 66_00 } };
  const first = pay(10, {
    tag: 'freight',
    externalData: [{ name: 'order', value: '4711' }],
    scheduledTimestamp: String(daysAgo(9)),
  });
  correspondentBankTransferConfirmable.confirm(state, acme.id, first.id);
  acceptWire(state, first.id, daysAgo(8));
  pay(7, { ...pounds, beneficiary: LONDON, originator: { ...INDIVIDUAL, supplementaryInformation: PASSPORT } });
  const cancelled = pay(6, { originator: { ...INDIVIDUAL, supplementaryInformation: BIRTH } });
  cancelWire(state, cancelled, { id: cancelled.id, cancellationReason: 'Order withdrawn' });
  pay(2, { ...pounds, beneficiary: { ...LONDON, name: 'Thames Tool?' }, description: 'Freight of June' });
}

const CUSTOMER = { name: 'Globex GmbH', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', reference: 'Order 12' };

function incoming(state: State, { accounts, daysAgo }: Seeded) {
  const euros = accounts[EUR_FOR_OTHERS]!;
  const amount = { currency: 'EUR', amount: 460_00 };
  const forex = {
    originalAmount: { currency: 'USD', amount: 500_00 },
    exchangeRate: { value: 92, scale: 2 },
    paddingAmount: { currency: 'EUR', amount: 0 },
    feeAmount: { currency: 'EUR', amount: 4_60 },
  };
  const fee = { currency: 'EUR', amount: 2_00 };
  const abroad = { amount, sender: CUSTOMER, description: 'Order 12', paymentNetwork: 'SWIFT' as const, forex, fee };
  creditWire(state, euros, abroad, { at: daysAgo(11) });
  recordWire(state, euros, { amount, sender: CUSTOMER, description: 'Order 13' }, { at: daysAgo(0.1) });
  const refused = recordWire(state, euros, { amount, sender: CUSTOMER, description: 'Order 12' }, { at: daysAgo(5) });
  refused.state = 'REJECTED';
}
