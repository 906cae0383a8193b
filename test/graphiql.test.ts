import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Example, examples } from '../src/http/examples.js';
import { guestOf } from '../src/http/graphiql.js';
import { withoutSimulator } from '../src/schema/core/upstream.js';
import { schema } from '../src/schema/index.js';
import { KEY } from './acting.js';
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
  stack = await startStack((sandbox) => ({ graphiql: { guest: guestOf(sandbox) } }));
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

/** Runs the tab of a name as it is. */
async function run(name: string) {
  const { defaultTabs } = (await open()).options;
  const { query, variables } = defaultTabs.find((tab) => tab.query.includes(`mutation ${name}(`))!;
  return stack.data(query, { variables: variables && JSON.parse(variables) });
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

it.each([
  ['Deposit', 'COMPLETED', 25_00],
  ['Purchase', 'APPROVED', -12_50],
  ['DeclinedPurchase', 'DENIED_SPEND_CONTROL', 0],
])('answers in the tab %s what it promises: %s', async (name, outcome, moved) => {
  const { ledger } = stack.sandbox.state;
  const outside = () => ledger.balances('world:EUR').actualBalance;
  const before = outside();
  const data = await run(name);
  expect(Object.values(data)).toMatchObject([{ outcome }]);
  expect(before - outside()).toBe(moved);
});

it('approves a newcomer in the tab that says so, who may open an account then', async () => {
  const token = stack.sandbox.signIn('root@newco.example');
  await run('ApproveKyb');
  const account = 'profileId: "110000000000000001", friendlyName: "First", currency: "EUR"';
  const { createManagedAccount } = await stack.data(
    `mutation { createManagedAccount(input: { ${account} }) { __typename } }`,
    { token },
  );
  expect(createManagedAccount.__typename).toBe('CreateManagedAccountPayload');
});

it('shows something in every list of the examples', async () => {
  const { options } = await open();
  for (const { query, variables } of options.defaultTabs.filter(({ query }) => !query.includes('mutation'))) {
    const data = await stack.data(query, { variables: variables && JSON.parse(variables) });
    expect(JSON.stringify(data), query).not.toContain('[]');
  }
});

it('opens with valid operations over Weavr itself too, where nothing may be simulated', () => {
  const there = withoutSimulator(schema);
  for (const { query } of examples()) expect(validate(there, parse(query))).toEqual([]);
});

it('signs the visitor of a sandbox in, anew for every page', async () => {
  const [first, second] = [await open(), await open()];
  expect(first.options.defaultHeaders).not.toBe(second.options.defaultHeaders);
  expect(first.options.version).toBe(second.options.version);
  expect(first.response.headers.get('cache-control')).toBe('no-store');
});

it('holds no session, no password and no key, without a sandbox', async () => {
  const other = await startStack({ graphiql: {}, backOfficeKeys: [KEY] });
  const { page, options } = await open(other.url);
  expect(page).not.toContain('Passw0rd!');
  expect(page).not.toContain(KEY);
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
