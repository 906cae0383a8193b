import type { Sandbox } from '../src/sandbox/index.js';
import type { PLANTED } from './planting.js';

export type SecretName = keyof typeof PLANTED | 'bearer';

/** What was answered, headers and all; and what it may tell, because it was asked for just that. */
export interface Told {
  about: string;
  status: number;
  text: string;
  mayTell: readonly SecretName[];
}

interface Asked {
  variables?: object;
  headers?: Record<string, string>;
  mayTell?: SecretName[];
}

export const VISITOR = 'ben@acme.example';

const ERRORS = `... on MutationError { __typename code message requestRef }
  ... on ValidationError { fields { path rule params message } } ... on OutcomeUnknownError { operation idempotencyKey }`;
const mutationOf = (name: string, selection = '') => {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return `mutation ${title}($input: ${title}Input!) { ${name}(input: $input) { ${ERRORS} ... on ${title}Payload { __typename ${selection} } } }`;
};

/** Somebody who asks a gateway for this and that, and keeps what was answered. */
export function visitor(url: string, sandbox: Sandbox) {
  const told: Told[] = [];
  const token = sandbox.signIn(VISITOR);
  const user = { authorization: `Bearer ${token}` };

  async function visit(about: string, path: string, init: RequestInit = {}, mayTell: SecretName[] = []) {
    const response = await fetch(url + path, init);
    const text = await response.text();
    told.push({ about, status: response.status, text: `${JSON.stringify([...response.headers])}\n${text}`, mayTell });
    return text;
  }

  const send = (about: string, body: string, { headers = user, mayTell }: Asked = {}) => {
    const json = { 'content-type': 'application/json', ...headers };
    return visit(about, '/graphql', { method: 'POST', headers: json, body }, mayTell);
  };

  const ask = (about: string, query: string, { variables, ...asked }: Asked = {}) =>
    send(about, JSON.stringify({ query, variables }), asked);

  /** Runs a mutation. */
  const act = (
    about: string,
    name: string,
    input: object,
    { selection = '', ...asked }: Asked & { selection?: string } = {},
  ) => ask(about, mutationOf(name, selection), { variables: { input }, ...asked });

  return { told, token, user, visit, send, ask, act };
}

export type Visitor = ReturnType<typeof visitor>;
