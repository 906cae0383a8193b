import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from './load.js';

/** What became of clients that keep their connections by saying hardly anything. */
export interface Slow {
  sockets: number;
  /** How many were told why, with 408. */
  told: number;
  /** Seconds until the last of them was cut off. */
  seconds: number;
}

/** Clients of three kinds: silent, with headers that never end, and with a body that never does. */
const BEGINNINGS = [
  '',
  'POST /graphql HTTP/1.1\r\nhost: x\r\nx-a: ',
  'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{',
];

export async function besiege(origin: string, sockets: number): Promise<Slow> {
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: sockets }, async (_, index) => {
      const socket = await dial(origin);
      return trickle(socket, BEGINNINGS[index % BEGINNINGS.length] ?? '');
    }),
  );
  const told = answers.filter((answer) => answer.startsWith('HTTP/1.1 408')).length;
  return { sockets, told, seconds: (performance.now() - started) / 1_000 };
}

/** Says a little four times a second until the other side ends it; answers what that said. */
async function trickle(socket: Socket, beginning: string) {
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.write(beginning);
  const timer = setInterval(() => beginning && socket.write('x'), 250);
  if (!socket.closed) await new Promise((closed) => socket.once('close', closed));
  clearInterval(timer);
  return heard;
}

/** Asks on as many connections, and leaves without waiting for an answer. */
export async function leaveEarly(
  origin: string,
  { path, headers, body = '' }: Request,
  clients: number,
  afterMs: number,
) {
  const lines = Object.entries({ host: 'x', ...headers, 'content-length': String(body.length) });
  const head = [`POST ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  const sockets = await Promise.all(Array.from({ length: clients }, () => dial(origin)));
  for (const socket of sockets) socket.write(`${head}\r\n\r\n${body}`);
  await delay(afterMs);
  for (const socket of sockets) socket.destroy();
}

async function dial(origin: string) {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}); // cut off
  await once(socket, 'connect');
  return socket;
}
