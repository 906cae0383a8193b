import { gzipSync } from 'node:zlib';
import type { Fault } from '../src/sandbox/core/faults.js';

/** What the caller hears, how often Weavr was called, and for a write how often money has moved: `OK 2/1`. */
export type Expected = string;

export interface Outcomes {
  read: Expected;
  keyed: Expected;
  /** The keyed write where `retryWrites` is `idempotent`. */
  repeatable: Expected;
  keyless: Expected;
}

export interface Row extends Outcomes {
  fault: Fault;
  /** How many calls it strikes: all that may come, if not one. */
  once?: true;
  /** Milliseconds: where time is what is lacking. */
  deadline?: number;
  /** A call goes before, so that the fault strikes a connection that has served. */
  reused?: true;
}

/** Long enough for a busy machine to be in time with what is to succeed. */
const LATE_MS = 1_000;
const INVALID = 'UPSTREAM_INVALID_RESPONSE';

const status = (code: number, effect: boolean, headers?: Record<string, string>): Fault => ({
  kind: 'STATUS',
  status: code,
  effect,
  headers,
});
const text = (
  body: string | Buffer,
  mediaType = 'application/json',
  more: { status?: number; headers?: Record<string, string> } = {},
): Fault => ({
  kind: 'TEXT',
  text: body,
  mediaType,
  ...more,
});

/** 20 MB of nothing in 20 kB. */
const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
const sorry = '<html>Bad gateway</html>';

/** One answer is lost, with the write done; what is tried again succeeds, and no money moves twice. */
const LOST = { once: true, read: 'OK 2', keyed: 'UNKNOWN 1/1', repeatable: 'OK 2/1', keyless: 'UNKNOWN 1/1' } as const;
const LOST_UNDONE = { ...LOST, keyed: 'UNKNOWN 1/0', keyless: 'UNKNOWN 1/0' };
/** Every answer is lost, and each try may cost the time of the next. */
const SILENT = {
  deadline: LATE_MS,
  read: 'UPSTREAM_TIMEOUT 2',
  keyed: 'UNKNOWN 1/1',
  repeatable: 'UNKNOWN 2/1',
  keyless: 'UNKNOWN 1/1',
};
const SILENT_UNDONE = { ...SILENT, keyed: 'UNKNOWN 1/0', repeatable: 'UNKNOWN 2/0', keyless: 'UNKNOWN 1/0' };
/** Every answer is none that the contract knows. */
const WRONG = { read: `${INVALID} 2`, keyed: 'UNKNOWN 1/1', repeatable: 'UNKNOWN 2/1', keyless: 'UNKNOWN 1/1' };
/** The same, where another try would only be answered so again. */
const WRONG_FOR_GOOD = { ...WRONG, read: `${INVALID} 1`, repeatable: 'UNKNOWN 1/1' };
const UNHARMED = { read: 'OK 1', keyed: 'OK 1/1', repeatable: 'OK 1/1', keyless: 'OK 1/1' };

const refused = (code: string) => ({
  read: `${code} 1`,
  keyed: `${code} 1/0`,
  repeatable: `${code} 1/0`,
  keyless: `${code} 1/0`,
});

/** What can be wrong with the answer to a request that has arrived. */
// biome-ignore format: a table reads best as a table
export const ROWS: Record<string, Row> = {
  'a late answer':                    { fault: { kind: 'LATENCY', ms: 20 }, ...UNHARMED },
  'a reset before the effect':        { fault: { kind: 'RESET', effect: false }, ...LOST_UNDONE },
  'a reset after the effect':         { fault: { kind: 'RESET' }, ...LOST },
  'an end after the effect':          { fault: { kind: 'END' }, ...LOST },
  'a reset of a reused connection':   { fault: { kind: 'RESET', effect: false }, reused: true, ...LOST_UNDONE },
  'an end of a reused connection':    { fault: { kind: 'END', effect: false }, reused: true, ...LOST_UNDONE },
  'half of the headers':              { fault: { kind: 'HALF_HEADERS' }, ...LOST },
  'half of the body':                 { fault: { kind: 'HALF' }, ...LOST },
  'half of a chunk':                  { fault: { kind: 'CUT_CHUNK' }, ...LOST },
  'half of a JSON text':              { fault: { kind: 'CUT_JSON' }, ...LOST },
  'no HTTP':                          { fault: { kind: 'GARBAGE' }, ...LOST },
  'a thousand times 100':             { fault: { kind: 'CONTINUES' }, ...LOST },
  'more than was asked for':          { fault: { kind: 'TAIL' }, ...UNHARMED },
  'a connection that ends unannounced': { fault: { kind: 'LEAVE' }, ...UNHARMED },
  'no JSON':                          { fault: text('{"id": '), ...WRONG },
  'a page':                           { fault: text('<html>Welcome</html>', 'text/html'), ...WRONG },
  'an empty answer':                  { fault: text(''), ...WRONG },
  'a 204 in the place of a 200':      { fault: status(204, true), ...WRONG },
  'a packed answer that is too long': { fault: text(bomb, undefined, { headers: { 'content-encoding': 'gzip' } }), ...WRONG },
  'an answer without end':            { fault: { kind: 'FLOOD' }, ...WRONG_FOR_GOOD },
  'too long headers':                 { fault: { kind: 'LONG_HEADERS' }, ...WRONG_FOR_GOOD },
  'a 429':                            { fault: status(429, false, { 'x-ratelimit-reset': '1' }), ...refused('RATE_LIMITED') },
  'a 401':                            { fault: status(401, false), ...refused('UNAUTHENTICATED') },
  'a 500 before the effect':          { fault: status(500, false), ...LOST_UNDONE },
  'a 500 after the effect':           { fault: status(500, true), ...LOST },
  'nothing but 500':                  { fault: status(500, true), ...WRONG, read: 'UPSTREAM_UNAVAILABLE 2' },
  'nothing but 502':                  { fault: text(sorry, 'text/html', { status: 502 }), ...WRONG, read: 'UPSTREAM_UNAVAILABLE 3', repeatable: 'UNKNOWN 3/1' },
  'nothing but 503':                  { fault: status(503, false), read: 'UPSTREAM_UNAVAILABLE 3', keyed: 'UNKNOWN 1/0', repeatable: 'UNKNOWN 3/0', keyless: 'UNKNOWN 1/0' },
};

/** The same, where time is what is lacking. */
// biome-ignore format: a table reads best as a table
export const SLOW_ROWS: Record<string, Row> = {
  'an answer later than its try':     { fault: { kind: 'HANG' }, deadline: LATE_MS, ...LOST },
  'no answer':                        { fault: { kind: 'HANG', effect: false }, ...SILENT_UNDONE },
  'headers and then nothing':         { fault: { kind: 'HEADERS_ONLY' }, ...SILENT },
  'a byte at a time':                 { fault: { kind: 'TRICKLE' }, ...SILENT },
};

/** Redirects to another server, which must hear nothing. */
export const redirectTo = (location: string): Record<string, Row> =>
  Object.fromEntries(
    [301, 302, 303, 307, 308].map((code) => [
      `a ${code} to elsewhere`,
      { fault: status(code, true, { location }), ...WRONG_FOR_GOOD },
    ]),
  );
