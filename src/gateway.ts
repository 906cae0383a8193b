import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';
import { assertJsonInUrl, readJsonBody } from './http/body.js';
import { guardOrigin, isHost } from './http/cors.js';
import { useDocuments } from './http/document.js';
import { createDownloads, DOWNLOADS, originOf } from './http/downloads.js';
import { maskError, RequestRefused, refuse } from './http/errors.js';
import { useExtensions } from './http/extensions.js';
import { createGraphiQL, type GraphiQLOptions } from './http/graphiql.js';
import { createLogger, type Logger, useOperationLog } from './http/log.js';
import { isAnswerable } from './http/negotiation.js';
import { sessionOf } from './http/session.js';
import { createShelf } from './http/shelf.js';
import { useVariables } from './http/variables.js';
import type { Context } from './schema/core/builder.js';
import { withoutSimulator } from './schema/core/upstream.js';
import { schema as wholeSchema } from './schema/index.js';
import { type BackOfficeLogin, obtainWith } from './weavr/back-office.js';
import { type Session, Weavr, type WeavrOptions } from './weavr/core/client.js';
import { createDelegation } from './weavr/core/delegation.js';
import { createTokenMemory } from './weavr/core/token-memory.js';
import { createTransport, type Deadlines } from './weavr/core/transport.js';

export interface GatewayOptions extends Pick<WeavrOptions, 'apiKey' | 'simulator' | 'onCall' | 'onAnswer'> {
  baseUrl: string;
  deadlines?: Partial<Deadlines>;
  /** Origins whose pages may call, besides the gateway's own: `https://app.example`. None by default. */
  corsOrigins?: readonly string[];
  /** Whether callers may ask for the schema; true by default. */
  introspection?: boolean;
  /** One line per operation; silent without it. */
  logger?: Logger;
  /** What browsers get at `/graphql`; nothing by default. */
  graphiql?: GraphiQLOptions | false;
  /** Keys of servers that may act for identities, and how their tokens are obtained; none by default. */
  backOfficeKeys?: readonly string[];
  backOfficeLogin?: BackOfficeLogin;
  /** Where replicas share what one of them has obtained; each has its own without it. */
  redisUrl?: string;
  /** The time by which links expire, in milliseconds. */
  now?: () => number;
}

export interface Gateway {
  /** Serves every route; the caller owns the port. */
  handler: RequestListener;
  /** Says on `/ready` that no more requests should come, and closes every connection after its answer. */
  drain(): void;
  close(): Promise<void>;
}

interface ServerContext {
  session: Session;
}

/** The gateway as a request listener: opens no port, keeps nothing of a caller beyond the request. */
export function createGateway({
  baseUrl,
  apiKey,
  simulator,
  deadlines,
  corsOrigins = [],
  introspection = true,
  logger = createLogger('silent'),
  graphiql = false,
  backOfficeKeys = [],
  backOfficeLogin,
  redisUrl,
  now = Date.now,
  onCall,
  onAnswer,
}: GatewayOptions): Gateway {
  let draining = false;
  const schema = simulator ? wholeSchema : withoutSimulator(wholeSchema);
  const transport = createTransport({ baseUrl, deadlines });
  const tokens = createTokenMemory();
  const page = graphiql ? createGraphiQL(graphiql) : undefined;
  const weavrFor = (session: Session, signal: AbortSignal) =>
    new Weavr({ transport, apiKey, simulator, session, signal, onCall, onAnswer });
  const unnamed = () => new Weavr({ transport, apiKey, session: { api: 'BACK_OFFICE' }, onCall });
  const shelf = redisUrl && backOfficeKeys.length ? createShelf(redisUrl, backOfficeKeys) : undefined;
  const delegation = createDelegation(obtainWith(unnamed, backOfficeLogin), { shelf, now });
  const sessionFor = (headers: IncomingHttpHeaders) => sessionOf(headers, { keys: backOfficeKeys, delegation });
  const downloads = createDownloads({ weavrFor, sessionOf: sessionFor, now });
  const context = ({ session, request }: ServerContext & YogaInitialContext): Context => ({
    weavr: weavrFor(session, request.signal),
    tokens,
    unrecognized: new Set(),
    linkTo: (file) => downloads.link(file, session, originOf(request)),
  });
  const yoga = createYoga<ServerContext, Context>({
    schema,
    context,
    logging: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    batching: false,
    parserAndValidationCache: false, // useDocuments has one that is bounded in bytes
    maxRequestBodySize: false, // readJsonBody has counted
    maskedErrors: { maskError, isDev: false },
    plugins: [useDocuments(schema, { introspection }), useVariables(), useExtensions(), useOperationLog(logger)],
  });

  async function graphql(req: IncomingMessage, res: ServerResponse) {
    res.setHeader('cache-control', 'no-store');
    if (!isAnswerable(req.headers.accept)) return refuse(req, res, 406, 'NOT_ACCEPTABLE', 'The answer is JSON.');
    const session = sessionFor(req.headers);
    if (req.method === 'GET') assertJsonInUrl(req.url ?? '');
    const body = req.method === 'POST' ? await readJsonBody(req) : undefined;
    await yoga(Object.assign(req, { body }), res, { session });
  }

  async function handle(req: IncomingMessage, res: ServerResponse) {
    if (draining) res.setHeader('connection', 'close');
    res.setHeader('x-content-type-options', 'nosniff');
    if (!isHost(req.headers.host)) return refuse(req, res, 400, 'BAD_REQUEST', 'The Host header is none.');
    if (guardOrigin(req, res, corsOrigins)) return;
    if (page?.serves(req)) return page.serve(req, res);
    switch (req.url?.split('?')[0]) {
      case '/graphql':
        return graphql(req, res);
      case '/health':
        return say(res, 200, 'alive');
      case '/ready':
        return draining ? say(res, 503, 'draining') : say(res, 200, 'ready');
      default:
        if (req.url?.startsWith(DOWNLOADS)) return downloads.serve(req, res);
        return refuse(req, res, 404, 'NOT_FOUND', 'There is nothing here: GraphQL is at /graphql.');
    }
  }

  const fail = (req: IncomingMessage, res: ServerResponse) => (error: unknown) => {
    if (res.headersSent) return res.destroy();
    if (error instanceof RequestRefused) return refuse(req, res, error.status, error.code, error.message);
    logger.error({ fault: error instanceof Error ? error.name : typeof error });
    return refuse(req, res, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong in the gateway.');
  };

  return {
    handler: (req, res) => void handle(req, res).catch(fail(req, res)),
    drain: () => {
      draining = true;
    },
    close: async () => {
      shelf?.close();
      await transport.close();
    },
  };
}

const say = (res: ServerResponse, status: number, text: string) => {
  res.writeHead(status, { 'content-type': 'text/plain' }).end(text);
};
