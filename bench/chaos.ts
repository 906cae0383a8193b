import { parseArgs } from 'node:util';
import { type ChaosOptions, runChaos } from '../test/chaos.js';

const { values: flags } = parseArgs({ options: { transfers: { type: 'string' }, seed: { type: 'string' } } });
const transfers = Number(flags.transfers ?? 10_000);
const seed = Number(flags.seed ?? 1);

/** What the gateway can be told, and what it is measured against. */
const POLICIES: Record<string, Partial<ChaosOptions>> = {
  'RETRY_WRITES=idempotent': { retryWrites: 'idempotent' },
  'RETRY_WRITES=never': {},
  'a naive proxy in between': { naive: true },
};

console.log(`${transfers} transfers, half of their calls go wrong in one of 16 ways, seed ${seed}`);
for (const [policy, options] of Object.entries(POLICIES)) {
  const started = performance.now();
  const { faults, ...tally } = await runChaos({ transfers, seed, ...options });
  const seconds = (performance.now() - started) / 1_000;
  const share = (tally.unknown / transfers) * 100;
  console.log(`\n${policy}  (${seconds.toFixed(1)} s, ${share.toFixed(1)} % unknown)`);
  console.table([tally]);
  console.table(faults);
}
