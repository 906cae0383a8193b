import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from './http/log.js';

/** What workers may ask their primary by name: it is one for all of them. */
// biome-ignore lint/suspicious/noExplicitAny: every answer has arguments of its own, which `Ask` keeps
export type Answers = Record<string, (...args: any[]) => unknown>;

export type Ask<A extends Answers> = <K extends keyof A & string>(
  name: K,
  ...args: Parameters<A[K]>
) => Promise<Awaited<ReturnType<A[K]>>>;

interface Question {
  ask: string;
  number: number;
  args: unknown[];
}

type Reply = { number: number; value: unknown } | { number: number; failure: string };

const LEAVE = 'leave';

/** How many workers may die within a minute and be replaced: what dies more often will die again. */
const MOST_DEATHS = 5;
const MINUTE_MS = 60_000;

export interface WorkersOptions {
  count: number;
  answers: Answers;
  logger: Pick<Logger, 'info' | 'warn'>;
}

export interface Workers {
  /** Where all of them listen. */
  port: number;
  /** Lets all of them answer what they have begun. */
  leave(): Promise<void>;
  /** Ends all of them where they are. */
  kill(): void;
  /** Resolves when they die faster than it makes sense to replace them. */
  hopeless: Promise<void>;
}

/** A worker has ended before it served, and has said why. */
export class NotStarted extends Error {
  constructor(readonly exitCode: number) {
    super(`a worker ended with ${exitCode}`);
    this.name = new.target.name;
  }
}

/** Runs this very command several times on one port. The first shows whether it can run at all; then come the others. */
export async function startWorkers({ count, answers, logger }: WorkersOptions): Promise<Workers> {
  cluster.setupPrimary({ serialization: 'advanced' });
  cluster.on('fork', (worker) => worker.on('error', () => {})); // what cannot be sent to one that dies; its end tells all
  const serving = new Set<Worker>();
  cluster.on('listening', (worker) => {
    serving.add(worker);
    logger.info({ worker: worker.process.pid, serves: true });
  });
  cluster.on('message', (worker, { ask, number, args }: Question) => {
    if (ask in answers) void answer(worker, number, () => answers[ask]?.(...args));
  });
  const port = await firstListening(cluster.fork());
  const { hopeless, stop } = replaceTheDead(serving, logger);
  for (let more = 1; more < count; more++) cluster.fork();
  const kill = (workers = running()) => {
    for (const worker of workers) worker.process.kill('SIGKILL');
  };
  return {
    port,
    hopeless,
    kill: () => kill(),
    async leave() {
      stop();
      kill(running().filter((worker) => !serving.has(worker))); // they have begun nothing
      for (const worker of serving) if (worker.isConnected()) worker.send(LEAVE);
      await Promise.all(running().map((worker) => new Promise((ended) => worker.once('exit', ended))));
    },
  };
}

const running = () =>
  Object.values(cluster.workers ?? {}).flatMap((worker) => (worker && !worker.isDead() ? [worker] : []));

async function firstListening(worker: Worker) {
  const failed = once(worker, 'exit').then(([code]) => Promise.reject(new NotStarted(code ?? 1)));
  const [address] = await Promise.race([once(worker, 'listening'), failed]);
  failed.catch(() => {}); // from now on its end is another matter
  return (address as AddressInfo).port; // the gateway listens on TCP
}

function replaceTheDead(serving: Set<Worker>, logger: WorkersOptions['logger']) {
  let deaths: number[] = [];
  let giveUp: () => void;
  const hopeless = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const replace = (worker: Worker, code: number | null, signal: string | null) => {
    serving.delete(worker);
    logger.warn({ worker: worker.process.pid, ended: signal ?? code });
    const now = performance.now();
    deaths = [...deaths.filter((at) => at > now - MINUTE_MS), now];
    if (deaths.length > MOST_DEATHS) giveUp();
    else cluster.fork();
  };
  cluster.on('exit', replace);
  return { hopeless, stop: () => cluster.off('exit', replace) };
}

async function answer(worker: Worker, number: number, find: () => unknown) {
  const reply: Reply = await new Promise((resolve) => resolve(find())).then(
    (value) => ({ number, value }),
    (error: Error) => ({ number, failure: error.message }),
  );
  if (worker.isConnected()) worker.send(reply);
}

/** A worker's side: it asks its primary, and leaves when that says so, for signals reach both. */
export function asWorker<A extends Answers>(leave: () => void): Ask<A> {
  const waiting = new Map<number, (reply: Reply) => void>();
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  process.on('message', (message: Reply | typeof LEAVE) => {
    if (message === LEAVE) return leave();
    waiting.get(message.number)?.(message);
    waiting.delete(message.number);
  });
  return (ask, ...args) =>
    new Promise((resolve, reject) => {
      const number = asked++;
      waiting.set(number, (reply) => {
        if ('failure' in reply) reject(new Error(reply.failure));
        else resolve(reply.value as never); // what the primary answers under this name
      });
      process.send?.({ ask, number, args } satisfies Question);
    });
}
