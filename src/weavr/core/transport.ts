import { Pool } from 'undici';

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
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface RestRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string;
  deadline: 'read' | 'write' | 'file';
  /** Aborts the request, wherever it is. */
  signal?: AbortSignal;
}

export type Headers = Record<string, string | string[] | undefined>;

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
    readonly reason: 'UNREACHABLE' | 'TIMEOUT' | 'BROKEN' | 'TOO_LARGE' | 'ABORTED',
    cause?: unknown,
  ) {
    super(`no answer: ${reason}`, { cause });
    this.name = 'NoAnswer';
  }
}

export interface Transport {
  send(request: RestRequest): Promise<RestAnswer>;
  stream(request: RestRequest): Promise<RestStream>;
  close(): Promise<void>;
}

/** One pool of connections to one origin. Never follows a redirect, never repeats a request. */
export function createTransport({ baseUrl, deadlines, connections = 64 }: TransportOptions): Transport {
  const limits = { ...DEADLINES, ...deadlines };
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: limits.connect },
    headersTimeout: 0, // the deadline below covers the whole exchange, to the millisecond
    bodyTimeout: 0,
  });
  return {
    send: (request) => exchange(pool, { ...request, path: prefix + request.path }, limits[request.deadline]),
    stream: (request) => open(pool, { ...request, path: prefix + request.path }, limits[request.deadline]),
    close: () => pool.destroy(),
  };
}

function exchange(pool: Pool, { method, path, headers, body, signal }: RestRequest, deadline: number) {
  return new Promise<RestAnswer>((resolve, reject) => {
    let sent = false;
    let size = 0;
    let stop: ((error: Error) => void) | undefined;
    const chunks: Buffer[] = [];
    const answer = { status: 0, headers: {} as Headers };
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
    const timer = setTimeout(() => fail('TIMEOUT'), deadline);
    if (signal?.aborted) return fail('ABORTED');
    signal?.addEventListener('abort', onAbort, { once: true });
    pool.dispatch(
      { method, path, headers, body: body ?? null },
      {
        onRequestStart(controller) {
          if (stop) return controller.abort(new NoAnswer(false, 'ABORTED'));
          stop = (error) => controller.abort(error);
          sent = true;
        },
        onResponseStart(_controller, status, responseHeaders) {
          answer.status = status;
          answer.headers = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > MAX_BODY_BYTES) fail('TOO_LARGE');
          else chunks.push(chunk);
        },
        onResponseEnd() {
          settle(() => resolve({ ...answer, text: Buffer.concat(chunks).toString('utf8') }));
        },
        onResponseError(_controller, error) {
          fail(sent ? 'BROKEN' : 'UNREACHABLE', error);
        },
      },
    );
  });
}

async function open(pool: Pool, { method, path, headers, signal }: RestRequest, deadline: number): Promise<RestStream> {
  const timeout = AbortSignal.timeout(deadline);
  try {
    const {
      statusCode,
      headers: responseHeaders,
      body,
    } = await pool.request({
      method,
      path,
      headers,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { status: statusCode, headers: responseHeaders, body };
  } catch (error) {
    throw new NoAnswer(true, timeout.aborted ? 'TIMEOUT' : signal?.aborted ? 'ABORTED' : 'UNREACHABLE', error);
  }
}
