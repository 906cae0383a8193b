import { cpus, totalmem, type } from 'node:os';
import type { Case } from './cases.js';
import type { Round } from './measure.js';
import { pins } from './processes.js';
import type { Subject } from './subjects.js';

export interface Figures {
  case: Case;
  subject: Subject;
  /** Of one query, counted at the upstream. */
  calls: number;
  rounds: Round[];
}

export interface Footprint {
  startMs: number;
  idleRssMb: number;
  /** Answers with two workers for one with a single worker. */
  scaling: number;
}

export interface Results {
  connections: number;
  figures: readonly Figures[];
  /** The same queries, one at a time, with an upstream that takes its time. */
  waiting: readonly Figures[];
  latencyMs: number;
  roundTripMs: number;
  /** Of whole runs. */
  footprint?: Footprint;
  memory: readonly { subject: Subject; rssMb: number }[];
}

const START_MS = 1_000;
const IDLE_RSS_MB = 150;
const SCALING = 1.7;
const OWN_WORK_MS = 5;

export function median(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place: number) => sorted[place] ?? Number.NaN;
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2;
}

const medianOf = ({ rounds }: Figures, read: (round: Round) => number | undefined) =>
  median(rounds.map(read).filter((value) => value !== undefined));

const NAMES: Record<Subject, string> = {
  proxy: 'raw proxy',
  parsing: 'parsing proxy',
  picking: 'picking proxy',
  plain: 'plain Yoga',
  gateway: 'gateway',
};

/** The whole of RESULTS.md. */
export function report(results: Results) {
  const parts = [
    '# Bench',
    introduction(results),
    '## Goals',
    goals(results),
    '## Figures',
    figures(results),
    `## With an upstream that takes ${results.latencyMs} ms`,
    waiting(results),
    '## Start and memory',
    footprint(results),
  ];
  return `${parts.join('\n\n')}\n`;
}

const introduction = (results: Results) => `\`npm run bench\` writes this page. ${machine()}

- **gateway**: what \`npm start\` starts, in front of a static upstream that serves the sandbox's answers from memory.
- **plain Yoga**: the same schema and resolvers in \`createYoga\` as it comes, with its own caches and executor; every read of a
  resolver is a \`fetch\` of its own. No batching, no limits, no log. Both must answer the same data before anything is measured.
- **raw proxy**: \`node:http\` and an undici pool that pass the query's main REST call on, and its bytes back. The **parsing
  proxy** reads them as JSON and writes them again; the **picking proxy** reads them as JSON and writes what the query asks for,
  by code that was written for this query alone. It knows no GraphQL, and nothing that can go wrong.

${method(results)}`;

const method = ({
  connections,
  figures: all,
}: Results) => `${connections} connections ask again as soon as they are answered. Each figure is the median of ${all[0]?.rounds.length} interleaved rounds.
Ratios compare answers per second of the server's own CPU time, where the OS tells it: other work on the machine weighs little
then. Load and upstream are one thread that never sleeps, so that no server pays for waking it. REST calls are counted at the
upstream.`;

function machine() {
  const memory = Math.round(totalmem() / 1024 ** 3);
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const cores = `${cpus().length} cores (${model}), ${memory} GiB, ${type()}, Node ${process.versions.node}`;
  const pinned = pins ? 'servers under test on one core, load and upstream on another' : 'nothing pinned';
  return `Measured on a machine with ${cores}; ${pinned}.`;
}

/** How many times as many answers as another subject gives, the median of the rounds. */
function times(results: Results, name: string, other: Subject) {
  const of = (subject: Subject) => results.figures.find((one) => one.case.name === name && one.subject === subject);
  const [ours, theirs] = [of('gateway')?.rounds, of(other)?.rounds];
  if (!ours || !theirs) return undefined;
  return median(ours.map((round, index) => speed(round) / speed(theirs[index]!)));
}

const speed = ({ ratePerCpu, rate }: Round) => ratePerCpu ?? rate;

function goals(results: Results) {
  const rows = results.figures
    .filter(({ subject, case: { goal } }) => subject === 'gateway' && goal)
    .map(({ case: { name, goal }, calls }) => {
      const { plain, limit, roundTrips } = goal!;
      return [
        name,
        held(calls, calls <= goal!.calls, String(goal!.calls)),
        plain ? atLeast(times(results, name, 'plain'), plain) : '–',
        limit ? atLeast(times(results, name, limit.subject), limit.times, ` of the ${NAMES[limit.subject]}`) : '–',
        roundTrips ? latencyGoal(results, name, roundTrips) : '–',
      ];
    });
  return table(['query', 'REST calls', '× plain Yoga', '× limit', 'latency'], rows);
}

function latencyGoal({ waiting: all, roundTripMs }: Results, name: string, roundTrips: number) {
  const figure = all.find(({ subject, case: one }) => subject === 'gateway' && one.name === name);
  if (!figure) return '–';
  const latency = medianOf(figure, ({ p50 }) => p50);
  const most = roundTrips * roundTripMs + OWN_WORK_MS;
  return held(`${latency.toFixed(1)} ms`, latency <= most, `${most.toFixed(1)} ms`);
}

const held = (value: string | number, holds: boolean, goal: string) =>
  `${value} (goal ${goal}: ${holds ? 'yes' : '**no**'})`;

const atLeast = (value: number | undefined, goal: number, of = '') =>
  value === undefined ? '–' : held(value.toFixed(2), value >= goal, `≥ ${goal}${of}`);

const figures = ({ figures: all }: Results) =>
  table(
    ['query', 'subject', 'REST calls', 'answers/s', 'of its core', 'answers per CPU second', 'p50 ms', 'p99 ms'],
    all.map((one) => [
      one.case.name,
      NAMES[one.subject],
      one.calls,
      medianOf(one, ({ rate }) => rate).toFixed(0),
      percent(medianOf(one, ({ busy }) => busy)),
      medianOf(one, ({ ratePerCpu }) => ratePerCpu).toFixed(0),
      medianOf(one, ({ p50 }) => p50).toFixed(2),
      medianOf(one, ({ p99 }) => p99).toFixed(2),
    ]),
  );

function waiting({ waiting: all, roundTripMs }: Results) {
  const rows = all.map((one) => {
    const latency = medianOf(one, ({ p50 }) => p50);
    return [one.case.name, NAMES[one.subject], one.calls, latency.toFixed(1), (latency / roundTripMs).toFixed(2)];
  });
  return `One request at a time; a round trip to the upstream takes ${roundTripMs.toFixed(1)} ms.

${table(['query', 'subject', 'REST calls', 'p50 ms', 'round trips'], rows)}`;
}

function footprint({ footprint: found, memory }: Results) {
  const loaded = memory.map(({ subject, rssMb }) => [
    `RSS of the ${NAMES[subject]} after the load`,
    `${rssMb.toFixed(0)} MB`,
  ]);
  if (!found) return table(['', 'measured'], loaded);
  const { startMs, idleRssMb, scaling } = found;
  return table(
    ['', 'measured'],
    [
      ['start-up without GraphiQL', held(`${startMs.toFixed(0)} ms`, startMs <= START_MS, `≤ ${START_MS} ms`)],
      [
        'RSS, idle, GraphiQL never opened',
        held(`${idleRssMb.toFixed(0)} MB`, idleRssMb <= IDLE_RSS_MB, `≤ ${IDLE_RSS_MB} MB`),
      ],
      ['`WORKERS=2` on two cores, which the load shares, for one worker on one', atLeast(scaling, SCALING)],
      ...loaded,
    ],
  );
}

const percent = (share: number) => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–');

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
