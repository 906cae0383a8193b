import { createServer, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayOptions } from '../src/gateway.js';
import type { Fault } from '../src/sandbox/core/faults.js';
import { type Accounts, accountsFor, effectsOf, listening, openGateway, outcomeOf, watchArrivals } from './faulting.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let accounts: Accounts;
let arrivals: ReturnType<typeof watchArrivals>;
beforeAll(async () => {
  stack = await startStack();
  accounts = await accountsFor(stack);
  arrivals = watchArrivals(stack);
});
afterAll(() => stack.close());

async function open(options: Partial<GatewayOptions>) {
  const gateway = await openGateway(stack, options);
  onTestFinished(gateway.close);
  return gateway;
}

const refusal = (status: number, body?: object): Fault => ({ kind: 'STATUS', status, effect: false, body });

describe('a further try', () => {
  it('comes after a pause by chance, of up to 50 ms and then of up to a second', async () => {
    const gateway = await open({ random: () => 0.2 });
    arrivals.plan('pauses', { kind: 'RESET' }, { kind: 'RESET' });
    expect(outcomeOf(await gateway.ask('read', 'pauses', accounts))).toBe('OK');
    const [first, second, third] = arrivals.of('pauses').map(({ at }) => at) as [number, number, number];
    expect(second - first).toBeGreaterThan(9);
    expect(third - second).toBeGreaterThan(199);
  });

  it('is not begun when its pause would last beyond the deadline', async () => {
    const gateway = await open({ random: () => 1, deadlines: { read: 500 } });
    arrivals.plan('late', { kind: 'RESET' }, { kind: 'RESET' });
    expect(outcomeOf(await gateway.ask('read', 'late', accounts))).toBe('UPSTREAM_UNAVAILABLE');
    expect(arrivals.of('late')).toHaveLength(2);
  });

  it('is made for no more than a fifth of all calls at a time', async () => {
    const waiting: ServerResponse[] = [];
    let heard = 0;
    const weavr = createServer((_req, res) => {
      heard += 1;
      if (heard > 20) return res.writeHead(200, { 'content-type': 'application/json' }).end('{"count":0}');
      waiting.push(res);
      if (waiting.length === 20) for (const one of waiting) one.writeHead(503).end();
    });
    const gateway = await open({ baseUrl: await listening(weavr), random: () => 1, breaker: { calls: 1_000 } });
    const asked = Array.from({ length: 20 }, (_, index) => gateway.ask('read', `crowd-${index}`, accounts));
    const outcomes = (await Promise.all(asked)).map(outcomeOf).sort();
    weavr.close();
    expect(outcomes).toEqual([...Array(4).fill('OK'), ...Array(16).fill('UPSTREAM_UNAVAILABLE')]);
    expect(heard).toBe(24);
  });
});

it('is never made with a one-time code, which may count as two guesses', async () => {
  const gateway = await open({ retryWrites: 'idempotent' });
  stack.sandbox.faults.plan({ kind: 'RESET', effect: false }, { operation: 'stepupSCAVerify' });
  const query =
    'mutation ($code: Secret!) { verifyStepUpOtp(input: { channel: SMS, verificationCode: $code }) { __typename } }';
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.token}` },
    body: JSON.stringify({ query, variables: { code: '123456' } }),
  });
  expect(await response.json()).toMatchObject({ data: { verifyStepUpOtp: { __typename: 'OutcomeUnknownError' } } });
  expect(gateway.tries).toEqual(['stepupSCAVerify']);
});

describe('a write that may have happened', () => {
  it.each<[string, Fault]>([
    ['the session has ended', refusal(401)],
    ['the rate limit is reached', refusal(429)],
    ['the first request is still running', refusal(409, { errorCode: 'IDEMPOTENT_REQUEST_IN_PROGRESS' })],
    ['it is declined', refusal(409, { errorCode: 'FUNDS_INSUFFICIENT' })],
  ])('stays unknown when it is sent again and %s', async (about, fault) => {
    const gateway = await open({ retryWrites: 'idempotent' });
    const name = about.replaceAll(' ', '-');
    arrivals.plan(name, { kind: 'RESET' }, fault);
    expect(outcomeOf(await gateway.ask('keyed', name, accounts))).toBe('UNKNOWN');
    expect(arrivals.of(name)).toHaveLength(2);
    expect(effectsOf(stack, name, accounts)).toBe(1);
  });
});
