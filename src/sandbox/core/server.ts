import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Api, type Operation, pathIn } from '../../weavr/core/operation.js';
import { inTheWordsOf } from './dialects.js';
import { createFaults, type Faults, play } from './faults.js';
import { type Call, callOf, Failure, notFound, Rendering } from './handlers.js';
import type { Answer } from './idempotency.js';
import type { Session } from './sessions.js';
import type { State } from './state.js';
import { invalid } from './validation.js';

export type Handler = (input: object, call: Call) => unknown;
export interface Route {
  operation: Operation;
  handle: Handler;
}

/** One REST call and its answer, for whoever wants to hold them against Weavr's documents. */
export interface Exchange {
  operation: Operation;
  /** As it was asked for: it tells which API answered. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  requestBody?: unknown;
  status: number;
  /** The body is there when this is JSON. */
  mediaType: string;
  responseBody?: unknown;
}

export interface ServerOptions {
  state: State;
  routes: readonly Route[];
  apiKey: string;
  latencyMs?: number;
  /** Counts a call, and throws when there were too many. */
  rateLimit?: (now: number) => void;
  onExchange?: (exchange: Exchange) => void;
}

interface Match extends Route {
  api: Api;
  path: Record<string, string>;
}

/** Where an operation is served: in Multi, in Back Office, or in both. */
function placesOf({ operation }: Route): { api: Api; path: string }[] {
  const places = operation.inBackOffice
    ? [{ api: 'BACK_OFFICE' as const, path: pathIn(operation, 'BACK_OFFICE') }]
    : [];
  const isTheirsAlone = operation.path.startsWith('/multi/backoffice/');
  return isTheirsAlone ? places : [{ api: 'MULTI', path: operation.path }, ...places];
}

/** Routes without parameters come first: `/transfers/bulk/cancel` is not a transfer. */
function createRouter(routes: readonly Route[]) {
  const parameters = ({ operation: { path } }: Route) => path.split('{').length;
  const patterns = [...routes]
    .sort((a, b) => parameters(a) - parameters(b))
    .flatMap((route) =>
      placesOf(route).map(({ api, path }) => ({
        route,
        api,
        pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
      })),
    );
  return (method: string, pathname: string): Match => {
    for (const { route, api, pattern } of patterns) {
      const found = route.operation.method === method ? pattern.exec(pathname) : null;
      if (found) return { ...route, api, path: { ...found.groups } };
    }
    throw notFound();
  };
}

/** Weavr's REST contract over HTTP. Knows the wire; what an operation does is its handler's. */
export function createSandboxServer(options: ServerOptions) {
  const { state, routes } = options;
  const faults = createFaults();
  const match = createRouter(routes);
  let requests = 0;
  const server = createServer((req, res) => {
    res.setHeader('request-ref', `sandbox-${++requests}`);
    answer(req, res).catch((error) => write(res, failureOf(error)));
  });

  async function answer(req: IncomingMessage, res: ServerResponse) {
    if (options.latencyMs) await delay(options.latencyMs);
    const url = new URL(req.url ?? '/', 'http://sandbox');
    if (keyIn(req.headers, url) !== options.apiKey) throw new Failure(401);
    options.rateLimit?.(state.clock.now());
    const called = match(req.method ?? '', url.pathname);
    const { operation } = called;
    const body = await readBody(req);
    const fault = faults.take(operation.id, req, body);
    if (fault?.kind === 'LATENCY') await delay(fault.ms);
    if (fault && 'effect' in fault && fault.effect === false && play(fault, res, '')) return;
    const given = await perform(called, req, url, body).catch((error) => failureOf(inTheWordsOf(url.pathname, error)));
    options.onExchange?.({
      operation,
      path: url.pathname,
      query: url.searchParams,
      headers: req.headers,
      requestBody: body,
      status: given.status,
      mediaType: given.body instanceof Rendering ? given.body.mediaType : 'application/json',
      responseBody: given.body instanceof Rendering ? undefined : given.body,
    });
    const sent = fault?.kind === 'REWRITE' ? { ...given, body: fault.rewrite(given.body as never) } : given;
    const text = sent.body instanceof Rendering ? '' : (JSON.stringify(sent.body) ?? '');
    if (!play(fault, res, text)) await write(res, sent);
  }

  /** The handler's answer, or what the same `idempotency-ref` was answered before. */
  async function perform(
    { operation, handle, path, api }: Match,
    req: IncomingMessage,
    url: URL,
    body: unknown,
  ): Promise<Answer> {
    const session = state.sessions.of(operation, api, req.headers.authorization);
    const input = Array.isArray(body) ? { items: body, ...path } : { ...queryOf(url), ...(body as object), ...path };
    const reference = operation.idempotentIn.includes(api) ? req.headers['idempotency-ref'] : undefined;
    const key = reference && `${api} ${operation.id} ${session?.identity?.id} ${reference}`;
    const known = key && state.idempotency.recall(key, JSON.stringify(input), state.clock.now());
    if (known) return known;
    try {
      // A row that asks for a session without requiring one says so in its contract.
      const call = callOf(state, session as Session, state.clock.now(), req.headers.accept);
      const result = await handle(input, call);
      const status = operation.submitsItems ? 201 : 200;
      const given: Answer = result === undefined ? { status: 204 } : { status, body: structuredCloneable(result) };
      if (key) state.idempotency.keep(key, given);
      return given;
    } catch (error) {
      if (key) state.idempotency.forget(key);
      throw error;
    }
  }

  return {
    server,
    faults: faults as Pick<Faults, 'plan' | 'clear'>,
  };
}

/** The Simulator's header has had both names. */
const keyIn = (headers: IncomingMessage['headers'], { pathname }: URL) =>
  (pathname.startsWith('/simulate/') && headers['programme-key']) || headers['api-key'];

/** A copy of what is stored, so that a kept answer does not change with the state. */
const structuredCloneable = (result: unknown) =>
  result instanceof Rendering ? result : JSON.parse(JSON.stringify(result));

function queryOf({ searchParams }: URL) {
  const query: Record<string, unknown> = {};
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    const value = values.length > 1 ? values : values[0];
    query[name] = /^(offset|limit|statementLimit)$/.test(name) ? Number(value) : value;
  }
  return query;
}

async function readBody(req: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) text += chunk;
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid([]);
  }
}

function failureOf(error: unknown): Answer & { headers?: Record<string, string> } {
  if (error instanceof Failure) return error;
  console.error(error); // a bug of the sandbox itself
  return { status: 500 };
}

async function write(res: ServerResponse, { status, body, headers }: Answer & { headers?: Record<string, string> }) {
  if (res.headersSent) return void res.destroy();
  if (body instanceof Rendering) {
    res.writeHead(200, { 'content-type': body.mediaType });
    if (typeof body.body === 'string') return void res.end(body.body);
    return pipeline(body.body, res).catch(() => void res.destroy()); // the client has left
  }
  if (body === undefined) return void res.writeHead(status, headers).end();
  res.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export async function listen(server: Server, port = 0) {
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  const { port: bound } = server.address() as AddressInfo; // it listens on TCP
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${bound}`, close };
}
