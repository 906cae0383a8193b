import { Client } from 'undici';

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What a closed loop of so many connections came to. */
export interface Load {
  answers: number;
  seconds: number;
  /** Of each answer, in milliseconds, ascending. */
  latencies: number[];
}

export interface LoadOptions {
  connections: number;
  /** No request begins after it; those begun are waited for, so that nothing is left for whoever is measured next. */
  seconds?: number;
  /** Of each connection. */
  requests?: number;
}

/** Each connection asks again as soon as it is answered. Fails on any answer but 200. */
export async function load(origin: string, request: Request, options: LoadOptions): Promise<Load> {
  const { connections, seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = options;
  const clients = Array.from({ length: connections }, () => new Client(origin));
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    clients.map(async (client) => {
      for (let left = requests; left > 0 && performance.now() < until; left--) {
        const asked = performance.now();
        await exchange(client, request);
        latencies.push(performance.now() - asked);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  await Promise.all(clients.map((client) => client.close()));
  return { answers: latencies.length, seconds: elapsed, latencies: latencies.sort((a, b) => a - b) };
}

/** The body is read and dropped: the generator must have more to spare than any server under test. */
function exchange(client: Client, request: Request) {
  return new Promise<void>((resolve, reject) => {
    client.dispatch(request, {
      onRequestStart() {},
      onResponseStart(_controller, status) {
        if (status !== 200) reject(new Error(`${request.path} answered ${status}`));
      },
      onResponseData() {},
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
