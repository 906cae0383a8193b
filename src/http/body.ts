import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { textOf } from '../weavr/core/transport.js';
import { RequestRefused } from './errors.js';

export const MAX_BODY_BYTES = 1_000_000;

/** The JSON object of a POST: only JSON, so that no web form can send one; at most a megabyte. */
export async function readJsonBody(req: IncomingMessage): Promise<object> {
  if (!isJson(req.headers['content-type'] ?? '')) {
    throw new RequestRefused(415, 'UNSUPPORTED_MEDIA_TYPE', 'A POST must be application/json in UTF-8.');
  }
  const body = parse(await readText(req).catch(halfRead), 'The body is not JSON.');
  if (!body || typeof body !== 'object' || Array.isArray(body)) {
    throw new RequestRefused(400, 'BAD_REQUEST', 'The body must be one JSON object; batches are not taken.');
  }
  if (!('query' in body)) throw new RequestRefused(400, 'BAD_REQUEST', 'The body has no "query".');
  return body;
}

/** A media type as RFC 9110 writes it: parameters may be quoted, and an empty one may follow a semicolon. */
const JSON_TYPE =
  /^\s*application\/json\s*((?:;\s*(?:[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*")\s*)?)*)$/i;

function isJson(header: string) {
  const parameters = header.length > 200 ? undefined : JSON_TYPE.exec(header)?.[1];
  if (parameters === undefined) return false;
  return [...parameters.matchAll(/;\s*charset="?([^";\s]*)/gi)].every(([, charset]) => /^utf-?8$/i.test(charset ?? ''));
}

/** What a GET asks, with its variables and extensions as JSON. */
export function readUrl(url: string): GraphQLParams {
  const search = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const json = (name: string) => {
    const text = search.get(name);
    return text ? (parse(text, `The URL's "${name}" is not JSON.`) as object) : undefined; // Yoga looks closer
  };
  return {
    query: search.get('query') || undefined,
    operationName: search.get('operationName') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

/** By events, which take a fraction of an iterator's time. */
function readText(req: IncomingMessage) {
  if (Number(req.headers['content-length']) > MAX_BODY_BYTES) throw tooLarge();
  return new Promise<string>((done, failed) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else failed(tooLarge()); // the rest is let pass unread, so that the answer reaches whoever is still sending
    });
    req.on('end', () => done(textOf(chunks)));
    req.on('error', failed).on('close', failed);
  });
}

const tooLarge = () => new RequestRefused(413, 'BODY_TOO_LARGE', `The body may have at most ${MAX_BODY_BYTES} bytes.`);

function halfRead(error: unknown): never {
  if (error instanceof RequestRefused) throw error;
  throw new RequestRefused(400, 'BAD_REQUEST', 'The body ended too early.'); // whoever sent it may have left
}

/** The parser's own message would repeat what was sent. */
function parse(text: string, otherwise: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestRefused(400, 'BAD_REQUEST', otherwise);
  }
}
