import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcomes, ROWS, type Row, redirectTo, SLOW_ROWS } from './fault-rows.js';
import {
  type Accounts,
  accountsFor,
  COLUMNS,
  effectsOf,
  listening,
  OPERATIONS,
  openGateway,
  outcomeOf,
  watchArrivals,
} from './faulting.js';
import { type Stack, startStack } from './harness.js';

/** More often than anything is tried. */
const EVERY_TIME = 9;

type Gateway = Awaited<ReturnType<typeof openGateway>>;

let stack: Stack;
let arrivals: ReturnType<typeof watchArrivals>;
let accounts: Accounts;
/** One for each policy: no fault may harm what comes after it. */
const gateways = new Map<object, Gateway>();
/** Those that take time take it together. */
const slow = new Map<string, ReturnType<typeof strike>>();

beforeAll(async () => {
  stack = await startStack();
  accounts = await accountsFor(stack);
  arrivals = watchArrivals(stack);
  for (const [, , options] of COLUMNS)
    gateways.set(options, await openGateway(stack, { ...options, breaker: { calls: Number.MAX_SAFE_INTEGER } }));
  for (const [fault, row] of Object.entries(SLOW_ROWS))
    for (const [, column, options] of COLUMNS) {
      const deadlines = { read: row.deadline, write: row.deadline };
      const gateway = await openGateway(stack, { ...options, deadlines });
      await gateway.ask('read', 'warm', accounts);
      const struck = strike(gateway, nameOf(fault, column), row, column).finally(gateway.close);
      struck.catch(() => {}); // its test will say so
      slow.set(fault + column, struck);
    }
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  await stack.close();
});

const nameOf = (fault: string, column: string) => `${fault.replace(/\W+/g, '-')}-${column}`;

/** Lets a fault strike one request, and tells what has come of it, and of a request thereafter. */
async function strike(gateway: Gateway, name: string, row: Row, column: keyof Outcomes) {
  const kind = column === 'repeatable' ? 'keyed' : column;
  if (row.reused) await gateway.ask('read', `${name}-before`, accounts);
  arrivals.plan(name, ...Array.from({ length: row.once ? 1 : EVERY_TIME }, () => row.fault));
  gateway.tries.length = 0;
  const answer = await gateway.ask(kind, name, accounts);
  expect(gateway.tries).toEqual(arrivals.of(name).map(() => OPERATIONS[kind]));
  const effects = kind === 'read' ? '' : `/${effectsOf(stack, name, accounts)}`;
  const outcome = `${outcomeOf(answer)} ${gateway.tries.length}${effects}`;
  return { kind, answer, outcome, after: outcomeOf(await gateway.ask('read', `${name}-after`, accounts)) } as const;
}

/** The requests of one caller's request are one: the same reference, the same body. */
function expectSame(name: string, reference: string | undefined) {
  const [first, ...others] = arrivals.of(name);
  expect(first).toMatchObject({ reference });
  for (const { reference: its, body } of others) expect(first).toMatchObject({ reference: its, body });
}

function expectUnknown({ kind, answer }: Awaited<ReturnType<typeof strike>>, name: string) {
  const idempotencyKey = kind === 'keyed' ? name : null;
  expect(answer.data.outcome).toMatchObject({ idempotencyKey, operation: OPERATIONS[kind] });
}

describe.each(Object.entries(ROWS))('%s', (fault, row) => {
  it.each(COLUMNS)('to %s', async (_about, column, options) => {
    const name = nameOf(fault, column);
    const struck = await strike(gateways.get(options)!, name, row, column);
    expect([struck.outcome, struck.after]).toEqual([row[column], 'OK']);
    expectSame(name, struck.kind === 'keyed' ? name : undefined);
    if (struck.outcome.startsWith('UNKNOWN')) expectUnknown(struck, name);
    if (row.reused) expect(arrivals.of(name)[0]?.port).toBe(arrivals.of(`${name}-before`)[0]?.port);
  });
});

describe('a redirect', () => {
  it.each(COLUMNS)('is not followed by %s', async (_about, column, options) => {
    let heard = 0;
    const elsewhere = createServer((_req, res) => {
      heard += 1;
      res.end('{}');
    });
    const location = await listening(elsewhere);
    for (const [fault, row] of Object.entries(redirectTo(location))) {
      const { outcome, after } = await strike(gateways.get(options)!, nameOf(fault, column), row, column);
      expect([fault, outcome, after]).toEqual([fault, row[column], 'OK']);
    }
    elsewhere.close();
    expect(heard).toBe(0);
  });
});

describe('an answer with something new', () => {
  const rewrite = (body: object) => ({ ...body, count: '7', moon: { phase: 'NEW' }, state: 'PARKED' });
  it.each(COLUMNS)('is taken by %s', async (_about, column, options) => {
    const row = {
      fault: { kind: 'REWRITE', rewrite },
      read: 'OK 1',
      keyed: 'OK 1/1',
      repeatable: 'OK 1/1',
      keyless: 'OK 1/1',
    } as const;
    const { outcome } = await strike(gateways.get(options)!, nameOf('drift', column), row, column);
    expect(outcome).toBe(row[column]);
  });
});

describe.each(Object.entries(SLOW_ROWS))('%s', (fault, row) => {
  it.each(COLUMNS)('to %s', async (_about, column) => {
    const name = nameOf(fault, column);
    const struck = await slow.get(fault + column)!;
    expect([struck.outcome, struck.after]).toEqual([row[column], 'OK']);
    expectSame(name, struck.kind === 'keyed' ? name : undefined);
    if (struck.outcome.startsWith('UNKNOWN')) expectUnknown(struck, name);
  });
});
