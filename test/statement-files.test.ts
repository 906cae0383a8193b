import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../src/gateway.js';
import type { Fault } from '../src/sandbox/core/faults.js';
import { bookkeeper, day, iso } from './bookkeeper.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
/** How far the gateway's clock is ahead, in milliseconds. */
let ahead = 0;
beforeAll(async () => {
  stack = await startStack({ now: () => Date.now() + ahead });
});
afterEach(() => {
  ahead = 0;
  stack.sandbox.faults.clear();
});
afterAll(() => stack.close());

const { newAccount, post, busyAccount } = bookkeeper(() => stack);

interface Link {
  url: string;
  mediaType: string;
  filename: string;
  expiresAt: string;
}

async function linkTo(id: string, args = 'format: PDF', headers = {}): Promise<Link> {
  const answer = await stack.query(
    `{ managedAccount(id: "${id}") { statementDocument(${args}) { url mediaType filename expiresAt } } }`,
    { headers },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.managedAccount.statementDocument;
}

/** Fetches as somebody without credentials, unless told; `stack.calls` are then the download's. */
function download(url: string, { token, ...init }: RequestInit & { token?: string } = {}) {
  stack.calls.length = 0;
  return fetch(url, { ...init, headers: token ? { authorization: `Bearer ${token}` } : {} });
}

async function refusal(response: Response) {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return [response.status, errors[0]?.extensions.code];
}

const withoutTicket = (url: string) => url.replace(/[?&]ticket=[^&]+/, '');

/** The texts of an uncompressed PDF, in the order they were drawn. */
function textsOf(pdf: string) {
  return [...pdf.matchAll(/\[(.*?)\] TJ/g)].map(([, pieces = '']) =>
    [...pieces.matchAll(/<([0-9a-f]+)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
  );
}

describe('a link to a statement', () => {
  it('costs no call beyond the account’s, and shows no token', async () => {
    const id = newAccount();
    const before = Date.now();
    const { url, expiresAt, ...rest } = await linkTo(id);
    expect(stack.calls).toEqual(['managedAccountGet']);
    expect(rest).toEqual({ mediaType: 'application/pdf', filename: `statement-${id}.pdf` });
    expect(url.startsWith(`${stack.url}/downloads/managed_accounts/${id}/statement.pdf?`)).toBe(true);
    expect(url).not.toContain(stack.token);
    expect(Date.parse(expiresAt) - before).toBeGreaterThan(0);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it('has 256 random bits that no other has', async () => {
    const id = newAccount();
    const bits = async () => new URL((await linkTo(id)).url).searchParams.get('ticket')?.split('.')[1];
    const [first, second] = [await bits(), await bits()];
    expect(Buffer.from(first!, 'base64url')).toHaveLength(32);
    expect(first).not.toBe(second);
  });

  it('is a secure one behind a proxy that ends TLS', async () => {
    const { url } = await linkTo(newAccount(), 'format: PDF', { 'x-forwarded-proto': 'https' });
    expect(url.startsWith(stack.url.replace('http:', 'https:'))).toBe(true);
  });
});

describe('a download', () => {
  it('is a PDF of all entries, in one call, that no cache keeps and no browser guesses about', async () => {
    const id = newAccount();
    const entries = Array.from({ length: 120 }, (_, index) => post(id, 1_00, { at: day(index) }));
    const { url, filename } = await linkTo(id);
    const response = await download(url);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${filename}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      vary: 'authorization',
    });
    const pdf = Buffer.from(await response.arrayBuffer()).toString('latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf.match(/\/Type \/Page\n/g)?.length).toBeGreaterThan(2);
    const texts = textsOf(pdf);
    expect(texts.filter((text) => entries.includes(text))).toEqual(entries);
    expect(texts).toContain('Closing balance 120.00 EUR');
    expect(stack.calls).toEqual(['managedAccountStatement']);
  });

  it('is CSV with a header row', async () => {
    const { account, payment } = busyAccount();
    const response = await download((await linkTo(account, 'format: CSV')).url);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header, ...rows] = (await response.text()).trim().split('\n');
    expect(header).toMatch(/^processedTimestamp,transactionId\.type,transactionId\.id,/);
    expect(rows).toHaveLength(5);
    expect(rows[2]).toContain(`${day(3)},SETTLEMENT,${payment},COMPLETED,USD,1100,EUR,1000,`);
    expect(stack.calls).toEqual(['managedAccountStatementDeprecated']);
  });

  it('holds what the filter lets through, in its order', async () => {
    const { account, purchase, fee } = busyAccount();
    const filter = `filter: { from: "${iso(day(2))}", to: "${iso(day(3))}", transactionType: [CARD_PAYMENTS, FEES] }, sortOrder: DESC`;
    const pdf = textsOf(await (await download((await linkTo(account, `format: PDF, ${filter}`)).url)).text());
    expect(pdf.filter((text) => /^\d{18}$/.test(text))).toEqual([fee, purchase]);
    const csv = await (await download((await linkTo(account, `format: CSV, ${filter}`)).url)).text();
    expect(csv.match(/CHARGE_FEE|SETTLEMENT|DEPOSIT|TRANSFER/g)).toEqual(['CHARGE_FEE', 'SETTLEMENT']);
  });

  it('is refused as CSV for a condition that CSV does not know', async () => {
    const { errors } = await stack.query(
      `{ managedAccount(id: "${newAccount()}") { statementDocument(format: CSV, filter: { executingAccessInstrumentType: [IBANS] }) { url } } }`,
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('serves cards, too', async () => {
    const { card } = busyAccount();
    const { managedCard } = await stack.data(
      `{ managedCard(id: "${card.id}") { pdf: statementDocument(format: PDF) { url } csv: statementDocument(format: CSV) { url } } }`,
    );
    expect((await (await download(managedCard.pdf.url)).text()).slice(0, 5)).toBe('%PDF-');
    expect(stack.calls).toEqual(['managedCardStatement']);
    expect((await download(managedCard.csv.url)).status).toBe(200);
    expect(stack.calls).toEqual(['managedCardStatementDeprecated']);
  });
});

describe('who may download', () => {
  it('the caller’s own session, as often as it likes', async () => {
    const url = withoutTicket((await linkTo(newAccount())).url);
    for (const _ of [1, 2]) expect((await download(url, { token: stack.token })).status).toBe(200);
    expect(await refusal(await download(url))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await refusal(await download(url, { token: 'nobody' }))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await refusal(await download(url, { token: 'two words' }))).toEqual([401, 'UNAUTHENTICATED']);
    expect(stack.calls).toEqual([]);
  });

  it('nobody else’s session', async () => {
    const url = withoutTicket((await linkTo(newAccount())).url);
    const token = stack.sandbox.signIn('ada@consumer.example');
    expect(await refusal(await download(url, { token }))).toEqual([404, 'NOT_FOUND']);
  });

  it('whoever has the link, once', async () => {
    const { url } = await linkTo(newAccount());
    expect((await download(url)).status).toBe(200);
    expect(await refusal(await download(url))).toEqual([403, 'TICKET_INVALID']);
    expect(stack.calls).toEqual([]);
  });

  it('nobody with a link that has expired', async () => {
    const { url } = await linkTo(newAccount());
    ahead = 60_000;
    expect(await refusal(await download(url))).toEqual([410, 'TICKET_EXPIRED']);
    expect(stack.calls).toEqual([]);
  });

  it('nobody with a link to another file, which is then worth nothing', async () => {
    const [mine, other] = [await linkTo(newAccount()), newAccount()];
    const id = mine.url.match(/\d{18}/)![0];
    expect(await refusal(await download(mine.url.replace(id, other)))).toEqual([403, 'TICKET_INVALID']);
    expect(await refusal(await download(mine.url))).toEqual([403, 'TICKET_INVALID']);
    const again = await linkTo(id, `format: PDF, filter: { to: "${iso(day(1))}" }`);
    expect(await refusal(await download(again.url.replace(String(day(1)), String(day(2)))))).toEqual([
      403,
      'TICKET_INVALID',
    ]);
    expect(await refusal(await download(`${withoutTicket(mine.url)}&ticket=zzzzzzzzz.made-up`))).toEqual([
      403,
      'TICKET_INVALID',
    ]);
  });
});

describe('what cannot be downloaded', () => {
  it.each([
    ['an id that is none', 'GET', 'managed_accounts/12a/statement.pdf', 400, 'BAD_USER_INPUT'],
    ['a path in place of an id', 'GET', 'managed_accounts/..%2f1/statement.pdf', 400, 'BAD_USER_INPUT'],
    ['a file of another kind', 'GET', 'managed_accounts/1/statement.exe', 404, 'NOT_FOUND'],
    ['an operation that renders nothing', 'GET', 'managed_accounts/1.pdf', 404, 'NOT_FOUND'],
    ['anything but with GET', 'POST', 'managed_accounts/1/statement.pdf', 405, 'METHOD_NOT_ALLOWED'],
  ])('%s is refused before any call', async (_case, method, path, status, code) => {
    const response = await download(`${stack.url}/downloads/${path}`, { method, token: stack.token });
    expect(await refusal(response)).toEqual([status, code]);
    expect(stack.calls).toEqual([]);
  });

  it.each([
    [401, {}, 401, 'UNAUTHENTICATED'],
    [403, { errorCode: 'STEP_UP_REQUIRED' }, 403, 'STEP_UP_REQUIRED'],
    [400, { message: 'Bad request' }, 400, 'BAD_USER_INPUT'],
    [429, {}, 429, 'RATE_LIMITED'],
    [503, {}, 503, 'UPSTREAM_UNAVAILABLE'],
    [418, {}, 502, 'UPSTREAM_INVALID_RESPONSE'],
  ])('is JSON where Weavr answers %i', async (status, body, expected, code) => {
    const { url } = await linkTo(newAccount());
    const headers = { 'x-ratelimit-reset': '7' };
    stack.sandbox.faults.plan({ kind: 'STATUS', status, effect: false, body, headers }, { times: 3 });
    const response = await download(url);
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '7' : null);
    expect(response.headers.get('content-disposition')).toBeNull();
    expect(await refusal(response)).toEqual([expected, code]);
    expect(new Set(stack.calls)).toEqual(new Set(['managedAccountStatement']));
  });

  it('is JSON where Weavr answers something else than was asked for, or nothing', async () => {
    const id = newAccount();
    const refused = async (fault: Fault) => {
      stack.sandbox.faults.clear();
      stack.sandbox.faults.plan(fault, { operation: 'managedAccountStatement', times: 3 });
      return refusal(await download((await linkTo(id)).url));
    };
    const nothing = [502, 'UPSTREAM_INVALID_RESPONSE'];
    expect(await refused({ kind: 'TEXT', text: '<script>', mediaType: 'text/html' })).toEqual(nothing);
    expect(await refused({ kind: 'TEXT', text: '', mediaType: 'application/pdf' })).toEqual(nothing);
    expect(await refused({ kind: 'RESET', effect: false })).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
  });
});

describe('a file as it arrives', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serve(handler: RequestListener) {
    const server = createServer(handler).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The gateway over a Weavr that sends whatever it is told to. */
  async function fetchFrom(weavr: RequestListener, init?: RequestInit) {
    const gateway = createGateway({ baseUrl: await serve(weavr), apiKey: 'key' });
    const url = `${await serve(gateway.handler)}/downloads/managed_accounts/1/statement.pdf`;
    return fetch(url, { ...init, headers: { authorization: 'Bearer token' } });
  }

  it('is passed on before it is whole, and given up when its client leaves', async () => {
    let abandoned: Promise<unknown> | undefined;
    const leave = new AbortController();
    const response = await fetchFrom(
      (_req, res) => {
        abandoned = once(res, 'close');
        res.writeHead(200, { 'content-type': 'application/pdf' });
        const more = () => {
          while (res.write(Buffer.alloc(65_536)));
        };
        res.on('drain', more);
        more();
      },
      { signal: leave.signal },
    );
    const { value } = await response.body!.getReader().read();
    expect(value?.length).toBeGreaterThan(0);
    leave.abort();
    await abandoned;
  });

  it('ends in an error, not early, where Weavr stops half-way', async () => {
    const response = await fetchFrom((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/pdf' });
      res.write('%PDF-1.3', () => res.destroy());
    });
    await expect(response.text()).rejects.toThrow();
  });

  it('is JSON where Weavr stops before the first byte', async () => {
    const response = await fetchFrom((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/pdf' });
      res.flushHeaders();
      setImmediate(() => res.destroy());
    });
    expect(await refusal(response)).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
  });
});
