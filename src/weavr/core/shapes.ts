/** An amount in the currency's minor unit: `1000` of `EUR` is 10.00 EUR. */
export interface CurrencyAmount {
  currency: string;
  amount: number;
}

/** A decimal as an integer and the number of its decimal places: 12345 with scale 4 is 1.2345. */
export interface ScaledAmount {
  value?: number;
  scale?: number;
}

export interface Page {
  offset: number;
  limit: number;
}

/** What every list answers besides its items. `count` ignores paging. */
export interface Counted {
  count: number;
  responseCount?: number;
}

export interface ById {
  id: string;
}

export type NoInput = Record<never, never>;

export const IDENTITY_TYPES = ['CORPORATE', 'CONSUMER'] as const;
export interface IdentityId {
  type: (typeof IDENTITY_TYPES)[number];
  id: string;
}

export const INSTRUMENT_TYPES = ['managed_accounts', 'managed_cards'] as const;
export interface InstrumentId {
  type: (typeof INSTRUMENT_TYPES)[number];
  id: string;
}

export const INSTRUMENT_STATES = ['ACTIVE', 'BLOCKED', 'DESTROYED', 'NOT_ENABLED'] as const;
export const BLOCKED_REASONS = ['USER', 'SYSTEM', 'LOST', 'SINGLE_SPEND'] as const;
export const DESTROYED_REASONS = [
  'SYSTEM',
  'USER',
  'LOST',
  'STOLEN',
  'EXPIRED',
  'COMPROMISED',
  'SINGLE_SPEND',
] as const;
export interface InstrumentState {
  state: (typeof INSTRUMENT_STATES)[number];
  blockedReason?: (typeof BLOCKED_REASONS)[number];
  destroyedReason?: (typeof DESTROYED_REASONS)[number];
}

/** Neither carries a currency: it is the instrument's. `available` is `actual` without what is held. */
export interface InstrumentBalances {
  availableBalance?: number;
  actualBalance?: number;
}

/** A calendar day, as identities and users carry it. */
export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

export interface Mobile {
  countryCode: string;
  number: string;
}

export interface Address {
  addressLine1?: string;
  addressLine2?: string;
  city?: string;
  postCode?: string;
  state?: string;
  country?: string;
}

/** What GraphQL hands over: whatever may be absent may be null too. The client sends neither. */
export type Nullish<T> = T extends readonly (infer Item)[]
  ? readonly Nullish<Item>[]
  : T extends object
    ? { [K in keyof T]: undefined extends T[K] ? Nullish<T[K]> | null : Nullish<T[K]> }
    : T;
