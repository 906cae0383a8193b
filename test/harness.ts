import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getDirective } from '@graphql-tools/utils';
import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { expect } from 'vitest';
import { createGateway, type GatewayOptions } from '../src/gateway.js';
import type { ExecutorOptions } from '../src/http/executor.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/index.js';
import { schema } from '../src/schema/index.js';
import { watchExchanges } from './exchanges.js';

// biome-ignore lint/suspicious/noExplicitAny: answers have the shape of their query, and tests read deep into them
type Data = any;

/** EXECUTOR says which one the tests run under, as the product does without it; `jit` compiles at once. */
const { EXECUTOR } = process.env;
const EXECUTION: ExecutorOptions =
  EXECUTOR === 'graphql-js' ? { executor: EXECUTOR } : { executor: 'jit', compileAfter: EXECUTOR === 'jit' ? 0 : 1 };

export interface Answer {
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, Data> }[];
  extensions?: Record<string, Data>;
  status: number;
}

export interface QueryOptions {
  variables?: object;
  token?: string | null;
  headers?: Record<string, string>;
}

/** What a back office session calls by itself. */
const TOKEN_CALLS = ['requestAccessToken', 'impersonateIdentityLogin'];

interface InSandbox extends Pick<SandboxOptions, 'onExchange' | 'restricted' | 'rateLimit' | 'now'> {
  /** Whether exchanges are held against Weavr's documents, which takes most of the time of long answers. */
  watched?: () => boolean;
}

/** The gateway over a fresh sandbox, joined by real HTTP; `calls` are the REST calls of the last query. */
export async function startStack(
  options: Partial<GatewayOptions> | ((sandbox: Sandbox) => Partial<GatewayOptions>) = {},
  { onExchange, watched = () => true, ...inSandbox }: InSandbox = {},
) {
  const calls: string[] = [];
  const exchanges = watchExchanges();
  const started = Date.now(); // time stands still, until a test moves it
  const sandbox = await startSandbox({
    onExchange: (exchange) => {
      if (watched()) exchanges.onExchange?.(exchange);
      onExchange?.(exchange);
    },
    now: () => started,
    ...inSandbox,
  });
  const gateway = createGateway({
    baseUrl: sandbox.url,
    apiKey: sandbox.apiKey,
    simulator: { key: sandbox.apiKey },
    random: () => 0, // no pauses between tries
    attempts: { perTarget: 1_000, perAddress: 1_000 }, // so that Weavr's own limits are met
    execution: EXECUTION,
    overload: { maxInFlight: Number.POSITIVE_INFINITY, maxWhileLate: Number.POSITIVE_INFINITY }, // however slow the machine
    onCall: ({ operation }) => calls.push(operation),
    ...(typeof options === 'function' ? options(sandbox) : options),
  });
  const server = createServer(gateway.handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = sandbox.signIn('root@acme.example');

  /** Sends one operation, as Acme's root user unless told otherwise. */
  async function query(text: string, { variables, token: as = token, headers }: QueryOptions = {}): Promise<Answer> {
    calls.length = 0;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${as}` }), ...headers },
      body: JSON.stringify({ query: text, variables }),
    });
    const answer = (await response.json()) as Answer;
    if ('data' in answer) {
      // A delegated token is the session's, not a field's.
      const ofFields = headers?.['x-back-office-key'] ? calls.filter((call) => !TOKEN_CALLS.includes(call)) : calls;
      expect(declaredUpstreams(text), 'a field called an operation its @upstream does not name').toEqual(
        expect.arrayContaining(ofFields),
      );
      const { estimated = 0, actual = 0 } = answer.extensions?.cost ?? {};
      expect(actual, 'calls, by the estimate of what they could be at most').toBeLessThanOrEqual(estimated);
    }
    return { ...answer, status: response.status };
  }

  /** The answer of an operation that must not fail. */
  async function data(text: string, options?: QueryOptions): Promise<Data> {
    const answer = await query(text, options);
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return answer.data;
  }

  async function close() {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await gateway.close();
    await sandbox.close();
    expect([...exchanges.problems], 'exchanges that disagree with Weavr’s documents').toEqual([]);
  }

  return { url, sandbox, calls, exchanges, token, query, data, close };
}

export type Stack = Awaited<ReturnType<typeof startStack>>;

/** By text: many tests ask the same many times. */
const declared = new Map<string, string[]>();

/** The operations that the selected fields' `@upstream` directives name. */
function declaredUpstreams(text: string) {
  const known = declared.get(text);
  if (known) return known;
  const operations = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    parse(text),
    visitWithTypeInfo(types, {
      Field() {
        const field = types.getFieldDef();
        const [directive] = (field && getDirective(schema, field, 'upstream')) ?? [];
        for (const id of directive?.operations ?? []) operations.add(id);
      },
    }),
  );
  declared.set(text, [...operations]);
  return [...operations];
}
