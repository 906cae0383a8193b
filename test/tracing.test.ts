import type { IncomingHttpHeaders } from 'node:http';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acmeOf, as, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { asker, watchLog } from './log-lines.js';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const log = watchLog();

let stack: Stack;
/** The headers of every call to Weavr. */
const sent: IncomingHttpHeaders[] = [];
beforeAll(async () => {
  provider.register();
  stack = await startStack(
    { logger: log.logger, backOfficeKeys: [KEY] },
    { onExchange: ({ headers }) => sent.push(headers) },
  );
});
beforeEach(() => {
  exporter.reset();
  stack.sandbox.faults.clear();
});
afterAll(async () => {
  await stack.close();
  await provider.shutdown();
  for (const api of [trace, context, propagation]) api.disable(); // the worker's other files are not traced
});

const { user, send, ask } = asker(() => stack, log);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${PARENT}-01`;

/** The spans of the last requests: operations first, then calls in the order of their names. */
function spans(): ReadableSpan[] {
  const byName = exporter.getFinishedSpans().toSorted((a, b) => a.name.localeCompare(b.name));
  return byName.toSorted((a, b) => a.kind - b.kind);
}

const idsOf = (span: ReadableSpan) => span.spanContext();

describe('a span', () => {
  it('is made for an operation, and one within it for each of its calls', async () => {
    const { line } = await ask('query Cards { managedCards(first: 1) { nodes { profileId } } roles { id } }');
    const [operation, ...calls] = spans();
    expect(operation).toMatchObject({
      name: 'query Cards',
      kind: SpanKind.SERVER,
      parentSpanContext: undefined,
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Cards',
        'request.id': line.requestId,
      },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(calls.map(({ name }) => name)).toEqual(['managedCardsGet', 'rolesGet']);
    for (const call of calls) {
      expect(call.kind).toBe(SpanKind.CLIENT);
      expect(call.parentSpanContext?.spanId).toBe(idsOf(operation!).spanId);
      expect(call.attributes).toEqual({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'weavr.api': 'MULTI',
        'weavr.request_ref': expect.any(String),
      });
    }
    expect(calls.map(({ attributes }) => attributes['weavr.request_ref']).sort()).toEqual(line.requestRefs.sort());
  });

  it('belongs to the trace that the caller has begun', async () => {
    await ask('query Roles { roles { id } }', { ...user(), traceparent });
    const [operation, call] = spans();
    expect(operation!.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: PARENT, isRemote: true });
    expect(idsOf(call!).traceId).toBe(TRACE);
  });

  it('belongs to its own request, whatever others run beside it', async () => {
    const answers = ['A', 'B', 'C', 'D'].map((name) => stack.query(`query ${name} { roles { id } }`));
    await Promise.all(answers);
    const operations = spans().filter(({ kind }) => kind === SpanKind.SERVER);
    const parents = spans().flatMap(({ kind, parentSpanContext }) =>
      kind === SpanKind.CLIENT ? parentSpanContext?.spanId : [],
    );
    expect(operations).toHaveLength(4);
    expect(parents.sort()).toEqual(operations.map((span) => idsOf(span).spanId).sort());
    expect(new Set(operations.map((span) => idsOf(span).traceId)).size).toBe(4);
  });

  it('lies within its operation in time', async () => {
    await ask('query Roles { roles { id } }');
    const [operation, call] = spans().map(({ startTime, endTime }) => ({ from: startTime, to: endTime }));
    const ms = ([seconds, nanos]: [number, number]) => seconds * 1_000 + nanos / 1_000_000;
    // To the second: a call is timed by `Date`, and an operation by a clock that is never set.
    expect(ms(call!.from)).toBeGreaterThan(ms(operation!.from) - 1_000);
    expect(ms(call!.to)).toBeLessThan(ms(operation!.to) + 1_000);
    expect(ms(call!.to)).toBeGreaterThan(ms(call!.from));
  });

  it('says of a failure its code, and nothing else', async () => {
    stack.sandbox.faults.plan({ kind: 'STATUS', status: 429, effect: false });
    await ask('query Roles { roles { id } }');
    const [operation, call] = spans();
    const status = { code: SpanStatusCode.ERROR };
    expect(operation).toMatchObject({ status, attributes: { 'error.type': 'RATE_LIMITED' }, events: [] });
    expect(call).toMatchObject({ status, attributes: { 'error.type': '429' }, events: [] });
  });

  it('is made of a call without an answer too, and of the call for a delegated token', async () => {
    stack.sandbox.faults.plan({ kind: 'RESET' }, { operation: 'transfersGet' });
    await ask('query Sent { transfers(first: 1) { totalCount } }', as(acmeOf(stack)).headers);
    const [operation, token, lost] = spans();
    expect([token, lost].map((span) => span!.name)).toEqual(['requestAccessToken', 'transfersGet']);
    expect(lost).toMatchObject({ attributes: { 'error.type': 'BROKEN', 'weavr.api': 'BACK_OFFICE' } });
    for (const span of spans()) expect(idsOf(span).traceId).toBe(idsOf(operation!).traceId);
  });

  it('is made of the call for a file, in the trace of whoever fetches it', async () => {
    const { id } = stack.sandbox.state.managedAccounts.of(acmeOf(stack).split(':')[1]!).at(-1)!;
    await send(`/downloads/managed_accounts/${id}/statement.pdf`, { headers: { ...user(), traceparent } });
    expect(spans()).toMatchObject([{ name: 'managedAccountStatement', parentSpanContext: { spanId: PARENT } }]);
  });

  it('has no variable, no document, no token and no key', async () => {
    const input = { email: 'sought@acme.example', password: 'sought-password' };
    const login = 'mutation Login($input: LoginWithPasswordInput!) { loginWithPassword(input: $input) { __typename } }';
    await ask(login, user(), { input });
    await ask('{ user(id: "424242424242") { id } }', { ...user(), traceparent, tracestate: 'sought=1' });
    const told = JSON.stringify(
      spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );
    expect(spans().length).toBeGreaterThan(3);
    for (const word of ['sought', '424242', 'loginWithPassword(', stack.token, stack.sandbox.apiKey])
      expect(told).not.toContain(word);
  });
});

it('Weavr is told of no trace', async () => {
  sent.length = 0;
  await ask('query Roles { roles { id } }', { ...user(), traceparent, tracestate: 'a=1', baggage: 'b=2' });
  expect(sent).toHaveLength(1);
  expect(Object.keys(sent[0]!)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^trace|baggage/)]));
});
