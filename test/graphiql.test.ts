import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Example, examples } from '../src/http/examples.js';
import { schema } from '../src/schema/index.js';
import { type Stack, startStack } from './harness.js';

/** What the page is started with. */
interface Options {
  files: string;
  version: string;
  defaultTabs: Example[];
  defaultHeaders: string;
}

let stack: Stack;
beforeAll(async () => {
  stack = await startStack((sandbox) => ({ graphiql: { sandbox } }));
});
afterAll(() => stack.close());

const visit = (url: string, headers = {}) => fetch(url, { headers: { accept: 'text/html,*/*;q=0.8', ...headers } });

function optionsIn(page: string): Options {
  const [, json = ''] = /<script type="application\/json" id="options">(.*?)<\/script>/.exec(page) ?? [];
  return JSON.parse(json);
}

async function open(url = stack.url) {
  const response = await visit(`${url}/graphql`);
  const page = await response.text();
  return { response, page, options: optionsIn(page) };
}

it('answers every tab as the page sends it, in order, without an error', async () => {
  const { options } = await open();
  for (const { query, variables } of options.defaultTabs) {
    const answer = await stack.query(query, {
      token: null,
      headers: JSON.parse(options.defaultHeaders),
      variables: variables && JSON.parse(variables),
    });
    expect(answer.errors, query).toBeUndefined();
    for (const [field, value] of Object.entries<{ __typename?: string }>(answer.data)) {
      expect(value, `${field} of ${query}`).not.toBeNull();
      if (query.includes('mutation'))
        expect(value.__typename, JSON.stringify(value)).toMatch(/Payload$|^PasswordExpired$/);
    }
  }
});

it('shows something in every list of the examples', async () => {
  const { options } = await open();
  for (const { query, variables } of options.defaultTabs.filter(({ query }) => !query.includes('mutation'))) {
    const data = await stack.data(query, { variables: variables && JSON.parse(variables) });
    expect(JSON.stringify(data), query).not.toContain('[]');
  }
});

it('opens with valid operations over Weavr itself too', () => {
  for (const { query } of examples()) expect(validate(schema, parse(query))).toEqual([]);
});

it('signs the visitor of a sandbox in, anew for every page', async () => {
  const [first, second] = [await open(), await open()];
  expect(first.options.defaultHeaders).not.toBe(second.options.defaultHeaders);
  expect(first.options.version).toBe(second.options.version);
  expect(first.response.headers.get('cache-control')).toBe('no-store');
});

it('holds no session, and no password, without a sandbox', async () => {
  const other = await startStack({ graphiql: {} });
  const { page, options } = await open(other.url);
  expect(page).not.toContain('Passw0rd!');
  expect(() => JSON.parse(options.defaultHeaders)).toThrow(); // a comment alone
  await other.close();
});

it('allows the browser nothing but this server', async () => {
  const { response, page } = await open();
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
  for (const [, link] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(link).toMatch(/^(data:|graphiql\/)/);
});

it('serves its files for ever, packed where the browser can unpack', async () => {
  const { options } = await open();
  const plain = await visit(`${stack.url}/${options.files}json.js`, { 'accept-encoding': 'identity' });
  const packed = await visit(`${stack.url}/${options.files}json.js`, { 'accept-encoding': 'gzip, br' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(packed.headers.get('cache-control')).toContain('immutable');
  expect(await packed.text()).toBe(await plain.text());
});

it('answers 404 for a file of another version', async () => {
  expect((await visit(`${stack.url}/graphiql/0000/graphiql.js`)).status).toBe(404);
});

it('still answers a GET by a program as GraphQL', async () => {
  const response = await fetch(`${stack.url}/graphql?query={__typename}`, { headers: { accept: 'application/json' } });
  expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
});

it('is off unless the gateway is told otherwise', async () => {
  const other = await startStack();
  const response = await visit(`${other.url}/graphql`);
  expect(response.headers.get('content-type')).not.toContain('text/html');
  expect((await visit(`${other.url}/graphiql/0000/graphiql.js`)).status).toBe(404);
  await other.close();
});
