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

/**
 * Yoga with every hook of it that a query meets, without what turns Node's requests and answers into Fetch's and back,
 * which takes longer than most queries. The caller has checked the route, the method, the headers and the body.
 */
export function createExecution<Server extends object, User extends object>(options: YogaServerOptions<Server, User>) {
  let yoga: YogaServer<Server, User> | undefined;
  const entrance: Plugin = {
    onYogaInit: (init) => {
      yoga = init.yoga as unknown as typeof yoga; // the one that the options make
    },
  };
  createYoga({ ...options, plugins: [...(options.plugins ?? []), entrance] });
  return async ({ method }: IncomingMessage, params: GraphQLParams, context: Server): Promise<ExecutionResult> => {
    const request = { method } as Request; // all that is read of it
    try {
      return (await yoga?.getResultForParams({ params, request }, context)) as ExecutionResult; // nothing is answered in parts
    } catch (error) {
      return { errors: (error instanceof AggregateError ? error.errors : [error]).map(maskError) };
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
