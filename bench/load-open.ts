import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import type { Request } from './load.js';

/** What a stream of requests came to that begins them at a rate, however they are answered. */
export interface Offered {
  /** Answers a second with 200, while requests were still being begun. */
  goodput: number;
  sent: number;
  /** By status; 0 is no answer at all. */
  statuses: Map<number, number>;
  /** From when a request was due to the end of its answer, in milliseconds, ascending. */
  accepted: number[];
  refused: number[];
}

export interface Rate {
  perSecond: number;
  seconds: number;
}

/** Begins requests at a rate, each on a connection that nobody else uses meanwhile, and waits for the last of them. */
export async function offer(origin: string, request: Request, { perSecond, seconds }: Rate): Promise<Offered> {
  const idle: Client[] = [];
  const offered: Offered = { goodput: 0, sent: 0, statuses: new Map(), accepted: [], refused: [] };
  const open: Promise<void>[] = [];
  const started = performance.now();
  const total = perSecond * seconds;
  while (offered.sent < total) {
    const due = Math.min(total, ((performance.now() - started) * perSecond) / 1_000);
    for (; offered.sent < due; offered.sent++) {
      open.push(one(started + (offered.sent * 1_000) / perSecond));
    }
    await delay(1);
  }
  offered.goodput = offered.accepted.length / ((performance.now() - started) / 1_000);
  await Promise.all(open);
  await Promise.all(idle.map((client) => client.close()));
  for (const latencies of [offered.accepted, offered.refused]) latencies.sort((a, b) => a - b);
  return offered;

  async function one(due: number) {
    const client = idle.pop() ?? new Client(origin);
    const status = await exchange(client, request).catch(() => 0);
    idle.push(client);
    offered.statuses.set(status, (offered.statuses.get(status) ?? 0) + 1);
    if (status === 200) offered.accepted.push(performance.now() - due);
    if (status === 503) offered.refused.push(performance.now() - due);
  }
}

function exchange(client: Client, request: Request) {
  return new Promise<number>((resolve, reject) => {
    let answered = 0;
    client.dispatch(request, {
      onRequestStart() {},
      onResponseStart(_controller, status) {
        answered = status;
      },
      onResponseData() {},
      onResponseEnd: () => resolve(answered),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

/** What a gateway tells at `/metrics`, by name and labels. */
export async function readMetrics(origin: string) {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return new Map(text.split('\n').map((line) => line.split(/ (?=\S+$)/) as [string, string])); // a name and a number
}

export const statusesOf = ({ statuses }: Offered) =>
  [...statuses]
    .sort()
    .map(([status, count]) => `${count} × ${status || 'no answer'}`)
    .join(', ');
