import type { IncomingHttpHeaders } from 'node:http';
import { request as send } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../src/http/log.js';
import { acmeOf, as, KEY } from './acting.js';
import { CANARIES, canaryOf, delegatedTo, startCanaries } from './canaries.js';
import { type Stack, startStack } from './harness.js';

const sent: IncomingHttpHeaders[] = [];
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY] }, { onExchange: ({ headers }) => void sent.push(headers) });
});
afterAll(() => stack.close());

interface Caller {
  headers: Record<string, string>;
  canary: string;
}

const userWith = (token: string): Caller => ({
  headers: { authorization: `Bearer ${token}` },
  canary: canaryOf(token),
});

const serverFor = (identity: string): Caller => ({
  headers: { 'x-back-office-key': KEY, 'x-act-as': identity },
  canary: canaryOf(delegatedTo(identity)),
});

describe('requests of many callers at once for the same ids', () => {
  const USERS = Array.from({ length: 50 }, (_, index) => userWith(`token-${index}`));
  const SERVERS = Array.from({ length: 10 }, (_, index) => serverFor(`CORPORATE:${1_000 + index}`));
  const EACH = 40;
  /** One document for all, remembered and compiled once. */
  const BODY = JSON.stringify({
    query: '{ a: managedAccount(id: "1") { id friendlyName tag } b: managedAccount(id: "2") { friendlyName } }',
  });

  /** Sends a caller's requests one after the other, and answers with the texts that came back. */
  async function ask(url: string, { headers, canary }: Caller) {
    const texts: string[] = [];
    for (let request = 0; request < EACH; request++) {
      const { body } = await send(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': canary, ...headers },
        body: BODY,
      });
      texts.push(await body.text());
    }
    return texts;
  }

  it('are each answered, logged and sent on as nobody else’s: 2,000 by users, 400 by servers', async () => {
    const weavr = await startCanaries();
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
    const overload = { lag: () => 0 };
    const many = await startStack({ baseUrl: weavr.url, backOfficeKeys: [KEY], logger, overload });
    onTestFinished(async () => {
      await many.close();
      weavr.close();
    });
    const callers = [...USERS, ...SERVERS];
    const answers = await Promise.all(callers.map((caller) => ask(many.url, caller)));
    const own = (canary: string) => ({ friendlyName: canary });
    for (const [index, { canary }] of callers.entries())
      for (const text of answers[index]!) {
        expect(JSON.parse(text).data).toEqual({ a: { id: '1', ...own(canary), tag: canary }, b: own(canary) });
        expect(new Set(text.match(CANARIES))).toEqual(new Set([canary]));
      }
    // Each has its own line, with its own id and references.
    expect(lines).toHaveLength(callers.length * EACH);
    for (const line of lines) {
      const { requestId, requestRefs } = JSON.parse(line);
      expect(requestRefs).toEqual(expect.arrayContaining([requestId]));
      expect(new Set(requestRefs).size).toBe(1);
    }
    // Nothing was answered out of what another had asked, not even in the same millisecond.
    const made = (call: string) => weavr.calls.filter((one) => one === call).length;
    expect(made('GET /multi/managed_accounts')).toBe(USERS.length * EACH);
    expect(made('GET /multi/backoffice/managed_accounts/1')).toBe(SERVERS.length * EACH);
    expect(made('POST /multi/backoffice/access_token')).toBe(SERVERS.length);
    expect(weavr.calls).toHaveLength((USERS.length + 2 * SERVERS.length) * EACH + SERVERS.length);
  });
});

describe('a document that one kind of caller may run', () => {
  const THEIRS = 'mutation { updateManagedCardRenewalType(input: { id: "1", renewalType: NO_RENEW }) { __typename } }';
  const OURS = '{ managedAccounts { totalCount } }';

  it.each([
    [THEIRS, 'server', 'BACK_OFFICE_ONLY'],
    [OURS, 'user', 'NOT_IN_BACK_OFFICE'],
  ])('is no way in for the other, whoever sends it first: %s', async (text, allowed, code) => {
    const server = as(acmeOf(stack));
    const codeFor = async (who: string) => {
      const { errors } = await stack.query(text, who === 'server' ? server : {});
      return errors?.[0]?.extensions.code;
    };
    for (let round = 0; round < 3; round++) {
      expect(await codeFor(allowed)).toBeUndefined();
      expect(await codeFor(allowed === 'user' ? 'server' : 'user')).toBe(code);
      expect(stack.calls).toEqual([]);
    }
  });
});

it('sends Weavr nothing of a caller’s headers but the token', async () => {
  const token = stack.sandbox.signIn('ada@consumer.example');
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
      host: new URL(stack.sandbox.url).host,
      connection: 'keep-alive',
      accept: 'application/json',
      'api-key': stack.sandbox.apiKey,
      authorization: `Bearer ${token}`,
    },
  ]);
});
