import type { ServerResponse } from 'node:http';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Breaker } from '../weavr/core/breaker.js';
import type { CallRecord } from '../weavr/core/client.js';
import type { RequestRecord } from './requests.js';

export interface MetricsOptions {
  /** Operations that are counted by their names; all others are one, for callers may invent any number of names. */
  operations?: readonly string[];
  /** What several processes have measured together; of this one alone without it. */
  gather?: () => Promise<string>;
}

/** What is read where it is, whenever somebody looks. */
interface Gauges {
  breaker: Breaker['state'];
  /** Undefined without a rate limit. */
  remaining: () => number | undefined;
  load: () => { inFlight: number; refused: number };
}

/** From what takes no call to Weavr up to a file's deadline. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60];

const REQUESTS = {
  name: 'graphql_requests_total',
  help: 'GraphQL requests. The outcome is OK or the first error code.',
  labelNames: ['operation', 'type', 'caller', 'outcome'],
} as const;

const REQUEST_SECONDS = {
  name: 'graphql_request_duration_seconds',
  help: 'Time from the head of an executed GraphQL request to the end of its answer.',
  labelNames: ['operation', 'type'],
  buckets,
} as const;

const CALLS = {
  name: 'weavr_calls_total',
  help: "Calls to Weavr, by Weavr's operationId. The outcome is the status, or why there is none.",
  labelNames: ['operation', 'api', 'class', 'outcome'],
} as const;

const CALL_SECONDS = {
  name: 'weavr_call_duration_seconds',
  help: 'Time that calls to Weavr took.',
  labelNames: ['class'],
  buckets,
} as const;

const STATES = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

/** The process is one however many gateways it has; it is measured from the first time that somebody looks. */
let ofProcess: Registry | undefined;

function processMetrics() {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

function addWay(registers: Registry[], { breaker, remaining }: Gauges) {
  new Gauge({
    name: 'weavr_breaker_state',
    help: 'Whether calls to Weavr are let through: 0 all, 1 a probe, 2 none.',
    labelNames: ['class'],
    aggregator: 'max',
    registers,
    collect() {
      for (const [kind, state] of Object.entries(breaker())) this.set({ class: kind }, STATES[state]);
    },
  });
  new Gauge({
    name: 'weavr_limiter_remaining',
    help: "Calls that Weavr's rate limit leaves to the process that has the fewest; infinite without a limit.",
    aggregator: 'min',
    registers,
    collect() {
      this.set(remaining() ?? Number.POSITIVE_INFINITY);
    },
  });
}

function addLoad(registers: Registry[], { load }: Gauges) {
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are being served.',
    registers,
    collect() {
      this.set(load().inFlight);
    },
  });
  new Counter({
    name: 'http_requests_refused_total',
    help: 'Requests refused with 503 because there was too much to do.',
    registers,
    collect() {
      this.reset();
      this.inc(load().refused);
    },
  });
}

/** Answers the primary of several processes when it gathers what they have measured. */
function tellPrimary(register: Registry) {
  new AggregatorRegistry(); // listens for it
  AggregatorRegistry.setRegistries([register, processMetrics()]);
}

const outcomeOf = ({ status, noAnswer }: CallRecord) =>
  status === 429 ? '429' : status ? `${Math.floor(status / 100)}xx` : (noAnswer ?? '');

/** A gateway as Prometheus sees it: every label has a bounded number of values, and none of them is anybody's data. */
export function createMetrics({ operations = [], gather }: MetricsOptions, gauges: Gauges) {
  const register = new Registry();
  const registers = [register];
  const requests = new Counter({ ...REQUESTS, registers });
  const requestSeconds = new Histogram({ ...REQUEST_SECONDS, registers });
  const calls = new Counter({ ...CALLS, registers });
  const callSeconds = new Histogram({ ...CALL_SECONDS, registers });
  addWay(registers, gauges);
  addLoad(registers, gauges);
  if (gather) tellPrimary(register);

  return {
    count({ route, operation: asked, caller, codes, ms }: RequestRecord) {
      const { type = 'none', name } = asked ?? {};
      if (route !== 'graphql' || (type === 'none' && !codes.length)) return; // a page or a preflight asks nothing
      const operation = type === 'none' ? 'none' : !name ? 'unnamed' : operations.includes(name) ? name : 'other';
      requests.inc({ operation, type, caller, outcome: codes[0] ?? 'OK' });
      if (type !== 'none') requestSeconds.observe({ operation, type }, ms / 1_000);
    },
    countCall(call: CallRecord) {
      const { operation, api, class: kind, ms } = call;
      calls.inc({ operation, api, class: kind, outcome: outcomeOf(call) });
      callSeconds.observe({ class: kind }, ms / 1_000);
    },
    async serve(res: ServerResponse) {
      const text = await (gather?.() ?? Registry.merge([register, processMetrics()]).metrics());
      res.writeHead(200, { 'content-type': register.contentType, 'cache-control': 'no-store' }).end(text);
    },
  };
}
