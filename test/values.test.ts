import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { idPlaces, literalOf, sampleOf } from './inputs.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** What a request is told that must be refused with 400 and cost no call. */
async function refusals(text: string, variables?: object) {
  const headers = { accept: 'application/graphql-response+json' };
  const { status, errors, data } = await stack.query(text, { variables, headers });
  expect({ status, data, calls: stack.calls }, text).toEqual({ status: 400, data: undefined, calls: [] });
  return errors!.map(({ message, extensions }) => ({ message, ...extensions }));
}

describe('every id', () => {
  const texts = ['../users', '..', '', '1?x', '1/2', '1#f', '%2e%2e', '1\r\n', '１２', '-1', ' 1', '1'.repeat(21)];
  // The last is a number that JSON has rounded: a real id, but not the caller's.
  const values = [-1, 1.5, 1e21, true, {}, [], 2 ** 60];
  const printed = (path: (string | number)[]) =>
    path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index ? `.${step}` : step)).join('');
  const expected = 'an id of 1 to 20 digits';

  it('is known to these tests', () => {
    const places = idPlaces.map(({ field, path }) => `${field}(${printed(path)})`);
    expect(places).toEqual(
      expect.arrayContaining([
        'Query.managedAccount(id)',
        'Query.managedAccounts(filter.profileId)',
        'Mutation.blockManagedAccount(input.id)',
      ]),
    );
  });

  /** All values at the first place; elsewhere a path, which would do most harm, and the others in turn. */
  const takenAt = <Value>(all: Value[], index: number) => (index ? [all[0], all[index % all.length]] : all);

  it.each(idPlaces.map((place, index) => ({ ...place, index })))(
    'at $field $path is refused when it is none, as a literal and as a variable',
    async ({ field, argument: { name, type }, path, document, index }) => {
      const inside = path.slice(1);
      const at = (root: string) => (inside.length ? ` at "${printed([root, ...inside])}"` : '');
      for (const id of takenAt(texts, index)) {
        const literal = literalOf(type, sampleOf(type, inside, id));
        const message = `Argument "${name}" of "${field.split('.')[1]}"${at(name)}: expected ${expected}.`;
        const refused = { message, code: 'BAD_USER_INPUT', argument: printed(path), expected };
        expect(await refusals(document(`${name}: ${literal}`))).toEqual([refused]);
      }
      for (const id of takenAt([...texts, ...values], index)) {
        const message = `Variable "$v"${at('v')}: expected ${expected}.`;
        const refused = { message, code: 'BAD_USER_INPUT', variable: printed(['v', ...inside]), expected };
        const variables = { v: sampleOf(type, inside, id) };
        expect(await refusals(document(`${name}: $v`, `($v: ${type})`), variables)).toEqual([refused]);
      }
    },
  );
});

describe('a message', () => {
  const create = (input: string) => `mutation { createManagedAccount(input: ${input}) { __typename } }`;
  const withInput =
    'mutation ($input: CreateManagedAccountInput!) { createManagedAccount(input: $input) { __typename } }';
  const valid = { profileId: '1', friendlyName: 'A', currency: 'EUR' };

  it.each<[string, string, object?]>([
    ['Argument "first" of "managedAccounts": expected Int!.', '{ managedAccounts(first: "5") { totalCount } }'],
    ['Argument "first" of "managedAccounts": expected Int!.', '{ managedAccounts(first: null) { totalCount } }'],
    ['Argument "first" of "managedAccounts": expected Int!.', '{ managedAccounts(first: 2147483648) { totalCount } }'],
    ['Argument "if" of "@skip": expected Boolean!.', '{ __typename @skip(if: 1) }'],
    [
      'Argument "filter" of "managedAccounts" at "filter.state[1]": expected InstrumentState!.',
      '{ managedAccounts(filter: { state: [ACTIVE, NONE] }) { totalCount } }',
    ],
    [
      'Argument "filter" of "managedAccounts" at "filter.tagg": expected a field of ManagedAccountFilter.',
      '{ managedAccounts(filter: { tagg: "a" }) { totalCount } }',
    ],
    [
      'Argument "input" of "createManagedAccount" at "input.friendlyName": expected String!.',
      create('{ profileId: "1", currency: "EUR" }'),
    ],
    [
      'Argument "input" of "createManagedAccount" at "input.currency": expected an ISO 4217 currency code such as EUR.',
      create('{ profileId: "1", friendlyName: "A", currency: "euro" }'),
    ],
    ['Argument "input" of "createManagedAccount": expected CreateManagedAccountInput!.', create('"text"')],
    [
      'Variable "$input" at "input.friendlyName": expected String!.',
      withInput,
      { input: { ...valid, friendlyName: 1 } },
    ],
    [
      'Variable "$input" at "input.friendlyName": expected String!.',
      withInput,
      { input: { ...valid, friendlyName: undefined } },
    ],
    [
      'Variable "$input" at "input.nick": expected a field of CreateManagedAccountInput.',
      withInput,
      { input: { ...valid, nick: 1 } },
    ],
    ['Variable "$input": expected a field of CreateManagedAccountInput.', withInput, { input: { ...valid, '<b>': 1 } }],
    ['Variable "$input": expected CreateManagedAccountInput!.', withInput, { input: null }],
    ['Variable "$input": expected CreateManagedAccountInput!.', withInput, {}],
    ['Variable "$input": expected CreateManagedAccountInput!.', withInput, { input: [] }],
    ['Variable "$first": expected Int.', 'query ($first: Int = "x") { managedAccounts(first: $first) { totalCount } }'],
  ])('says %s', async (message, text, variables) => {
    expect(await refusals(text, variables)).toEqual([expect.objectContaining({ message, code: 'BAD_USER_INPUT' })]);
  });

  it('says where the reader stopped, by line and column', async () => {
    const { errors } = await stack.query('{\n  managedAccounts(first: ) { totalCount }\n}');
    expect(errors).toEqual([
      {
        message: 'Syntax error: unexpected ).',
        locations: [{ line: 2, column: 26 }],
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      },
    ]);
  });

  it('suggests names while the schema may be asked for, and never else', async () => {
    const closed = await startStack({ introspection: false });
    for (const text of [
      '{ managedAccoun { totalCount } }',
      '{ managedAccounts { nodes { friendlyNam } } }',
      '{ managedAccounts(firs: 1) { totalCount } }',
      '{ ... on ManagedAccoun { id } }',
      'query ($a: ManagedAccountFilte) { __typename }',
      '{ managedAccounts(filter: { state: [ACTIV] }) { totalCount } }',
      '{ managedAccounts(filter: { ta: "a" }) { totalCount } }',
    ]) {
      const { errors } = await closed.query(text);
      expect(errors![0]!.message).not.toContain('Did you mean');
    }
    expect((await stack.query('{ managedAccoun { totalCount } }')).errors![0]!.message).toContain('Did you mean');
    await closed.close();
  });

  it('says that the schema may not be asked for', async () => {
    const closed = await startStack({ introspection: false });
    for (const text of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Query") { name } }',
      '{ ... { __schema { types { name } } } }',
    ]) {
      const { errors, data } = await closed.query(text);
      expect(data).toBeUndefined();
      expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    expect(await closed.data('{ __typename }')).toEqual({ __typename: 'Query' });
    await closed.close();
  });

  it.each(['@defer', '@stream', '@upstream(operations: [], backOffice: true)', '@live'])(
    'refuses %s',
    async (directive) => {
      expect(await refusals(`{ managedAccounts { ... ${directive} { totalCount } } }`)).not.toEqual([]);
    },
  );

  it('refuses subscriptions, for there are none', async () => {
    expect(await refusals('subscription { __typename }')).toMatchObject([{ code: 'GRAPHQL_VALIDATION_FAILED' }]);
  });

  const SECRET = 'hunter2';
  const login = (input: string) => `mutation { loginWithPassword(input: ${input}) { __typename } }`;

  it.each<[string, string, object?]>([
    ['a text for a number', `{ managedAccounts(first: "${SECRET}") { totalCount } }`],
    ['a text for an enum', `{ managedAccounts(filter: { state: "${SECRET}" }) { totalCount } }`],
    ['a name for an enum', `{ managedAccounts(filter: { state: ${SECRET} }) { totalCount } }`],
    ['a name for a text', login(`{ email: "a@b.example", password: ${SECRET} }`)],
    ['a list for a text', login(`{ email: "a@b.example", password: ["${SECRET}"] }`)],
    ['an object for a text', login(`{ email: "a@b.example", password: { value: "${SECRET}" } }`)],
    ['a text beside a missing field', login(`{ password: "${SECRET}" }`)],
    ['a text beside an unknown field', login(`{ email: "a@b.example", password: "${SECRET}", pin: "${SECRET}" }`)],
    ['a text for an input', login(`"${SECRET}"`)],
    ['an unknown argument', `mutation { loginWithPassword(password: "${SECRET}") { __typename } }`],
    ['a field given twice', login(`{ email: "a@b.example", password: "${SECRET}", password: "${SECRET}" }`)],
    [
      'a default of the wrong type',
      `query ($first: Int = "${SECRET}") { managedAccounts(first: $first) { totalCount } }`,
    ],
    ['a directive', `{ __typename @include(if: "${SECRET}") }`],
    [
      'fields in conflict',
      `{ a: managedAccounts(after: "${SECRET}") { totalCount } a: managedAccounts { totalCount } }`,
    ],
    ['a text out of place', `{ managedAccounts(first: 1 "${SECRET}") { totalCount } }`],
    ['a block of text out of place', `{ managedAccounts(first: 1 """${SECRET}""") { totalCount } }`],
    ['a name out of place', `{ managedAccounts(first: ${SECRET} ${SECRET}) { totalCount } }`],
    ['a text without an end', `{ managedAccounts(after: "${SECRET}) { totalCount } }`],
    ['a number with letters', `{ managedAccounts(first: 1${SECRET}) { totalCount } }`],
    ['an unknown escape', `{ managedAccounts(after: "\\q${SECRET}") { totalCount } }`],
    ['a variable of the wrong type', 'query ($v: Int!) { managedAccounts(first: $v) { totalCount } }', { v: SECRET }],
    [
      'a variable’s wrong object',
      'mutation ($v: LoginWithPasswordInput!) { loginWithPassword(input: $v) { __typename } }',
      { v: { password: { value: SECRET } } },
    ],
    [
      'a variable’s list',
      'mutation ($v: LoginWithPasswordInput!) { loginWithPassword(input: $v) { __typename } }',
      { v: [{ password: SECRET }] },
    ],
    [
      'a variable’s enum',
      'query ($v: [InstrumentState!]) { managedAccounts(filter: { state: $v }) { totalCount } }',
      { v: [SECRET] },
    ],
  ])('never repeats %s', async (_case, text, variables) => {
    expect(JSON.stringify(await refusals(text, variables))).not.toContain(SECRET);
  });

  it('never repeats what stands beside a variable that turns out to be null', async () => {
    const text = `mutation ($channel: OtpChannel = SMS) {
      verifyStepUpOtp(input: { channel: $channel, verificationCode: "${SECRET}" }) { __typename } }`;
    const { errors } = await stack.query(text, { variables: { channel: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
    expect(stack.calls).toEqual([]);
  });
});
