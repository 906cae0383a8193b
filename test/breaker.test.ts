import { createServer, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Fault } from '../src/sandbox/core/faults.js';
import {
  type Accounts,
  accountsFor,
  effectsOf,
  type Kind,
  listening,
  OPERATIONS,
  openGateway,
  outcomeOf,
} from './faulting.js';
import { type Answer, type Stack, startStack } from './harness.js';

let stack: Stack;
let accounts: Accounts;
let names = 0;
beforeAll(async () => {
  stack = await startStack();
  accounts = await accountsFor(stack);
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const DOWN: Fault = { kind: 'STATUS', status: 503, effect: false };
/** Long enough not to end within a test. */
const REST_MS = 60_000;

async function open(restMs = REST_MS, baseUrl = stack.sandbox.url) {
  const gateway = await openGateway(stack, { baseUrl, breaker: { restMs } });
  onTestFinished(gateway.close);
  const ask = (kind: Kind = 'read') => gateway.ask(kind, `breaker-${++names}`, accounts);
  return { ask, tries: gateway.tries };
}

/** Makes calls of a kind go wrong, as many as there may be. */
const plan = (kind: Kind, fault: Fault = DOWN) =>
  stack.sandbox.faults.plan(fault, { operation: OPERATIONS[kind], times: Number.POSITIVE_INFINITY });

/** Asks until so many calls have been made. */
async function call({ ask, tries }: Awaited<ReturnType<typeof open>>, calls: number, kind?: Kind) {
  while (tries.length < calls) await ask(kind);
}

const refusalOf = ({ errors }: Answer) => errors?.[0]?.extensions;

describe('a Weavr that fails', () => {
  it('is left alone after 20 calls, and whoever asks hears at once when to come again', async () => {
    plan('read');
    const gateway = await open();
    await call(gateway, 20);
    const calls = gateway.tries.length;
    const answer = await gateway.ask();
    expect(refusalOf(answer)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: 60 });
    expect(gateway.tries).toHaveLength(calls);
  });

  it('is not judged by fewer', async () => {
    plan('read');
    const gateway = await open();
    await call(gateway, 18);
    stack.sandbox.faults.clear();
    expect(outcomeOf(await gateway.ask())).toBe('OK');
  });

  it('is not judged by a failure now and then', async () => {
    const gateway = await open();
    for (let round = 0; round < 8; round += 1) {
      stack.sandbox.faults.plan(DOWN, { operation: OPERATIONS.read });
      for (let calls = 0; calls < 3; calls += 1) expect(outcomeOf(await gateway.ask())).toBe('OK');
    }
    expect(gateway.tries).toHaveLength(32);
  });

  it.each([404, 409, 429])('is not one that refuses with %i', async (status) => {
    plan('read', { ...DOWN, status });
    const gateway = await open();
    await call(gateway, 30);
    stack.sandbox.faults.clear();
    expect(outcomeOf(await gateway.ask())).toBe('OK');
  });

  it('with reads may still take writes, and the other way round', async () => {
    plan('read');
    const reader = await open();
    await call(reader, 20);
    expect(outcomeOf(await reader.ask('keyed'))).toBe('OK');
    stack.sandbox.faults.clear();
    plan('keyed');
    const writer = await open();
    await call(writer, 20, 'keyed');
    expect(outcomeOf(await writer.ask())).toBe('OK');
  });

  it('is sent no write, which therefore has not happened', async () => {
    plan('keyed');
    const gateway = await open();
    await call(gateway, 20, 'keyed');
    stack.sandbox.faults.clear();
    expect(refusalOf(await gateway.ask('keyed'))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(gateway.tries).toHaveLength(20);
    expect(effectsOf(stack, `breaker-${names}`, accounts)).toBe(0);
  });
});

describe('after a rest', () => {
  it('one call is a probe for all: when it succeeds, the others go again', async () => {
    const held: ServerResponse[] = [];
    let down = true;
    let heard = 0;
    const weavr = createServer((_req, res) => {
      heard += 1;
      if (down) return res.writeHead(503).end();
      res.writeHead(200, { 'content-type': 'application/json' });
      held.push(res);
    });
    onTestFinished(() => void weavr.close());
    const gateway = await open(50, await listening(weavr));
    await call(gateway, 20);
    down = false;
    const before = heard;
    const probe = vi.waitFor(async () => expect(outcomeOf(await gateway.ask())).toBe('OK'), 5_000);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const others = await Promise.all([gateway.ask(), gateway.ask(), gateway.ask()]);
    expect(others.map(outcomeOf)).toEqual(Array(3).fill('UPSTREAM_UNAVAILABLE'));
    expect(heard).toBe(before + 1);
    held[0]?.end('{"count":0}');
    await probe;
    const next = gateway.ask();
    await vi.waitFor(() => expect(held).toHaveLength(2));
    held[1]?.end('{"count":0}');
    expect(outcomeOf(await next)).toBe('OK');
  });

  it('a probe that fails is followed by another rest', async () => {
    plan('read');
    const gateway = await open(50);
    await call(gateway, 20);
    const calls = gateway.tries.length;
    await vi.waitFor(async () => {
      await gateway.ask();
      expect(gateway.tries.length).toBeGreaterThan(calls);
    }, 5_000);
    expect(gateway.tries).toHaveLength(calls + 1);
  });
});
