import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../src/sandbox/index.js';
import { type Stack, startStack } from './harness.js';

const sent: IncomingHttpHeaders[] = [];
let sandbox: Sandbox;
let stack: Stack;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 5, onExchange: ({ headers }) => void sent.push(headers) });
  stack = await startStack({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
});
afterAll(async () => {
  await stack.close();
  await sandbox.close();
});

const USERS = ['root@acme.example', 'ben@acme.example', 'ada@consumer.example', 'root@newco.example'];

/** What one token is answered, asked for its own accounts and for the same ids as everybody else. */
async function ask(token: string, ids: string[]) {
  const lookups = ids.map((id, index) => `a${index}: managedAccount(id: "${id}") { id friendlyName }`);
  const response = await fetch(`${stack.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: `{ managedAccounts(first: 100) { nodes { id friendlyName } } ${lookups.join(' ')} }`,
    }),
  });
  const { data, errors } = (await response.json()) as {
    data: { managedAccounts: { nodes: { id: string }[] } } & Record<string, unknown>;
    errors?: unknown;
  };
  expect(errors).toBeUndefined();
  const { managedAccounts, ...found } = data;
  return { own: managedAccounts.nodes, found: Object.values(found) };
}

it('answers 400 interleaved requests of 20 tokens for the same ids with what is each token’s own', async () => {
  const tokens = Array.from({ length: 20 }, (_, index) => sandbox.signIn(USERS[index % USERS.length]!));
  const owned = await Promise.all(tokens.slice(0, USERS.length).map(async (token) => (await ask(token, [])).own));
  expect(owned.map((accounts) => accounts.length)).toEqual([12, 12, 1, 0]);
  const [acme = [], , ada = []] = owned;
  const ids = [acme[0]!, ada[0]!, acme[1]!, acme[11]!].map(({ id }) => id);

  const requests = Array.from({ length: 400 }, (_, index) => index % tokens.length);
  const answers = await Promise.all(requests.map((index) => ask(tokens[index]!, ids)));

  answers.forEach(({ own, found }, request) => {
    const accounts = owned[requests[request]! % USERS.length]!;
    expect(own).toEqual(accounts);
    expect(found).toEqual(ids.map((id) => accounts.find((account) => account.id === id) ?? null));
  });
});

it('sends Weavr nothing of a caller’s headers but the token', async () => {
  const token = sandbox.signIn('ada@consumer.example');
  const hostile = {
    'api-key': 'stolen',
    'idempotency-ref': 'stolen',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'evil.example',
    forwarded: 'for=203.0.113.9',
    'x-http-method-override': 'DELETE',
    'programme-key': 'stolen',
    cookie: 'a=b',
    referer: 'https://evil.example',
    'user-agent': 'evil',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'accept-language': 'mt',
  };
  sent.length = 0;
  await stack.data('{ managedAccounts { totalCount } }', { token, headers: hostile });
  expect(sent).toEqual([
    {
      host: new URL(sandbox.url).host,
      connection: 'keep-alive',
      accept: 'application/json',
      'api-key': sandbox.apiKey,
      authorization: `Bearer ${token}`,
    },
  ]);
});
