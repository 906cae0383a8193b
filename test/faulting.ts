import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { createGateway, type GatewayOptions } from '../src/gateway.js';
import type { Fault } from '../src/sandbox/core/faults.js';
import type { Outcomes } from './fault-rows.js';
import type { Answer, Stack } from './harness.js';
import { accountsIn, type Side, TRANSFER_PROFILE } from './transferring.js';

/** What is asked while things go wrong: a read, a write with an `idempotency-ref`, and a write without. */
export type Kind = 'read' | 'keyed' | 'keyless';

export const OPERATIONS = {
  read: 'transfersGet',
  keyed: 'transferCreate',
  keyless: 'accounts_account_id_deposit',
} as const;

const DOCUMENTS = {
  read: 'query ($name: String!) { outcome: transfers(first: 1, filter: { tag: $name }) { totalCount } }',
  keyed: `mutation ($input: CreateTransferInput!) {
    outcome: createTransfer(input: $input) {
      __typename
      ... on CreateTransferPayload { transfer { state } }
      ... on OutcomeUnknownError { idempotencyKey operation sentAt }
    }
  }`,
  keyless: `mutation ($input: SimulateDepositInput!) {
    outcome: simulateDeposit(input: $input) {
      __typename
      ... on SimulateDepositPayload { outcome }
      ... on OutcomeUnknownError { idempotencyKey operation sentAt }
    }
  }`,
} as const;

/** A request as it arrived. */
export interface Arrival {
  reference?: string | string[];
  body: unknown;
  port?: number;
  /** In milliseconds of this process. */
  at: number;
}

export interface Accounts {
  source: Side;
  destination: Side;
  /** Has an IBAN. */
  funded: Side;
}

export const COLUMNS: [about: string, column: keyof Outcomes, options: Partial<GatewayOptions>][] = [
  ['a read', 'read', {}],
  ['a write with a key', 'keyed', {}],
  ['a write with a key that may be repeated', 'repeatable', { retryWrites: 'idempotent' }],
  ['a write without a key', 'keyless', { retryWrites: 'idempotent' }],
];

export async function accountsFor(stack: Stack): Promise<Accounts> {
  const [source, destination] = await accountsIn(stack, 'EUR');
  const { managedAccounts } = await stack.data('{ managedAccounts { nodes { id currency iban { state } } } }');
  const hasIban = ({ currency, iban }: { currency: string; iban?: { state: string } }) =>
    currency === 'EUR' && iban?.state === 'ALLOCATED';
  return { source, destination, funded: { type: 'MANAGED_ACCOUNTS', id: managedAccounts.nodes.find(hasIban).id } };
}

/** A gateway of its own over the sandbox, so that neither pool nor budget nor breaker is anybody else's. */
export async function openGateway(
  { sandbox, token }: Pick<Stack, 'sandbox' | 'token'>,
  options: Partial<GatewayOptions>,
) {
  const tries: string[] = [];
  const gateway = createGateway({
    baseUrl: sandbox.url,
    apiKey: sandbox.apiKey,
    simulator: { key: sandbox.apiKey },
    random: () => 0,
    onCall: ({ operation }) => tries.push(operation),
    ...options,
  });
  const server = createServer(gateway.handler);
  const url = await listening(server);

  async function close() {
    server.closeAllConnections();
    server.close();
    await gateway.close();
  }

  return { url: `${url}/graphql`, tries, ask: clientOf(`${url}/graphql`, token), close };
}

/** Asks a gateway, in the name of whatever shall be counted. */
export const clientOf =
  (url: string, token: string) =>
  async (kind: Kind, name: string, accounts: Accounts): Promise<Answer> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: DOCUMENTS[kind], variables: variablesOf(kind, name, accounts) }),
    });
    return (await response.json()) as Answer;
  };

function variablesOf(kind: Kind, name: string, { source, destination, funded }: Accounts): object {
  const amount = { currency: 'EUR', amount: 1 };
  if (kind === 'read') return { name };
  if (kind === 'keyless') return { input: { accountId: funded.id, amount, reference: name } };
  const what = { idempotencyKey: name, description: name, profileId: TRANSFER_PROFILE };
  return { input: { ...what, amount, source, destination } };
}

/** `OK`, `UNKNOWN`, or the code of an error. */
export function outcomeOf({ data, errors }: Answer): string {
  if (errors) return errors[0]?.extensions.code;
  const { __typename = 'Payload', outcome = 'COMPLETED' } = data.outcome;
  if (__typename === 'OutcomeUnknownError') return 'UNKNOWN';
  return __typename.endsWith('Payload') && outcome === 'COMPLETED' ? 'OK' : __typename;
}

/** How often money has moved under a name. */
export const effectsOf = ({ sandbox }: Stack, name: string, { source, funded }: Accounts) =>
  [source, funded]
    .flatMap(({ id }) => sandbox.state.ledger.entriesOf(id))
    .filter(({ movement }) => movement.description === name).length;

/** Lets faults be planned by the name that a request carries, and writes down what arrives under each. */
export function watchArrivals({ sandbox }: Stack) {
  const arrivals = new Map<string, Arrival[]>();
  const faults = new Map<string, Fault[]>();
  sandbox.faults.plan(
    (request, body) => {
      const name = nameOf(request, body);
      const reference = request.headers['idempotency-ref'];
      const known = arrivals.get(name) ?? [];
      arrivals.set(name, [...known, { reference, body, port: request.socket.remotePort, at: performance.now() }]);
      return faults.get(name)?.shift();
    },
    { times: Number.POSITIVE_INFINITY },
  );
  return {
    of: (name: string) => arrivals.get(name) ?? [],
    plan: (name: string, ...next: Fault[]) => void faults.set(name, next),
  };
}

function nameOf({ url = '' }: IncomingMessage, body: unknown) {
  const { description, reference } = (body ?? {}) as Record<string, string>; // those of this file
  return description ?? reference ?? new URL(url, 'http://sandbox').searchParams.get('tag') ?? '';
}

interface Listening {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}

/** Where a server listens, once it does. */
export async function listening(server: Listening, protocol = 'http') {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
}

/** A TCP server that does this to every connection. */
export async function startPort(meet: (socket: Socket) => void, protocol?: string) {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    meet(socket);
  });
  const url = await listening(server, protocol);
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url, close, connections: () => sockets.size };
}
