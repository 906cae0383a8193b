import type { Exchange } from '../src/sandbox/core/server.js';
import type { QueryOptions, Stack } from './harness.js';

export const KEY = 'a-back-office-key-of-more-than-32-characters';

/** Options of a query that a server sends for an identity. */
export const as = (actAs: string, headers: Record<string, string> = {}): QueryOptions => ({
  token: null,
  headers: { 'x-back-office-key': KEY, 'x-act-as': actAs, ...headers },
});

/** A seeded identity, as the header `X-Act-As` has it. */
export function identityOf({ sandbox }: Stack, email: string) {
  const [identity] = [...sandbox.state.credentials.values()].find((known) => known.email === email)?.identities ?? [];
  return `${identity?.type}:${identity?.id}`;
}

export const acmeOf = (stack: Stack) => identityOf(stack, 'root@acme.example');

/** Runs a mutation for an identity; what it answers, or the code of its GraphQL error. */
export async function act(stack: Stack, actAs: string, mutation: string, input: object, selection = '__typename') {
  const title = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const { data, errors } = await stack.query(
    `mutation ($input: ${title}Input!) {
      result: ${mutation}(input: $input) {
        ... on ${title}Payload { ${selection} }
        ... on MutationError { code retryable }
        ... on ValidationError { fields { path rule } }
        ... on OutcomeUnknownError { unknown: idempotencyKey }
      }
    }`,
    { ...as(actAs), variables: { input } },
  );
  return errors?.[0]?.extensions.code ?? data.result;
}

/** Whose token an upstream call had, by the answers that gave the tokens. */
export function bearersIn(exchanges: readonly Exchange[]) {
  const owners = new Map<string, string>();
  for (const { operation, responseBody } of exchanges) {
    const { token, identity } = (responseBody ?? {}) as {
      token?: { token?: string };
      identity?: { type: string; id: string };
    };
    if (operation.auth === 'API_KEY' && token?.token)
      owners.set(`Bearer ${token.token}`, `${identity?.type}:${identity?.id}`);
  }
  return ({ headers }: Exchange) => owners.get(headers.authorization ?? '');
}
