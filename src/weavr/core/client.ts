import { randomUUID } from 'node:crypto';
import { type Delegate, withDelegated } from './delegation.js';
import {
  CallLimitError,
  noWholeAnswer,
  nullIfHidden,
  nullIfMissing,
  SessionError,
  toError,
  UpstreamError,
  unanswered,
} from './errors.js';
import { longNumbersAsText } from './long-numbers.js';
import type { Api, Method, Operation } from './operation.js';
import { waitOf } from './rate-windows.js';
import { Reads } from './reads.js';
import { type RestInput, toRest } from './request.js';
import type { Retries } from './retry.js';
import type { Nullish } from './shapes.js';
import type { Signal } from './signal.js';
import {
  type Headers,
  NoAnswer,
  NoPermit,
  one,
  type RestAnswer,
  type RestRequest,
  type RestStream,
  type Transport,
  textIn,
} from './transport.js';

/** Whose calls these are: nobody's, a user's with a token, or a server's that acts for an identity. */
export interface Session {
  api: Api;
  token?: string;
  /** How a back office session comes by its token. */
  delegate?: Delegate;
}

/** What one upstream call came to, for logs, metrics and tests. */
export interface CallRecord {
  operation: string;
  method: Method;
  api: Api | 'SIMULATOR';
  class: RestRequest['deadline'];
  status?: number;
  /** Why there is no whole answer. */
  noAnswer?: NoAnswer['reason'];
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
  /** Without it every call is tried once. */
  retries?: Retries;
  apiKey: string;
  /** What the Simulator takes instead of the api-key, and in which header; without it nothing can be simulated. */
  simulator?: SimulatorKey;
  session: Session;
  /** How many calls the request may make before its reads are refused; any number by default. A write never is. */
  maxCalls?: number;
  /** Ends when the client is gone: stops reads, never a write that has been sent. */
  signal?: Signal;
  onCall?: (call: CallRecord) => void;
  /** Sees every answer before the schema does; a test may wrap it. */
  onAnswer?: <T>(operation: Operation, body: T) => T;
}

export interface WriteOptions {
  idempotencyKey?: string;
}

interface Sent {
  idempotencyKey?: string;
  /** The body, as JSON. */
  asked?: string;
  sentAt: number;
}

const ONCE: Retries = { run: (_call, attempt) => attempt() };

/** Weavr as one caller sees it during one GraphQL request: nothing it remembers outlives either. */
export class Weavr {
  readonly calls: CallRecord[] = [];
  readonly #reads: Reads;
  readonly #options: WeavrOptions;
  #spent = 0;

  constructor(options: WeavrOptions) {
    this.#options = options;
    this.#reads = new Reads(options.session.api, async (operation, input) => this.#send(operation, input, {}));
  }

  get session() {
    return this.#options.session;
  }

  /** How many calls were asked for: each once, however often it was tried. */
  get spent() {
    return this.#spent;
  }

  /** A read: asked once per input and request; several ids of one tick are answered by the cheapest plan. */
  load<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out> {
    return this.#reads.load(operation, input) as Promise<Out>; // the contract says so; leaves are checked where they are read
  }

  /** `load`, or null where there is no such object. */
  find<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out | null> {
    return this.load(operation, input).catch(nullIfMissing);
  }

  /** `load` along a link that may lead to somebody else's object: null where this caller may not see it. */
  follow<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out | null> {
    return this.load(operation, input).catch(nullIfHidden);
  }

  /** A write, or a read of secrets: always sent, never answered from memory. A write forgets every read before it. */
  async call<In extends object, Out>(
    operation: Operation<In, Out>,
    input: Nullish<In>,
    write: WriteOptions = {},
  ): Promise<Out> {
    if (operation.method !== 'GET') this.#reads.forget();
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
    this.#spend(operation);
    const { path } = toRest(operation, input, session.api);
    const terms = { deadline: 'file' as const, signal };
    return this.#withToken(operation, (token) => {
      const headers = { ...this.#headers(operation, token), accept: mediaType };
      const ask = (timeout?: number) => transport.stream({ method: 'GET', path, headers, timeout, ...terms });
      return this.#try(operation, terms, { sentAt: Date.now() }, ask, async (file, started) => {
        this.#record(operation, started, file, 'file');
        if (file.status === 200 && !file.headers['content-encoding']) return file;
        throw await this.#refused(operation, file);
      });
    });
  }

  #send(operation: Operation, input: object, { idempotencyKey }: WriteOptions): Promise<unknown> {
    const { api } = this.session;
    this.#mayCall(operation);
    const key = operation.idempotentIn.includes(api) ? (idempotencyKey ?? randomUUID()) : undefined;
    const rest = toRest(operation, input, api);
    this.#spend(operation);
    return this.#withToken(operation, (token) => this.#exchange(operation, rest, key, token));
  }

  #exchange(operation: Operation, { path, body }: RestInput, key?: string, token?: string): Promise<unknown> {
    const { transport, signal } = this.#options;
    const { method, movesMoney: urgent } = operation;
    const headers = this.#headers(operation, token);
    if (key) headers['idempotency-ref'] = key;
    if (body) headers['content-type'] = 'application/json';
    const sent = { idempotencyKey: key, asked: body, sentAt: Date.now() };
    const terms = method === 'GET' ? { deadline: 'read' as const, signal } : { deadline: 'write' as const }; // a write is never aborted
    const ask = (timeout?: number) => transport.send({ method, path, headers, body, timeout, urgent, ...terms });
    return this.#try(operation, terms, sent, ask, (answer, started) => this.#accept(operation, answer, started, sent));
  }

  /** One call, in as many tries as it may have; each that Weavr may have seen is recorded. */
  async #try<Answer, T>(
    operation: Operation,
    { deadline }: Pick<RestRequest, 'deadline'>,
    sent: Sent,
    ask: (timeout?: number) => Promise<Answer>,
    accept: (answer: Answer, started: number) => T | Promise<T>,
  ): Promise<T> {
    const { retries = ONCE, signal } = this.#options;
    const attempt = async (timeout?: number) => {
      const started = performance.now();
      try {
        const answer = await ask(timeout);
        return await accept(answer, started);
      } catch (error) {
        const tried = error instanceof NoAnswer && error.reason !== 'CIRCUIT_OPEN';
        if (tried) this.#record(operation, started, { noAnswer: error.reason }, deadline);
        throw error;
      }
    };
    // A one-time code that arrives twice may count as two guesses.
    const key = operation.path.endsWith('/verify') ? undefined : sent.idempotencyKey;
    try {
      return await retries.run({ deadline, key, signal }, attempt);
    } catch (error) {
      if (error instanceof NoPermit) throw this.#unsent(operation, error);
      throw error instanceof NoAnswer ? unanswered(operation, error, sent) : error;
    }
  }

  /** The body of a success, or the error that the answer stands for. */
  #accept(operation: Operation, { status: httpStatus, headers, text }: RestAnswer, started: number, sent: Sent) {
    const requestRef = this.#record(operation, started, { status: httpStatus, headers });
    const json = parse(operation.inSimulator ? longNumbersAsText(text) : text, headers);
    if (httpStatus < 200 || httpStatus >= 300) {
      throw toError({ operation, httpStatus, body: json, requestRef, retryAfterSeconds: waitOf(headers), ...sent });
    }
    if (operation.body === 'NEVER' || (operation.body === 'MAYBE' && !text)) return undefined;
    if (json && typeof json === 'object') return this.#options.onAnswer?.(operation, json) ?? json;
    const origin = { operation: operation.id, httpStatus, requestRef };
    throw noWholeAnswer('UPSTREAM_INVALID_RESPONSE', operation, origin, sent);
  }

  /** Runs a call with the session's token. */
  #withToken<T>({ auth }: Operation, run: (token?: string) => Promise<T>): Promise<T> {
    const { token, delegate } = this.session;
    if (auth === 'API_KEY') return run();
    return delegate ? withDelegated(delegate, run) : run(token);
  }

  /** Refuses what this session can never do, before anything is sent. */
  #mayCall({ id, auth, inBackOffice, path }: Operation) {
    const { api, token, delegate } = this.session;
    const origin = { operation: id };
    if (api === 'BACK_OFFICE' && !inBackOffice) throw new SessionError('NOT_IN_BACK_OFFICE', origin);
    if (api === 'MULTI' && path.startsWith('/multi/backoffice/')) throw new SessionError('BACK_OFFICE_ONLY', origin);
    if (auth === 'SESSION' && !token && !delegate) throw new SessionError('UNAUTHENTICATED', origin);
  }

  #spend({ id, method }: Operation) {
    const { maxCalls = Number.POSITIVE_INFINITY } = this.#options;
    if (method === 'GET' && this.#spent >= maxCalls) throw new CallLimitError(maxCalls, { operation: id });
    this.#spent += 1;
  }

  /** The error of a call that the rate limit had no room for: it costs nothing. */
  #unsent({ id }: Operation, { retryAfterSeconds }: NoPermit) {
    this.#spent -= 1;
    return new UpstreamError('RATE_LIMITED', { operation: id }, retryAfterSeconds);
  }

  #headers({ headers, inSimulator }: Operation, token: string | undefined): Record<string, string> {
    const { apiKey, simulator } = this.#options;
    const { key = '', header = 'programme-key' } = inSimulator ? (simulator ?? {}) : { key: apiKey, header: 'api-key' };
    const all: Record<string, string> = { accept: 'application/json', [header]: key, ...headers };
    if (token) all.authorization = `Bearer ${token}`;
    return all;
  }

  #record(
    { id, method, inSimulator }: Operation,
    started: number,
    { status, headers = {}, noAnswer }: Pick<CallRecord, 'status' | 'noAnswer'> & { headers?: Headers },
    kind: CallRecord['class'] = method === 'GET' ? 'read' : 'write',
  ) {
    const requestRef = one(headers['request-ref']);
    const api = inSimulator ? ('SIMULATOR' as const) : this.session.api;
    const ms = performance.now() - started;
    const call = { operation: id, method, api, class: kind, status, noAnswer, requestRef, ms };
    this.calls.push(call);
    this.#options.onCall?.(call);
    return requestRef;
  }

  /** What an answer without the file says; a file that is packed as nobody asked for is none. */
  async #refused(operation: Operation, file: RestStream) {
    const { status: httpStatus, headers } = file;
    const body = parse(await textIn(file), headers);
    const requestRef = one(headers['request-ref']);
    return toError({ operation, httpStatus, body, requestRef, retryAfterSeconds: waitOf(headers), sentAt: Date.now() });
  }
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
