import type { Request } from './load.js';
import { offer, readMetrics, statusesOf } from './load-open.js';
import { CORES } from './processes.js';
import { startGateway } from './subjects.js';
import type { Upstream } from './upstream.js';

/** Caches and compiled code have their size by then. */
const WARM_UP_SECONDS = 60;
const SAMPLE_MS = 2_000;
/** Megabytes: with so little, garbage is collected often enough to tell it from what stays. */
const HEAP_LIMIT = 128;

/** A value at a time in minutes. */
type Point = readonly [at: number, value: number];

/** What memory does under a steady rate of requests, in a sentence. */
export async function soak(upstream: Upstream, request: Request, perSecond: number, seconds: number) {
  const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_LIMIT}` };
  const gateway = await startGateway(upstream, { core: CORES.servers, env });
  await offer(gateway.origin, request, { perSecond, seconds: WARM_UP_SECONDS });
  const rss: Point[] = [];
  const heap: Point[] = [];
  const started = performance.now();
  const sampling = setInterval(async () => {
    const at = (performance.now() - started) / 60_000;
    rss.push([at, gateway.rssMb()]);
    heap.push([at, Number((await readMetrics(gateway.origin)).get('nodejs_heap_size_used_bytes')) / 1e6]);
  }, SAMPLE_MS);
  const offered = await offer(gateway.origin, request, { perSecond, seconds });
  clearInterval(sampling);
  await gateway.stop();
  const kept = lowest(heap);
  return (
    `at ${perSecond.toFixed(0)}/s for ${seconds} s with a heap of ${HEAP_LIMIT} MB: RSS ${rangeOf(rss)}, ` +
    `what collections leave of the heap ${rangeOf(kept)}; ${statusesOf(offered)}`
  );
}

/** The least of every ten points: what collections leave. */
function lowest(points: Point[]) {
  const lows: Point[] = [];
  for (let from = 0; from + 10 <= points.length; from += 10) {
    const [least] = points.slice(from, from + 10).sort(([, a], [, b]) => a - b);
    if (least) lows.push(least);
  }
  return lows;
}

const rangeOf = (points: Point[]) =>
  `${points[0]?.[1].toFixed(0)} → ${points.at(-1)?.[1].toFixed(0)} MB (${slopeOf(points).toFixed(2)} MB/min)`;

/** By least squares. */
function slopeOf(points: Point[]) {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  return mean(([at, value]) => (at - x) * (value - y)) / mean(([at]) => (at - x) ** 2);
}
