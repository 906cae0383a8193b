import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';
import { BodyRefused, readJsonBody } from './http/body.js';
import { maskError, refuse } from './http/errors.js';
import { createLogger, type Logger, useOperationLog } from './http/log.js';
import { sessionOf } from './http/session.js';
import type { Context } from './schema/core/builder.js';
import { schema } from './schema/index.js';
import { type Session, Weavr, type WeavrOptions } from './weavr/core/client.js';
import { createTokenMemory } from './weavr/core/token-memory.js';
import { createTransport, type Deadlines } from './weavr/core/transport.js';

export interface GatewayOptions extends Pick<WeavrOptions, 'apiKey' | 'onCall' | 'onAnswer'> {
  baseUrl: string;
  deadlines?: Partial<Deadlines>;
  /** One line per operation; silent without it. */
  logger?: Logger;
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
  deadlines,
  logger = createLogger('silent'),
  onCall,
  onAnswer,
}: GatewayOptions): Gateway {
  let draining = false;
  const transport = createTransport({ baseUrl, deadlines });
  const tokens = createTokenMemory();
  const context = ({ session, request }: ServerContext & YogaInitialContext): Context => ({
    weavr: new Weavr({ transport, apiKey, session, signal: request.signal, onCall, onAnswer }),
    tokens,
    unrecognized: new Set(),
    linkTo: () => ({ url: '', expiresAt: 0 }),
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
    maxRequestBodySize: false, // readJsonBody has counted
    maskedErrors: { maskError, isDev: false },
    plugins: [useOperationLog(logger)],
  });

  async function graphql(req: IncomingMessage, res: ServerResponse) {
    const session = sessionOf(req.headers);
    if (!session)
      return refuse(req, res, 401, 'UNAUTHENTICATED', 'The Authorization header must be "Bearer" and a token.');
    const body = req.method === 'POST' ? await readJsonBody(req) : undefined;
    await yoga(Object.assign(req, { body }), res, { session });
  }

  async function handle(req: IncomingMessage, res: ServerResponse) {
    if (draining) res.setHeader('connection', 'close');
    switch (req.url?.split('?')[0]) {
      case '/graphql':
        return graphql(req, res);
      case '/health':
        return say(res, 200, 'alive');
      case '/ready':
        return draining ? say(res, 503, 'draining') : say(res, 200, 'ready');
      default:
        return refuse(req, res, 404, 'NOT_FOUND', 'There is nothing here: GraphQL is at /graphql.');
    }
  }

  const fail = (req: IncomingMessage, res: ServerResponse) => (error: unknown) => {
    if (res.headersSent) return res.destroy();
    if (error instanceof BodyRefused) return refuse(req, res, error.status, error.code, error.message);
    logger.error({ fault: error instanceof Error ? error.name : typeof error });
    return refuse(req, res, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong in the gateway.');
  };

  return {
    handler: (req, res) => void handle(req, res).catch(fail(req, res)),
    drain: () => {
      draining = true;
    },
    close: () => transport.close(),
  };
}

const say = (res: ServerResponse, status: number, text: string) => {
  res.writeHead(status, { 'content-type': 'text/plain' }).end(text);
};
