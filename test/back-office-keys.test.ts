import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmeOf, as, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';

const APP = 'https://app.example';

let stack: Stack;
let acme: string;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY], corsOrigins: [APP] });
  acme = acmeOf(stack);
});
afterAll(() => stack.close());

const QUERY = '{ transfers { totalCount } }';

/** A request that must be refused before any call; what it is told. */
async function refusal(headers: Record<string, string>, { path = '/graphql', token = '' } = {}) {
  stack.calls.length = 0;
  const response = await fetch(`${stack.url}${path}`, {
    method: path === '/graphql' ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: path === '/graphql' ? JSON.stringify({ query: QUERY }) : undefined,
  });
  const text = await response.text();
  expect(stack.calls).toEqual([]);
  expect(text).not.toContain(KEY);
  return [response.status, JSON.parse(text).errors[0].extensions.code];
}

const acting = (headers: Record<string, string> = {}) => ({ 'x-back-office-key': KEY, 'x-act-as': acme, ...headers });

describe('a back office key', () => {
  it.each([
    ['longer', `${KEY}x`],
    ['shorter', KEY.slice(0, -1)],
    ['empty', ''],
    ['in other letters', KEY.toUpperCase()],
    ['given twice', `${KEY}, ${KEY}`],
    ['very long', 'k'.repeat(8_000)],
    ['of other letters than ASCII', KEY.replace('a', 'ä')],
  ])('is refused when it is %s', async (_how, key) => {
    expect(await refusal(acting({ 'x-back-office-key': key }))).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is needed to act for anybody', async () => {
    expect(await refusal({ 'x-act-as': acme })).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('never comes with a user’s token', async () => {
    expect(await refusal(acting(), { token: stack.token })).toEqual([400, 'BAD_USER_INPUT']);
    expect(await refusal({ 'x-act-as': acme }, { token: stack.token })).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('opens nothing where the gateway has none', async () => {
    const closed = await startStack();
    const { status, errors } = await closed.query(QUERY, as(acme));
    expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(closed.calls).toEqual([]);
    await closed.close();
  });

  it.each([
    ['a page of ours', () => ({ origin: stack.url })],
    ['a page that may call', () => ({ origin: APP })],
    ['a page of nobody', () => ({ origin: 'null' })],
    ['our own page’s GET, which has no Origin', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['the address bar', () => ({ 'sec-fetch-site': 'none' })],
  ])('is refused from %s, even if it is right', async (_where, headers) => {
    const [status, code] = await refusal(acting(headers()));
    expect(status).toBe(403);
    expect(code).toMatch(/^FORBIDDEN/);
  });

  it('is refused from a browser that wants a file', async () => {
    const path = '/downloads/managed_accounts/1/statement.pdf';
    expect(await refusal(acting({ 'sec-fetch-site': 'same-origin' }), { path })).toEqual([403, 'FORBIDDEN']);
  });

  it('is not a header that any page is allowed to send', async () => {
    const preflight = await fetch(`${stack.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: APP, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-headers')).not.toMatch(/back-office|act-as/i);
    expect(preflight.status).toBe(204);
  });
});

describe('the identity to act for', () => {
  it.each([
    '',
    'CORPORATE',
    'CORPORATE:',
    ':1',
    'COMPANY:1',
    'corporate:1',
    'CORPORATE:x1',
    'CORPORATE:-1',
    'CORPORATE:1 ,CONSUMER:2',
    'CORPORATE:1/../../users',
    'CORPORATE:../users',
    'CORPORATE:%31',
    `CORPORATE:${'1'.repeat(21)}`,
  ])('must be one, which "%s" is not', async (actAs) => {
    expect(await refusal(acting({ 'x-act-as': actAs }))).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('must be told', async () => {
    expect(await refusal({ 'x-back-office-key': KEY })).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('is FORBIDDEN when Weavr does not know it', async () => {
    const { status, errors } = await stack.query(QUERY, as('CORPORATE:1'));
    expect(status).toBe(200);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      weavr: { operation: 'requestAccessToken', errorCode: 'UNRESOLVED_IDENTITY' },
    });
    expect(stack.calls).toEqual(['requestAccessToken']);
  });
});
