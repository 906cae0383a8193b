import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CASES, type Case, HEAVY, type Ids, ONE_CARD } from './cases.js';
import { askOnce, assertSame, measure, type Round, readIds, requestOf } from './measure.js';
import { CORES, pinMyself, type Server } from './processes.js';
import { type Figures, type Footprint, median, report } from './report.js';
import { isGraphQL, SUBJECTS, type Subject, startGateway, startSubject } from './subjects.js';
import { startUpstream, type Upstream } from './upstream.js';

/** As many as keep a server from ever waiting for the load. */
const CONNECTIONS = 32;
/** Shared by all that is measured. */
const WARM_SECONDS = 13;
const ROUND_SECONDS = 0.4;
const UPSTREAM_LATENCY_MS = 50;

/** `--only 'one card' --subjects plain,gateway --rounds 2`: a part, for whoever changes the code. */
const { values: flags } = parseArgs({
  options: { only: { type: 'string' }, subjects: { type: 'string' }, rounds: { type: 'string' } },
});
/** The file holds whole runs alone. */
const isWhole = Object.keys(flags).length === 0;
const rounds = Number(flags.rounds ?? 5);
const cases = CASES.filter(({ name }) => name.includes(flags.only ?? ''));
const subjects = SUBJECTS.filter((name) => (flags.subjects ?? SUBJECTS.join()).split(',').includes(name));

type Servers = Map<Subject, Server>;

async function main() {
  pinMyself();
  const upstream = await startUpstream();
  const ids = await readIds(upstream);
  const footprint = isWhole ? await measureFootprint(upstream, ids) : undefined;
  const servers: Servers = new Map();
  for (const subject of subjects) servers.set(subject, await startSubject(subject, upstream));
  const rest = poll();
  const figures = await measureCases(upstream, servers, ids);
  rest();
  const memory = [...servers].map(([subject, server]) => ({ subject, rssMb: server.rssMb() }));
  upstream.setLatency(UPSTREAM_LATENCY_MS);
  const trip = await measure(upstream, requestOf(ONE_CARD, 'proxy', ids), { connections: 1, requests: 10 });
  const waiting = await measureLatencies(upstream, servers, ids);
  const text = report({
    connections: CONNECTIONS,
    figures,
    waiting,
    roundTripMs: trip.p50,
    latencyMs: UPSTREAM_LATENCY_MS,
    footprint,
    memory,
  });
  console.log(text);
  if (isWhole) writeFileSync('bench/RESULTS.md', text);
  await Promise.all([upstream, ...servers.values()].map((server) => server.stop()));
}

/** Keeps this thread awake: a server would pay for waking it with every answer, dearly where the machine is virtual. */
function poll() {
  let next = setImmediate(function again() {
    next = setImmediate(again);
  });
  return () => clearImmediate(next);
}

/** Those that can answer a case. */
const answering = (one: Case, servers: Servers) => [...servers].filter(([subject]) => isGraphQL(subject) || one.path);

/** Every subject with every query, in rounds: what disturbs the machine for a while disturbs all alike. */
async function measureCases(upstream: Upstream, servers: Servers, ids: Ids): Promise<Figures[]> {
  const all: (Figures & { run: (seconds: number) => Promise<Round> })[] = [];
  for (const one of cases) {
    const answers = new Map<Subject, unknown>();
    for (const [subject, server] of answering(one, servers)) {
      const request = requestOf(one, subject, ids);
      const { data, calls } = await askOnce(upstream, server, request);
      answers.set(subject, data);
      const run = (seconds: number) => measure(server, request, { connections: CONNECTIONS, seconds });
      all.push({ case: one, subject, calls, rounds: [], run });
    }
    if (answers.has('plain') && answers.has('gateway'))
      assertSame(one.name, answers.get('plain'), answers.get('gateway'));
  }
  for (const { run } of all) await run(WARM_SECONDS / all.length);
  for (let round = 0; round < rounds; round++) {
    for (const figures of all) figures.rounds.push(await figures.run(ROUND_SECONDS));
  }
  return all;
}

/** One request at a time, while the upstream takes its time. */
async function measureLatencies(upstream: Upstream, servers: Servers, ids: Ids): Promise<Figures[]> {
  const all: Figures[] = [];
  for (const one of cases.filter(({ goal }) => goal)) {
    for (const [subject, server] of servers) {
      if (!isGraphQL(subject)) continue;
      const request = requestOf(one, subject, ids);
      const { calls } = await askOnce(upstream, server, request);
      const round = await measure(server, request, { connections: 1, requests: 6 });
      all.push({ case: one, subject, calls, rounds: [round] });
    }
  }
  return all;
}

/** What the gateway needs before anybody asks it anything, and what a second worker adds. */
async function measureFootprint(upstream: Upstream, ids: Ids): Promise<Footprint> {
  const starts: number[] = [];
  for (let time = 0; time < 3; time++) {
    const gateway = await startGateway(upstream);
    starts.push(gateway.startMs);
    await gateway.stop();
  }
  const idle = await startGateway(upstream, { env: { GRAPHIQL: 'on' } });
  const idleRssMb = idle.rssMb();
  await idle.stop();
  return {
    startMs: median(starts),
    idleRssMb,
    scaling: await measureScaling(upstream, ids),
  };
}

/** Answers of two workers on two cores for one of a single worker on one, although the load takes some of the other. */
async function measureScaling(upstream: Upstream, ids: Ids) {
  const request = requestOf(HEAVY, 'gateway', ids);
  const workers = [
    await startGateway(upstream, { core: CORES.servers, env: { WORKERS: '1' } }),
    await startGateway(upstream, { env: { WORKERS: '2' } }),
  ];
  const rates: number[][] = [[], []];
  for (let round = 0; round < 5; round++) {
    for (const [index, server] of workers.entries()) {
      const { rate } = await measure(server, request, { connections: CONNECTIONS, seconds: 1 });
      if (round > 0) rates[index]?.push(rate); // the first warms up
    }
  }
  await Promise.all(workers.map((server) => server.stop()));
  return median(rates[1] ?? []) / median(rates[0] ?? []);
}

await main();
