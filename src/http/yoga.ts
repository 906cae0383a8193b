import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga, type Plugin, type YogaServerOptions } from 'graphql-yoga';

/** As much of a Fetch request as Yoga and its hooks read. */
class NodeRequest {
  readonly #req: IncomingMessage;
  readonly #body: object | undefined;
  readonly headers: { get(name: string): string | null };

  constructor(req: IncomingMessage, body: object | undefined) {
    this.#req = req;
    this.#body = body;
    this.headers = { get: (name) => req.headers[name.toLowerCase()]?.toString() ?? null };
  }
  get method() {
    return this.#req.method ?? '';
  }
  get url() {
    return `http://${this.#req.headers.host}${this.#req.url}`;
  }
  json() {
    return this.#body;
  }
}

/** What Yoga makes of a result. */
class NodeAnswer {
  constructor(
    readonly body: string | AsyncIterable<Uint8Array> | null,
    readonly init: { status?: number; headers?: Record<string, string> } = {},
  ) {}
}

/**
 * Yoga, with every hook and limit of it, on Node's own requests and answers: turning them into Fetch's and back takes
 * longer than most queries. The caller has checked the route, the method and the body.
 */
export function createNodeYoga<Server extends object, User extends object>(options: YogaServerOptions<Server, User>) {
  let handle: ((request: Request, context: Server) => Promise<unknown>) | undefined;
  const entrance: Plugin = {
    onYogaInit: ({ yoga }) => {
      handle = yoga.handle as unknown as typeof handle; // typed for the adapter that is left out
    },
  };
  createYoga({
    ...options,
    plugins: [...(options.plugins ?? []), entrance],
    fetchAPI: { Response: NodeAnswer as unknown as typeof Response }, // Yoga only makes answers, it never reads one
  });
  return async (req: IncomingMessage, res: ServerResponse, body: object | undefined, context: Server) => {
    const request = new NodeRequest(req, body) as unknown as Request; // no hook reads more of it
    await send(res, (await handle?.(request, context)) as NodeAnswer); // as `fetchAPI` says above
  };
}

async function send(res: ServerResponse, { body, init: { status = 200, headers } }: NodeAnswer) {
  if (typeof body === 'string' || !body) {
    const text = body ?? ''; // goes out with its head in one write, as bytes would not
    res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
    return;
  }
  res.writeHead(status, headers);
  for await (const chunk of body) res.write(chunk);
  res.end();
}
