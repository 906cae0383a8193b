import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileLink, FileRequest } from '../schema/core/builder.js';
import type { Session, Weavr } from '../weavr/core/client.js';
import { ConflictError, UpstreamError, ValidationError, WeavrError } from '../weavr/core/errors.js';
import type { Operation } from '../weavr/core/operation.js';
import type { ById } from '../weavr/core/shapes.js';
import { LightSignal, type Signal } from '../weavr/core/signal.js';
import type { RestStream } from '../weavr/core/transport.js';
import { outgoingWireTransfers } from '../weavr/outgoing-wire-transfers.js';
import { statements } from '../weavr/statements.js';
import { refuse } from './errors.js';
import { noteOperation, type RequestRecord } from './requests.js';
import { type Credentials, createTickets, TicketRefused, type TicketShelf } from './tickets.js';

export const DOWNLOADS = '/downloads/';

type MediaType = FileLink['mediaType'];
const EXTENSIONS: Record<MediaType, string> = { 'application/pdf': 'pdf', 'text/csv': 'csv' };

interface Rendering {
  operation: Operation<ById>;
  mediaType: MediaType;
}

const rendering = (operation: Operation, mediaType: MediaType): Rendering => ({
  operation: operation as Operation<ById>, // what else it takes is text from the query, for Weavr to judge
  mediaType,
});

/** Everything that can be downloaded. */
const RENDERINGS = [
  rendering(statements.managedAccountStatement, 'application/pdf'),
  rendering(statements.managedCardStatement, 'application/pdf'),
  rendering(statements.managedAccountStatementDeprecated, 'text/csv'),
  rendering(statements.managedCardStatementDeprecated, 'text/csv'),
  rendering(statements.managedAccountStatementDeprecated, 'application/pdf'),
  rendering(statements.managedCardStatementDeprecated, 'application/pdf'),
  rendering(outgoingWireTransfers.outgoingWireTransferPaymentConfirmation, 'application/pdf'),
];

/** Weavr's own path with an extension: `/downloads/managed_accounts/{id}/statement.pdf`. */
const pathOf = (path: string, mediaType: MediaType) => `${path.replace('/multi/', DOWNLOADS)}.${EXTENSIONS[mediaType]}`;

/** `statement-116776347499233281.pdf`: of digits and our own words alone. */
const filenameOf = (path: string, id: string) => path.slice(path.lastIndexOf('/') + 1).replace('.', `-${id}.`);

/** What a path names: a rendering, and whatever stands in the place of its id. */
function find(pathname: string) {
  for (const { operation, mediaType } of RENDERINGS) {
    const path = pathOf(operation.path, mediaType);
    const [before = '', after = ''] = path.split('{id}');
    const id = pathname.slice(before.length, -after.length);
    if (pathname === before + id + after && !id.includes('/')) return { operation, mediaType, path, id };
  }
  return undefined;
}

const STATUSES = new Map([
  ['VALIDATION_FAILED', 400],
  ['BAD_USER_INPUT', 400],
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  ['STEP_UP_REQUIRED', 403],
  ['ACCESS_TOKEN_REQUIRED', 403],
  ['NOT_IN_BACK_OFFICE', 403],
  ['NOT_FOUND', 404],
  ['RATE_LIMITED', 429],
  ['UPSTREAM_UNAVAILABLE', 503],
  ['UPSTREAM_TIMEOUT', 504],
]);

interface DownloadOptions {
  /** Weavr for a session, as long as its client stays. */
  weavrFor: (session: Session, signal: Signal) => Weavr;
  sessionOf: (headers: IncomingHttpHeaders) => Session;
  now: () => number;
  /** Where the tickets of links are kept; in memory by default. */
  tickets?: TicketShelf;
}

/** Links to files that Weavr renders, and the files themselves, passed on as they arrive. */
export function createDownloads({ weavrFor, sessionOf, now, tickets: shelf }: DownloadOptions) {
  const tickets = createTickets(now, shelf);

  async function link<In extends object>(
    file: FileRequest<In>,
    headers: IncomingHttpHeaders,
    origin: string,
  ): Promise<FileLink> {
    const { operation, mediaType, input } = file;
    const { id, ...query } = input;
    const path = pathOf(operation.path, mediaType);
    const url = new URL(path.replace('{id}', id), origin);
    for (const [name, value] of Object.entries(query))
      for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one));
    const { ticket, expiresAt } = await tickets.issue(url.pathname + url.search, credentialsIn(headers));
    url.searchParams.append('ticket', ticket);
    return { url: url.href, mediaType, filename: filenameOf(path, id), expiresAt };
  }

  /** The caller's own session, or else the one that the link was made for; the URL loses its ticket. */
  async function admit(url: URL, own: Session): Promise<Session> {
    const ticket = url.searchParams.get('ticket');
    url.searchParams.delete('ticket');
    if (own.token || own.delegate || !ticket) return own;
    return sessionOf(await tickets.redeem(ticket, url.pathname + url.search));
  }

  async function send(req: IncomingMessage, res: ServerResponse, record: RequestRecord, signal: Signal) {
    const url = new URL(`http://gateway${req.url}`);
    const file = find(url.pathname);
    if (!file) return refuse(req, res, 404, 'NOT_FOUND', 'There is no such file.');
    if (req.method !== 'GET')
      return refuse(req, res, 405, 'METHOD_NOT_ALLOWED', 'Files are fetched with GET.', { allow: 'GET' });
    const session = await admit(url, sessionOf(req.headers));
    const input = { ...queryOf(url), id: file.id };
    const weavr = weavrFor(session, signal);
    noteOperation(record, 'download', file.operation.id, weavr.calls);
    const answer = await weavr.download(file.operation, input, file.mediaType);
    const bytes = await begun(answer, file);
    res.writeHead(200, {
      'content-type': file.mediaType === 'text/csv' ? 'text/csv; charset=utf-8' : file.mediaType,
      'content-disposition': `attachment; filename="${filenameOf(file.path, file.id)}"`,
    });
    await pipeline(bytes, res);
  }

  async function serve(req: IncomingMessage, res: ServerResponse, record: RequestRecord) {
    const left = new LightSignal();
    res.once('close', () => left.abort());
    res.setHeader('cache-control', 'no-store');
    res.appendHeader('vary', 'authorization');
    try {
      await send(req, res, record, left);
    } catch (error) {
      if (res.headersSent) res.destroy();
      else refuseFor(req, res, error);
    } finally {
      left.abort(); // whatever Weavr still has to say
    }
  }

  return { link, serve };
}

const credentialsIn = ({ authorization, ...headers }: IncomingHttpHeaders): Credentials => ({
  authorization,
  'x-back-office-key': headers['x-back-office-key'],
  'x-act-as': headers['x-act-as'],
});

const queryOf = ({ searchParams }: URL) =>
  Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));

/** The bytes of an answer that is what was asked for and has begun to arrive. */
async function begun({ headers, body }: RestStream, { operation, mediaType }: Rendering) {
  const [type] = String(headers['content-type']).toLowerCase().split(';');
  if (type?.trim() !== mediaType) throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', { operation: operation.id });
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next().catch(() => {
    throw new UpstreamError('UPSTREAM_UNAVAILABLE', { operation: operation.id });
  });
  if (first.done) throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', { operation: operation.id });
  return join(first.value, { [Symbol.asyncIterator]: () => chunks });
}

async function* join(first: Buffer | string, rest: AsyncIterable<Buffer | string>) {
  yield first;
  yield* rest;
}

const statusOf = (error: WeavrError) => (error instanceof ConflictError ? 409 : (STATUSES.get(error.code) ?? 502));

/** A failure before the first byte, as JSON. */
function refuseFor(req: IncomingMessage, res: ServerResponse, error: unknown) {
  if (error instanceof TicketRefused) return refuse(req, res, error.status, error.code, error.message);
  if (!(error instanceof WeavrError)) throw error;
  const code = error instanceof ValidationError ? 'BAD_USER_INPUT' : error.code;
  const seconds = error instanceof UpstreamError ? error.retryAfterSeconds : undefined;
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  return refuse(req, res, statusOf(error), code, error.message, headers);
}

/** Where the gateway is for whoever asks; a proxy that ends TLS says so. */
export function originOf({ headers }: IncomingMessage) {
  const secure = headers['x-forwarded-proto']?.toString().startsWith('https');
  return new URL(`${secure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`).origin;
}
