import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import {
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { schema } from '../src/schema/index.js';
import { type Stack, startStack } from './harness.js';
import { asker, watchLog } from './log-lines.js';

const log = watchLog();
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ logger: log.logger });
});
afterAll(() => stack.close());

const { user, send, ask } = asker(() => stack, log);

const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i));

describe('a bomb', () => {
  const doubling = (levels: number, spread: (next: string) => string) =>
    `{ ...F0 } ${times(levels, (i) => `fragment F${i} on Query { ${spread(`...F${i + 1}`)} }`).join(' ')} fragment F${levels} on Query { __typename }`;

  const BOMBS: [name: string, document: (n: number) => string][] = [
    ['20 fragments that double each other', () => doubling(20, (next) => `${next} ${next}`)],
    ['100 fragments that double each other', () => doubling(100, (next) => `${next} ${next}`)],
    [
      '30 fragments that double each other under aliases',
      () => doubling(30, (next) => `a: managedAccounts { nodes { id } } ${next} ... { ${next} }`),
    ],
    [
      '20 fragments that double each other in inline fragments',
      () => doubling(20, (next) => `... { ${next} } ... on Query { ${next} }`),
    ],
    ['10 fragments of 10 spreads each', () => doubling(10, (next) => `${next} `.repeat(10))],
    ['fragments in a circle', () => '{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }'],
    [
      'unused fragments that double each other',
      () => doubling(40, (next) => `${next} ${next}`).replace('...F0', '__typename'),
    ],
    ['10,000 times __typename', () => `{ ${'__typename '.repeat(10_000)} }`],
    ['101 aliases of __typename', () => `{ ${times(101, (i) => `a${i}: __typename`).join(' ')} }`],
    ['a thousand directives', () => `{ __typename ${'@skip(if: false) '.repeat(200)} }`],
    ['13 levels', () => `{ ${'a { '.repeat(12)} a ${'} '.repeat(12)} }`],
    ['a thousand levels', () => `{ ${'a{'.repeat(700)}`],
    ['a list of lists', () => `{ a(b: ${'['.repeat(1_400)}`],
    ['conflicting fields', () => `{ ${times(300, (i) => `a: managedAccount(id: "${i}") { id }`).join(' ')} }`],
    ['20,001 characters', () => `{ __typename } ${' '.repeat(20_001)}`],
    ['20,001 characters of a comment', () => `{ __typename } #${'x'.repeat(20_001)}`],
    ['a name without end', () => `{ ${'a'.repeat(30_000)} }`],
    [
      'introspection of introspection',
      () => `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} } '.repeat(5)} } } }`,
    ],
  ];

  it.each(BOMBS)('of %s is refused within 50 ms, before any call', async (_name, document) => {
    const spent: number[] = [];
    for (let n = 0; n < 5; n++) {
      const body = JSON.stringify({ query: `${document(n)} #${n}` }); // another one each time: nothing is remembered
      const started = performance.now();
      const { response, text } = await send('/graphql', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...user() },
      });
      spent.push(performance.now() - started);
      expect(response.status, text).toBe(400);
    }
    expect(stack.calls).toEqual([]);
    expect(Math.min(...spent), 'milliseconds for the quickest of five').toBeLessThan(50);
  });

  it('of 24 MB is refused before it has been read', async () => {
    const { port } = new URL(stack.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 24000000`;
    socket.end(`${head}\r\n\r\n{"query":"`);
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('in the headers is refused by the door', async () => {
    const { port } = new URL(stack.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {}); // it is closed while we still send
    socket.write(`GET /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${'a'.repeat(100_000)}\r\n\r\n`);
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 431 /);
  });
});

describe('a name that is nearly right', () => {
  /** So many documents from all of the schema, each with one name misspelt, and that name. */
  function misspelt(count: number) {
    const all = Object.values(schema.getTypeMap()).flatMap(questionsAbout);
    const step = Math.floor(all.length / count);
    return Array.from({ length: count }, (_, index) => all[index * step]!);
  }

  const wrong = (name: string) => `${name.slice(0, -1)}${name.at(-1)?.repeat(2)}`;

  function questionsAbout(type: GraphQLNamedType): { name: string; text: string }[] {
    if (type.name.startsWith('__')) return [];
    if (isEnumType(type))
      return type
        .getValues()
        .map(({ name }) => ({ name, text: `query ($a: ${type.name} = ${wrong(name)}) { __typename }` }));
    if (isInputObjectType(type))
      return Object.keys(type.getFields()).map((name) => ({
        name,
        text: `query ($a: ${type.name} = { ${wrong(name)}: 1 }) { __typename }`,
      }));
    if (!isObjectType(type)) return [];
    const inType = (text: string) =>
      type.name === 'Mutation' ? `mutation { ${text} }` : `{ ... on ${type.name} { ${text} } }`;
    return Object.values(type.getFields()).flatMap(({ name, args, type: of }) => [
      { name, text: inType(wrong(name)) },
      ...args.map((argument) => ({
        name: argument.name,
        text: inType(
          `${name}(${wrong(argument.name)}: 1) ${isCompositeType(getNamedType(of)) ? '{ __typename }' : ''}`,
        ),
      })),
    ]);
  }

  it('is set right by nobody where the schema may not be asked for: 200 of 200', async () => {
    const closed = await startStack({ introspection: false });
    onTestFinished(closed.close);
    for (const { name, text } of misspelt(200)) {
      const { errors = [] } = await closed.query(text);
      for (const { message } of errors) {
        expect(message).not.toContain('Did you mean');
        if (message.includes(wrong(name))) expect(message).not.toMatch(new RegExp(`\\b${name}\\b`));
      }
      expect(errors.length, text).toBeGreaterThan(0);
      expect(closed.calls).toEqual([]);
    }
  });
});

describe('what would write a line of its own into the log, or take over a terminal', () => {
  const EVIL = '\u001b[2J\n{"level":60,"route":"graphql","codes":["FORGED"]}\r\n\u2028\u0007';
  const login = 'mutation ($input: LoginWithPasswordInput!) { loginWithPassword(input: $input) { __typename } }';
  const evil = encodeURIComponent(EVIL);

  it.each<[string, () => Promise<unknown>]>([
    ['a text', () => ask('query ($a: String) { managedAccounts(after: $a) { totalCount } }', user(), { a: EVIL })],
    ['a secret', () => ask(login, {}, { input: { email: 'a@b.example', password: EVIL } })],
    ['a value of the wrong type', () => ask(login, {}, { input: { email: EVIL, password: 1 } })],
    ['the name of a variable', () => ask(login, {}, { [EVIL]: 1, input: { [EVIL]: 1 } })],
    ['a literal', () => ask(`{ managedAccounts(after: ${JSON.stringify(EVIL)}) { totalCount } }`)],
    ['a comment', () => ask(`{ __typename } # ${EVIL}`)],
    ['a document', () => ask(EVIL)],
    ['an enum', () => ask(`{ managedAccounts(filter: { state: ${EVIL} }) { totalCount } }`)],
    ['the name of an operation', () => send(`/graphql?query={__typename}&operationName=${evil}`, { headers: user() })],
    ['a URL', () => send(`/graphql?${evil}=${evil}`, { headers: user() })],
    ['the path of a file', () => send(`/downloads/${evil}?ticket=${evil}`, { headers: user() })],
    [
      'a header',
      () => ask('{ __typename }', { ...user(), 'x-request-id': evil, 'user-agent': evil, accept: `*/*;${evil}` }),
    ],
    ['an id', () => ask('query ($id: ID!) { user(id: $id) { id } }', user(), { id: EVIL })],
  ])('is one line and no more, in %s', async (_where, request) => {
    const before = log.texts.length;
    await request();
    const written = log.texts.slice(before);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{[^\p{Control}\u2028\u2029]*\}\n$/u);
    expect(written[0]).not.toContain('FORGED');
  });
});
