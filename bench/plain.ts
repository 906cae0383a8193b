import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { Context } from '../src/schema/core/builder.js';
import { schema } from '../src/schema/index.js';
import { Weavr } from '../src/weavr/core/client.js';
import type { Operation } from '../src/weavr/core/operation.js';
import { toRest } from '../src/weavr/core/request.js';
import type { Nullish } from '../src/weavr/core/shapes.js';
import { createTokenMemory } from '../src/weavr/core/token-memory.js';
import { createTransport } from '../src/weavr/core/transport.js';

const [port, baseUrl = ''] = process.argv.slice(2);
const transport = createTransport({ baseUrl }); // for writes, of which the bench has none
const tokens = createTokenMemory();

/** What a resolver does that was written or generated without a thought for the upstream: a `fetch` for every read. */
class PlainWeavr extends Weavr {
  override async load<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out> {
    const { path } = toRest(operation, input, this.session.api);
    const headers = { accept: 'application/json', 'api-key': 'bench', authorization: `Bearer ${this.session.token}` };
    const response = await fetch(baseUrl + path, { headers });
    if (!response.ok) throw new Error(`${operation.id} answered ${response.status}`);
    return response.json() as Promise<Out>;
  }
}

/** The same schema and resolvers, served by Yoga as it comes. */
const yoga = createYoga({
  schema,
  logging: false,
  context: ({ request }): Context => ({
    weavr: new PlainWeavr({
      transport,
      apiKey: 'bench',
      session: { api: 'MULTI', token: request.headers.get('authorization')?.slice('Bearer '.length) },
    }),
    tokens,
    unrecognized: new Set(),
    attempt: (_trial, run) => run(),
    linkTo: () => {
      throw new Error('no query of the bench asks for a file');
    },
  }),
});

createServer(yoga).listen(Number(port), '127.0.0.1');
