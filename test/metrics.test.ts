import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayOptions } from '../src/gateway.js';
import { acmeOf, as, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { asker, watchLog } from './log-lines.js';

const log = watchLog();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    logger: log.logger,
    backOfficeKeys: [KEY],
    metrics: { operations: ['Roles', 'Block'] },
    corsOrigins: ['https://app.example'],
    rateLimit: [{ limit: 1_000, ms: 3_600_000 }],
  });
});
afterAll(() => stack.close());

const { user, send, ask } = asker(() => stack, log);

/** What `/metrics` tells, by name and labels. */
async function scrape(of = stack) {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(samples.map((line) => line.split(/ (?=\S+$)/) as [string, string])); // a name and a number
}

/** By how much each sample of a metric grows, for those that do. */
async function growthOf(metric: string, act: () => Promise<unknown>) {
  const before = await scrape();
  await act();
  const grown = [...(await scrape())].map(([name, value]) => [name, Number(value) - Number(before.get(name) ?? 0)]);
  return Object.fromEntries(grown.filter(([name, by]) => String(name).startsWith(`${metric}{`) && by !== 0));
}

const requests = (labels: string) => `graphql_requests_total{${labels}}`;
const calls = (labels: string) => `weavr_calls_total{${labels}}`;

describe('graphql_requests_total', () => {
  it('counts operations whose names are known by them, and all others as one', async () => {
    const growth = await growthOf('graphql_requests_total', async () => {
      await ask('query Roles { roles { id } }');
      await ask('query Roles { roles { id } }', {});
      await ask('mutation Block { blockManagedAccount(input: { id: "1" }) { __typename } }');
      for (const name of ['A', 'B', 'C']) await ask(`query ${name} { __typename }`);
      await ask('{ __typename }');
    });
    expect(growth).toEqual({
      [requests('operation="Roles",type="query",caller="USER",outcome="OK"')]: 1,
      [requests('operation="Roles",type="query",caller="ANONYMOUS",outcome="UNAUTHENTICATED"')]: 1,
      [requests('operation="Block",type="mutation",caller="USER",outcome="OK"')]: 1,
      [requests('operation="other",type="query",caller="USER",outcome="OK"')]: 3,
      [requests('operation="unnamed",type="query",caller="USER",outcome="OK"')]: 1,
    });
  });

  it('counts what is refused before it has a name, and nothing that asks for nothing', async () => {
    const growth = await growthOf('graphql_requests_total', async () => {
      await ask('query Roles {');
      await ask('{ __typename }', { authorization: 'Basic eDp5' });
      await send('/graphql', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
      await send('/graphql', { method: 'OPTIONS', headers: { origin: 'https://app.example' } });
      await send('/downloads/x');
      for (const path of ['/health', '/ready', '/metrics', '/nowhere']) await fetch(stack.url + path);
    });
    expect(growth).toEqual({
      [requests('operation="none",type="none",caller="USER",outcome="GRAPHQL_PARSE_FAILED"')]: 1,
      [requests('operation="none",type="none",caller="USER",outcome="UNAUTHENTICATED"')]: 1,
      [requests('operation="none",type="none",caller="ANONYMOUS",outcome="FORBIDDEN_ORIGIN"')]: 1,
    });
  });

  it('counts what is refused because there is too much to do', async () => {
    const busy = await another({ logger: log.logger, overload: { maxInFlight: 0 } });
    const { headers } = await fetch(`${busy.url}/graphql`);
    expect(await log.next()).toMatchObject({ requestId: headers.get('x-request-id'), codes: ['OVERLOADED'] });
    const labels = 'operation="none",type="none",caller="ANONYMOUS",outcome="OVERLOADED"';
    expect((await scrape(busy)).get(requests(labels))).toBe('1');
  });

  it('has a histogram of how long what is executed takes', async () => {
    const growth = await growthOf('graphql_request_duration_seconds_count', async () => {
      await ask('query Roles { roles { id } }');
      await ask('query Roles {');
    });
    expect(growth).toEqual({ 'graphql_request_duration_seconds_count{operation="Roles",type="query"}': 1 });
  });
});

describe('weavr_calls_total', () => {
  it('counts calls by operationId, API, class and outcome', async () => {
    const fresh = stack.sandbox.signIn('root@acme.example');
    const growth = await growthOf('weavr_calls_total', async () => {
      await ask('{ roles { id } }');
      await ask('{ user(id: "1") { id } }');
      await ask('mutation { logout { __typename } }', { authorization: `Bearer ${fresh}` });
      await ask('{ transfers(first: 1) { totalCount } }', as(acmeOf(stack)).headers);
      stack.sandbox.faults.plan({ kind: 'STATUS', status: 429, effect: false });
      await ask('{ roles { id } }');
      stack.sandbox.faults.plan({ kind: 'RESET' });
      await ask('mutation { blockManagedAccount(input: { id: "1" }) { __typename } }');
    });
    expect(growth).toEqual({
      [calls('operation="rolesGet",api="MULTI",class="read",outcome="2xx"')]: 1,
      [calls('operation="userGetById",api="MULTI",class="read",outcome="4xx"')]: 1,
      [calls('operation="logout",api="MULTI",class="write",outcome="2xx"')]: 1,
      [calls('operation="requestAccessToken",api="BACK_OFFICE",class="write",outcome="2xx"')]: 1,
      [calls('operation="transfersGet",api="BACK_OFFICE",class="read",outcome="2xx"')]: 1,
      [calls('operation="rolesGet",api="MULTI",class="read",outcome="429"')]: 1,
      [calls('operation="managedAccountBlock",api="MULTI",class="write",outcome="BROKEN"')]: 1,
    });
  });

  it('counts the calls of the Simulator as its own', async () => {
    const accountId = stack.sandbox.state.managedAccounts.all()[0]!.id;
    const input = `{ accountId: "${accountId}", amount: { currency: "EUR", amount: 1 } }`;
    const growth = await growthOf('weavr_calls_total', () =>
      ask(`mutation { simulateDeposit(input: ${input}) { __typename } }`),
    );
    expect(Object.keys(growth)).toEqual([expect.stringContaining('api="SIMULATOR"')]);
  });

  it('has a histogram of how long calls take', async () => {
    const growth = await growthOf('weavr_call_duration_seconds_count', () => ask('{ roles { id } }'));
    expect(growth).toEqual({ 'weavr_call_duration_seconds_count{class="read"}': 1 });
  });
});

/** Another gateway, for as long as a test. */
async function another(options: Partial<GatewayOptions>) {
  const other = await startStack(options);
  onTestFinished(other.close);
  return other;
}

describe('the gauges', () => {
  it('say what the rate limit leaves', async () => {
    const before = Number((await scrape()).get('weavr_limiter_remaining'));
    await ask('{ roles { id } }');
    expect(Number((await scrape()).get('weavr_limiter_remaining'))).toBe(before - 1);
  });

  it('say whether calls are let through, for reads, writes and files apart', async () => {
    const failing = await another({ breaker: { calls: 2 }, rateLimit: undefined });
    const states = async () => {
      const samples = await scrape(failing);
      return ['read', 'write', 'file'].map((kind) => samples.get(`weavr_breaker_state{class="${kind}"}`));
    };
    expect(await states()).toEqual(['0', '0', '0']);
    failing.sandbox.faults.plan({ kind: 'STATUS', status: 503, effect: false }, { times: 9 });
    await failing.query('{ roles { id } }');
    expect(await states()).toEqual(['2', '0', '0']);
    expect((await scrape(failing)).get('weavr_limiter_remaining')).toBe('+Inf');
  });

  it('say how late the event loop is, and what the process takes', async () => {
    const samples = await scrape();
    expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    expect(Number(samples.get('process_resident_memory_bytes'))).toBeGreaterThan(0);
  });
});

describe('/metrics', () => {
  it('is text for Prometheus, and never stored', async () => {
    const { status, headers } = await fetch(`${stack.url}/metrics`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is of one gateway, whatever others the process has', async () => {
    const other = await another({});
    expect([...(await scrape(other)).keys()].filter((name) => name.startsWith('graphql_requests'))).toEqual([]);
  });

  it('grows no longer by names that callers invent', async () => {
    const series = async () => [...(await scrape()).keys()].filter((name) => name.startsWith('graphql_'));
    await ask('query First { __typename }');
    const before = await series();
    for (let name = 0; name < 20; name++) await ask(`query Invented${name} { __typename }`);
    expect(await series()).toEqual(before);
  });

  it('is not for pages of other origins', async () => {
    const { status } = await fetch(`${stack.url}/metrics`, { headers: { origin: 'https://evil.example' } });
    expect(status).toBe(403);
  });

  it('has nothing of any caller', async () => {
    await ask('query Secret { user(id: "424242424242") { id } }', { ...user(), 'x-request-id': 'sought' });
    const text = await (await fetch(`${stack.url}/metrics`)).text();
    for (const word of ['Secret', '424242424242', 'sought', stack.token, KEY]) expect(text).not.toContain(word);
  });

  it('can be taken away', async () => {
    const quiet = await another({ metrics: false });
    expect((await fetch(`${quiet.url}/metrics`)).status).toBe(404);
    expect((await quiet.data('{ __typename }')).__typename).toBe('Query');
  });
});
