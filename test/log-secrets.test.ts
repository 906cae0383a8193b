import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { asker, watchLog } from './log-lines.js';

const log = watchLog();

let stack: Stack;
/** A fault of ours, thrown where an answer of Weavr would be. */
let fault: Error | undefined;
/** A value of an enum that nobody knows yet. */
let novelty: string | undefined;
beforeAll(async () => {
  stack = await startStack({
    logger: log.logger,
    backOfficeKeys: [KEY],
    onAnswer: (_operation, body) => {
      if (fault) throw fault;
      return novelty ? { ...body, state: { state: novelty } } : body;
    },
  });
});
afterEach(() => {
  fault = undefined;
  novelty = undefined;
  stack.sandbox.faults.clear();
});
afterAll(() => stack.close());

const { user, send, post, ask } = asker(() => stack, log);

describe('the x-request-id', () => {
  it.each(['/graphql', '/downloads/x', '/health', '/metrics', '/nowhere'])(
    'of the caller is in the answer of %s',
    async (path) => {
      const { headers } = await fetch(stack.url + path, { headers: { 'x-request-id': 'Order_66-b' } });
      expect(headers.get('x-request-id')).toBe('Order_66-b');
    },
  );

  it.each(['', 'a b', 'a,b', 'é', 'x'.repeat(65), '<script>', '{"level":60}'])(
    'of "%s" is replaced by one of ours',
    async (id) => {
      const { headers } = await fetch(`${stack.url}/health`, { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    },
  );

  it('is in the line of the request, and in that of its fault', async () => {
    fault = new TypeError('what was sent');
    const before = log.texts.length;
    const { text } = await ask('{ roles { id } }', { ...user(), 'x-request-id': 'Order_66-b' });
    expect(JSON.parse(text).errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    const [told, line] = log.texts.slice(before).map((text) => JSON.parse(text));
    expect(line).toMatchObject({ requestId: 'Order_66-b', codes: ['INTERNAL_SERVER_ERROR'] });
    expect(told).toEqual({
      level: 50,
      time: expect.any(String),
      requestId: 'Order_66-b',
      fault: 'TypeError',
      stack: expect.arrayContaining([expect.stringMatching(/^ {4}at /)]),
    });
  });
});

it('a value that the schema does not know is told of once, and of a long one the beginning', async () => {
  novelty = `FROZEN_${'X'.repeat(200)}`;
  const { id } = stack.sandbox.state.managedAccounts.all()[0]!;
  const before = log.texts.length;
  for (const requestId of ['first', 'second'])
    await ask(`{ managedAccount(id: "${id}") { state } }`, { ...user(), 'x-request-id': requestId });
  const warnings = log.texts
    .slice(before)
    .map((text) => JSON.parse(text))
    .filter(({ level }) => level === 40);
  expect(warnings).toEqual([
    {
      level: 40,
      time: expect.any(String),
      requestId: 'first',
      unrecognized: `InstrumentState.${novelty}`.slice(0, 100),
    },
  ]);
});

it('the log has nothing of what a caller sent, nor of what Weavr answered', async () => {
  const secret = (name: string) => `s3cr3t-${name}`;
  const { faults } = stack.sandbox;
  const login = 'mutation ($input: LoginWithPasswordInput!) { loginWithPassword(input: $input) { __typename } }';
  const input = { email: `${secret('mail')}@acme.example`, password: secret('password') };
  const statement = '/downloads/managed_accounts/1/statement.pdf';
  const before = log.texts.length;

  await ask('{ roles { id } }', { authorization: `Bearer ${secret('token')}` });
  await ask('{ __typename }', { authorization: `Basic ${secret('basic')}` });
  await ask('{ __typename }', { 'x-back-office-key': secret('key'), 'x-act-as': secret('identity') });
  await ask('{ __typename }', { 'x-request-id': `${secret('id')}!`, 'user-agent': secret('agent') });
  await ask(login, {}, { input });
  await ask(login, {}, { input: { ...input, email: 1, [secret('field')]: secret('pan') } });
  await ask(`{ user(id: "${secret('literal')}") { id } } # ${secret('comment')}`);
  await ask(`{ ${secret('syntax')}`);
  await post(`{"query": ${secret('json')}`);
  await send(`/graphql?query=${secret('url')}`);
  await send(`${statement}?ticket=${secret('ticket')}&${secret('parameter')}=1`);
  await send(`/downloads/${secret('path')}`);
  faults.plan({
    kind: 'STATUS',
    status: 409,
    effect: false,
    body: { message: secret('answer'), token: secret('new') },
  });
  await ask(login, {}, { input });
  faults.plan({ kind: 'TEXT', text: secret('html'), mediaType: 'text/html' }, { times: 3 });
  await ask('{ roles { id } }');
  fault = new Error(`${secret('message')}\n    at ${secret('frame')}`);
  await ask('{ roles { id } }');

  const written = log.texts.slice(before);
  expect(written.filter((text) => JSON.parse(text).route)).toHaveLength(15);
  for (const word of ['s3cr3t', stack.token, KEY, stack.sandbox.apiKey]) expect(written.join('')).not.toContain(word);
});
