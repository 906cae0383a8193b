import { access } from '../weavr/access.js';
import { authenticationFactors } from '../weavr/authentication-factors.js';
import { backOffice } from '../weavr/back-office.js';
import { beneficiaries } from '../weavr/beneficiaries.js';
import { beneficiaryBatches } from '../weavr/beneficiary-batches.js';
import { bulks } from '../weavr/bulks.js';
import { cardPayments } from '../weavr/card-payments.js';
import { confirmationChallenges } from '../weavr/confirmation-challenges.js';
import { consumers } from '../weavr/consumers.js';
import type { Operation } from '../weavr/core/operation.js';
import type { Windows } from '../weavr/core/rate-windows.js';
import { corporates } from '../weavr/corporates.js';
import { correspondentBankTransfers } from '../weavr/correspondent-bank-transfers.js';
import { fees } from '../weavr/fees.js';
import { incomingWireTransfers } from '../weavr/incoming-wire-transfers.js';
import { linkedAccounts } from '../weavr/linked-accounts.js';
import { managedAccounts } from '../weavr/managed-accounts.js';
import { managedCards } from '../weavr/managed-cards.js';
import { outgoingWireTransfers } from '../weavr/outgoing-wire-transfers.js';
import { passwords } from '../weavr/passwords.js';
import { physicalCards } from '../weavr/physical-cards.js';
import { roles } from '../weavr/roles.js';
import { sends } from '../weavr/sends.js';
import { simulator } from '../weavr/simulator.js';
import { spendRules } from '../weavr/spend-rules.js';
import { statements } from '../weavr/statements.js';
import { stepUp } from '../weavr/step-up.js';
import { transactions } from '../weavr/transactions.js';
import { transfers } from '../weavr/transfers.js';
import { users } from '../weavr/users.js';
import { accessHandlers, credentialsOf } from './access.js';
import { authenticationFactorHandlers } from './authentication-factors.js';
import { backOfficeHandlers, withoutGrants } from './back-office.js';
import { beneficiaryHandlers } from './beneficiaries.js';
import { beneficiaryBatchHandlers } from './beneficiary-batches.js';
import { bulkHandlers } from './bulks.js';
import { cardPaymentHandlers } from './card-payments.js';
import { confirmationChallengeHandlers } from './confirmation-challenges.js';
import { consumerHandlers } from './consumers.js';
import { createClock } from './core/clock.js';
import { createRateLimit } from './core/rate-limit.js';
import { seedExpiredPassword, seedIdentities } from './core/seed.js';
import { seedBeneficiaries } from './core/seed-beneficiaries.js';
import { seedBulks } from './core/seed-bulks.js';
import { seedCards } from './core/seed-cards.js';
import { seedFees } from './core/seed-fees.js';
import { seedLinkedAccounts } from './core/seed-linked-accounts.js';
import { seedPayments } from './core/seed-payments.js';
import { seedSends } from './core/seed-sends.js';
import { seedTransfers } from './core/seed-transfers.js';
import { seedUsers } from './core/seed-users.js';
import { seedWires } from './core/seed-wires.js';
import { createSandboxServer, type Exchange, type Handler, listen, type Route } from './core/server.js';
import { State } from './core/state.js';
import { corporateHandlers } from './corporates.js';
import { correspondentBankTransferHandlers } from './correspondent-bank-transfers.js';
import { feeHandlers } from './fees.js';
import { incomingWireTransferHandlers } from './incoming-wire-transfers.js';
import { linkedAccountHandlers } from './linked-accounts.js';
import { managedAccountHandlers } from './managed-accounts.js';
import { managedCardHandlers } from './managed-cards.js';
import { outgoingWireTransferHandlers } from './outgoing-wire-transfers.js';
import { passwordHandlers } from './passwords.js';
import { physicalCardHandlers } from './physical-cards.js';
import { roleHandlers } from './roles.js';
import { sendHandlers } from './sends.js';
import { simulatorHandlers } from './simulator.js';
import { spendRuleHandlers } from './spend-rules.js';
import { statementHandlers } from './statements.js';
import { stepUpHandlers } from './step-up.js';
import { transactionHandlers } from './transactions.js';
import { transferHandlers } from './transfers.js';
import { userHandlers } from './users.js';

export const SANDBOX_API_KEY = 'sandbox-api-key';

/** Every row's operations beside their handlers. */
const ROWS: [object, object][] = [
  [access, accessHandlers],
  [backOffice, backOfficeHandlers],
  [passwords, passwordHandlers],
  [authenticationFactors, authenticationFactorHandlers],
  [users, userHandlers],
  [roles, roleHandlers],
  [stepUp, stepUpHandlers],
  [corporates, corporateHandlers],
  [consumers, consumerHandlers],
  [fees, feeHandlers],
  [linkedAccounts, linkedAccountHandlers],
  [bulks, bulkHandlers],
  [managedAccounts, managedAccountHandlers],
  [managedCards, managedCardHandlers],
  [physicalCards, physicalCardHandlers],
  [spendRules, spendRuleHandlers],
  [statements, statementHandlers],
  [transfers, transferHandlers],
  [cardPayments, cardPaymentHandlers],
  [transactions, transactionHandlers],
  [sends, sendHandlers],
  [outgoingWireTransfers, outgoingWireTransferHandlers],
  [correspondentBankTransfers, correspondentBankTransferHandlers],
  [incomingWireTransfers, incomingWireTransferHandlers],
  [confirmationChallenges, confirmationChallengeHandlers],
  [beneficiaries, beneficiaryHandlers],
  [beneficiaryBatches, beneficiaryBatchHandlers],
  [simulator, simulatorHandlers],
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
  /** Whether Back Office refuses what it offers on request alone. */
  restricted?: boolean;
  onExchange?: (exchange: Exchange) => void;
  /** What the clock reads, in epoch milliseconds; the machine's own without it. */
  now?: () => number;
}

/** Weavr on loopback: seeded, stateful, forgetful at the end. */
export async function startSandbox({
  port,
  apiKey = SANDBOX_API_KEY,
  latencyMs,
  rateLimit,
  restricted,
  onExchange,
  now,
}: SandboxOptions = {}) {
  const clock = createClock(now);
  const state = new State(clock);
  const seeded = seedIdentities(state);
  seedUsers(state);
  seedCards(state, seeded);
  seedTransfers(state, seeded);
  seedBeneficiaries(state, seeded);
  seedPayments(state, seeded);
  seedSends(state, seeded);
  seedLinkedAccounts(state, seeded);
  seedWires(state, seeded);
  seedBulks(state, seeded);
  seedFees(state, seeded);
  seedExpiredPassword(state, seeded);
  const limit = rateLimit && createRateLimit(rateLimit);
  const granted = restricted ? withoutGrants(routes) : routes;
  const { server, faults } = createSandboxServer({
    state,
    routes: granted,
    apiKey,
    latencyMs,
    rateLimit: limit,
    onExchange,
  });
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
