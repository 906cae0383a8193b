import { UpstreamError } from './errors.js';
import { type Api, type Operation, pathIn } from './operation.js';

const ID = /^[0-9]{1,20}$/;
const CHANNEL = /^[A-Z]{1,20}$/;

/** Weavr's ids are digits. Anything else must never reach a path. */
export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

export interface RestInput {
  path: string;
  body?: string;
}

/** The path, query and body of one call: path parameters leave the input first, the rest is query or body. */
export function toRest(operation: Operation, input: object, api: Api): RestInput {
  const rest = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value != null));
  const template = pathIn(operation, api);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    if (typeof value !== 'string' || !(name === 'channel' ? CHANNEL : ID).test(value)) throw badPath(operation, name);
    return value;
  });
  if (operation.method === 'GET') {
    const query = toQuery(operation, rest);
    return { path: query ? `${path}?${query}` : path };
  }
  if (!rest.size && !operation.needsBody) return { path };
  const body = operation.submitsItems ? rest.get('items') : Object.fromEntries(rest);
  return { path, body: JSON.stringify(body, withoutNulls) };
}

/** Weavr knows no null: absent says it. */
const withoutNulls = (_key: string, value: unknown) => value ?? undefined;

function toQuery({ commaJoined }: Operation, rest: Map<string, unknown>) {
  const query = new URLSearchParams();
  for (const [name, value] of rest) {
    if (!Array.isArray(value)) query.append(name, String(value));
    else if (commaJoined.includes(name)) query.append(name, value.join(','));
    else for (const one of value) query.append(name, String(one));
  }
  return query.toString();
}

const badPath = ({ id }: Operation, name: string) =>
  new UpstreamError('BAD_USER_INPUT', { operation: id }, undefined, `"${name}" must be a Weavr id: 1 to 20 digits.`);
