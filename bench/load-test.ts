import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CASES } from './cases.js';
import { load, type Request } from './load.js';
import { besiege, leaveEarly } from './load-clients.js';
import { type Offered, offer } from './load-open.js';
import { askOnce, readIds, requestOf, setLatency } from './measure.js';
import { pinMyself, type Server } from './processes.js';
import { startGateway, startUpstream } from './subjects.js';

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, soak: { type: 'string', default: '120' } },
});
const seconds = Number(flags.seconds);
const soakSeconds = Number(flags.soak);

const QUERY = 'first screen';
const UPSTREAM_LATENCY_MS = 50;
/** Of capacity, before memory is looked at: caches and compiled code have their size by then. */
const WARM_UP_SECONDS = 30;

async function main() {
  pinMyself();
  const upstream = await startUpstream();
  const gateway = await startGateway(upstream, { core: 1 });
  const ids = await readIds(upstream);
  const request = requestOf(CASES.find(({ name }) => name === QUERY)!, 'gateway', ids); // it is one of them
  await askOnce(upstream, gateway, request);
  await setLatency(upstream, UPSTREAM_LATENCY_MS);
  const capacity = await measureCapacity(gateway, request);
  await measureOverload(gateway, request, capacity);
  await measureSlow(gateway, request);
  await measureLeaving(gateway, request);
  await measureMemory(gateway, request, capacity);
  await Promise.all([upstream, gateway].map((server) => server.stop()));
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
  const before = await readMetrics(gateway);
  await leaveEarly(gateway.origin, request, 200, UPSTREAM_LATENCY_MS / 2);
  await delay(10_000); // connections to Weavr that nobody uses any more are closed by then
  const after = await readMetrics(gateway);
  const told = ['http_requests_in_flight', ...RESOURCES].map(
    (name) => `${name} ${before.get(name) ?? 0} → ${after.get(name) ?? 0}`,
  );
  console.log(`Leaving   200 clients, after 10 s: ${told.join('; ')}`);
}

const RESOURCES = ['TCPSocketWrap', 'Timeout'].map((type) => `nodejs_active_resources{type="${type}"}`);

/** Memory at 60 % of capacity, second by second, and the line through it. */
async function measureMemory(gateway: Server, request: Request, capacity: number) {
  const perSecond = 0.6 * capacity;
  await offer(gateway.origin, request, { perSecond, seconds: WARM_UP_SECONDS });
  const samples: { at: number; rss: number; heap: number }[] = [];
  const started = performance.now();
  const sampling = setInterval(async () => {
    const heap = Number((await readMetrics(gateway)).get('nodejs_heap_size_used_bytes')) / 1e6;
    samples.push({ at: (performance.now() - started) / 60_000, rss: gateway.rssMb(), heap });
  }, 1_000);
  const offered = await offer(gateway.origin, request, { perSecond, seconds: soakSeconds });
  clearInterval(sampling);
  const rss = samples.map(({ at, rss }) => [at, rss] as const);
  console.log(
    `Memory    at 60 % of capacity for ${soakSeconds} s: RSS ${rss[0]?.[1].toFixed(0)} → ${rss.at(-1)?.[1].toFixed(0)} MB, ` +
      `${slopeOf(rss).toFixed(2)} MB/min; heap after collections ${slopeOf(lowest(samples)).toFixed(2)} MB/min; ${statusesOf(offered)}`,
  );
}

/** The least heap of every ten seconds: what collections leave. */
function lowest(samples: { at: number; heap: number }[]) {
  const lows: (readonly [number, number])[] = [];
  for (let from = 0; from + 10 <= samples.length; from += 10) {
    const some = samples.slice(from, from + 10).sort((a, b) => a.heap - b.heap);
    lows.push([some[0]?.at ?? 0, some[0]?.heap ?? 0]);
  }
  return lows;
}

/** By least squares. */
function slopeOf(points: (readonly [number, number])[]) {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  return mean(([at, value]) => (at - x) * (value - y)) / mean(([at]) => (at - x) ** 2);
}

async function readMetrics({ origin }: Server) {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return new Map(text.split('\n').map((line) => line.split(/ (?=\S+$)/) as [string, string])); // a name and a number
}

const quantile = (ascending: number[], share: number) =>
  ascending[Math.floor((ascending.length - 1) * share)] ?? Number.NaN;
const ms = (time: number) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;
const statusesOf = ({ statuses }: Offered) =>
  [...statuses]
    .sort()
    .map(([status, count]) => `${count} × ${status || 'no answer'}`)
    .join(', ');

await main();
