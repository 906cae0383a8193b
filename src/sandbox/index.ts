import { access } from '../weavr/access.js';
import { authenticationFactors } from '../weavr/authentication-factors.js';
import { consumers } from '../weavr/consumers.js';
import type { Operation } from '../weavr/core/operation.js';
import { corporates } from '../weavr/corporates.js';
import { managedAccounts } from '../weavr/managed-accounts.js';
import { managedCards } from '../weavr/managed-cards.js';
import { passwords } from '../weavr/passwords.js';
import { roles } from '../weavr/roles.js';
import { spendRules } from '../weavr/spend-rules.js';
import { statements } from '../weavr/statements.js';
import { stepUp } from '../weavr/step-up.js';
import { transfers } from '../weavr/transfers.js';
import { users } from '../weavr/users.js';
import { accessHandlers, credentialsOf } from './access.js';
import { authenticationFactorHandlers } from './authentication-factors.js';
import { consumerHandlers } from './consumers.js';
import { createClock } from './core/clock.js';
import { createRateLimit, type Windows } from './core/rate-limit.js';
import { seedIdentities } from './core/seed.js';
import { seedCards } from './core/seed-cards.js';
import { seedTransfers } from './core/seed-transfers.js';
import { seedUsers } from './core/seed-users.js';
import { createSandboxServer, type Exchange, type Handler, listen, type Route } from './core/server.js';
import { State } from './core/state.js';
import { corporateHandlers } from './corporates.js';
import { managedAccountHandlers } from './managed-accounts.js';
import { managedCardHandlers } from './managed-cards.js';
import { passwordHandlers } from './passwords.js';
import { roleHandlers } from './roles.js';
import { spendRuleHandlers } from './spend-rules.js';
import { statementHandlers } from './statements.js';
import { stepUpHandlers } from './step-up.js';
import { transferHandlers } from './transfers.js';
import { userHandlers } from './users.js';

export const SANDBOX_API_KEY = 'sandbox-api-key';

/** Every row's operations beside their handlers. */
const ROWS: [object, object][] = [
  [access, accessHandlers],
  [passwords, passwordHandlers],
  [authenticationFactors, authenticationFactorHandlers],
  [users, userHandlers],
  [roles, roleHandlers],
  [stepUp, stepUpHandlers],
  [corporates, corporateHandlers],
  [consumers, consumerHandlers],
  [managedAccounts, managedAccountHandlers],
  [managedCards, managedCardHandlers],
  [spendRules, spendRuleHandlers],
  [statements, statementHandlers],
  [transfers, transferHandlers],
];

export const routes: Route[] = ROWS.flatMap(([operations, handlers]) =>
  // `Handlers` has made sure that both sides have the same keys.
  Object.values(operations as Record<string, Operation>).map((operation) => ({
    operation,
    handle: (handlers as Record<string, Handler>)[operation.id]!,
  })),
);

export interface SandboxOptions {
  port?: number;
  apiKey?: string;
  latencyMs?: number;
  rateLimit?: Windows;
  onExchange?: (exchange: Exchange) => void;
}

/** Weavr on loopback: seeded, stateful, forgetful at the end. */
export async function startSandbox({
  port,
  apiKey = SANDBOX_API_KEY,
  latencyMs,
  rateLimit,
  onExchange,
}: SandboxOptions = {}) {
  const clock = createClock();
  const state = new State(clock);
  const seeded = seedIdentities(state);
  seedUsers(state);
  seedCards(state, seeded);
  seedTransfers(state, seeded);
  const limit = rateLimit && createRateLimit(rateLimit);
  const { server, faults } = createSandboxServer({ state, routes, apiKey, latencyMs, rateLimit: limit, onExchange });
  const { url, close } = await listen(server, port);
  /** A token as a sign-in would answer it, for GraphiQL's header pane. */
  const signIn = (email: string) => {
    const known = credentialsOf(state, email);
    if (!known) throw new Error(`nobody signs in as ${email}`);
    return state.sessions.open({ userId: known.id, kind: 'ACCESS', identity: known.identities[0] }).token;
  };
  return { url, close, clock, faults, state, apiKey, signIn };
}

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;
