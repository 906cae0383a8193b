import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CASES } from './cases.js';
import { load, type Request } from './load.js';
import { besiege, leaveEarly } from './load-clients.js';
import { soak } from './load-memory.js';
import { offer, readMetrics, statusesOf } from './load-open.js';
import { askOnce, readIds, requestOf } from './measure.js';
import { pinMyself, type Server } from './processes.js';
import { startGateway } from './subjects.js';
import { startUpstream } from './upstream.js';

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, soak: { type: 'string', default: '120' } },
});
const seconds = Number(flags.seconds);
const soakSeconds = Number(flags.soak);

const QUERY = 'first screen';
const UPSTREAM_LATENCY_MS = 50;

async function main() {
  pinMyself();
  const upstream = await startUpstream();
  const gateway = await startGateway(upstream, { core: 1 });
  const ids = await readIds(upstream);
  const request = requestOf(CASES.find(({ name }) => name === QUERY)!, 'gateway', ids); // it is one of them
  await askOnce(upstream, gateway, request);
  upstream.setLatency(UPSTREAM_LATENCY_MS);
  const capacity = await measureCapacity(gateway, request);
  await measureOverload(gateway, request, capacity);
  await measureSlow(gateway, request);
  await measureLeaving(gateway, request);
  await gateway.stop();
  console.log(`Memory    ${await soak(upstream, request, 0.6 * capacity, soakSeconds)}`);
  await upstream.stop();
}

/** What a closed loop gets that is wide enough to keep every connection to Weavr busy. */
async function measureCapacity({ origin }: Server, request: Request) {
  await load(origin, request, { connections: 8, seconds: 3 }); // warms up
  const { answers, seconds: elapsed } = await load(origin, request, { connections: 40, seconds });
  const capacity = answers / elapsed;
  console.log(
    `Capacity  ${capacity.toFixed(0)}/s of "${QUERY}" on one core, with Weavr ${UPSTREAM_LATENCY_MS} ms away`,
  );
  return capacity;
}

async function measureOverload({ origin }: Server, request: Request, capacity: number) {
  const unloaded = await offer(origin, request, { perSecond: capacity / 10, seconds });
  const p99 = quantile(unloaded.accepted, 0.99);
  console.log(`Unloaded  p99 ${ms(p99)} at a tenth of capacity`);
  for (const times of [2, 10]) {
    const offered = await offer(origin, request, { perSecond: times * capacity, seconds });
    const { accepted, refused, goodput } = offered;
    const share = goodput / capacity;
    console.log(
      `${String(times).padStart(2)} ×      goodput ${(100 * share).toFixed(0)} % of capacity; accepted p50 ${ms(quantile(accepted, 0.5))}, ` +
        `p99 ${ms(quantile(accepted, 0.99))} = ${(quantile(accepted, 0.99) / p99).toFixed(1)} × unloaded; ` +
        `refused p50 ${ms(quantile(refused, 0.5))}, p99 ${ms(quantile(refused, 0.99))}; ${statusesOf(offered)}`,
    );
  }
  const after = await offer(origin, request, { perSecond: capacity / 10, seconds: 2 });
  console.log(`After it  p99 ${ms(quantile(after.accepted, 0.99))}; ${statusesOf(after)}`);
}

async function measureSlow({ origin }: Server, request: Request) {
  const slow = besiege(origin, 200);
  const others = await offer(origin, request, { perSecond: 20, seconds: 5 });
  const { sockets, told, seconds: elapsed } = await slow;
  console.log(
    `Slow      ${sockets} trickling sockets: ${told} got 408, the last was closed after ${elapsed.toFixed(1)} s; ` +
      `others meanwhile p99 ${ms(quantile(others.accepted, 0.99))}, ${statusesOf(others)}`,
  );
}

async function measureLeaving(gateway: Server, request: Request) {
  const before = await readMetrics(gateway.origin);
  await leaveEarly(gateway.origin, request, 200, UPSTREAM_LATENCY_MS / 2);
  await delay(10_000); // connections to Weavr that nobody uses any more are closed by then
  const after = await readMetrics(gateway.origin);
  const told = ['http_requests_in_flight', ...RESOURCES].map(
    (name) => `${name} ${before.get(name) ?? 0} → ${after.get(name) ?? 0}`,
  );
  console.log(`Leaving   200 clients, after 10 s: ${told.join('; ')}`);
}

const RESOURCES = ['TCPSocketWrap', 'Timeout'].map((type) => `nodejs_active_resources{type="${type}"}`);

const quantile = (ascending: number[], share: number) =>
  ascending[Math.floor((ascending.length - 1) * share)] ?? Number.NaN;
const ms = (time: number) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;
await main();
