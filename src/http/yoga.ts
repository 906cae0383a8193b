import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import {
  createYoga,
  type FetchAPI,
  type GraphQLParams,
  type Plugin,
  processRegularResult,
  type YogaServer,
  type YogaServerOptions,
} from 'graphql-yoga';
import { maskError } from './errors.js';
import { assertBounds } from './variables.js';

/**
 * Yoga with every hook of it that a query meets, without what turns Node's requests and answers into Fetch's and back,
 * which takes longer than most queries. The caller has checked the route, the method, the headers and the body, and
 * brings the whole context.
 */
export function createExecution<Context extends object>(options: YogaServerOptions<Context, object>) {
  let yoga: YogaServer<Context, object> | undefined;
  const entrance: Plugin = {
    onYogaInit: (init) => {
      yoga = init.yoga as unknown as typeof yoga; // the one that the options make
    },
  };
  createYoga({
    ...options,
    logging: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    batching: false,
    maxRequestBodySize: false,
    maskedErrors: false, // all of them are masked below, whencesoever they come
    plugins: [...(options.plugins ?? []), entrance],
  });
  return async ({ method }: IncomingMessage, params: GraphQLParams, context: Context): Promise<ExecutionResult> => {
    const request = { method } as Request; // all that is read of it
    try {
      assertBounds(params);
      const result = (await yoga?.getResultForParams({ params, request }, context)) as ExecutionResult; // not in parts
      return result.errors ? { ...result, errors: result.errors.map(maskError) } : result;
    } catch (error) {
      return { errors: [maskError(error)] };
    }
  };
}

/** What is made of a result before it is sent. */
class Answer {
  constructor(
    readonly body: string,
    readonly init: { status: number; headers: Record<string, string> },
  ) {}
}

const api = { Response: Answer } as unknown as FetchAPI; // no more of it is used for a result that is answered at once

/** Sends a result with the status that its errors ask for. */
export function sendResult(res: ServerResponse, result: ExecutionResult, mediaType: string) {
  const { body, init } = processRegularResult(result, api, mediaType) as unknown as Answer; // as `api` says
  const { status, headers } = init;
  // A string goes out with its head in one write, as bytes would not.
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
