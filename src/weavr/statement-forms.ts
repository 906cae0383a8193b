import type {
  Counterparty,
  InstrumentCounterparty,
  LegacyStatementEntry,
  LegacyTransactionType,
  StatementEntry,
  TransactionType,
} from './statements.js';

/** What the current form calls the first form's types; it has no word for the others. */
const CURRENT_TYPES: Partial<Record<LegacyTransactionType, TransactionType>> = {
  AUTHORISATION: 'card_payments',
  AUTHORISATION_CANCELLATION: 'card_payments',
  AUTHORISATION_DECLINE: 'card_payments',
  AUTHORISATION_EXPIRY: 'card_payments',
  AUTHORISATION_MANUAL_CLOSE: 'card_payments',
  AUTHORISATION_REVERSAL: 'card_payments',
  MERCHANT_REFUND: 'card_payments',
  MERCHANT_REFUND_REVERSAL: 'card_payments',
  ORIGINAL_CREDIT_TRANSACTION: 'card_payments',
  SETTLEMENT: 'card_payments',
  SETTLEMENT_REVERSAL: 'card_payments',
  TRANSFER: 'transfers',
  SEND: 'sends',
  OUTGOING_WIRE_TRANSFER: 'outgoing_wire_transfers',
  WITHDRAWAL_RELEASE: 'outgoing_wire_transfers',
  WITHDRAWAL_RESERVE: 'outgoing_wire_transfers',
  DEPOSIT: 'incoming_wire_transfers',
  FUNDING: 'incoming_wire_transfers',
  INCOMING_WIRE_TRANSFER: 'incoming_wire_transfers',
  CORRESPONDENT_BANK_TRANSFER: 'correspondent_bank_transfers',
  CHARGE_FEE: 'fees',
  FEE_REVERSAL: 'fees',
  ADJUSTMENT: 'system_transactions',
  MANUAL_TRANSACTION: 'system_transactions',
  SYSTEM_TRANSACTION: 'system_transactions',
};

/** The first form's words for some types of the current form. */
export const firstFormTypes = <Type extends LegacyTransactionType>(
  types: readonly TransactionType[],
  among: readonly Type[],
): Type[] => among.filter((type) => types.includes(CURRENT_TYPES[type] as TransactionType)); // undefined is in no list

/** An entry of the first form as one of the current form: without an id, and with what both forms know. */
export function asCurrentEntry(entry: LegacyStatementEntry): StatementEntry {
  const { transactionId, additionalFields = {}, actualBalanceAdjustment, forexRate, originalAmount } = entry;
  return {
    transaction: { id: transactionId.id, type: transactionId.type && CURRENT_TYPES[transactionId.type] },
    description: additionalFields.description ?? additionalFields.note,
    timestamp: entry.processedTimestamp,
    balanceAdjustment: actualBalanceAdjustment,
    balanceAfter: entry.actualBalanceAfter ?? entry.balanceAfter,
    counterparty: counterpartyOf(additionalFields, Number(actualBalanceAdjustment?.amount) < 0),
    forex: forexRate && { originalAmount, exchangeRate: forexRate },
  };
}

function counterpartyOf(fields: Record<string, string>, outgoing: boolean): Counterparty | undefined {
  const { merchantName, beneficiaryName, beneficiaryAccount = '', sender, senderIban } = fields;
  if (merchantName)
    return {
      name: merchantName,
      id: fields.merchantId,
      categoryCode: fields.merchantCategoryCode,
      country: fields.merchantTerminalCountry,
    };
  if (sender || senderIban) return { name: sender, iban: senderIban, reference: fields.senderReference };
  if (beneficiaryName || beneficiaryAccount) {
    const account = /^[A-Z]{2}/.test(beneficiaryAccount) ? 'iban' : 'accountNumber';
    return { name: beneficiaryName, [account]: beneficiaryAccount, bankCode: fields.beneficiaryBankCode };
  }
  return instrumentOf(fields, outgoing ? 'destination' : 'source');
}

function instrumentOf(fields: Record<string, string>, side: 'source' | 'destination') {
  const { [`${side}InstrumentId`]: id, [`${side}InstrumentType`]: type } = fields;
  if (!id || !type) return undefined;
  return {
    id,
    type: type.toLowerCase() as InstrumentCounterparty['type'], // a value of tomorrow is met where it is read
    friendlyName: fields[`${side}InstrumentFriendlyName`],
    owner: {
      id: fields[`${side}IdentityId`],
      type: fields[`${side}IdentityType`] as 'corporates' | undefined, // likewise
      name: fields[`${side}IdentityName`],
    },
  };
}
