import { Pool } from 'undici';
import { abortSignalOf, type Signal } from './signal.js';

export interface TransportOptions {
  baseUrl: string;
  /** Milliseconds: how long a connection, a read and a write may take in all. */
  deadlines?: Partial<Deadlines>;
  connections?: number;
}

export interface Deadlines {
  connect: number;
  read: number;
  write: number;
  file: number;
}

const DEADLINES: Deadlines = { connect: 3_000, read: 10_000, write: 25_000, file: 60_000 };

export const deadlinesOf = (deadlines?: Partial<Deadlines>): Deadlines => ({ ...DEADLINES, ...deadlines });

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface RestRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string;
  deadline: 'read' | 'write' | 'file';
  /** Milliseconds: less than the deadline where it is not the only try. */
  timeout?: number;
  /** Goes before those that are not, where requests have to wait. */
  urgent?: boolean;
  /** Aborts the request, wherever it is. */
  signal?: Signal;
}

export type Headers = Record<string, string | string[] | undefined>;

/** A header's value, the first if it came more than once. */
export const one = (value: Headers[string]) => (Array.isArray(value) ? value[0] : value);

export interface RestAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** A file's answer: its bytes are read by whoever takes the stream, under the same deadline. */
export interface RestStream {
  status: number;
  headers: Headers;
  body: NodeJS.ReadableStream & AsyncIterable<Buffer>;
}

/** No whole answer came. `sent` says whether a byte of the request may have left. */
export class NoAnswer extends Error {
  constructor(
    readonly sent: boolean,
    readonly reason: 'UNREACHABLE' | 'UNTRUSTED' | 'CIRCUIT_OPEN' | 'TIMEOUT' | 'BROKEN' | 'TOO_LARGE' | 'ABORTED',
    cause?: unknown,
    readonly retryAfterSeconds?: number,
  ) {
    super(`no answer: ${reason}`, { cause });
    this.name = 'NoAnswer';
  }
}

/** It was not sent: the rate limit has no room for it, and will have none for so many seconds. */
export class NoPermit extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super('no permit');
    this.name = 'NoPermit';
  }
}

export interface Transport {
  send(request: RestRequest): Promise<RestAnswer>;
  stream(request: RestRequest): Promise<RestStream>;
  close(): Promise<void>;
}

/** One pool of connections to one origin. Never follows a redirect, never repeats a request. */
export function createTransport({ baseUrl, deadlines, connections = 64 }: TransportOptions): Transport {
  const limits = deadlinesOf(deadlines);
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: limits.connect },
    headersTimeout: 0, // the deadline below covers the whole exchange, to the millisecond
    bodyTimeout: 0,
  });
  const within = ({ deadline, timeout = limits[deadline] }: RestRequest) => timeout;
  return {
    send: (request) => exchange(pool, prefix + request.path, request, within(request)),
    stream: (request) => open(pool, { ...request, path: prefix + request.path }, within(request)),
    close: () => pool.destroy(),
  };
}

function exchange(pool: Pool, path: string, request: RestRequest, timeout: number) {
  const { signal } = request;
  return new Promise<RestAnswer>((resolve, reject) => {
    let sent = false;
    let size = 0;
    let stop: ((error: Error) => void) | undefined;
    const chunks: Buffer[] = [];
    let status = 0;
    let headers: Headers = {};
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (reason: NoAnswer['reason'], cause?: unknown) => {
      const error = new NoAnswer(sent, reason, cause);
      settle(() => reject(error));
      stop?.(error);
      stop ??= () => {}; // remembered, so that a request still waiting for a socket never starts
    };
    const onAbort = () => fail('ABORTED');
    const timer = setTimeout(() => fail('TIMEOUT'), timeout);
    if (signal?.aborted) return fail('ABORTED');
    signal?.addEventListener('abort', onAbort);
    pool.dispatch(
      { method: request.method, path, headers: request.headers, body: request.body ?? null },
      {
        onRequestStart(controller) {
          if (stop) return controller.abort(new NoAnswer(false, 'ABORTED'));
          stop = (error) => controller.abort(error);
          sent = true;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > MAX_BODY_BYTES) fail('TOO_LARGE');
          else chunks.push(chunk);
        },
        onResponseEnd() {
          settle(() => resolve({ status, headers, text: textOf(chunks) }));
        },
        onResponseError(_controller, error) {
          fail(reasonOf(error, sent), error);
        },
      },
    );
  });
}

async function open(pool: Pool, { method, path, headers, signal }: RestRequest, timeout: number): Promise<RestStream> {
  const late = AbortSignal.timeout(Math.ceil(timeout)); // it takes nothing but whole milliseconds
  try {
    const answer = await pool.request({
      method,
      path,
      headers,
      signal: signal ? AbortSignal.any([abortSignalOf(signal), late]) : late,
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  } catch (error) {
    throw new NoAnswer(true, late.aborted ? 'TIMEOUT' : signal?.aborted ? 'ABORTED' : reasonOf(error, true), error);
  }
}

/** What TLS says of a certificate that is not to be trusted, in OpenSSL's words and in Node's. */
const CERTIFICATE = /CERT|SIGNATURE|^ERR_(TLS|SSL)/;

function reasonOf(error: unknown, sent: boolean): NoAnswer['reason'] {
  const { code } = error as { code?: unknown }; // whatever undici throws, it is an object
  if (CERTIFICATE.test(String(code))) return 'UNTRUSTED';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'TOO_LARGE';
  return sent ? 'BROKEN' : 'UNREACHABLE';
}

/** What has been read, as text; nearly all of it comes in one piece. */
export const textOf = (chunks: readonly Buffer[]) =>
  (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8');

/** The body of an answer that is no file, as far as it comes; of too much, nothing. */
export async function textIn({ body }: RestStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return ''; // leaving the loop ends the stream
      chunks.push(chunk);
    }
  } catch {
    // Its status has said enough.
  }
  return textOf(chunks);
}
