import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, type Payout, payOut, reconcile } from '../examples/server/pay-out.js';
import { creditWire } from '../src/sandbox/incoming-wire-transfers.js';
import { openAccount } from '../src/sandbox/managed-accounts.js';
import { type Stack, startStack } from './harness.js';
import { corporateInput, run } from './registering.js';

const KEY = 'a-back-office-key-of-more-than-32-characters';
const FUNDS = 100_00;

let stack: Stack;
let payouts: Payout[];
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY] });
  payouts = [];
  for (let index = 0; index < 10; index++) {
    const { corporate } = await run(stack, 'createCorporate', corporateInput(), 'corporate { id }');
    payouts.push(payoutOf(corporate.id));
  }
});
afterAll(() => stack.close());

/** A verified corporate with two accounts, one of them funded. */
function payoutOf(id: string): Payout {
  const { state } = stack.sandbox;
  state.approve({ type: 'CORPORATE', id });
  const fields = { profileId: '110000000000000001', friendlyName: 'Payouts', currency: 'EUR', creationTimestamp: 0 };
  const [source, destination] = [openAccount(state, id, fields), openAccount(state, id, fields)];
  creditWire(
    state,
    source,
    { amount: { currency: 'EUR', amount: FUNDS }, sender: { name: 'Payer' } },
    { at: state.clock.now() },
  );
  return {
    identity: `CORPORATE:${id}`,
    profileId: '130000000000000001',
    source: source.id,
    destination: destination.id,
    amount: { currency: 'EUR', amount: 10_00 },
    feeType: 'MONTHLY_FEE',
  };
}

const gateway = (): Gateway => ({
  url: `${stack.url}/graphql`,
  key: KEY,
  journal: join(mkdtempSync(join(tmpdir(), 'payouts-')), 'journal.json'),
  wait: async (ms) => stack.sandbox.clock.advance(ms),
});
const balanceOf = (id: string) => stack.sandbox.state.ledger.balances(id).actualBalance;

it('pays ten identities once, through lost answers, and started twice', async () => {
  const { faults } = stack.sandbox;
  faults.plan({ kind: 'RESET', effect: true }, { operation: 'transferCreate', times: 2 });
  faults.plan({ kind: 'STATUS', status: 500, effect: true }, { operation: 'chargeFee' });
  faults.plan(
    { kind: 'STATUS', status: 429, effect: false, headers: { 'x-ratelimit-reset': '7' } },
    { operation: 'chargeFee' },
  );
  const server = gateway();
  const journal = await payOut(server, 'november', payouts);
  await payOut(server, 'november', payouts);
  for (const { source, destination } of payouts) {
    expect(balanceOf(destination)).toBe(10_00);
    expect(balanceOf(source)).toBeLessThan(FUNDS - 10_00); // the fee has gone as well, once
    expect(new Set(payouts.map((other) => balanceOf(other.source))).size).toBe(1);
  }
  expect(await reconcile(server, journal)).toEqual(
    payouts.map(({ identity }) => ({ identity, expected: 1, found: 1 })),
  );
});

it('keeps what was declined apart from what was not tried', async () => {
  const [payout] = payouts;
  const journal = await payOut(gateway(), 'december', [{ ...payout!, amount: { currency: 'EUR', amount: 1_000_00 } }]);
  expect(journal[payout!.identity]).toMatchObject({
    fee: { outcome: 'DONE' },
    transfer: { outcome: 'DECLINED', code: 'FUNDS_INSUFFICIENT' },
  });
});
