import fc from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bankDetailsFor } from '../src/sandbox/bank-details.js';
import { credit, purchase, release, reverse, settle } from '../src/sandbox/core/purchases.js';
import type { StoredCardPayment } from '../src/sandbox/core/state.js';
import { acceptWire, rejectWire } from '../src/sandbox/core/wires.js';
import { openAccount } from '../src/sandbox/managed-accounts.js';
import { OUTGOING_WIRE_PROFILE, outgoingWireTransferConfirmable } from '../src/sandbox/outgoing-wire-transfers.js';
import { CHARGED_SEND_PROFILE, sendConfirmable } from '../src/sandbox/sends.js';
import { TRANSFER_PROFILE } from '../src/sandbox/transfers.js';
import { type Stack, startStack } from './harness.js';
import { euros, payer, SHOP } from './paying.js';

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await startStack();
  client = new Client(stack.sandbox.url);
});
afterAll(async () => {
  await client.close();
  await stack.close();
});

const FUNDS = 300_00;
const { state, now, debitCard, prepaidCard } = payer(() => stack);
const acme = () => state().corporates.all()[0]!.id;
const ada = () => state().consumers.all()[0]!.id;

async function post(path: string, key: string, body: object) {
  const token = stack.sandbox.signIn('root@acme.example');
  const headers = {
    'api-key': stack.sandbox.apiKey,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  };
  const answer = await client.request({
    method: 'POST',
    path: `/multi/${path}`,
    headers: { ...headers, 'idempotency-ref': key },
    body: JSON.stringify(body),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, json: text ? JSON.parse(text) : {} };
}

/** An account with a debit card, a prepaid card, and an account of somebody else's, with what happened between them. */
function createWorld() {
  const card = debitCard({ funds: FUNDS });
  const account = state().managedAccounts.any(state().ledgerAccountOf(card))!;
  state().ibans.set(account.id, bankDetailsFor(account, 'Acme Ltd'));
  const prepaid = prepaidCard(FUNDS);
  const { profileId, currency } = account;
  const theirs = openAccount(state(), ada().id, { profileId, currency, friendlyName: 'Any', creationTimestamp: now() });
  return {
    account,
    prepaid,
    theirs,
    cards: [card, prepaid],
    sends: [] as string[],
    wires: [] as string[],
    payments: [] as StoredCardPayment[],
  };
}
type World = ReturnType<typeof createWorld>;

const idsOf = ({ account, prepaid, theirs }: World) => [account.id, prepaid.id, theirs.id];
const balancesOf = (world: World) => idsOf(world).map((id) => state().ledger.balances(id));
const typed = (id: string, type = 'managed_accounts') => ({ type, id });

let keys = 0;
/** What was taken at least once: a property of refusals alone would prove nothing. */
const taken = new Set<string>();

/** Sends a payment and then the very same again: the second must change nothing, and a refusal nothing either. */
async function twice(world: World, path: string, body: object): Promise<string | undefined> {
  const key = `kind-${++keys}`;
  const before = balancesOf(world);
  const first = await post(path, key, body);
  const between = balancesOf(world);
  if (first.status !== 200) {
    expect([400, 409]).toContain(first.status);
    expect(between).toEqual(before);
    return undefined;
  }
  expect(await post(path, key, body)).toEqual(first);
  expect(balancesOf(world)).toEqual(between);
  taken.add(path);
  return first.json.id;
}

const keep = (ids: string[], id: string | undefined) => void (id && ids.push(id));
const wire = { name: 'Any Bank Customer', iban: 'DE89370400440532013000', bankIdentifierCode: 'COBADEFFXXX' };
const last = <T>(list: T[], then: (item: T) => unknown) => list.at(-1) && then(list.at(-1)!);
const inProgress = (payment: StoredCardPayment) => payment.status === 'SETTLEMENT_IN_PROGRESS';

const STEPS = {
  transfer: async (world: World, amount: number) =>
    twice(world, 'transfers', {
      profileId: TRANSFER_PROFILE,
      source: typed(world.account.id),
      destination: typed(world.prepaid.id, 'managed_cards'),
      destinationAmount: euros(amount),
    }),
  send: async (world: World, amount: number) => {
    const ends = { source: typed(world.account.id), destination: typed(world.theirs.id) };
    keep(
      world.sends,
      await twice(world, 'sends', { profileId: CHARGED_SEND_PROFILE, ...ends, destinationAmount: euros(amount) }),
    );
  },
  confirmSend: (world: World) =>
    last(
      world.sends,
      (id) => sendConfirmable.isPending(state(), acme().id, id) && sendConfirmable.confirm(state(), acme().id, id),
    ),
  wire: async (world: World, amount: number) => {
    const order = { profileId: OUTGOING_WIRE_PROFILE, sourceInstrument: typed(world.account.id), description: 'Any' };
    keep(
      world.wires,
      await twice(world, 'outgoing_wire_transfers', {
        ...order,
        transferAmount: euros(amount),
        destinationBeneficiary: wire,
      }),
    );
  },
  confirmWire: (world: World) => {
    const { isPending, confirm } = outgoingWireTransferConfirmable;
    last(world.wires, (id) => isPending(state(), acme().id, id) && confirm(state(), acme().id, id));
  },
  acceptWire: (world: World) => last(world.wires, (id) => acceptWire(state(), id)),
  rejectWire: (world: World) => last(world.wires, (id) => rejectWire(state(), id)),
  fee: (world: World) =>
    twice(world, 'corporates/fees/charge', { feeType: 'MONTHLY_FEE', source: typed(world.account.id) }),
  purchase: (world: World, amount: number) => {
    if (amount > 0)
      world.payments.push(
        purchase(state(), world.cards[amount % 2]!, { at: now(), merchant: SHOP, amount: euros(amount) }),
      );
  },
  settle: ({ payments }: World, amount: number) =>
    last(payments.filter(inProgress), (payment) =>
      settle(state(), payment, { at: now(), fee: amount % 3 ? undefined : 10 }),
    ),
  release: ({ payments }: World) =>
    last(payments.filter(inProgress), (payment) => release(state(), payment, { at: now(), status: 'EXPIRED' })),
  reverse: ({ payments }: World) =>
    last(
      payments.filter(({ status, events }) => status === 'SETTLED' && events.at(-1)?.reversal !== true),
      (payment) => reverse(state(), payment, now()),
    ),
  credit: ({ cards }: World, amount: number) => {
    if (amount > 0)
      credit(state(), cards[amount % 2]!, { type: 'REFUND', at: now(), merchant: SHOP, amount: euros(amount) });
  },
  wait: () => stack.sandbox.clock.advance(60_000),
};

const names = Object.keys(STEPS) as (keyof typeof STEPS)[]; // a literal's keys are exactly its own
const steps = fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: -10, max: 120_00 })), {
  minLength: 5,
  maxLength: 40,
});

it('holds for every kind of payment, in any order: nothing is made, lost or moved twice', async () => {
  const start = now();
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = createWorld();
      for (const [name, amount] of all) {
        await STEPS[name](world, amount);
        expect(state().ledger.total()).toBe(0);
        for (const { actualBalance, availableBalance } of balancesOf(world))
          expect(availableBalance).toBeLessThanOrEqual(actualBalance);
        moved++;
      }
    }),
    { numRuns: 500 },
  );
  expect(moved).toBeGreaterThan(4_000);
  expect([...taken].sort()).toEqual(['corporates/fees/charge', 'outgoing_wire_transfers', 'sends', 'transfers']);
  const entries = state()
    .managedAccounts.all()
    .flatMap(({ id }) => state().ledger.entriesOf(id));
  const posted = entries.filter(({ movement }) => movement.at > start).map(({ movement }) => movement.transaction.type);
  expect([...new Set(posted)].sort()).toEqual([
    'card_payments',
    'fees',
    'outgoing_wire_transfers',
    'sends',
    'system_transactions', // the opening balances
    'transfers',
  ]);
}, 60_000);
