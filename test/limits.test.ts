import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i));

/** The refusal of a request that must not cost a single call, whatever it accepts. */
async function refusal(text: string, variables?: object) {
  const answers = [];
  for (const accept of ['application/graphql-response+json', 'application/json']) {
    const { status, errors, data } = await stack.query(text, { variables, headers: { accept } });
    expect(stack.calls).toEqual([]);
    expect(data).toBeUndefined();
    answers.push({ status, ...errors![0]!.extensions });
  }
  expect(answers[0], 'the same for both media types').toEqual(answers[1]);
  return answers[0]!;
}

const tooLarge = (limit: string, maximum: number) => ({ status: 400, code: 'QUERY_TOO_LARGE', limit, maximum });

describe('a document', () => {
  it('may have 20,000 characters and no more', async () => {
    expect((await stack.query(`{ __typename }${' '.repeat(19_986)}`)).status).toBe(200);
    expect(await refusal(`{ __typename }${' '.repeat(19_987)}`)).toEqual(tooLarge('characters', 20_000));
  });

  it('may have 1,500 words and signs and no more', async () => {
    const words = (count: number) => `{ ${'a '.repeat(count - 2)}}`;
    expect(await refusal(words(1_500))).toMatchObject({ limit: 'fields' });
    expect(await refusal(words(1_501))).toEqual(tooLarge('tokens', 1_500));
  });

  it.each(['{ a '.repeat(740), '{ a(b: '.concat('[ '.repeat(1_400)), '{ a(b: '.concat('{ c: '.repeat(480))])(
    'is refused, not a stack overflow, when nested to the end: %.12s…',
    async (text) => {
      const { status, errors } = await stack.query(text, {
        headers: { accept: 'application/graphql-response+json' },
      });
      expect(status).toBe(400);
      expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    },
  );

  it('may be 12 levels deep and no deeper, fragments included', async () => {
    const nest = (levels: number, leaf = 'a') => `${'a { '.repeat(levels - 1)}${leaf}${' }'.repeat(levels - 1)}`;
    expect((await stack.query(`{ ${nest(12)} }`)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await refusal(`{ ${nest(13)} }`)).toEqual(tooLarge('depth', 12));
    const inTwo = `{ ${nest(7, '...F')} } fragment F on Query { ${nest(7)} }`;
    expect(await refusal(inTwo)).toEqual(tooLarge('depth', 12));
  });

  it('may be introspected as deeply as GraphiQL does, and no deeper', async () => {
    const { data } = await stack.query(
      getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true }),
    );
    expect(data.__schema.queryType.name).toBe('Query');
    const deeper = await stack.query(
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
      { headers: { accept: 'application/graphql-response+json' } },
    );
    expect(deeper).toMatchObject({ status: 400, errors: [{ message: 'Maximum introspection depth exceeded' }] });
  });

  it('may have 30 aliases and no more, wherever they stand', async () => {
    const aliases = (count: number, name: string) => times(count, (i) => `${name}${i}: __typename`).join(' ');
    expect((await stack.query(`{ ${aliases(30, 'a')} }`)).status).toBe(200);
    expect(await refusal(`{ ${aliases(31, 'a')} }`)).toEqual(tooLarge('aliases', 30));
    const spread = `{ ${aliases(16, 'a')} ...F ... { ...F } } fragment F on Query { ${aliases(8, 'b')} }`;
    expect(await refusal(spread)).toEqual(tooLarge('aliases', 30));
  });

  it('may have 10 directives and no more, wherever they stand', async () => {
    const fields = (count: number) => times(count, () => '__typename @skip(if: false)').join(' ');
    expect((await stack.query(`{ ${fields(10)} }`)).status).toBe(200);
    expect(await refusal(`{ ${fields(11)} }`)).toEqual(tooLarge('directives', 10));
    const spread = `{ ${times(6, () => '...F @include(if: true)').join(' ')} } fragment F on Query { ${fields(1)} }`;
    expect(await refusal(spread)).toEqual(tooLarge('directives', 10));
  });

  it('may have 500 fields and no more, wherever they stand', async () => {
    const fields = (count: number) => '__typename '.repeat(count);
    expect((await stack.query(`{ ${fields(500)} }`)).status).toBe(200);
    expect(await refusal(`{ ${fields(501)} }`)).toEqual(tooLarge('fields', 500));
    expect(await refusal(`{ ...F ...F } fragment F on Query { ${fields(251)} }`)).toEqual(tooLarge('fields', 500));
  });

  it.each([10, 20, 100])('is refused at once when %i fragments double each other', async (levels) => {
    const fragments = times(levels, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join('\n');
    const started = performance.now();
    expect(await refusal(`{ ...F0 } ${fragments} fragment F${levels} on Query { __typename }`)).toEqual(
      tooLarge('fields', 500),
    );
    expect(performance.now() - started, 'milliseconds for two requests').toBeLessThan(500);
  });

  it('is refused at once when unused fragments double each other under other aliases', async () => {
    const fragments = times(
      30,
      (i) => `fragment F${i} on Query { a${i}: b { ...F${i + 1} } b${i}: b { ...F${i + 1} } }`,
    );
    const started = performance.now();
    expect(await refusal(`{ __typename } ${fragments.join('\n')} fragment F30 on Query { a }`)).toMatchObject({
      code: 'QUERY_TOO_LARGE',
    });
    expect(performance.now() - started, 'milliseconds for two requests').toBeLessThan(500);
  });

  it.each(['query', 'mutation'])('is refused when the fragments of a %s run in a circle', async (operation) => {
    const circle = `${operation} { ...A } fragment A on Query { ...B } fragment B on Query { __typename ...A ...B }`;
    const { status, errors } = await stack.query(circle, { headers: { accept: 'application/graphql-response+json' } });
    expect(status).toBe(400);
    expect(errors?.map(({ message }) => message)).toContainEqual(expect.stringContaining('within itself'));
  });

  it('has at most five errors named, and a word that there are more', async () => {
    const { errors } = await stack.query(`{ ${times(50, (i) => `no${i}`).join(' ')} }`);
    expect(errors).toHaveLength(6);
  });

  it('is refused again when it is sent again, and by a gateway that has other rules', async () => {
    const closed = await startStack({ introspection: false });
    const text = '{ __schema { queryType { name } } }';
    for (const _ of [1, 2]) {
      expect((await stack.query(text)).data.__schema.queryType.name).toBe('Query');
      expect((await closed.query(text)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    await closed.close();
  });
});

describe('variables', () => {
  const text = 'query ($filter: ManagedAccountFilter) { managedAccounts(filter: $filter) { totalCount } }';
  const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

  it.each([21, 5_000, 100_000])('may not be %i levels deep', async (levels) => {
    const body = `{"query":${JSON.stringify(text)},"variables":{"filter":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    const response = await fetch(`${stack.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
  });

  it('may be 20 levels deep and no deeper', async () => {
    expect((await stack.query(text, { variables: nested(20) })).status).toBe(200);
    expect(await refusal(text, nested(21))).toEqual(tooLarge('variableDepth', 20));
  });

  it('may have 50,000 values and no more', async () => {
    const values = (count: number) => ({ extra: Array(count - 1).fill(1) });
    expect((await stack.query(text, { variables: values(50_000) })).status).toBe(200);
    expect(await refusal(text, values(50_001))).toEqual(tooLarge('variableValues', 50_000));
  });

  it.each(['__proto__', 'constructor', 'prototype'])('may not have a field named %s', async (name) => {
    const variables = JSON.parse(`{ "filter": { "${name}": { "tag": "x", "polluted": true } } }`);
    expect(await refusal(text, variables)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(await refusal(text, JSON.parse(`{ "${name}": { "polluted": true } }`))).toMatchObject({ status: 400 });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a sensitive mutation', () => {
  const login = (password = 'Passw0rd!') =>
    `loginWithPassword(input: { email: "ben@acme.example", password: "${password}" }) { __typename }`;
  const block = 'blockManagedAccount(input: { id: "1" }) { __typename }';

  it('is executed when it is the only field of the only operation, under any alias', async () => {
    for (const text of [
      `mutation { ${login()} }`,
      `mutation Named { me: ${login()} }`,
      `mutation { ...F } fragment F on Mutation { ... { ${login()} } }`,
    ]) {
      await stack.data(text, { token: null });
      expect(stack.calls).toEqual(['loginWithPassword']);
    }
  });

  const guesses = (count: number) => times(count, (i) => `a${i}: ${login(`guess-${i}`)}`).join(' ');

  it.each([
    ['beside itself', `mutation { ${guesses(2)} }`],
    ['fifteen times', `mutation { ${guesses(15)} }`],
    ['twice without an alias', `mutation { ${login()} ${login()} }`],
    ['beside another mutation', `mutation { ${block} ${login()} }`],
    ['beside __typename', `mutation { __typename ${login()} }`],
    ['in two inline fragments', `mutation { ... { a: ${login()} } ... on Mutation { b: ${login()} } }`],
    ['through a fragment', `mutation { ...F } fragment F on Mutation { ${guesses(3)} }`],
    [
      'through fragments of fragments',
      `mutation { ...F b: ${login()} } fragment F on Mutation { ...G } fragment G on Mutation { ${login()} }`,
    ],
    ['among several operations', `mutation A { ${login('a')} } mutation B { ${login('b')} }`],
    ['beside a query', `mutation A { ${login()} } query B { __typename }`],
    ['in an operation that is not the chosen one', `query A { __typename } mutation B { ${login()} }`],
    [
      'with one of two skipped',
      `mutation { a: ${login()} b: loginWithPassword(input: { email: "a@b.example", password: "x" }) @skip(if: true) { __typename } }`,
    ],
    ['with one of two in a fragment left out', `mutation { a: ${login()} ... @include(if: false) { ${block} } }`],
    [
      'another of its kind',
      `mutation { ${login()} verifyStepUpOtp(input: { verificationCode: "123456" }) { __typename } }`,
    ],
  ])('is refused %s, before any call', async (_case, text) => {
    expect(await refusal(text)).toMatchObject({ status: 400, code: 'SENSITIVE_NOT_ALONE' });
  });

  it('is refused a thousand times too, for its size', async () => {
    const text = `mutation { ${times(700, (i) => `a${i}: x`).join(' ')} }`;
    expect(await refusal(text)).toMatchObject({ status: 400, code: 'QUERY_TOO_LARGE' });
  });
});

describe('an idempotency key', () => {
  it.each(['', 'a b', 'é', 'a\r\nauthorization: x', 'a\u0000', '１', 'a'.repeat(256)])(
    'may not be "%.20s"',
    async (key) => {
      const { errors } = await stack.query(`mutation ($key: String) { ${field('a', '$key')} }`, { variables: { key } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(stack.calls).toEqual([]);
    },
  );

  const input = (key: string) => `{ profileId: "1", friendlyName: "A", currency: "EUR", idempotencyKey: ${key} }`;
  const field = (alias: string, key: string) => `${alias}: createManagedAccount(input: ${input(key)}) { __typename }`;
  const given = { profileId: '1', friendlyName: 'A', currency: 'EUR' };

  it.each<[string, string, object?]>([
    ['twice as a literal', `mutation { ${field('a', '"k"')} ${field('b', '"k"')} }`],
    [
      'in two mutations',
      `mutation { ${field('a', '"k"')} blockManagedAccount(input: { id: "1", idempotencyKey: "k" }) { __typename } }`,
    ],
    ['as a literal and a variable', `mutation ($k: String) { ${field('a', '"k"')} ${field('b', '$k')} }`, { k: 'k' }],
    ['as a default', `mutation ($k: String = "k") { ${field('a', '"k"')} ${field('b', '$k')} }`],
    [
      'through fragments',
      `mutation { ...F ... on Mutation { ${field('b', '"k"')} } } fragment F on Mutation { ${field('a', '"k"')} }`,
    ],
    [
      'in two whole inputs',
      `mutation ($a: CreateManagedAccountInput!, $b: CreateManagedAccountInput!) {
         a: createManagedAccount(input: $a) { __typename } b: createManagedAccount(input: $b) { __typename } }`,
      { a: { ...given, idempotencyKey: 'k' }, b: { ...given, friendlyName: 'B', idempotencyKey: 'k' } },
    ],
  ])('is refused %s, before either is sent', async (_case, text, variables) => {
    expect(await refusal(text, variables)).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      argument: 'input.idempotencyKey',
    });
  });

  it.each<[string, string, object?]>([
    ['differs', `mutation { ${field('a', '"k1"')} ${field('b', '"k2"')} }`],
    ['is absent', `mutation { ${field('a', 'null')} ${field('b', 'null')} }`],
    [
      'is that of the one that is not left out',
      `mutation ($yes: Boolean = true) {
         a: createManagedAccount(input: ${input('"k3"')}) @include(if: $yes) { __typename }
         b: createManagedAccount(input: ${input('"k3"')}) @skip(if: $yes) { __typename } }`,
    ],
    ['is of one field that is written twice', `mutation { ${field('a', '"k4"')} ${field('a', '"k4"')} }`],
  ])('is taken when it %s', async (_case, text, variables) => {
    await stack.data(text, { variables });
    expect(new Set(stack.calls)).toEqual(new Set(['managedAccountCreate']));
  });
});
