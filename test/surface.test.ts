import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

const APP = 'https://app.example';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ corsOrigins: [APP] });
});
afterAll(() => stack.close());

const QUERY = '{ managedAccounts { totalCount } }';
const MUTATION = 'mutation { blockManagedAccount(input: { id: "1" }) { __typename } }';
const RESPONSE_JSON = 'application/graphql-response+json';

/** A request as it is, without the harness making it right. */
async function send(path: string, init: RequestInit & { duplex?: 'half' } = {}) {
  stack.calls.length = 0;
  const headers = { authorization: `Bearer ${stack.token}`, ...(init.headers as Record<string, string>) };
  const response = await fetch(`${stack.url}${path}`, { ...init, headers });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, code: json?.errors?.[0]?.extensions?.code, json, text };
}

const post = (body: string | ReadableStream, headers: Record<string, string> = {}) =>
  send('/graphql', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  });

const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  send(`/graphql?${new URLSearchParams(parameters)}`, { headers });

describe('a body', () => {
  it.each([
    ['application/x-www-form-urlencoded', new URLSearchParams({ query: MUTATION }).toString()],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${MUTATION}\r\n--x--`,
    ],
    ['text/plain', JSON.stringify({ query: MUTATION })],
    ['application/graphql', MUTATION],
    ['application/json, text/plain', JSON.stringify({ query: MUTATION })],
    ['application/json; charset=utf-16', JSON.stringify({ query: MUTATION })],
    ['', JSON.stringify({ query: MUTATION })],
  ])('of type "%s" is refused with 415, so that no web form can send one', async (type, body) => {
    expect(await post(body, { 'content-type': type })).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(stack.calls).toEqual([]);
  });

  it('without a type is refused with 415', async () => {
    const body = new TextEncoder().encode(JSON.stringify({ query: MUTATION }));
    expect(await send('/graphql', { method: 'POST', body })).toMatchObject({ status: 415 });
    expect(stack.calls).toEqual([]);
  });

  it.each(['application/json', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'of type %s is taken',
    async (type) => {
      expect(await post(JSON.stringify({ query: QUERY }), { 'content-type': type })).toMatchObject({ status: 200 });
    },
  );

  const megabyte = JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(1_000_000) } });

  it('may have a megabyte and no more, whether it says its length or not', async () => {
    expect(await post(megabyte.replace('xxxx'.repeat(20), ''))).toMatchObject({ status: 200 });
    expect(await post(megabyte)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    expect(await post(new Blob([megabyte.repeat(3)]).stream())).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it.each([
    '',
    'null',
    '1',
    '"x"',
    '[]',
    '{',
    '{}',
    '[{"query":"{__typename}"}]',
    '{"query":1}',
    '{"query":"{a}","x":1}',
  ])('of %s is refused with 400', async (body) => {
    expect(await post(body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('is refused in the media type that was asked for', async () => {
    const { headers } = await post('{', { accept: RESPONSE_JSON });
    expect(headers.get('content-type')).toBe(`${RESPONSE_JSON}; charset=utf-8`);
  });
});

describe('a GET', () => {
  it('answers queries, with variables', async () => {
    const query = 'query Q($first: Int!) { managedAccounts(first: $first) { nodes { id } } }';
    const { status, json } = await get({ query, variables: '{ "first": 2 }', operationName: 'Q' });
    expect(status).toBe(200);
    expect(json.data.managedAccounts.nodes).toHaveLength(2);
  });

  it('refuses mutations with 405', async () => {
    const { status, headers } = await get({ query: MUTATION });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST');
    expect(stack.calls).toEqual([]);
  });

  it.each(['variables', 'extensions'])(
    'refuses %s that are not JSON with 400, and does not repeat them',
    async (name) => {
      const { status, code, text } = await get({ query: QUERY, [name]: '{ "password": "hunter2' });
      expect({ status, code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
      expect(text).not.toContain('hunter2');
    },
  );

  it.each<Record<string, string>>([
    {},
    { query: '' },
    { query: QUERY, variables: '[]' },
    { query: QUERY, variables: '1' },
  ])('refuses %j with 400', async (parameters) => {
    expect(await get(parameters, { accept: RESPONSE_JSON })).toMatchObject({ status: 400 });
    expect(stack.calls).toEqual([]);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('is not a %s, which gets 405', async (method) => {
    expect(await send('/graphql', { method })).toMatchObject({ status: 405 });
  });
});

describe('an Authorization header', () => {
  it.each(['Bearer', 'Bearer ', 'Bearer a, Bearer b', 'Bearer a b', 'Basic eDp5', `Bearer ${'a'.repeat(4_097)}`, 'x'])(
    'of "%.20s" is refused with 401',
    async (authorization) => {
      expect(await post(JSON.stringify({ query: QUERY }), { authorization })).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
      });
      expect(stack.calls).toEqual([]);
    },
  );
});

describe('the answer', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    [RESPONSE_JSON, RESPONSE_JSON],
    [`${RESPONSE_JSON}; charset=utf-8, application/json;q=0.9`, RESPONSE_JSON],
    ['text/html, application/*;q=0.5', 'application/json'],
  ])('for accept: %s is %s', async (accept, type) => {
    const { status, headers } = await post(JSON.stringify({ query: QUERY }), { ...(accept && { accept }) });
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: `${type}; charset=utf-8` });
  });

  it.each(['text/html', 'image/png', 'application/xml', 'application/json;charset=utf-16', 'nonsense'])(
    'is 406 for accept: %s, before a mutation is executed',
    async (accept) => {
      expect(await post(JSON.stringify({ query: MUTATION }), { accept })).toMatchObject({
        status: 406,
        code: 'NOT_ACCEPTABLE',
      });
      expect(stack.calls).toEqual([]);
    },
  );

  it('is never stored, never sniffed and does not say what serves it', async () => {
    for (const body of [JSON.stringify({ query: QUERY }), '{', JSON.stringify({ query: '{' })]) {
      const { headers } = await post(body);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });
});

describe('a page of another origin', () => {
  const body = JSON.stringify({ query: MUTATION });

  it.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    'https://app.example:444',
    'null',
    '',
  ])('may not call from "%s", and learns nothing', async (origin) => {
    for (const answer of [
      await post(body, { origin }),
      await send('/graphql', { method: 'OPTIONS', headers: { origin } }),
    ]) {
      expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN_ORIGIN' });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(stack.calls).toEqual([]);
  });

  it('may call from a configured origin, after a preflight', async () => {
    const { status, headers } = await send('/graphql', {
      method: 'OPTIONS',
      headers: { origin: APP, 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(204);
    expect(Object.fromEntries([...headers].filter(([name]) => /^(access-control|vary)/.test(name)))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, traceparent, tracestate, x-request-id',
      'access-control-expose-headers': 'x-request-id',
      'access-control-max-age': '600',
      vary: 'origin',
    });
    const answer = await post(body, { origin: APP });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may call from our own origin, as GraphiQL does', async () => {
    const answer = await post(body, { origin: stack.url });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may not call from anywhere unless configured', async () => {
    const closed = await startStack();
    const { status, errors } = await closed.query(QUERY, { headers: { origin: APP } });
    expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 403, code: 'FORBIDDEN_ORIGIN' });
    await closed.close();
  });
});

describe('a hostile request line', () => {
  const raw = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((done, failed) => {
      const { port } = new URL(stack.url);
      const sent = request({ port, path, headers }, (res) => res.resume().once('end', () => done(res.statusCode)));
      sent.once('error', failed).end();
    });

  it.each(['a b', '[', 'evil.example/x?', '@', '%', 'x:99999'])('with the host "%s" gets 400', async (host) => {
    expect(await raw(`/graphql?query=${encodeURIComponent('{ __typename }')}`, { host })).toBe(400);
  });

  it.each([
    '/graphql?query=%',
    '/graphql?query=%ff%fe',
    '/graphql?%',
    '/graphql?query',
    '//graphql',
    '/graphql/../x',
    '/%',
  ])('for %s breaks nothing', async (path) => {
    expect(await raw(path, {})).toBeLessThan(500);
  });
});
