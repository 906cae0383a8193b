import type { CurrencyAmount, ScaledAmount } from '../../weavr/core/shapes.js';
import { builder } from './builder.js';
import { toSafeInt } from './scalars.js';

/** Decimal places by ISO 4217; not Intl's, which says 0 for HUF and IDR. */
const EXPONENTS = new Map<string, number>([
  ...codes(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'),
  ...codes(4, 'CLF UYW'),
  ...codes(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...codes(
    2,
    `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
     CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
     KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
     NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
     TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST YER XCG HRK ZAR ZMW ZWG`,
  ),
]);

function codes(exponent: number, list: string) {
  return list
    .trim()
    .split(/\s+/)
    .map((code) => [code, exponent] as const);
}

/** `amount` with its last `places` digits behind the point, by text alone: no float touches money. */
function decimal(amount: unknown, places: number): string {
  const digits = String(toSafeInt(amount));
  const [sign, unsigned] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits];
  if (places <= 0) return sign + (unsigned === '0' ? unsigned : unsigned + '0'.repeat(-places));
  const padded = unsigned.padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** The exact decimal of a minor-unit amount. */
export function toDecimal({ currency, amount }: CurrencyAmount): string | null {
  const exponent = EXPONENTS.get(currency);
  return exponent === undefined ? null : decimal(amount, exponent);
}

/** The exact decimal of a rate; a scale that Weavr leaves out is 0. */
export const rateOf = (rate: ScaledAmount | null | undefined) =>
  rate?.value === undefined || rate.value === null ? null : decimal(rate.value, Number(rate.scale ?? 0));

/** An amount in the instrument's currency, where Weavr sends the number alone. */
export const inCurrency = (currency: string, amount: number | undefined) =>
  amount === undefined || amount === null ? null : { currency, amount };

export const Money = builder.objectRef<CurrencyAmount>('Money').implement({
  description: 'An amount of money in one currency.',
  fields: (t) => ({
    currency: t.expose('currency', { type: 'Currency', description: 'ISO 4217 code.' }),
    amount: t.expose('amount', {
      type: 'SafeInt',
      description: "In the currency's minor unit: 1000 is 10.00 EUR, and 1000 JPY.",
    }),
    value: t.string({
      nullable: true,
      description: 'The same as an exact decimal: `"10.00"`. Null for a currency without known decimal places.',
      resolve: toDecimal,
    }),
  }),
});

export const MoneyInput = builder.inputType('MoneyInput', {
  description: 'An amount of money in one currency.',
  fields: (t) => ({
    currency: t.field({ type: 'Currency', required: true, description: 'ISO 4217 code.' }),
    amount: t.field({
      type: 'MinorUnits',
      required: true,
      description: "In the currency's minor unit: 1000 is 10.00 EUR.",
    }),
  }),
});
