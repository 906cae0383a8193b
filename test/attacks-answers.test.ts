import { readdir, readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../src/sandbox/core/faults.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let id: string;
beforeAll(async () => {
  stack = await startStack();
  const { managedAccounts } = await stack.data('{ managedAccounts(first: 1) { nodes { id } } }');
  id = managedAccounts.nodes[0].id;
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

describe('what Weavr says of its own inside', () => {
  /** Each with `inside` in it. */
  const INSIDE = [
    'inside: at com.weavr.Accounts.read(Accounts.java:42)',
    'inside: SELECT * FROM accounts WHERE token = ?',
    'inside: 10.0.3.7:5432 refused',
    'inside: Bearer eyJhbGciOi',
    '<html><h1>inside</h1></html>',
  ];
  const bodiesOf = (text: string): object[] => [
    { message: text },
    { errorCode: text },
    { code: text, message: text },
    { errorCode: 'NO', message: text, stack: text, cause: { sql: text } },
    { error: text, path: text, trace: [text] },
  ];
  const QUERY = '{ managedAccount(id: "$id") { id } }';
  const MUTATION =
    'mutation { blockManagedAccount(input: { id: "$id" }) { ... on MutationError { __typename code message requestRef } } }';

  it.each([400, 401, 403, 404, 409, 410, 418, 422, 423, 429, 500, 502, 503])(
    'is told to nobody, with the status %i',
    async (status) => {
      for (const [index, text] of INSIDE.entries()) {
        const body = bodiesOf(text)[index % bodiesOf(text).length]!;
        for (const document of [QUERY, MUTATION]) {
          stack.sandbox.faults.plan({ kind: 'STATUS', status, effect: false, body }, { times: 3 });
          const answer = await stack.query(document.replace('$id', id));
          stack.sandbox.faults.clear();
          expect(stack.calls.length).toBeGreaterThan(0);
          expect(JSON.stringify(answer)).not.toMatch(/inside|10\.0\.3\.7|SELECT|Bearer|java/);
        }
      }
    },
  );

  it('is told to nobody as a page, or as headers', async () => {
    const headers = { server: 'inside/1.0', 'x-powered-by': 'inside', 'set-cookie': 'inside=1', 'x-debug': 'inside' };
    const fault: Fault = { kind: 'TEXT', text: '<pre>inside</pre>', mediaType: 'text/html', status: 500, headers };
    stack.sandbox.faults.plan(fault, { times: 3 });
    const response = await fetch(`${stack.url}/graphql?query=${encodeURIComponent(QUERY.replace('$id', id))}`, {
      headers: { authorization: `Bearer ${stack.token}` },
    });
    expect(`${JSON.stringify([...response.headers])} ${await response.text()}`).not.toContain('inside');
  });
});

describe('a file', () => {
  const paths = { pdf: '/downloads/managed_accounts', csv: '/downloads/deprecated/managed_accounts' };
  const download = (kind: 'pdf' | 'csv', fault: Omit<Extract<Fault, { kind: 'TEXT' }>, 'kind'>) => {
    stack.sandbox.faults.plan({ kind: 'TEXT', ...fault }, { times: 3 });
    return fetch(`${stack.url}${paths[kind]}/${id}/statement.${kind}`, {
      headers: { authorization: `Bearer ${stack.token}` },
    });
  };

  it('has a name and a type of ours, whatever Weavr calls it', async () => {
    const headers = {
      'content-disposition': 'inline; filename="../../evil.html"',
      'x-content-type-options': 'sniff',
      'set-cookie': 'a=b',
      'access-control-allow-origin': '*',
    };
    const response = await download('pdf', { text: '%PDF-', mediaType: 'application/pdf; name=evil.html', headers });
    expect(response.status).toBe(200);
    const {
      date,
      connection,
      'keep-alive': _keepAlive,
      'transfer-encoding': _chunked,
      ...own
    } = Object.fromEntries(response.headers);
    expect({ date, connection }).toEqual({ date: expect.any(String), connection: expect.any(String) });
    expect(own).toEqual({
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="statement-${id}.pdf"`,
      'content-type': 'application/pdf',
      vary: 'authorization',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    });
  });

  it.each(['text/html', 'image/svg+xml', 'application/javascript', 'text/csv', ''])(
    'of the type %s where a PDF was asked for is none, and nothing of it is passed on',
    async (mediaType) => {
      const headers = { 'content-disposition': 'attachment; filename="evil.html"' };
      const response = await download('pdf', { text: '<script>evil</script>', mediaType, headers });
      expect(response.status).toBe(502);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBeNull();
      expect(await response.text()).not.toContain('evil');
    },
  );

  it('of rows that a spreadsheet would calculate is passed on byte by byte, to be saved and not shown', async () => {
    const bytes = Buffer.from(
      `\ufeffid,text\r\n1,=1+1\r\n2,"=cmd|' /C calc'!A0"\r\n3,@SUM(A1)\r\n4,+1\r\n5,-1\r\n\xff\u0000`,
      'latin1',
    );
    const response = await download('csv', { text: bytes, mediaType: 'text/csv' });
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });
});

describe('our own sources', () => {
  const SOURCES = new URL('../src/', import.meta.url);
  const filesIn = async (...folders: string[]) => {
    const names = await readdir(SOURCES, { recursive: true });
    const wanted = names.filter(
      (name) => name.endsWith('.ts') && (!folders.length || folders.some((of) => name.startsWith(of))),
    );
    expect(wanted.length).toBeGreaterThan(20);
    return Promise.all(wanted.map(async (name) => ({ name, text: await readFile(new URL(name, SOURCES), 'utf8') })));
  };

  it('know no password and no code but the sandbox’s, for whoever starts or visits that', async () => {
    const files = await filesIn();
    const telling = files.filter(({ text }) => /Passw0rd!|\D123456\D/.test(text)).map(({ name }) => name);
    const outside = telling.filter((name) => !name.startsWith('sandbox/'));
    expect(outside.sort()).toEqual(['http/examples.ts', 'http/flows.ts', 'main.ts']);
    const other = await startStack({ graphiql: {} });
    const page = await (await fetch(`${other.url}/graphql`, { headers: { accept: 'text/html' } })).text();
    await other.close();
    expect(page).toContain('loginWithPassword');
    expect(page).not.toMatch(/Passw0rd!|\D123456\D/);
  });

  /** Text without what is said about it: comments, and strings. */
  const codeOf = (text: string) =>
    text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '').replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");

  it('do no sums with amounts outside of the sandbox: Weavr does', async () => {
    const sum =
      /\b\w*([aA]mount|[bB]alance|[fF]ee|[fF]unds)\w*(\??\.\w+)*\s*([-+*/%]|\*\*)=?\s*[\w(]|[\w)]\s*[-+*/%]=?\s*(\w+\??\.)*\w*([aA]mount|[bB]alance|[fF]unds)\b/;
    const files = await filesIn('schema/', 'weavr/', 'http/');
    const summing = files.flatMap(({ name, text }) =>
      codeOf(text)
        .split('\n')
        .filter((line) => sum.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
    expect(summing).toEqual([]);
    expect(sum.test('return amount * 100;') && sum.test('const left = balance - fee')).toBe(true);
  });
});
