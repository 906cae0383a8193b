import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { acmeOf, as, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { asker, JSON_TYPE, watchLog } from './log-lines.js';

const log = watchLog();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ logger: log.logger, backOfficeKeys: [KEY] });
});
afterAll(() => stack.close());

const { user, send, post, ask } = asker(() => stack, log);

/** What every line has, and no line has more without a reason. */
const LINE = {
  level: 30,
  time: expect.any(String),
  requestId: expect.any(String),
  route: 'graphql',
  method: 'POST',
  status: 200,
  whole: true,
  caller: 'USER',
  ms: expect.any(Number),
  upstreamCalls: 0,
  requestRefs: [],
  failedCalls: [],
  codes: [],
};

const DOWNLOAD = { ...LINE, route: 'downloads', method: 'GET' };

const accountId = () => stack.sandbox.state.managedAccounts.of(acmeOf(stack).split(':')[1]!).at(-1)!.id;
const statement = () => `/downloads/managed_accounts/${accountId()}/statement.pdf`;

describe('one line', () => {
  it('tells of an operation by its name, and of its calls by their references', async () => {
    const { line } = await ask('query Cards { managedCards(first: 1) { nodes { profileId } } roles { id } }');
    expect(line).toEqual({
      ...LINE,
      operation: { type: 'query', name: 'Cards' },
      upstreamCalls: 2,
      requestRefs: [expect.any(String), expect.any(String)],
    });
  });

  it('tells of an operation without a name, and of a caller without a session', async () => {
    const { line } = await ask('{ __typename }', {});
    expect(line).toEqual({ ...LINE, caller: 'ANONYMOUS', operation: { type: 'query' } });
  });

  it('keeps the first 100 characters of a name', async () => {
    const { line } = await ask(`query ${'N'.repeat(5_000)} { __typename }`);
    expect(line).toEqual({ ...LINE, operation: { type: 'query', name: 'N'.repeat(100) } });
  });

  it('tells of a server that acts for an identity', async () => {
    const { line } = await ask('query Sent { transfers(first: 1) { totalCount } }', as(acmeOf(stack)).headers);
    expect(line).toMatchObject({ caller: 'BACK_OFFICE', operation: { name: 'Sent' }, upstreamCalls: 1, codes: [] });
  });

  it('has the reference of an error that is data, and the call that failed', async () => {
    const { text, line } = await ask(
      'mutation Block { blockManagedAccount(input: { id: "1" }) { ... on MutationError { requestRef } } }',
    );
    const { requestRef } = JSON.parse(text).data.blockManagedAccount;
    expect(requestRef).toEqual(expect.any(String));
    expect(line).toEqual({
      ...LINE,
      operation: { type: 'mutation', name: 'Block' },
      upstreamCalls: 1,
      requestRefs: [requestRef],
      failedCalls: [{ operation: 'managedAccountBlock', status: 404 }],
    });
  });

  it('has the code and the reference of an error that is none of the data', async () => {
    const { text, line } = await ask('query Roles { roles { id } }', { authorization: 'Bearer gone' });
    const { code, weavr } = JSON.parse(text).errors[0].extensions;
    expect(line).toEqual({
      ...LINE,
      operation: { type: 'query', name: 'Roles' },
      upstreamCalls: 1,
      requestRefs: [weavr.requestRef],
      failedCalls: [{ operation: weavr.operation, status: 401 }],
      codes: [code],
    });
  });

  it('says why a call that may have changed something has no answer', async () => {
    stack.sandbox.faults.plan({ kind: 'RESET' });
    const { text, line } = await ask(
      `mutation { blockManagedAccount(input: { id: "${accountId()}" }) { __typename ... on MutationError { code } } }`,
    );
    expect(JSON.parse(text).data.blockManagedAccount.__typename).toBe('OutcomeUnknownError');
    expect(line).toMatchObject({
      failedCalls: [{ operation: 'managedAccountBlock', noAnswer: 'BROKEN' }],
      requestRefs: [],
    });
  });

  it('tells of a file', async () => {
    const { response, line } = await send(statement(), { headers: user() });
    expect(response.status).toBe(200);
    expect(line).toEqual({
      ...DOWNLOAD,
      operation: { type: 'download', name: 'managedAccountStatement' },
      upstreamCalls: 1,
      requestRefs: [expect.any(String)],
    });
  });

  it('tells of a write whose caller has left, once the write is over', async () => {
    const weavr = await startSlowWeavr();
    const away = await startStack({ baseUrl: weavr.url, logger: log.logger });
    onTestFinished(async () => {
      await away.close();
      weavr.close();
    });
    const client = new AbortController();
    const left = fetch(`${away.url}/graphql`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...user() },
      body: JSON.stringify({ query: 'mutation Block { blockManagedAccount(input: { id: "1" }) { __typename } }' }),
      signal: client.signal,
    }).catch(({ name }: Error) => name);
    const answer = await weavr.asked;
    client.abort();
    expect(await left).toBe('AbortError');
    // One whole request later the gateway has seen the client go.
    await fetch(`${away.url}/health`);
    answer.writeHead(204, { 'request-ref': 'late' }).end();
    const { status: _none, ...line } = LINE;
    expect(await log.next()).toEqual({
      ...line,
      whole: false,
      operation: { type: 'mutation', name: 'Block' },
      upstreamCalls: 1,
      requestRefs: ['late'],
    });
  });

  it('tells of an answer whose caller leaves without reading it', async () => {
    const long = await startStack({
      logger: log.logger,
      onAnswer: (_operation, body) => ({ ...body, friendlyName: 'x'.repeat(8_000_000) }), // more than a connection holds
    });
    onTestFinished(long.close);
    const body = JSON.stringify({ query: `query Long { managedAccount(id: "${accountId()}") { friendlyName } }` });
    const { hostname, port } = new URL(long.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${long.token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'readable');
    socket.destroy();
    expect(await log.next()).toMatchObject({ status: 200, whole: false, operation: { name: 'Long' }, codes: [] });
  });

  it('tells of a caller who leaves in the middle of asking, which is no fault of ours', async () => {
    const before = log.texts.length;
    const { hostname, port } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 9`;
    socket.write(`${head}\r\n\r\n{"que`, () => socket.destroy());
    const { status: _none, ...line } = LINE;
    expect(await log.next()).toEqual({ ...line, caller: 'ANONYMOUS', whole: false, codes: ['BAD_REQUEST'] });
    expect(log.texts).toHaveLength(before + 1);
  });
});

describe('a request that is refused before anything is executed', () => {
  const tooBig = JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(1_000_001) } });
  const mutation = encodeURIComponent('mutation { logout { __typename } }');

  it.each<[number, string, () => ReturnType<typeof send>, object?]>([
    [400, 'BAD_REQUEST', () => post('{')],
    [200, 'GRAPHQL_PARSE_FAILED', () => ask('query Name {')],
    [200, 'GRAPHQL_VALIDATION_FAILED', () => ask('query Name { nothing }')],
    [400, 'QUERY_TOO_LARGE', () => ask(`query Name { ${'a: __typename '.repeat(31)} }`)],
    [401, 'UNAUTHENTICATED', () => ask('{ __typename }', { authorization: 'Basic eDp5' })],
    [401, 'UNAUTHENTICATED', () => ask('{ __typename }', { 'x-back-office-key': 'none' }), { caller: 'BACK_OFFICE' }],
    [403, 'FORBIDDEN_ORIGIN', () => ask('{ __typename }', { ...user(), origin: 'https://evil.example' })],
    [405, 'BAD_REQUEST', () => send('/graphql', { method: 'DELETE', headers: user() }), { method: 'DELETE' }],
    [405, 'BAD_REQUEST', () => send(`/graphql?query=${mutation}`, { headers: user() }), { method: 'GET' }],
    [406, 'NOT_ACCEPTABLE', () => ask('{ __typename }', { ...user(), accept: 'image/png' })],
    [413, 'BODY_TOO_LARGE', () => post(tooBig)],
    [415, 'UNSUPPORTED_MEDIA_TYPE', () => post('x', { ...user(), 'content-type': 'text/plain' })],
    [404, 'NOT_FOUND', () => send('/downloads/x', { headers: user() }), DOWNLOAD],
    [405, 'METHOD_NOT_ALLOWED', () => send(statement(), { method: 'POST', headers: user() }), { route: 'downloads' }],
    [410, 'TICKET_EXPIRED', () => send(`${statement()}?ticket=x`), { ...DOWNLOAD, caller: 'ANONYMOUS' }],
  ])('with %i %s leaves a line that says so, and no more', async (status, code, request, more) => {
    const { line, response } = await request();
    expect(response.status).toBe(status);
    expect(line).toEqual({ ...LINE, ...more, status, codes: [code] });
  });
});

/** A Weavr that answers when it is told to. */
async function startSlowWeavr() {
  const server = createServer();
  const asked = once(server, 'request').then(([, res]) => res as ServerResponse); // what a request comes with
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}
