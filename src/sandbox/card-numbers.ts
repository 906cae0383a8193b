import type { ManagedCard } from '../weavr/managed-cards.js';

const EXPIRY_MONTHS = 36;

const FIRST_SIX = { PREPAID_MODE: '555512', DEBIT_MODE: '424212' };
const BRANDS = { PREPAID_MODE: 'MASTERCARD', DEBIT_MODE: 'VISA' } as const;

/** The last digit by ISO 7812, so that the number is one that terminals would accept. */
function withCheckDigit(digits: string) {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 ? 1 : 2);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

/** A card's number and what is told of it, made of its id. */
export function numbersOf(id: string, mode: ManagedCard['mode']) {
  const cardNumber = withCheckDigit(FIRST_SIX[mode] + id.slice(-9));
  return {
    cardBrand: BRANDS[mode],
    cardNumberFirstSix: FIRST_SIX[mode],
    cardNumberLastFour: cardNumber.slice(-4),
    secrets: { cardNumber, cvv: String(Number(id.slice(-6)) % 1000).padStart(3, '0') },
  };
}

/** What a renewed card has in its place. */
export const otherCvv = (cvv: string) => String((Number(cvv) + 1) % 1000).padStart(3, '0');

export const mmyy = (date: Date) =>
  `${String(date.getUTCMonth() + 1).padStart(2, '0')}${String(date.getUTCFullYear() % 100).padStart(2, '0')}`;

/** The start of the last month in which a card made at a time is valid. */
function lastMonth(time: number) {
  const start = new Date(time);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + EXPIRY_MONTHS));
}

/** The months from which and until which a card made at a time is valid. */
export const validFrom = (time: number) => ({
  startMmyy: mmyy(new Date(time)),
  expiryMmyy: mmyy(lastMonth(time)),
  expiryPeriodMonths: EXPIRY_MONTHS,
});

/** When a card made at a time is renewed. */
export const renewalOf = (time: number) => lastMonth(time).getTime();
