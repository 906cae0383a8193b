import type { ManagedAccountIban } from '../weavr/managed-accounts.js';
import type { StoredAccount } from './core/state.js';

const BANK = {
  beneficiaryBank: 'Sandbox Bank plc',
  beneficiaryBankAddress: '1 Loopback Road, Valletta, VLT 1010, Malta',
};

/** Check digits by ISO 7064 mod 97-10, so that the IBAN is one that banks would accept. */
function iban(country: string, bban: string) {
  const digits = (bban + country).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = 98n - (BigInt(`${digits}00`) % 97n);
  return `${country}${String(check).padStart(2, '0')}${bban}`;
}

/** Whether the check digits are right. */
export const isIban = (given: string) => iban(given.slice(0, 2), given.slice(4)) === given;

/** The details an account is reached by: sort code and number for GBP, IBAN and BIC for EUR, SWIFT for the rest. */
export function bankDetailsFor({ id, currency }: StoredAccount, beneficiaryNameAndSurname: string): ManagedAccountIban {
  const number = id.slice(-15).padStart(18, '0');
  const beneficiary = { beneficiaryNameAndSurname, ...BANK, paymentReference: `SBX${id.slice(-9)}` };
  const malta = iban('MT', `SBXM10000${number}`);
  const details =
    currency === 'GBP'
      ? { accountNumber: id.slice(-8), sortCode: '040004', secondaryReference: id.slice(-6) }
      : currency === 'EUR'
        ? { iban: malta, bankIdentifierCode: 'SBXMMTM1' }
        : { iban: malta, code: 'SBXMMTM1' };
  return { state: 'ALLOCATED', bankAccountDetails: [{ ...beneficiary, details }] };
}
