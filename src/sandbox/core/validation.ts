import { Failure } from './handlers.js';

/** Why a value breaks a rule, in Weavr's words; undefined when it does not. */
export interface Broken {
  error: string;
  params?: string[];
}
export type Rule = (value: unknown) => Broken | undefined;

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

export const size =
  (max: number, min = 0): Rule =>
  (value) => {
    const { length } = text(value) ?? (Array.isArray(value) ? value : '');
    return length > max || length < min ? { error: 'SIZE', params: [String(min), String(max)] } : undefined;
  };

export const matches =
  (pattern: RegExp): Rule =>
  (value) =>
    text(value) !== undefined && pattern.test(value as string)
      ? undefined
      : { error: 'REGEX', params: [pattern.source] };

export const oneOf =
  (values: readonly string[]): Rule =>
  (value) =>
    values.includes(value as string) ? undefined : { error: 'IN', params: [...values] };

export const range =
  (min: number, max: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max
      ? undefined
      : { error: 'RANGE', params: [String(min), String(max)] };

export const id = matches(/^[0-9]+$/);
export const tag: Rule = (value) => size(50)(value) ?? matches(/^[a-zA-Z0-9_-]*$/)(value);
export const name: Rule = (value) => (text(value)?.trim() ? size(50)(value) : { error: 'HAS_TEXT' });
export const currency = matches(/^[A-Z]{3}$/);
export const country = matches(/^[A-Z]{2}$/);
export const postCode = matches(/^[A-Za-z0-9 -]{0,10}$/);
export const email = matches(/^[^@\s]+@[^@\s]+$/);
export const code = matches(/^[0-9]{6}$/);
export const digits = (value: unknown): Broken | undefined => matches(/^[0-9]{1,19}$/)(String(value));

/** A field that must be there, and what it must be then. */
export const required =
  (rule?: Rule): Rule =>
  (value) =>
    value === undefined || value === null ? { error: 'REQUIRED' } : rule?.(value);

/** A body's rules by dotted path: an absent field breaks only `required`. */
export type Rules = Record<string, Rule>;

/** `{ currency, amount }` at a path. Which amounts make sense is the operation's to say. */
export const moneyAt = (path: string): Rules => ({
  [`${path}.currency`]: required(currency),
  [`${path}.amount`]: required((value) =>
    Number.isSafeInteger(value) ? undefined : { error: 'INVALID_TYPE_OR_VALUE' },
  ),
});

/** A whole address at a path. */
export const addressAt = (path: string): Rules => ({
  [`${path}.addressLine1`]: required(size(150, 1)),
  [`${path}.addressLine2`]: size(150),
  [`${path}.city`]: required(size(50)),
  [`${path}.postCode`]: required(postCode),
  [`${path}.state`]: size(50),
  [`${path}.country`]: required(country),
});

const at = (input: object, path: string) =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);

/** Whether a value of a body is an object that has a property, which tells variants apart. */
export const has = <Property extends string>(value: unknown, property: Property): value is Record<Property, unknown> =>
  typeof value === 'object' && value !== null && property in value;

/** Refuses a body, or a part of one that stands somewhere within it, as Multi does: 400 with every broken rule. */
export function check(input: object, rules: Rules, within = '') {
  const invalidFields = Object.entries(rules).flatMap(([fieldName, rule]) => {
    const value = at(input, fieldName);
    const broken = value === undefined && rule(undefined)?.error !== 'REQUIRED' ? undefined : rule(value);
    return broken ? [{ fieldName: within + fieldName, error: broken.error, params: broken.params ?? [] }] : [];
  });
  if (invalidFields.length) throw invalid(invalidFields);
}

export const invalid = (invalidFields: { fieldName: string; error: string; params: string[] }[]) =>
  new Failure(400, { message: 'Bad request', syntaxErrors: { invalidFields } });
