import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../src/sandbox/core/server.js';
import { type Stack, startStack } from './harness.js';
import { createTransfer, newAccount } from './transferring.js';

const exchanges: Exchange[] = [];
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { onExchange: (exchange) => void exchanges.push(exchange) });
});
afterAll(() => stack.close());

const mark = {} as { polluted?: unknown };

/** What may stand in a payment's reference: it arrives as it was sent. */
const SEEN = [
  'Invoice 7',
  ' ',
  'Łódź, Ħamrun, Αθήνα, София',
  'e\u0301 is é',
  '株式会社',
  'مرحبا',
  '🏃 runs',
  '👩‍👩‍👧',
  '𝒜',
  '<script>alert(1)</script>',
  "'; DROP TABLE transfers; --",
  '=cmd|calc!A0',
  '{{7*7}} %s %n',
  '"\\"',
];

/** What nobody sees, what reads as something else, and what ends a line. */
const UNSEEN = [
  '\u0000',
  '\u0001',
  '\u0007',
  '\b',
  '\t',
  '\n',
  '\r\n',
  '\u001b[2J',
  '\u007f',
  '\u0085',
  '\u009b31m',
  '\u061c',
  '\u200e',
  '\u202e',
  '\u2066',
  '\ud800',
];

describe('a payment’s reference', () => {
  const pay = async (description: string) => {
    exchanges.length = 0;
    const input = { source: await newAccount(stack), destination: await newAccount(stack), description };
    exchanges.length = 0;
    const { data, errors } = await createTransfer(stack, input);
    return { data, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message, made: [...exchanges] };
  };

  it('has thirty forms here', () => {
    expect(new Set([...SEEN, ...UNSEEN]).size).toBe(30);
  });

  it.each(SEEN)('arrives as it was sent: %j', async (text) => {
    const { made } = await pay(text);
    expect(made.map(({ requestBody }) => (requestBody as { description: string }).description)).toEqual([text]);
  });

  it.each(UNSEEN)('is refused with a character that nobody sees, before any call: %j', async (character) => {
    const { code, message, made } = await pay(`Invoice ${character} 7`);
    expect({ code, message, made }).toEqual({
      code: 'BAD_USER_INPUT',
      message: 'Variable "$input" at "input.description": expected text without control characters.',
      made: [],
    });
  });

  it('is refused with one as a literal, too, and as a default', async () => {
    const account = 'profileId: "1", friendlyName: $name, currency: "EUR"';
    for (const text of [
      `mutation { createManagedAccount(input: { ${account.replace('$name', '"a\\u202eb"')} }) { __typename } }`,
      `mutation ($name: String! = "a\\u0000b") { createManagedAccount(input: { ${account} }) { __typename } }`,
    ]) {
      expect((await stack.query(text)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(stack.calls).toEqual([]);
    }
  });
});

describe('a filter', () => {
  const QUERY = 'query ($tag: String) { managedAccounts(filter: { tag: $tag }) { totalCount } }';

  it.each([
    'a&state=BLOCKED',
    'a&limit=1&offset=5',
    'a=b',
    'a#b',
    'a%26state=BLOCKED',
    '%0d%0ahost:x',
    'a+b c',
    'a;b',
    '[]',
    'é🏃',
    "a' or '1'='1",
  ])('is one value of one parameter, whatever is in it: %s', async (tag) => {
    exchanges.length = 0;
    await stack.data(QUERY, { variables: { tag } });
    expect(exchanges.map(({ path, query }) => [path, [...query].sort()])).toEqual([
      [
        '/multi/managed_accounts',
        [
          ['limit', '1'],
          ['offset', '0'],
          ['tag', tag],
        ],
      ],
    ]);
  });
});

describe('what means something to JavaScript', () => {
  const POLLUTION = '"__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } }';

  it.each([
    ['variables', `"variables": { ${POLLUTION} }`],
    ['a variable', `"variables": { "input": { ${POLLUTION} } }`],
    ['extensions', `"extensions": { ${POLLUTION} }`],
    ['an extension', `"extensions": { "persistedQuery": { ${POLLUTION} } }`],
    ['a list in extensions', `"extensions": { "a": [[{ ${POLLUTION} }]] }`],
    ['the body', POLLUTION],
  ])('is refused in %s, and changes nothing', async (_where, part) => {
    const query =
      'mutation ($input: UpdateManagedAccountInput!) { updateManagedAccount(input: $input) { __typename } }';
    exchanges.length = 0;
    const response = await fetch(`${stack.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token}` },
      body: `{ "query": ${JSON.stringify(query)}, ${part} }`,
    });
    expect(response.status).toBe(400);
    expect(exchanges).toEqual([]);
    expect(mark.polluted).toBeUndefined();
  });

  it('is ignored in what Weavr answers, and told to nobody', async () => {
    const { id } = await newAccount(stack);
    const account = `"id": "${id}", "profileId": "1", "friendlyName": "x", "currency": "EUR", "creationTimestamp": 1`;
    const text = `{ ${account}, "state": { "state": "ACTIVE", ${POLLUTION} }, "balances": { ${POLLUTION} }, ${POLLUTION} }`;
    const fields = 'id state tag balances { available { value } }';
    for (const [operation, document] of [
      ['managedAccountGet', `{ managedAccount(id: "${id}") { ${fields} } }`],
      [
        'managedAccountUpdate',
        `mutation { updateManagedAccount(input: { id: "${id}", tag: "a" }) { ... on UpdateManagedAccountPayload { managedAccount { ${fields} } } } }`,
      ],
    ] as const) {
      stack.sandbox.faults.plan({ kind: 'TEXT', text, mediaType: 'application/json' }, { operation });
      const { data } = await stack.query(document);
      expect(data.managedAccount ?? data.updateManagedAccount.managedAccount).toMatchObject({ id, tag: null });
      expect(mark.polluted).toBeUndefined();
    }
  });
});
