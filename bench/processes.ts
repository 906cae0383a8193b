import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** The servers under test get a core of their own; load and upstream share the other. */
export const CORES = { load: 0, servers: 1 };

/** Counted before this process pins itself, which those that it starts would inherit. */
const ALL_CORES = `0-${availableParallelism() - 1}`;

export const pins =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', String(CORES.servers), 'true']).status === 0;

export interface Server {
  origin: string;
  /** From the command to the first answer. */
  startMs: number;
  /** CPU time of all its processes in seconds, or undefined where the OS does not tell. */
  cpuSeconds(): number | undefined;
  /** Resident memory of all its processes in megabytes. */
  rssMb(): number;
  stop(): Promise<void>;
}

export interface Command {
  command: (port: number) => readonly string[];
  env?: (port: number) => Record<string, string>;
  /** Answers as soon as it serves. */
  ready: string;
  /** Any core when absent. */
  core?: number;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** Starts a server on a free port and waits until it answers. */
export async function start({ command, env, ready, core }: Command): Promise<Server> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const pinned = pins ? ['taskset', '-c', String(core ?? ALL_CORES)] : [];
  const [file = '', ...args] = [...pinned, ...command(port)];
  const started = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...env?.(port) }, stdio: ['ignore', 'ignore', 'inherit'] });
  running.add(child);
  await untilAnswered(origin + ready, child);
  const startMs = performance.now() - started;
  const processes = treeOf(child.pid!); // it has a pid, for it has answered
  return {
    origin,
    startMs,
    cpuSeconds: () => total(processes.map(({ pid }) => cpuSecondsOf(pid))),
    rssMb: () => total(treeOf(child.pid!).map(({ kilobytes }) => kilobytes / 1024)) ?? 0,
    stop: async () => {
      running.delete(child);
      if (child.exitCode === null && child.kill()) await once(child, 'exit');
    },
  };
}

/** Keeps this process, which makes the load, off the servers' core. */
export function pinMyself() {
  if (pins) spawnSync('taskset', ['-a', '-c', '-p', String(CORES.load), String(process.pid)]);
}

async function untilAnswered(url: string, child: ChildProcess) {
  const answers = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
    await delay(5);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A process with all that it has started: a command may wrap the server, or have workers. */
function treeOf(root: number) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, kilobytes = 0]) => ({ pid, parent, kilobytes }));
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid)); // grows while it is read
  return tree;
}

/** Linux tells in nanoseconds, by thread. */
function cpuSecondsOf(pid: number) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return threads.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;
  } catch {
    return undefined;
  }
}

const total = (parts: (number | undefined)[]) =>
  parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
