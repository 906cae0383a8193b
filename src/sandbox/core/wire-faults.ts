import type { Socket } from 'node:net';

/** Writes to the bare socket what an HTTP server would not: `body` is the answer that the client has a right to. */
type Play = (socket: Socket, body: string) => void;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

const half = (text: string) => text.slice(0, Math.floor(text.length / 2));
const sized = (body: string) => `${HEAD}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;

const HEADER_BYTES = 64 * 1024;
const CONTINUES = 1_000;
const TRICKLE_MS = 20;

export const WIRE_FAULTS = {
  HANG: () => {},
  RESET: (socket) => socket.resetAndDestroy(),
  /** The connection ends as if all had been said. */
  END: (socket) => socket.end(),
  HALF_HEADERS: (socket) => socket.end(HEAD.slice(0, -4)),
  HALF: (socket, body) => socket.end(sized(body) + half(body)),
  /** And then silence. */
  HEADERS_ONLY: (socket, body) => socket.write(sized(body)),
  CUT_CHUNK: (socket, body) =>
    socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${half(body)}`),
  /** Nothing but the JSON shows that it is cut: the body ends with the connection. */
  CUT_JSON: (socket, body) => socket.end(`${HEAD}connection: close\r\n\r\n${half(body)}`),
  GARBAGE: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  /** The whole answer, and more that nobody has asked for. */
  TAIL: (socket, body) => socket.write(`${sized(body)}${body}${HEAD}\r\n{"id":"1"}`),
  /** The whole answer, and no more connection, which nothing has announced. */
  LEAVE: (socket, body) => socket.end(sized(body) + body),
  LONG_HEADERS: (socket, body) => socket.write(`${HEAD}x-long: ${'x'.repeat(HEADER_BYTES)}\r\n\r\n${body}`),
  CONTINUES: (socket, body) =>
    socket.write(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(CONTINUES)}${sized(body)}${body}`),
  /** A byte at a time, so that something always arrives. */
  TRICKLE: (socket, body) => {
    socket.write(sized(body.repeat(TRICKLE_MS)));
    const timer = setInterval(() => socket.write(' '), TRICKLE_MS);
    socket.once('close', () => clearInterval(timer));
  },
  /** A body without end, for as long as somebody takes it. */
  FLOOD: (socket) => {
    const more = () => {
      while (socket.write(' '.repeat(65_536)));
    };
    socket.on('drain', more).write(`${HEAD}connection: close\r\n\r\n`);
    more();
  },
} satisfies Record<string, Play>;

export type WireFault = keyof typeof WIRE_FAULTS;
