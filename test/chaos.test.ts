import { expect, it } from 'vitest';
import { runChaos } from './chaos.js';

const TRUE = { withoutKey: 0, movedTwice: 0, failedButMoved: 0, doneButNotMoved: 0 };

it('moves no money twice and says nothing false while half of the calls go wrong, and is seldom in doubt', async () => {
  const tally = await runChaos({ transfers: 800, seed: 1, retryWrites: 'idempotent' });
  expect(tally).toMatchObject(TRUE);
  expect(Object.keys(tally.faults)).toHaveLength(16);
  expect(tally.unknown).toBeLessThanOrEqual(40);
  expect(tally.done + tally.failed + tally.unknown).toBe(800);
}, 60_000);

it('says nothing false where nothing is repeated, and is in doubt instead', async () => {
  const tally = await runChaos({ transfers: 150, seed: 2 });
  expect(tally).toMatchObject({ ...TRUE, calls: 150 });
  expect(tally.unknown).toBeGreaterThan(0);
});

it('would notice money that moves twice', async () => {
  const { movedTwice } = await runChaos({ transfers: 50, seed: 3, naive: true });
  expect(movedTwice).toBeGreaterThan(0);
});
