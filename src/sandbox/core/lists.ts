import { invalid } from './validation.js';

/** What arrives in a query string: text, or several texts. */
type Query = object;

const number = (value: unknown) => (value === undefined ? undefined : Number(value));

/** One page of a list, as Weavr answers it: `count` ignores paging. Without a limit it is 10. */
export function pageOf<Row>(rows: readonly Row[], query: Query, max = 100) {
  const { offset = 0, limit, statementLimit } = query as { offset?: number; limit?: number; statementLimit?: number };
  const size = number(limit ?? statementLimit) ?? 10;
  const from = Number(offset);
  if (!Number.isInteger(from) || from < 0) throw invalid([{ fieldName: 'offset', error: 'RANGE', params: ['0'] }]);
  if (!Number.isInteger(size) || size < 1 || size > max)
    throw invalid([{ fieldName: 'limit', error: 'RANGE', params: ['1', String(max)] }]);
  const items = rows.slice(from, from + size);
  return { items, counts: { count: rows.length, responseCount: items.length } };
}

/** A parameter that may repeat, or come comma-joined, or not at all. */
export const many = (value: unknown): string[] | undefined =>
  value === undefined ? undefined : (Array.isArray(value) ? value : [value]).flatMap((one) => String(one).split(','));

/** Whether a value is what the filter asks for; a filter that is absent asks for anything. */
export const is = (filter: unknown, value: unknown) => filter === undefined || String(filter) === String(value ?? '');
export const isOneOf = (filter: unknown, value: unknown) => many(filter)?.includes(String(value ?? '')) ?? true;
export const within = (from: unknown, to: unknown, time: unknown) =>
  (from === undefined || Number(time) >= Number(from)) && (to === undefined || Number(time) <= Number(to));
