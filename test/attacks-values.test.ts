import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, json } from '../src/http/values.js';
import type { Exchange } from '../src/sandbox/core/server.js';
import { schema } from '../src/schema/index.js';
import { type Answer, type Stack, startStack } from './harness.js';
import { type IdPlace, idPlaces, sampleOf } from './inputs.js';

const exchanges: Exchange[] = [];
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { onExchange: (exchange) => void exchanges.push(exchange) });
});
afterAll(() => stack.close());

/** Sends a body as it is written: numbers stay as they are. */
async function send(body: string) {
  const response = await request(`${stack.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${stack.token}`,
    },
    body,
  });
  const { data, errors = [] } = (await response.body.json()) as Answer;
  return { status: response.statusCode, data, errors };
}

/** What in a path would be another path, another host, another header, another query or another number. */
// biome-ignore format: sixty in a few lines
const BAD_IDS = [
  '..', '.', './', '../', '../users', '../../users', '..\\', '..%2f', '%2e%2e', '%2e%2e/', '%2E%2E%2Fusers', '..;/',
  '1/..', '1/../2', '1/2', '/1', '1/', '//1', '//evil.example', '\\1', '1?x', '1?x=1', '?', '1#f', '#', '1;x', '1&x=1', '1%00',
  '1\u0000', '1\r\n', '1\n', '\n1', '1\r\nhost: x', '1\t', ' 1', '1 ', '1 2', '', '0x1', '1e3', '1.0', '1.', '-1', '+1',
  '1_000', '1,2', '[1]', '{{1}}', '<1>', '١٢', '１２', '①', '1\u200b', '\u202e1', '1\ufeff', 'null', '*', "1' or '1'='1",
  '9'.repeat(21), '1'.repeat(2_000),
];

describe('an id', () => {
  const isSensitive = (field: string) =>
    schema.getMutationType()?.getFields()[field.replace('Mutation.', '')]?.extensions.sensitive;
  const TOGETHER = 5; // as many as are reported at once
  const PLACES = idPlaces.map((place, index) => ({ ...place, index }));

  it('has sixty bad forms here', () => {
    expect(new Set(BAD_IDS).size).toBe(60);
  });

  it.each(PLACES)('at $field $path is refused in each of them, before any call', async ({ index, ...place }) => {
    const { field, argument, path } = place;
    const withId = (id: string) => sampleOf(argument.type, path.slice(1), id);
    expect(BAD_IDS.filter((id) => [...faultsOf(json, argument.type, withId(id), 'v')].length !== 1)).toEqual([]);
    // Some of them go all the way: at the first place all, then others at each.
    const isAlone = isSensitive(field) || !/^(Query|Mutation)\./.test(field);
    const size = isAlone ? 1 : TOGETHER;
    const windows = BAD_IDS.length / size;
    const turns = index ? [index % windows, (index + 7) % windows] : Array.from({ length: windows }, (_, turn) => turn);
    const query = documentOf(place, size);
    exchanges.length = 0;
    for (const turn of turns) {
      const ids = BAD_IDS.slice(turn * size, (turn + 1) * size);
      const variables = Object.fromEntries(ids.map((id, nth) => [`v${nth}`, withId(id)]));
      const { status, data, errors } = await send(JSON.stringify({ query, variables }));
      const said = errors.map(({ extensions: { code, variable } }) => `${code} ${variable.split('.')[0]}`);
      expect({ status, data, exchanges }).toEqual({ status: 400, data: undefined, exchanges: [] });
      expect(said).toEqual(ids.map((_id, nth) => expect.stringMatching(`^BAD_USER_INPUT v${nth}`)));
    }
  });

  /** A document that takes ids in several variables, under as many aliases. */
  function documentOf({ argument: { name, type }, document }: IdPlace, size: number) {
    const indices = Array.from({ length: size }, (_, index) => index);
    const [, operation, selection = ''] = /^(\w+) {2}\{ (.*) \}$/s.exec(document(`${name}: $v`)) ?? [];
    const fields = indices.map((index) => selection.replace(`${name}: $v`, `${name}: $v${index}`));
    const aliased = size === 1 ? fields : fields.map((field, index) => `a${index}: ${field}`);
    return `${operation} (${indices.map((index) => `$v${index}: ${type}`).join(' ')}) { ${aliased.join(' ')} }`;
  }
});

/** A transfer's amount as a literal and as the JSON of a variable: what is sent on for each, if it is. */
// biome-ignore format: a table reads best as a table
const AMOUNTS: [text: string, literal: number | undefined, json: number | undefined][] = [
  ['0', 0, 0], ['1', 1, 1], ['100', 100, 100], ['2147483647', 2147483647, 2147483647], ['2147483648', 2147483648, 2147483648],
  ['9007199254740991', 9007199254740991, 9007199254740991],
  ['9007199254740992', undefined, undefined], ['9007199254740993', undefined, undefined],
  ['9223372036854775807', undefined, undefined], ['18446744073709551616', undefined, undefined], ['1'.repeat(400), undefined, undefined],
  ['-0', 0, 0], ['-1', undefined, undefined], ['-100', undefined, undefined], ['-9007199254740991', undefined, undefined],
  ['0.0', undefined, 0], ['1.0', undefined, 1], ['10.0', undefined, 10], ['1.5', undefined, undefined], ['0.1', undefined, undefined],
  ['99.99', undefined, undefined], ['1e0', undefined, 1], ['1e2', undefined, 100], ['1E2', undefined, 100], ['1e-2', undefined, undefined],
  ['1e400', undefined, undefined], ['-1e2', undefined, undefined],
  ['"1"', undefined, undefined], ['"100"', undefined, undefined], ['"1e2"', undefined, undefined], ['" 1"', undefined, undefined],
  ['"+1"', undefined, undefined], ['"0x10"', undefined, undefined], ['"１"', undefined, undefined], ['""', undefined, undefined],
  ['true', undefined, undefined], ['null', undefined, undefined], ['[1, 2]', undefined, undefined], ['[]', undefined, undefined],
  ['{}', undefined, undefined],
];

describe('an amount', () => {
  const FIELDS = `profileId: "1", source: { type: MANAGED_ACCOUNTS, id: "1" }, destination: { type: MANAGED_ACCOUNTS, id: "2" }, idempotencyKey: "k"`;
  const transfer = (amount: string) =>
    `createTransfer(input: { ${FIELDS}, amount: { currency: "EUR", amount: ${amount} } }) { __typename }`;

  /** The amount that Weavr was sent, if it was sent anything. */
  async function sentFor(body: string) {
    exchanges.length = 0;
    const { status } = await send(body);
    const [call] = exchanges as { requestBody?: { destinationAmount?: { amount: number } } }[];
    expect(status).toBe(call ? 200 : 400);
    return call?.requestBody?.destinationAmount?.amount;
  }

  it('has forty forms here', () => {
    expect(new Set(AMOUNTS.map(([text]) => text)).size).toBe(40);
  });

  it.each(AMOUNTS)('of %.30s is sent on as %d from a literal, and from JSON as %d', async (text, literal, json) => {
    const query = `mutation ($amount: MinorUnits!) { ${transfer('$amount')} }`;
    expect(await sentFor(JSON.stringify({ query: `mutation { ${transfer(text)} }` }))).toBe(literal);
    const body = `{"query": ${JSON.stringify(query)}, "variables": {"amount": ${text}}}`;
    expect(await sentFor(body)).toBe(json);
  });
});
