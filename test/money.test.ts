import { EventEmitter, once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { toDecimal } from '../src/schema/core/money.js';
import type { CallRecord } from '../src/weavr/core/client.js';
import { type Stack, startStack } from './harness.js';
import { accountsIn, balanceOf, createTransfer, newAccount, TRANSFER_PROFILE } from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** A funded source and an empty destination. */
async function twoAccounts() {
  const [source] = await accountsIn(stack, 'EUR');
  return { source, destination: await newAccount(stack) };
}

describe('an amount', () => {
  it.each([
    ['EUR', 1000, '10.00'],
    ['EUR', 5, '0.05'],
    ['EUR', -5, '-0.05'],
    ['EUR', -123_456, '-1234.56'],
    ['EUR', 0, '0.00'],
    ['EUR', Number.MAX_SAFE_INTEGER, '90071992547409.91'],
    ['JPY', 1000, '1000'],
    ['JPY', -1, '-1'],
    ['HUF', 1000, '10.00'],
    ['KWD', 1000, '1.000'],
    ['KWD', -7, '-0.007'],
    ['XXX', 1000, null],
  ])('in %s of %d minor units is %s', (currency, amount, value) => {
    expect(toDecimal({ currency, amount })).toBe(value);
  });

  it('that JSON has rounded is no amount at all', () => {
    expect(() => toDecimal({ currency: 'EUR', amount: 2 ** 53 })).toThrow('no whole number below 2^53');
  });

  it.each(['-1', '1.5', '"100"', '9007199254740993'])('of %s is refused before any call', async (amount) => {
    const { errors } = await stack.query(
      `mutation { createTransfer(input: { profileId: "1", source: { type: MANAGED_ACCOUNTS, id: "1" }, destination: { type: MANAGED_ACCOUNTS, id: "2" },
         amount: { currency: "EUR", amount: ${amount} }, idempotencyKey: "k" }) { __typename } }`,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(stack.calls).toEqual([]);
  });
});

describe('an idempotency key', () => {
  it.each([undefined, null, '', 'no blanks', 'ümlaut', 'x'.repeat(256)])(
    'is refused as %j before any call',
    async (idempotencyKey) => {
      const { errors } = await createTransfer(stack, { ...(await twoAccounts()), idempotencyKey });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(stack.calls).toEqual([]);
    },
  );

  it('moves money once, however often it is sent', async () => {
    const input = { ...(await twoAccounts()), idempotencyKey: 'once' };
    const answers = [
      ...(await Promise.all([createTransfer(stack, input), createTransfer(stack, input)])),
      await createTransfer(stack, input),
    ];
    const ids = answers.map(({ data }) => data.createTransfer.transfer.id);
    expect(new Set(ids).size).toBe(1);
    expect(balanceOf(stack, input.destination)).toBe(100);
  });

  it('is refused for another transfer', async () => {
    const input = { ...(await twoAccounts()), idempotencyKey: 'taken' };
    await createTransfer(stack, input);
    const { data } = await createTransfer(stack, { ...input, amount: { currency: 'EUR', amount: 200 } });
    expect(data.createTransfer).toEqual({
      __typename: 'IdempotencyConflictError',
      code: 'IDEMPOTENCY_KEY_REUSED',
      retryable: false,
    });
    expect(balanceOf(stack, input.destination)).toBe(100);
  });

  it('is free again after a refusal, which changed nothing', async () => {
    const input = { ...(await twoAccounts()), idempotencyKey: 'again' };
    const refused = await createTransfer(stack, { ...input, amount: { currency: 'EUR', amount: 2 ** 50 } });
    expect(refused.data.createTransfer.code).toBe('FUNDS_INSUFFICIENT');
    expect((await createTransfer(stack, input)).data.createTransfer.transfer.state).toBe('COMPLETED');
  });
});

describe('a transfer without a whole answer', () => {
  const faults = [
    ['a lost connection', { kind: 'RESET', effect: true }],
    ['half an answer', { kind: 'HALF' }],
    ['a failure of Weavr', { kind: 'STATUS', status: 500, effect: true }],
    ['something that is no JSON', { kind: 'TEXT', text: '<html>', mediaType: 'text/html' }],
  ] as const;

  it.each(faults)('answers OutcomeUnknownError after %s, and is safe to repeat', async (name, fault) => {
    const input = { ...(await twoAccounts()), idempotencyKey: name.replaceAll(' ', '-') };
    stack.sandbox.faults.plan(fault, { operation: 'transferCreate' });
    const lost = await createTransfer(stack, input);
    expect(lost.data.createTransfer).toEqual({
      __typename: 'OutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      retryable: true,
      idempotencyKey: input.idempotencyKey,
      operation: 'transferCreate',
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(stack.calls).toEqual(['transferCreate']);
    expect(balanceOf(stack, input.destination)).toBe(100);
    const repeated = await createTransfer(stack, input);
    const { transfers } = await stack.data('{ transfers(first: 1) { nodes { id } } }');
    expect(repeated.data.createTransfer.transfer.id).toBe(transfers.nodes[0].id);
    expect(balanceOf(stack, input.destination)).toBe(100);
  });

  it('answers a definite error where nothing was sent', async () => {
    const server = createServer();
    const baseUrl = await urlOf(server);
    await new Promise((done) => server.close(done));
    const alone = await startStack({ baseUrl });
    onTestFinished(alone.close);
    const { data, errors } = await createTransfer(alone, await twoAccounts());
    expect(data?.createTransfer).toBeFalsy();
    expect(errors).toMatchObject([
      {
        path: ['createTransfer'],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', weavr: { operation: 'transferCreate' } },
      },
    ]);
    expect(alone.calls).toEqual(['transferCreate', 'transferCreate', 'transferCreate']);
  });

  it('is not aborted, once sent, by a client that goes away', async () => {
    const door = await startDoor(stack.sandbox.url);
    const calls: CallRecord[] = [];
    const behind = await startStack({ baseUrl: door.url, onCall: (call) => calls.push(call) });
    onTestFinished(async () => {
      await behind.close();
      door.close();
    });
    const { source, destination } = await twoAccounts();
    const client = new AbortController();
    const gone = fetch(`${behind.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token}` },
      body: JSON.stringify({
        query: `mutation {
          createTransfer(input: {
            profileId: "${TRANSFER_PROFILE}", source: { type: MANAGED_ACCOUNTS, id: "${source.id}" }
            destination: { type: MANAGED_ACCOUNTS, id: "${destination.id}" }
            amount: { currency: "EUR", amount: 100 }, idempotencyKey: "gone"
          }) { __typename }
        }`,
      }),
      signal: client.signal,
    }).catch(({ name }: Error) => name);
    await once(door.events, 'arrived');
    client.abort();
    expect(await gone).toBe('AbortError');
    // One whole request later the gateway has seen the client go.
    await behind.data('{ managedAccounts(first: 1) { totalCount } }', { token: stack.token });
    door.events.emit('open');
    const answered = (operation: string) => ({ operation, status: 200 });
    await vi.waitFor(() => expect(calls).toMatchObject([answered('managedAccountsGet'), answered('transferCreate')]));
    expect(balanceOf(stack, destination)).toBe(100);
  });
});

/** Weavr behind a door at which every write waits: it says `arrived`, and goes on at `open`. */
async function startDoor(weavr: string) {
  const events = new EventEmitter();
  const server = createServer(async (req, res) => {
    if (req.method !== 'GET') {
      events.emit('arrived');
      await once(events, 'open');
    }
    const onward = request(weavr + req.url, { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    req.pipe(onward);
  });
  return { events, url: await urlOf(server), close: () => server.close() };
}

/** Where a server listens, once it does. */
async function urlOf(server: Server) {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
}
