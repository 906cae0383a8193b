import { type GraphQLField, type GraphQLInputType, getNullableType, isInputObjectType, isListType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';
import { type Stack, startStack } from './harness.js';
import { least } from './inputs.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const mutations = Object.values(schema.getMutationType()!.getFields());
const sensitive = mutations.filter(({ extensions }) => extensions.sensitive);

const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i));

/** Sends anything that must not make a call; its status and codes. */
async function refusal(body: unknown) {
  stack.calls.length = 0;
  const response = await fetch(`${stack.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token}` },
    body: JSON.stringify(body),
  });
  const { errors, data } = (await response.json()) as { errors: { extensions: { code: string } }[]; data?: unknown };
  expect([data, stack.calls]).toEqual([undefined, []]);
  return [response.status, errors[0]?.extensions.code];
}

const NOT_ALONE = [400, 'SENSITIVE_NOT_ALONE'];
const TOO_LARGE = [400, 'QUERY_TOO_LARGE'];

/** All forms of one document that asks for a field more than once. */
const FORMS: [form: string, document: (field: string) => string, refused: (string | number)[]][] = [
  ['2 aliases', (field) => `mutation { a: ${field} b: ${field} }`, NOT_ALONE],
  ['15 aliases', (field) => `mutation { ${times(15, (i) => `a${i}: ${field}`).join(' ')} }`, NOT_ALONE],
  ['1,000 aliases', (field) => `mutation { ${times(1_000, (i) => `a${i}: ${field}`).join(' ')} }`, TOO_LARGE],
  [
    '10 aliases in each of 10 fragments',
    (field) =>
      `mutation { ${times(10, (i) => `...F${i}`).join(' ')} } ${times(
        10,
        (i) => `fragment F${i} on Mutation { ${times(10, (j) => `a${i}${j}: ${field}`).join(' ')} }`,
      ).join(' ')}`,
    TOO_LARGE,
  ],
  [
    'one alias in each of 3 fragments of fragments',
    (field) =>
      `mutation { ...A } fragment A on Mutation { a: ${field} ...B } fragment B on Mutation { b: ${field} ...C } fragment C on Mutation { c: ${field} }`,
    NOT_ALONE,
  ],
  ['2 inline fragments', (field) => `mutation { ... { a: ${field} } ... on Mutation { b: ${field} } }`, NOT_ALONE],
  ['2 named operations', (field) => `mutation A { ${field} } mutation B { ${field} }`, NOT_ALONE],
  ['a query beside it', (field) => `query A { __typename } mutation B { ${field} }`, NOT_ALONE],
  [
    'one of two that a variable leaves out',
    (field) => `mutation ($no: Boolean = false) { a: ${field} ... @include(if: $no) { b: ${field} } }`,
    NOT_ALONE,
  ],
];

describe.each(sensitive.map((field) => ({ name: field.name, text: least(field) })))(
  'guessing with $name',
  ({ text }) => {
    it.each(FORMS)('is refused before any call: %s', async (form, document, refused) => {
      const operationName = form === '2 named operations' ? 'B' : undefined;
      expect(await refusal({ query: document(text), operationName })).toEqual(refused);
    });

    it('is refused as a batch', async () => {
      const query = `mutation { ${text} }`;
      expect(await refusal(times(1_000, () => ({ query }) as never))).toEqual([400, 'BAD_REQUEST']);
    });

    it('is refused in a URL, where it would be logged and repeated', async () => {
      stack.calls.length = 0;
      const response = await fetch(`${stack.url}/graphql?${new URLSearchParams({ query: `mutation { ${text} }` })}`);
      expect(response.status).toBe(405);
      expect(stack.calls).toEqual([]);
    });
  },
);

/** Mutations whose secret is set, not tried: nothing is learnt by sending many. */
const SETS_ONE = ['updateManagedCard', 'upgradeCardToPhysical', 'replaceLostOrStolenCard', 'replaceDamagedCard'];

it('every mutation that takes a secret is sensitive, unless it sets it', () => {
  const takesSecret = (type: GraphQLInputType): boolean => {
    const inner = getNullableType(type);
    if (isListType(inner)) return takesSecret(inner.ofType);
    if (isInputObjectType(inner)) return Object.values(inner.getFields()).some((field) => takesSecret(field.type));
    return inner.name === 'Secret';
  };
  const taking = mutations.filter(({ args }: GraphQLField<unknown, unknown>) =>
    args.some(({ type }) => takesSecret(type)),
  );
  const lax = taking.filter(({ extensions }) => !extensions.sensitive).map(({ name }) => name);
  expect(lax.sort()).toEqual([...SETS_ONE].sort());
  expect(taking.length - lax.length).toBeGreaterThan(10);
});
