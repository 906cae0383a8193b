import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import {
  CountryCodeResolver,
  CurrencyResolver,
  DateTimeResolver,
  EmailAddressResolver,
  LocalDateResolver,
  URLResolver,
} from 'graphql-scalars';
import { isId } from '../../weavr/core/request.js';
import type { CalendarDate } from '../../weavr/core/shapes.js';
import { builder } from './builder.js';

/** A refusal that says what is expected and never what was given. */
export const badInput = (expected: string) =>
  new GraphQLError(`Expected ${expected}.`, { extensions: { code: 'BAD_USER_INPUT', expected } });

interface ScalarRules<T> {
  description: string;
  /** Ends the sentence "Expected …". */
  expected: string;
  /** The parsed value, or undefined (or an exception) where it is none. */
  parse: (value: unknown) => T | undefined;
  serialize?: (value: unknown) => unknown;
  specifiedByURL?: string | null;
}

/** A scalar that is strict on input and passes on what Weavr sent: an odd value must not cost a whole answer. */
function scalar<T>(name: string, { description, expected, parse, serialize, specifiedByURL }: ScalarRules<T>) {
  const parseValue = (value: unknown) => {
    let parsed: T | undefined;
    try {
      parsed = parse(value);
    } catch {}
    if (parsed === undefined) throw badInput(expected);
    return parsed;
  };
  const parseLiteral = (node: ValueNode) => parseValue(literal(node));
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL,
    parseValue,
    parseLiteral,
    serialize: serialize ?? ((value) => value),
  });
}

/** Only strings and whole numbers: no scalar of this schema takes anything else. */
function literal(node: ValueNode) {
  if (node.kind === Kind.STRING) return node.value;
  return node.kind === Kind.INT && Number.isSafeInteger(Number(node.value)) ? Number(node.value) : undefined;
}

const text = (resolver: GraphQLScalarType) => (value: unknown) =>
  typeof value === 'string' ? (resolver.parseValue(value) as unknown) : undefined;
const same = (resolver: GraphQLScalarType) => (value: unknown) =>
  text(resolver)(value) === undefined ? undefined : (value as string);

/** No date is farther from 1970. */
const FARTHEST_MS = 8.64e15;
const DAY_MS = 24 * 60 * 60_000;
/** Days as texts, for there are few in what anybody looks at. */
const days = new Map<number, string>();
const MOST_DAYS = 1_000;

function dayOf(day: number) {
  const known = days.get(day);
  if (known) return known;
  if (days.size === MOST_DAYS) days.clear();
  const [text = ''] = new Date(day * DAY_MS).toISOString().split('T');
  days.set(day, text);
  return text;
}

const PAIRS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** As `toISOString` writes it, in a tenth of the time. */
function isoOf(instant: number) {
  const day = Math.floor(instant / DAY_MS);
  const ms = instant - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const time = `${PAIRS[Math.floor(seconds / 3_600)]}:${PAIRS[Math.floor(seconds / 60) % 60]}:${PAIRS[seconds % 60]}`;
  return `${dayOf(day)}T${time}.${String(1_000 + (ms % 1_000)).slice(1)}Z`;
}

/** Weavr sends instants as numbers, as digit strings and, rarely, as ISO text. */
function toIso(value: unknown) {
  if (Number.isSafeInteger(value) && Math.abs(Number(value)) <= FARTHEST_MS) return isoOf(Number(value));
  const instant = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  const date = new Date(instant as number | string);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export function toDay(value: unknown) {
  if (typeof value === 'string') return value;
  const { year, month, day } = value as CalendarDate; // the builder admits strings and calendar dates alone
  if (![year, month, day].every(Number.isInteger)) return null;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function fromDay(value: unknown): CalendarDate | undefined {
  if (same(LocalDateResolver)(value) === undefined) return undefined;
  const [year = 0, month = 0, day = 0] = (value as string).split('-').map(Number);
  return { year, month, day };
}

/** A number that went through JSON above 2^53 is already wrong: better no amount than another one. */
export function toSafeInt(value: unknown) {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value;
  if (!Number.isSafeInteger(number)) {
    throw new GraphQLError('Weavr sent an amount that is no whole number below 2^53.', {
      extensions: { code: 'UPSTREAM_INVALID_RESPONSE' },
    });
  }
  return number;
}

const wholeNumber = (least: number) => (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined;

export const Id = scalar('ID', {
  description: "One of Weavr's ids: up to 20 digits, the same as in REST, webhooks and the portal.",
  expected: 'an id of 1 to 20 digits',
  // Above 2^53 a number has been rounded, and would be somebody else's id.
  parse: (value) =>
    isId(value) ? value : Number.isSafeInteger(value) && isId(String(value)) ? String(value) : undefined,
  serialize: String,
});
builder.addScalarType(
  'DateTime',
  scalar('DateTime', {
    description: 'An instant as ISO 8601 text in UTC with milliseconds: `2026-11-21T09:30:00.000Z`.',
    expected: 'an instant such as 2026-11-21T09:30:00.000Z',
    parse: (value) => (text(DateTimeResolver)(value) as Date | undefined)?.getTime(),
    serialize: toIso,
    specifiedByURL: DateTimeResolver.specifiedByURL,
  }),
);
builder.addScalarType(
  'LocalDate',
  scalar('LocalDate', {
    description: 'A calendar day without a time zone: `2026-11-21`.',
    expected: 'a day such as 2026-11-21',
    parse: fromDay,
    serialize: toDay,
  }),
);
builder.addScalarType(
  'SafeInt',
  scalar('SafeInt', {
    description: 'A whole number between -(2^53 - 1) and 2^53 - 1, wider than Int because amounts are.',
    expected: 'a whole number between -(2^53 - 1) and 2^53 - 1',
    parse: wholeNumber(Number.MIN_SAFE_INTEGER),
    serialize: toSafeInt,
  }),
);
builder.addScalarType(
  'MinorUnits',
  scalar('MinorUnits', {
    description:
      "An amount to send, in the currency's minor unit: a whole number from 0 to 2^53 - 1, no decimals, no text.",
    expected: 'a whole number of minor units from 0 to 2^53 - 1',
    parse: wholeNumber(0),
  }),
);
builder.addScalarType(
  'Currency',
  scalar('Currency', {
    description: 'An ISO 4217 currency code: `EUR`.',
    expected: 'an ISO 4217 currency code such as EUR',
    parse: same(CurrencyResolver),
  }),
);
builder.addScalarType(
  'CountryCode',
  scalar('CountryCode', {
    description: 'An ISO 3166-1 alpha-2 country code: `MT`.',
    expected: 'a two-letter country code such as MT',
    parse: same(CountryCodeResolver),
  }),
);
builder.addScalarType(
  'EmailAddress',
  scalar('EmailAddress', {
    description: 'An e-mail address.',
    expected: 'an e-mail address',
    parse: same(EmailAddressResolver),
  }),
);
builder.addScalarType('URL', scalar('URL', { description: 'A URL.', expected: 'a URL', parse: same(URLResolver) }));
builder.addScalarType(
  'Secret',
  scalar('Secret', {
    description:
      'A password, code, PIN or card number, in clear or as the token of a browser SDK. No log, error or trace shows it.',
    expected: 'text',
    parse: (value) => (typeof value === 'string' && value ? value : undefined),
  }),
);
