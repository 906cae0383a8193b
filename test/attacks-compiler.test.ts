import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { buildSchema, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

/** Where the attacks below would leave their mark. */
const mark = globalThis as { polluted?: number };
const CODE = '(globalThis.polluted=1)';

let magic: string;
let stack: Stack;
beforeAll(async () => {
  const text = await readFile(createRequire(import.meta.url).resolve('graphql-jit/dist/execution.js'), 'utf8');
  [, magic = ''] = /MAGIC_DATE = "([^"]+)"/.exec(text) ?? [];
  stack = await startStack({ execution: { executor: 'jit', compileAfter: 0 } });
});
afterEach(() => {
  delete mark.polluted;
});
afterAll(() => stack.close());

describe('a string of a document that the compiler takes for code', () => {
  it('would be run by the compiler itself', async () => {
    const compiled = compileQuery(
      buildSchema('type Query { a(b: String): Int }'),
      parse(`{ a(b: "${magic}${CODE}") }`),
    );
    if (isCompiledQuery(compiled)) await compiled.query(undefined, {}, {});
    expect(mark.polluted).toBe(1);
  });

  it.each<[string, (text: string) => string]>([
    ['an argument', (text) => `{ managedAccounts(after: "${text}") { totalCount } }`],
    ['an argument in a block', (text) => `{ managedAccounts(after: """${text}""") { totalCount } }`],
    ['an input object', (text) => `{ managedAccounts(filter: { tag: "${text}" }) { totalCount } }`],
    ['a list', (text) => `{ beneficiaryBatches(filter: { tag: ["${text}"] }) { totalCount } }`],
    [
      'a default',
      (text) => `query ($tag: String = "${text}") { managedAccounts(filter: { tag: $tag }) { totalCount } }`,
    ],
    [
      'a default of an input object',
      (text) =>
        `query ($by: ManagedAccountFilter = { tag: "${text}" }) { managedAccounts(filter: $by) { totalCount } }`,
    ],
    [
      'a fragment',
      (text) => `{ ...F } fragment F on Query { managedAccounts(filter: { tag: "${text}" }) { totalCount } }`,
    ],
    ['a directive', (text) => `{ managedAccounts { totalCount } __typename @include(if: "${text}") }`],
  ])('is not run as %s, however often it is sent', async (_where, document) => {
    for (const text of [
      `${magic}${CODE}`,
      `"+${CODE}+"`,
      `'+${CODE}+'`,
      `\\"+${CODE}+\\"`,
      `\${${CODE}}`,
      `\\u2028${CODE}//`,
    ])
      for (let time = 0; time < 3; time++) await stack.query(document(text));
    expect(mark.polluted).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'then'])(
    'is an answer’s name and no more as the alias %s',
    async (name) => {
      const text = `{ ${name}: managedAccounts { polluted: totalCount } roles { ${name}: id } }`;
      for (let time = 0; time < 3; time++) {
        const data = await stack.data(text);
        expect(Object.hasOwn(data, name) && data[name]).toEqual({ polluted: 12 });
        expect(Object.hasOwn(data.roles[0], name)).toBe(true);
      }
      expect(mark.polluted ?? ({} as typeof mark).polluted).toBeUndefined();
    },
  );

  it.each(['variables', 'names'])('is not run among %s, which are no part of what is compiled', async (where) => {
    const text = `${magic}${CODE}`;
    const query = 'query Q($tag: String) { managedAccounts(filter: { tag: $tag }) { totalCount } }';
    const body = where === 'variables' ? { query, variables: { tag: text } } : { query, operationName: text };
    for (let time = 0; time < 3; time++) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${stack.token}` };
      await fetch(`${stack.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
    }
    expect(mark.polluted).toBeUndefined();
  });
});
