import fc from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../src/sandbox/index.js';
import { ACCOUNT_PROFILE, openAccount } from '../src/sandbox/managed-accounts.js';
import { openCard, PREPAID_CARD_PROFILE } from '../src/sandbox/managed-cards.js';
import { TRANSFER_PROFILE } from '../src/sandbox/transfers.js';
import type { InstrumentId } from '../src/weavr/core/shapes.js';

let sandbox: Sandbox;
let client: Client;
let token: string;
beforeAll(async () => {
  const started = Date.now(); // only the test's own waits pass
  sandbox = await startSandbox({ now: () => started });
  client = new Client(sandbox.url);
  token = sandbox.signIn('root@acme.example');
});
afterAll(async () => {
  await client.close();
  await sandbox.close();
});

const FUNDS = 2_000;
const HELD = 1_000;
/** Shorter than a session may be idle. */
const MINUTE_MS = 60_000;

const transfer = fc.record({
  from: fc.nat(4),
  to: fc.nat(4),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'GBP'),
  amount: fc.integer({ min: -50, max: 1_500 }),
  /** Few, so that they come again: with the same transfer, or with another. */
  key: fc.option(fc.nat(2)),
  scheduled: fc.boolean(),
});
const change = fc.record({ change: fc.constantFrom('block', 'unblock', 'remove'), of: fc.nat(4) });
const wait = fc.constant('wait' as const);
const steps = fc.array(
  fc.oneof({ weight: 6, arbitrary: transfer }, { weight: 2, arbitrary: change }, { weight: 1, arbitrary: wait }),
  { minLength: 1, maxLength: 25 },
);
type Transfer = typeof transfer extends fc.Arbitrary<infer T> ? T : never;
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

async function post(path: string, body?: string, key?: string) {
  const headers = { 'api-key': sandbox.apiKey, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await client.request({
    method: 'POST',
    path: `/multi/${path}`,
    headers: key ? { ...headers, 'idempotency-ref': key } : headers,
    body,
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, json: text ? JSON.parse(text) : undefined };
}

/** What one run works on, and what has been answered there under which key. */
interface World {
  name: string;
  instruments: InstrumentId[];
  soon: string;
  answered: Map<string, { body: string; id: string }>;
}

let worlds = 0;

/** Three accounts and a card in euros and an account in pounds: the first with money held, the third empty. */
function createWorld(): World {
  const { state } = sandbox;
  const acme = state.corporates.all()[0]!.id;
  const now = state.clock.now();
  const fields = { profileId: ACCOUNT_PROFILE, friendlyName: 'Any', creationTimestamp: now };
  const accounts = ['EUR', 'EUR', 'EUR', 'GBP'].map((currency) => openAccount(state, acme.id, { ...fields, currency }));
  const names = { friendlyName: 'Any', nameOnCard: 'Any', billingAddress: {} };
  const kind = { mode: 'PREPAID_MODE', profileId: PREPAID_CARD_PROFILE, currency: 'EUR' } as const;
  const card = openCard(state, acme, { ...kind, ...names }, now);
  [...accounts, card].forEach(({ id, currency }, place) => {
    if (place !== 2) fund(id, currency);
  });
  state.ledger.hold(accounts[0]!.id, 'held', HELD);
  return {
    name: `world-${++worlds}`,
    instruments: [
      ...accounts.map(({ id }) => ({ type: 'managed_accounts' as const, id })),
      { type: 'managed_cards', id: card.id },
    ],
    soon: String(now + MINUTE_MS),
    answered: new Map(),
  };
}

function fund(account: string, currency: string) {
  const { state } = sandbox;
  const id = state.nextId();
  state.ledger.post(
    { id, at: state.clock.now(), transaction: { type: 'system_transactions', id }, legacyType: 'SYSTEM_TRANSACTION' },
    [
      { account, currency, amount: FUNDS },
      { account: `world:${currency}`, currency, amount: -FUNDS },
    ],
  );
}

const balancesIn = ({ instruments }: World) => instruments.map(({ id }) => sandbox.state.ledger.balances(id));
const actualIn = (world: World) => balancesIn(world).map(({ actualBalance }) => actualBalance);

/** Asks for a transfer, and answers how each balance must have changed. */
async function ask({ name, instruments, soon, answered }: World, step: Transfer) {
  const { from, to, currency, amount, scheduled } = step;
  const key = step.key === null ? undefined : `${name}-${step.key}`;
  const body = JSON.stringify({
    profileId: TRANSFER_PROFILE,
    source: instruments[from],
    destination: instruments[to],
    destinationAmount: { currency, amount },
    scheduledTimestamp: scheduled ? soon : undefined,
  });
  const first = key && answered.get(key);
  const { status, json } = await post('transfers', body, key);
  if (first) expect([status, json?.id]).toEqual(first.body === body ? [200, first.id] : [422, undefined]);
  else if (status !== 200) expect({ status, ...json }).toEqual({ status: 409, errorCode: expect.any(String) });
  else expect(json.state).toBe(scheduled ? 'SCHEDULED' : 'COMPLETED');
  const accepted = !first && status === 200;
  if (accepted && key) answered.set(key, { body, id: json.id });
  const moved = accepted && !scheduled ? amount : 0;
  return instruments.map((_, place) => (place === to ? moved : place === from ? -moved : 0));
}

async function apply({ instruments }: World, { change, of }: Change) {
  const { type, id } = instruments[of]!;
  const { status } = await post(`${type}/${id}/${change}`);
  expect([204, 409]).toContain(status);
  return instruments.map(() => 0);
}

function check(world: World) {
  for (const { actualBalance, availableBalance } of balancesIn(world)) {
    expect(availableBalance).toBeGreaterThanOrEqual(0);
    expect(availableBalance).toBeLessThanOrEqual(actualBalance);
  }
  const [a = 0, b = 0, c = 0, pounds, card = 0] = actualIn(world);
  expect([a + b + c + card, pounds]).toEqual([3 * FUNDS, FUNDS]);
  expect(sandbox.state.ledger.total()).toBe(0);
}

it('starts with a year of movements in the order of time, 250 of them on the first account', () => {
  const { ledger, managedAccounts, managedCards } = sandbox.state;
  const instruments = [...managedAccounts.all(), ...managedCards.all()];
  expect(ledger.entriesOf(instruments[0]!.id)).toHaveLength(250);
  for (const { id } of instruments) {
    const entries = ledger.entriesOf(id);
    const times = entries.map(({ movement }) => movement.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.min(0, ...entries.map(({ balanceAfter }) => balanceAfter))).toBe(0);
  }
});

it('makes and loses no money, and moves none for a refusal or a repetition, whatever is asked in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = createWorld();
      for (const step of all) {
        const before = actualIn(world);
        if (step === 'wait') sandbox.clock.advance(MINUTE_MS);
        else {
          const moved = 'change' in step ? await apply(world, step) : await ask(world, step);
          expect(actualIn(world)).toEqual(before.map((balance, place) => balance + moved[place]!));
        }
        check(world);
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
