import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';
import { BodyRefused, readJsonBody } from './http/body.js';
import { maskError, refuse } from './http/errors.js';
import { sessionOf } from './http/session.js';
import type { Context } from './schema/core/builder.js';
import { schema } from './schema/index.js';
import { type Session, Weavr, type WeavrOptions } from './weavr/core/client.js';
import { createTokenMemory } from './weavr/core/token-memory.js';
import { createTransport, type Deadlines } from './weavr/core/transport.js';

export interface GatewayOptions extends Pick<WeavrOptions, 'apiKey' | 'onCall' | 'onAnswer'> {
  baseUrl: string;
  deadlines?: Partial<Deadlines>;
}

export interface Gateway {
  /** Serves every route; the caller owns the port. */
  handler: RequestListener;
  close(): Promise<void>;
}

interface ServerContext {
  session: Session;
}

/** The gateway as a request listener: opens no port, keeps nothing of a caller beyond the request. */
export function createGateway({ baseUrl, apiKey, deadlines, onCall, onAnswer }: GatewayOptions): Gateway {
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
  });

  async function handle(req: IncomingMessage, res: ServerResponse) {
    const session = sessionOf(req.headers);
    if (!session)
      return refuse(req, res, 401, 'UNAUTHENTICATED', 'The Authorization header must be "Bearer" and a token.');
    const body = req.method === 'POST' ? await readJsonBody(req) : undefined;
    await yoga(Object.assign(req, { body }), res, { session });
  }

  return {
    handler: (req, res) => {
      handle(req, res).catch((error: unknown) => {
        if (error instanceof BodyRefused) return refuse(req, res, error.status, error.code, error.message);
        return refuse(req, res, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong in the gateway.');
      });
    },
    close: () => transport.close(),
  };
}
