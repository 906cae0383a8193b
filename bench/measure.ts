import { isDeepStrictEqual } from 'node:util';
import type { Case, Ids } from './cases.js';
import { type Load, type LoadOptions, load, type Request } from './load.js';
import type { Server } from './processes.js';
import { isGraphQL, type Subject } from './subjects.js';
import type { Upstream } from './upstream.js';

/** What one load of one server came to. */
export interface Round {
  /** Answers a second. */
  rate: number;
  /** Answers a second of the server's own CPU time, which neighbours on the machine hardly change. */
  ratePerCpu?: number;
  /** Share of a core that the server had. */
  busy?: number;
  p50: number;
  p99: number;
}

const BEARER = { authorization: 'Bearer bench' };

export function requestOf({ query, variables, path }: Case, subject: Subject, ids: Ids): Request {
  if (isGraphQL(subject)) {
    const body = JSON.stringify({ query, variables: variables?.(ids) });
    return { method: 'POST', path: '/graphql', headers: { ...BEARER, 'content-type': 'application/json' }, body };
  }
  return { method: 'GET', path: path?.(ids) ?? '', headers: { ...BEARER, 'api-key': 'bench' } };
}

/** A server, or what stands in for Weavr. */
type Target = Pick<Server, 'origin'> & Partial<Server>;

export async function measure({ origin, cpuSeconds }: Target, request: Request, options: LoadOptions): Promise<Round> {
  const before = cpuSeconds?.();
  const done = await load(origin, request, options);
  const cpu = since(before, cpuSeconds?.());
  return {
    rate: done.answers / done.seconds,
    ratePerCpu: cpu && done.answers / cpu,
    busy: cpu && cpu / done.seconds,
    p50: quantile(done, 0.5),
    p99: quantile(done, 0.99),
  };
}

const since = (before: number | undefined, after: number | undefined) =>
  before === undefined || after === undefined ? undefined : after - before;

const quantile = ({ latencies }: Load, share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;

/** Asks twice, for the upstream keeps what it is asked first: the second time answers the data and the REST calls. */
export async function askOnce(upstream: Upstream, { origin }: Server, { path, ...request }: Request) {
  const ask = async () => (await fetch(origin + path, request)).json() as Promise<{ data?: unknown; errors?: unknown }>;
  await ask();
  upstream.takeCalls();
  const { data, errors } = await ask();
  if (errors) throw new Error(JSON.stringify(errors).slice(0, 1_000));
  return { data, calls: upstream.takeCalls() };
}

/** What is compared must answer the same. */
export function assertSame(name: string, one: unknown, other: unknown) {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${name}: the plain build and the gateway answer differently`);
}

export async function readIds({ origin }: Upstream): Promise<Ids> {
  const last = async (list: string, items: string) => {
    const page = (await (await fetch(`${origin}/multi/${list}`)).json()) as Record<string, { id: string }[]>;
    return page[items]?.at(-1)?.id ?? '';
  };
  return {
    card: await last('managed_cards?mode=DEBIT_MODE&offset=0&limit=100', 'cards'),
    account: await last('managed_accounts?offset=0&limit=100', 'accounts'), // the oldest has the long statement
  };
}
