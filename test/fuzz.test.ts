import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

const SEED = 20261121;
/** How many requests: `FUZZ=20000` for the long run. */
const ALL = Number(process.env.FUZZ ?? 2_000);
const MUTATED = Math.round(ALL * 0.7);
const MS_EACH = 20;
let calls = 0;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    onCall: () => {
      calls++;
    },
  });
});
beforeEach(() => {
  calls = 0;
});
afterAll(() => stack.close());

/** Sends anything at all, and holds what must be true of every answer. */
async function send(body: string, headers: Record<string, string> = {}) {
  const before = calls;
  const response = await fetch(`${stack.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token}`, ...headers },
    body,
  });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  for (const { extensions } of errors ?? []) expect(extensions.code, text).not.toBe('INTERNAL_SERVER_ERROR');
  if (data === undefined) expect(calls, 'calls for a refused request').toBe(before);
  return data !== undefined;
}

const ACCOUNT = 'fragment A on ManagedAccount { id friendlyName balances { available { value } } iban { state } }';
const DOCUMENTS = [
  '{ managedAccounts(first: 2, filter: { state: [ACTIVE], tag: "a", currency: "EUR" }) { nodes { ...A } pageInfo { endCursor } } }',
  'query Q($id: ID!, $yes: Boolean = true) { managedAccount(id: $id) { ...A @include(if: $yes) ... on Instrument { id } } }',
  'mutation M($input: CreateManagedAccountInput!) { a: createManagedAccount(input: $input) { ... on ConflictError { code } } }',
  'mutation { blockManagedAccount(input: { id: "1", idempotencyKey: "k" }) { __typename ... on MutationError { message } } }',
  'mutation { loginWithPassword(input: { email: "a@b.example", password: "x" }) { __typename } }',
  'query I { __schema { types { name fields { name args { name } } } } __type(name: "Query") { kind } }',
].map((text) => `${text} ${text.includes('...A') ? ACCOUNT : ''}`);

const PIECES = [
  '',
  ' ',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '$',
  '@',
  '!',
  '...',
  '"',
  '"""',
  '\\',
  '#',
  '&',
  '|',
  '=',
  ',',
  '\n',
  '\u0000',
  '\ud800',
  '１',
  '🏃',
  '-',
  '1e999',
  '0x',
  'on',
  'null',
  'fragment A on Query',
  '...A',
  'subscription',
  '@skip(if: true)',
  '@defer',
  '__typename',
  '$id',
  'query Q',
  '9'.repeat(400),
];

/** A document with pieces taken out, put in and doubled. */
const mutated = fc
  .tuple(
    fc.constantFrom(...DOCUMENTS),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(3),
        put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
        doubles: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([document, changes]) =>
    changes.reduce((text, { at, length, put, doubles }) => {
      const from = Math.floor(at * text.length);
      const taken = text.slice(from, from + length);
      return text.slice(0, from) + (doubles ? taken + taken : put) + text.slice(from + length);
    }, document),
  );

const odd = fc.jsonValue({ maxDepth: 2 });
const VARIABLES = { id: '1', input: { profileId: '1', friendlyName: 'A', currency: 'EUR' } };
/** Half of them right for every document. */
const variables = fc.oneof(
  fc.constant(VARIABLES),
  fc.oneof(
    odd,
    fc.record({ id: odd }),
    fc.record({ input: fc.record({ profileId: odd, friendlyName: odd, currency: odd }) }),
  ),
);

it(
  `answers ${MUTATED} mutated documents without a fault, and calls nothing for those it refuses`,
  async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(mutated, variables, async (query, given) => {
        if (await send(JSON.stringify({ query, variables: given }))) accepted++;
      }),
      { numRuns: MUTATED, seed: SEED },
    );
    expect(accepted, 'some must get through, or nothing has been tried').toBeGreaterThan(50);
  },
  ALL * MS_EACH,
);

it(
  `answers ${ALL - MUTATED} odd bodies and headers without a fault`,
  async () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          {
            query: fc.jsonValue(),
            variables: fc.jsonValue(),
            operationName: fc.jsonValue(),
            extensions: fc.jsonValue(),
          },
          { requiredKeys: ['query'] },
        )
        .map((body) => JSON.stringify(body)),
      fc
        .record({
          query: fc.constantFrom(...DOCUMENTS),
          operationName: fc.oneof(fc.constantFrom('Q', 'M'), fc.jsonValue()),
        })
        .map((body) => JSON.stringify(body)),
      fc.constantFrom(...DOCUMENTS).chain((query) => fc.nat(200).map((cut) => JSON.stringify({ query }).slice(0, cut))),
    );
    const headers = fc.record(
      {
        accept: fc.constantFrom(
          '*/*',
          'application/json',
          'application/graphql-response+json',
          'text/html',
          ';;,',
          'application/json;q=x',
        ),
        'content-type': fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'a', ';'),
        origin: fc.constantFrom('null', 'https://evil.example', 'x', '://'),
        authorization: fc.constantFrom(
          'Bearer x',
          'Bearer',
          'Basic eDp5',
          'Bearer a, Bearer b',
          `Bearer ${'a'.repeat(5_000)}`,
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(bodies, headers, async (body, sent) => {
        await send(body, sent);
      }),
      { numRuns: ALL - MUTATED, seed: SEED },
    );
  },
  ALL * MS_EACH,
);
