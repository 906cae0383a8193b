import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createAttempts } from './http/attempts.js';
import { readJsonBody, readUrl } from './http/body.js';
import { guardOrigin, isHost } from './http/cors.js';
import { limitCost, MAX_UPSTREAM_CALLS } from './http/cost.js';
import { useDocuments } from './http/document.js';
import { createDownloads, DOWNLOADS, originOf } from './http/downloads.js';
import { RequestRefused, refuse } from './http/errors.js';
import { createExecutor, type ExecutorOptions } from './http/executor.js';
import { tellUnrecognized } from './http/extensions.js';
import { createGraphiQL, type GraphiQLOptions } from './http/graphiql.js';
import { createLogger, type Logger, logAnswered, logFault, noteErrors, type Recorded, recordIn } from './http/log.js';
import { createMetrics, type MetricsOptions } from './http/metrics.js';
import { answerTypeFor } from './http/negotiation.js';
import { createAdmission, type OverloadTerms } from './http/overload.js';
import { connectRedis } from './http/redis.js';
import { openRecord, type RequestRecord } from './http/requests.js';
import { sessionOf } from './http/session.js';
import { createShelf } from './http/shelf.js';
import { useSteps } from './http/steps.js';
import type { TicketShelf } from './http/tickets.js';
import { inSpan, inTraceOf, traceCall } from './http/tracing.js';
import { createTryCounter, type TryCounter, type TryTerms } from './http/tries.js';
import { checkVariables } from './http/variables.js';
import { createExecution, sendResult } from './http/yoga.js';
import type { Context } from './schema/core/builder.js';
import { withoutSimulator } from './schema/core/upstream.js';
import { schema as wholeSchema } from './schema/index.js';
import { type BackOfficeLogin, obtainWith } from './weavr/back-office.js';
import { type BreakerTerms, createBreaker } from './weavr/core/breaker.js';
import { type CallRecord, type Session, Weavr, type WeavrOptions } from './weavr/core/client.js';
import { createDelegation } from './weavr/core/delegation.js';
import { govern } from './weavr/core/governor.js';
import type { Windows } from './weavr/core/rate-windows.js';
import { createRetries, type RetryOptions } from './weavr/core/retry.js';
import type { Signal } from './weavr/core/signal.js';
import { createTokenMemory } from './weavr/core/token-memory.js';
import { createTransport, type Deadlines } from './weavr/core/transport.js';
import { isProduction } from './weavr/simulator.js';

export interface GatewayOptions extends Pick<WeavrOptions, 'apiKey' | 'simulator' | 'onCall' | 'onAnswer'> {
  baseUrl: string;
  deadlines?: Partial<Deadlines>;
  /** Whether a write that may have reached Weavr is sent again where Weavr knows it by its reference; `never` by default. */
  retryWrites?: RetryOptions['writes'];
  /** From 0 to 1: spreads the pauses between tries. */
  random?: () => number;
  breaker?: Partial<BreakerTerms>;
  /** How much is taken on at a time. */
  overload?: Partial<OverloadTerms>;
  /** How often passwords and codes may be tried, and what counts it; in Redis, or else in memory, by default. */
  attempts?: Partial<TryTerms>;
  tries?: TryCounter;
  /** Proxies in front of the gateway whose `X-Forwarded-For` is believed; none by default. */
  trustedProxies?: number;
  /** Origins whose pages may call, besides the gateway's own: `https://app.example`. None by default. */
  corsOrigins?: readonly string[];
  /** Whether callers may ask for the schema; true by default. */
  introspection?: boolean;
  /** One line per request; silent without it. */
  logger?: Logger;
  /** What `/metrics` tells; false takes it away. */
  metrics?: MetricsOptions | false;
  /** What browsers get at `/graphql`; nothing by default. */
  graphiql?: GraphiQLOptions | false;
  /** Keys of servers that may act for identities, and how their tokens are obtained; none by default. */
  backOfficeKeys?: readonly string[];
  backOfficeLogin?: BackOfficeLogin;
  /** Where replicas share the tokens that one of them has obtained and count their calls; each has its own without it. */
  redisUrl?: string;
  /** REST calls that one GraphQL request may make; 50 by default. */
  maxUpstreamCalls?: number;
  /** Weavr's rate limit, for which calls are held back; none by default. */
  rateLimit?: Windows;
  /** What executes operations; graphql-jit by default, once a query comes again. */
  execution?: ExecutorOptions;
  /** Where links to files wait to be opened; in memory by default. */
  tickets?: TicketShelf;
  /** The time by which links expire, in milliseconds. */
  now?: () => number;
}

export interface Gateway {
  /** Serves every route; the caller owns the port. */
  handler: RequestListener;
  /** Says on `/ready` that no more requests should come, closes every connection after its answer, and waits for the last. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The gateway as a request listener: opens no port, keeps nothing of a caller beyond the request. */
export function createGateway({
  baseUrl,
  apiKey,
  simulator: simulatorKey,
  deadlines,
  retryWrites,
  random,
  breaker,
  overload,
  attempts,
  tries,
  trustedProxies,
  corsOrigins = [],
  introspection = true,
  logger = createLogger('silent'),
  metrics: metricsOptions = {},
  graphiql = false,
  backOfficeKeys = [],
  backOfficeLogin,
  redisUrl,
  maxUpstreamCalls = MAX_UPSTREAM_CALLS,
  rateLimit,
  execution = { executor: 'jit' },
  tickets,
  now = Date.now,
  onCall,
  onAnswer,
}: GatewayOptions): Gateway {
  let draining = false;
  const admission = createAdmission(logger, overload);
  const simulator = isProduction(baseUrl) ? undefined : simulatorKey;
  const schema = simulator ? wholeSchema : withoutSimulator(wholeSchema);
  const redis = redisUrl ? connectRedis(redisUrl) : undefined;
  const limits = { windows: rateLimit, deadlines, apiKey, redis };
  const governed = govern(createTransport({ baseUrl, deadlines }), limits);
  const transport = createBreaker(governed, breaker); // what it refuses costs nothing of the rate limit
  const retries = createRetries({ deadlines, writes: retryWrites, random });
  const tokens = createTokenMemory();
  const attemptsOf = createAttempts(tries ?? createTryCounter(attempts, redis), trustedProxies);
  const page = graphiql ? createGraphiQL(graphiql) : undefined;
  const gauges = { breaker: transport.state, remaining: governed.remaining, load: admission.load };
  const metrics = metricsOptions ? createMetrics(metricsOptions, gauges) : undefined;
  const noteCall = (call: CallRecord) => {
    metrics?.countCall(call);
    traceCall(call);
    onCall?.(call);
  };
  const weavrFor = (session: Session, signal: Signal) =>
    new Weavr({
      transport,
      retries,
      apiKey,
      simulator,
      session,
      signal,
      onCall: noteCall,
      onAnswer,
      maxCalls: maxUpstreamCalls,
    });
  const unnamed = () => new Weavr({ transport, retries, apiKey, session: { api: 'BACK_OFFICE' }, onCall: noteCall });
  const shelf = redis && backOfficeKeys.length ? createShelf(redis, backOfficeKeys) : undefined;
  const delegation = createDelegation(obtainWith(unnamed, backOfficeLogin), { shelf, now });
  const sessionFor = (headers: IncomingHttpHeaders) => sessionOf(headers, { keys: backOfficeKeys, delegation });
  const downloads = createDownloads({ weavrFor, sessionOf: sessionFor, now, tickets });
  const contextOf = (req: IncomingMessage, session: Session, record: RequestRecord): Context & Recorded => ({
    record,
    weavr: weavrFor(session, record.left),
    tokens,
    unrecognized: new Set(),
    attempt: attemptsOf(req, session),
    linkTo: (file) => downloads.link(file, req.headers, originOf(req)),
  });
  const cost = limitCost({ limit: maxUpstreamCalls, remaining: governed.remaining });
  const steps = [checkVariables(schema), cost, tellUnrecognized, recordIn(logger)];
  const execute = createExecution<Context & Recorded>({
    schema,
    parserAndValidationCache: false, // useDocuments has one that is bounded in bytes
    plugins: [useDocuments(schema, { introspection }), useSteps(steps, inSpan(createExecutor(schema, execution)))],
  });

  async function graphql(req: IncomingMessage, res: ServerResponse, record: RequestRecord) {
    res.setHeader('cache-control', 'no-store');
    const mediaType = answerTypeFor(req.headers.accept);
    if (!mediaType) return refuse(req, res, 406, 'NOT_ACCEPTABLE', 'The answer is JSON.');
    if (req.method !== 'GET' && req.method !== 'POST')
      return refuse(req, res, 405, 'BAD_REQUEST', 'Use POST, or GET for a query.', { allow: 'GET, POST' });
    const session = sessionFor(req.headers);
    const params = req.method === 'GET' ? readUrl(req.url ?? '') : await readJsonBody(req);
    const result = await execute(req, params, contextOf(req, session, record));
    noteErrors(logger, record, result);
    sendResult(res, result, mediaType);
  }

  async function handle(req: IncomingMessage, res: ServerResponse, record: RequestRecord) {
    if (draining) res.setHeader('connection', 'close');
    res.setHeader('x-content-type-options', 'nosniff');
    if (!isHost(req.headers.host)) return refuse(req, res, 400, 'BAD_REQUEST', 'The Host header is none.');
    if (guardOrigin(req, res, corsOrigins)) return;
    if (page?.serves(req)) return page.serve(req, res);
    switch (req.url?.split('?')[0]) {
      case '/graphql':
      case '/graphql/':
        return graphql(req, res, record);
      case '/metrics':
        return metrics ? metrics.serve(res) : refuse(req, res, 404, 'NOT_FOUND', 'Nothing is measured here.');
      case '/health':
        return say(res, 200, 'alive');
      case '/ready':
        return draining ? say(res, 503, 'draining') : say(res, 200, 'ready');
      default:
        if (req.url?.startsWith(DOWNLOADS)) return downloads.serve(req, res, record);
        return refuse(req, res, 404, 'NOT_FOUND', 'There is nothing here: GraphQL is at /graphql.');
    }
  }

  function fail(req: IncomingMessage, res: ServerResponse, record: RequestRecord, error: unknown) {
    if (res.headersSent) return res.destroy();
    if (error instanceof RequestRefused) return refuse(req, res, error.status, error.code, error.message);
    logFault(logger, record, error);
    return refuse(req, res, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong in the gateway.');
  }

  /** Answers a request, and tells of it once its answer is over and nothing more is done for it. */
  async function serve(req: IncomingMessage, res: ServerResponse) {
    const { record, ended } = openRecord(req, res);
    const leave = admission.enter(req, res);
    if (leave) await handle(req, res, record).catch((error) => fail(req, res, record, error));
    await ended;
    leave?.();
    record.ms = performance.now() - record.started;
    metrics?.count(record);
    if (record.route) logAnswered(logger, record);
  }

  return {
    handler: (req, res) => void inTraceOf(req, () => serve(req, res)),
    drain: () => {
      draining = true;
      for (const res of admission.inFlight) if (!res.headersSent) res.setHeader('connection', 'close');
      return admission.idle();
    },
    close: async () => {
      admission.close();
      redis?.disconnect();
      await transport.close();
    },
  };
}

const say = (res: ServerResponse, status: number, text: string) => {
  res.writeHead(status, { 'content-type': 'text/plain' }).end(text);
};
