import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { CallRecord } from '../weavr/core/client.js';
import { LightSignal, type Signal } from '../weavr/core/signal.js';

const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Names are whatever callers choose; more of one is not kept. */
const MAX_NAME = 100;

/** What logs and metrics may tell of one HTTP request: of what its caller sent, nothing but the operation's name. */
export interface RequestRecord {
  /** The caller's own, or one made here; the answer carries it too. */
  readonly requestId: string;
  /** Absent where nobody but a load balancer or a browser asks. */
  readonly route?: string;
  readonly method: string;
  /** Who the headers say that it is; a refusal's code tells whether they may be believed. */
  readonly caller: 'ANONYMOUS' | 'USER' | 'BACK_OFFICE';
  readonly started: number;
  /** Absent where the request was refused before anything was executed. */
  operation: { readonly type: string; readonly name?: string } | undefined;
  calls: readonly CallRecord[];
  readonly codes: string[];
  /** Aborted when the caller is gone before the answer is. */
  readonly left: Signal;
  /** How the answer ended; absent until then, and where the caller left before there was any. */
  status: number | undefined;
  /** Whether all of the answer was sent. */
  whole: boolean;
  ms: number;
}

const ROUTE = /^\/(graphql|downloads)(?![^/?])/;

/** Where a request carries its record: looking it up in a WeakMap would cost every collection of garbage something. */
const RECORD = Symbol('record');
type Carrier = IncomingMessage & { [RECORD]?: RequestRecord };

const idIn = ({ 'x-request-id': id }: IncomingHttpHeaders) =>
  typeof id === 'string' && REQUEST_ID.test(id) ? id : randomUUID();

/** In the order of `sessionOf`, which looks closer. */
function callerIn(headers: IncomingHttpHeaders): RequestRecord['caller'] {
  if (headers['x-back-office-key'] !== undefined || headers['x-act-as'] !== undefined) return 'BACK_OFFICE';
  return headers.authorization === undefined ? 'ANONYMOUS' : 'USER';
}

/** Opens a request's record, names the request in its answer, and waits for the end of that. */
export function openRecord(req: IncomingMessage, res: ServerResponse) {
  const { method = '', url = '', headers, socket } = req;
  const left = new LightSignal();
  const record: RequestRecord = {
    requestId: idIn(headers),
    route: ROUTE.exec(url)?.[1],
    method,
    caller: callerIn(headers),
    started: performance.now(),
    operation: undefined,
    calls: [],
    codes: [],
    left,
    status: undefined,
    whole: false,
    ms: 0,
  };
  (req as Carrier)[RECORD] = record;
  res.setHeader('x-request-id', record.requestId);
  res.on('finish', () => {
    record.whole = !socket.destroyed; // an answer finishes too when what is left of it is lost
  });
  const ended = new Promise<void>((done) => {
    res.on('close', () => {
      if (res.headersSent) record.status = res.statusCode;
      if (!res.writableFinished) left.abort();
      done();
    });
  });
  return { record, ended };
}

export function noteRefusal(req: Carrier, code: string) {
  req[RECORD]?.codes.push(code);
}

/** `calls` may still grow. */
export function noteOperation(
  record: RequestRecord,
  type: string,
  name: string | undefined,
  calls: readonly CallRecord[],
) {
  record.operation = { type, name: name?.slice(0, MAX_NAME) };
  record.calls = calls;
}
