import { randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import { NotFoundError, noWholeAnswer, SessionError, toError, UpstreamError } from './errors.js';
import type { Api, Operation } from './operation.js';
import { scanOrPoint } from './plan.js';
import { type RestInput, toRest } from './request.js';
import type { ById, Nullish } from './shapes.js';
import { type Headers, NoAnswer, type RestAnswer, type RestStream, type Transport } from './transport.js';

/** Whose calls these are: nobody's, a user's with a token, or a server's that acts for an identity. */
export interface Session {
  api: Api;
  token?: string;
  /** How a back office session comes by its token. */
  delegate?: { token(): Promise<string>; renew(stale: string): Promise<string> };
}

/** What one upstream call came to, for logs, metrics and tests. */
export interface CallRecord {
  operation: string;
  status?: number;
  requestRef?: string;
  ms: number;
}

export interface SimulatorKey {
  key: string;
  /** `programme-key` when absent. */
  header?: string;
}

export interface WeavrOptions {
  transport: Transport;
  apiKey: string;
  /** What the Simulator takes instead of the api-key, and in which header; without it nothing can be simulated. */
  simulator?: SimulatorKey;
  session: Session;
  /** Ends when the client is gone: stops reads, never a write that has been sent. */
  signal?: AbortSignal;
  onCall?: (call: CallRecord) => void;
  /** Sees every answer before the schema does; a test may wrap it. */
  onAnswer?: <T>(operation: Operation, body: T) => T;
}

export interface WriteOptions {
  idempotencyKey?: string;
}

interface Sent {
  idempotencyKey?: string;
  sentAt: number;
}

type Reads = DataLoader<object, unknown, string>;

/** Weavr as one caller sees it during one GraphQL request: nothing it remembers outlives either. */
export class Weavr {
  readonly calls: CallRecord[] = [];
  readonly #reads = new Map<string, Reads>();
  readonly #options: WeavrOptions;

  constructor(options: WeavrOptions) {
    this.#options = options;
  }

  get session() {
    return this.#options.session;
  }

  /** A read: asked once per input and request; several ids of one tick are answered by the cheapest plan. */
  load<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out> {
    return this.#loader(operation).load(input) as Promise<Out>; // a loader answers what its operation answers
  }

  /** `load`, or null where there is no such object. */
  find<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out | null> {
    return this.load(operation, input).catch(nullIfMissing);
  }

  /** `load` along a link that may lead to somebody else's object: null where this caller may not see it. */
  follow<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out | null> {
    return this.load(operation, input).catch(nullIfHidden);
  }

  /** A write, or a read of secrets: always sent, exactly once. A write forgets every read before it. */
  async call<In extends object, Out>(
    operation: Operation<In, Out>,
    input: Nullish<In>,
    write: WriteOptions = {},
  ): Promise<Out> {
    if (operation.method !== 'GET') this.#reads.clear();
    return this.#send(operation, input, write) as Promise<Out>; // the contract says so; leaves are checked where they are read
  }

  /** The bytes of a read's rendering, as they arrive. */
  async download<In extends object>(
    operation: Operation<In>,
    input: Nullish<In>,
    mediaType: string,
  ): Promise<RestStream> {
    const { transport, signal, session } = this.#options;
    this.#mayCall(operation);
    const started = performance.now();
    const { path } = toRest(operation, input, session.api);
    return this.#withToken(operation, async (token) => {
      const headers = { ...this.#headers(operation, token), accept: mediaType };
      try {
        const file = await transport.stream({ method: 'GET', path, headers, deadline: 'file', signal });
        this.#record(operation, started, file.status, file.headers);
        if (file.status === 200) return file;
        throw await this.#refused(operation, file);
      } catch (error) {
        throw error instanceof NoAnswer ? this.#unanswered(operation, error, started, {}) : error;
      }
    });
  }

  #loader(operation: Operation): Reads {
    const known = this.#reads.get(operation.id);
    if (known) return known;
    const loader: Reads = new DataLoader((inputs) => this.#readAll(operation, inputs), { cacheKeyFn: JSON.stringify });
    this.#reads.set(operation.id, loader);
    return loader;
  }

  async #readAll(operation: Operation, inputs: readonly object[]): Promise<unknown[]> {
    const { list } = operation;
    const point = (input: object) => this.#send(operation, input, {});
    if (!list?.paging || (this.session.api === 'BACK_OFFICE' && !list.inBackOffice)) {
      return Promise.all(inputs.map((input) => point(input).catch((error: Error) => error)));
    }
    const { items, size, limit, idOf = ({ id }: ById) => id } = list.paging;
    const parameter = /\{(\w+)\}/.exec(operation.path)?.[1] ?? 'id';
    // An operation that names a list takes an id and nothing else.
    const ids = inputs.map((input) => (input as Record<string, string>)[parameter] ?? '');
    return scanOrPoint(ids, {
      size,
      idOf: idOf as (item: unknown) => string, // the row's items are of the row's answer
      point: (id) => point({ [parameter]: id }),
      page: async (offset) => {
        const page = await this.#send(list, { offset, [limit]: size }, {}).catch(nullIfHidden);
        if (!page) return undefined;
        return {
          items: items(page as never),
          count: Number((page as { count?: number }).count ?? 0),
        };
      },
    });
  }

  #send(operation: Operation, input: object, { idempotencyKey }: WriteOptions): Promise<unknown> {
    const { api } = this.session;
    this.#mayCall(operation);
    const key = operation.idempotentIn.includes(api) ? (idempotencyKey ?? randomUUID()) : undefined;
    const rest = toRest(operation, input, api);
    return this.#withToken(operation, (token) => this.#exchange(operation, rest, key, token));
  }

  async #exchange(operation: Operation, { path, body }: RestInput, key?: string, token?: string): Promise<unknown> {
    const { transport, signal } = this.#options;
    const { method } = operation;
    const headers = this.#headers(operation, token);
    if (key) headers['idempotency-ref'] = key;
    if (body) headers['content-type'] = 'application/json';
    const started = performance.now();
    const sent = { idempotencyKey: key, sentAt: Date.now() };
    const terms = method === 'GET' ? { deadline: 'read' as const, signal } : { deadline: 'write' as const }; // a write is never aborted
    try {
      return this.#accept(operation, await transport.send({ method, path, headers, body, ...terms }), started, sent);
    } catch (error) {
      throw error instanceof NoAnswer ? this.#unanswered(operation, error, started, sent) : error;
    }
  }

  /** The body of a success, or the error that the answer stands for. */
  #accept(operation: Operation, { status: httpStatus, headers, text }: RestAnswer, started: number, sent: Sent) {
    const requestRef = this.#record(operation, started, httpStatus, headers);
    const json = parse(text, headers);
    if (httpStatus < 200 || httpStatus >= 300) {
      throw toError({ operation, httpStatus, body: json, requestRef, retryAfterSeconds: waitOf(headers), ...sent });
    }
    if (operation.body === 'NEVER' || (operation.body === 'MAYBE' && !text)) return undefined;
    if (json && typeof json === 'object') return this.#options.onAnswer?.(operation, json) ?? json;
    const origin = { operation: operation.id, httpStatus, requestRef };
    throw noWholeAnswer('UPSTREAM_INVALID_RESPONSE', operation, origin, sent);
  }

  /** Runs a call with the session's token; a delegated one that Weavr no longer takes is renewed, once. */
  async #withToken<T>({ auth }: Operation, run: (token?: string) => Promise<T>): Promise<T> {
    const { token, delegate } = this.session;
    if (auth === 'API_KEY') return run();
    if (!delegate) return run(token);
    const delegated = await delegate.token();
    return run(delegated).catch(async (error: unknown) => {
      const refused = error instanceof SessionError && error.code === 'UNAUTHENTICATED'; // so nothing has happened
      if (!refused) throw error;
      return run(await delegate.renew(delegated));
    });
  }

  /** Refuses what this session can never do, before anything is sent. */
  #mayCall({ id, auth, inBackOffice, path }: Operation) {
    const { api, token, delegate } = this.session;
    const origin = { operation: id };
    if (api === 'BACK_OFFICE' && !inBackOffice) throw new SessionError('NOT_IN_BACK_OFFICE', origin);
    if (api === 'MULTI' && path.startsWith('/multi/backoffice/')) throw new SessionError('BACK_OFFICE_ONLY', origin);
    if (auth === 'SESSION' && !token && !delegate) throw new SessionError('UNAUTHENTICATED', origin);
  }

  #headers({ headers, inSimulator }: Operation, token: string | undefined): Record<string, string> {
    const { apiKey, simulator } = this.#options;
    const { key = '', header = 'programme-key' } = inSimulator ? (simulator ?? {}) : { key: apiKey, header: 'api-key' };
    const all: Record<string, string> = { accept: 'application/json', [header]: key, ...headers };
    if (token) all.authorization = `Bearer ${token}`;
    return all;
  }

  #record({ id }: Operation, started: number, status?: number, headers: Headers = {}) {
    const requestRef = one(headers['request-ref']);
    const call = { operation: id, status, requestRef, ms: performance.now() - started };
    this.calls.push(call);
    this.#options.onCall?.(call);
    return requestRef;
  }

  #unanswered(operation: Operation, { sent, reason }: NoAnswer, started: number, write: { sentAt?: number }) {
    this.#record(operation, started);
    const origin = { operation: operation.id };
    if (!sent) return new UpstreamError('UPSTREAM_UNAVAILABLE', origin);
    const code =
      reason === 'TIMEOUT'
        ? 'UPSTREAM_TIMEOUT'
        : reason === 'TOO_LARGE'
          ? 'UPSTREAM_INVALID_RESPONSE'
          : 'UPSTREAM_UNAVAILABLE';
    return noWholeAnswer(code, operation, origin, { sentAt: Date.now(), ...write });
  }

  async #refused(operation: Operation, { status, headers, body }: RestStream) {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const json = parse(Buffer.concat(chunks).toString('utf8'), headers);
    const requestRef = one(headers['request-ref']);
    return toError({
      operation,
      httpStatus: status,
      body: json,
      requestRef,
      retryAfterSeconds: waitOf(headers),
      sentAt: Date.now(),
    });
  }
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

function waitOf(headers: Headers) {
  const seconds = Number(one(headers['x-ratelimit-reset']) ?? one(headers['retry-after']));
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** The body as JSON, or undefined where it is none. */
function parse(text: string, headers: Headers): unknown {
  if (!text || !one(headers['content-type'])?.includes('json')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}

function nullIfHidden(error: unknown): null {
  if (error instanceof SessionError && error.code === 'FORBIDDEN') return null;
  return nullIfMissing(error);
}
