import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { CallRecord } from '../weavr/core/client.js';

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
  operation?: { readonly type: string; readonly name?: string };
  calls: readonly CallRecord[];
  readonly codes: string[];
}

/** A request whose answer is over. */
export interface Answered extends RequestRecord {
  /** Absent where the caller left before there was any. */
  readonly status?: number;
  /** Whether all of the answer was sent. */
  readonly whole: boolean;
  readonly ms: number;
}

const ROUTE = /^\/(graphql|downloads)(?![^/?])/;

const records = new WeakMap<IncomingMessage, RequestRecord>();

const idIn = ({ 'x-request-id': id }: IncomingHttpHeaders) =>
  typeof id === 'string' && REQUEST_ID.test(id) ? id : randomUUID();

/** In the order of `sessionOf`, which looks closer. */
function callerIn(headers: IncomingHttpHeaders): RequestRecord['caller'] {
  if (headers['x-back-office-key'] !== undefined || headers['x-act-as'] !== undefined) return 'BACK_OFFICE';
  return headers.authorization === undefined ? 'ANONYMOUS' : 'USER';
}

/** Opens a request's record, and names the request in its answer. */
export function openRecord(req: IncomingMessage, res: ServerResponse): RequestRecord {
  const { method = '', url = '', headers } = req;
  const requestId = idIn(headers);
  const started = performance.now();
  const [, route] = ROUTE.exec(url) ?? [];
  const record: RequestRecord = { requestId, route, method, caller: callerIn(headers), started, calls: [], codes: [] };
  records.set(req, record);
  res.setHeader('x-request-id', requestId);
  return record;
}

/** How an answer ends: whole, or with the connection. */
export const endOf = ({ socket }: IncomingMessage, res: ServerResponse) =>
  new Promise<Pick<Answered, 'status' | 'whole'>>((done) => {
    let whole = false;
    res.once('finish', () => {
      whole = !socket.destroyed; // an answer finishes too when what is left of it is lost
    });
    res.once('close', () => done({ status: res.headersSent ? res.statusCode : undefined, whole }));
  });

export function noteRefusal(req: IncomingMessage, code: string) {
  records.get(req)?.codes.push(code);
}

/** `calls` may still grow. */
export function noteOperation(
  req: IncomingMessage,
  type: string,
  name: string | undefined,
  calls: readonly CallRecord[],
) {
  const record = records.get(req);
  if (record) Object.assign(record, { operation: { type, name: name?.slice(0, MAX_NAME) }, calls });
}
