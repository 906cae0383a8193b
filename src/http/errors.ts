import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, Kind } from 'graphql';
import { ConflictError, UpstreamError, ValidationError, WeavrError } from '../weavr/core/errors.js';
import { noteRefusal } from './requests.js';

const CODES = new Map<unknown, string>([
  [ValidationError, 'BAD_USER_INPUT'],
  [ConflictError, 'CONFLICT'],
]);

/** What a caller may see of an error. Weavr's conditions and our own refusals pass; anything else is masked. */
export function maskError(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) return masked(error);
  const cause = rootOf(error);
  const { nodes, path, positions, source } = error;
  if (cause instanceof WeavrError) {
    return new GraphQLError(cause.message, {
      nodes,
      path,
      positions,
      source,
      originalError: cause,
      extensions: extensionsOf(cause),
    });
  }
  if (!(cause instanceof GraphQLError)) return masked(error);
  if (cause.extensions.code) return error;
  // The executor itself, whose messages repeat values: of Weavr's at a field, of the caller's at an argument.
  if (nodes?.[0]?.kind === Kind.FIELD) return masked(error);
  return new GraphQLError('A variable is null where a value is needed.', {
    nodes,
    path,
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

function rootOf(error: GraphQLError): Error {
  const { originalError } = error;
  return originalError instanceof GraphQLError ? rootOf(originalError) : (originalError ?? error);
}

const masked = (error: unknown) =>
  new GraphQLError('Something went wrong in the gateway.', {
    ...(error instanceof GraphQLError && { nodes: error.nodes, path: error.path }),
    originalError: error instanceof GraphQLError ? rootOf(error) : error instanceof Error ? error : undefined,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });

/** `extensions` of a top-level error: a stable code, and where it came from. */
function extensionsOf(error: WeavrError) {
  const waiting = error instanceof UpstreamError && error.retryAfterSeconds !== undefined;
  return {
    code: CODES.get(error.constructor) ?? error.code,
    retryable: error.retryable,
    weavr: error.origin,
    ...(waiting && { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error instanceof ValidationError && { fields: error.fields }),
  };
}

/** A request that GraphQL never sees, as the HTTP answer that says why. */
export class RequestRefused extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 413 | 415,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RequestRefused';
  }
}

/** Answers an HTTP failure in GraphQL's form, before GraphQL has been reached. */
export function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers = {},
) {
  const json = req.headers.accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  noteRefusal(req, code);
  res.writeHead(status, { 'content-type': `${json}; charset=utf-8`, ...headers });
  res.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
