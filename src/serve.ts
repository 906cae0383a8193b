import type { AddressInfo } from 'node:net';
import type { Config } from './config.js';
import { createGateway } from './gateway.js';
import type { Guest } from './http/graphiql.js';
import { createLogger } from './http/log.js';
import { createHttpServer, drain } from './http/server.js';
import type { TicketShelf } from './http/tickets.js';
import type { TryCounter } from './http/tries.js';
import type { Windows } from './weavr/core/rate-windows.js';

/** What the gateways of several processes have in common; a single one has it by itself. */
export interface Shared {
  tickets?: TicketShelf;
  tries?: TryCounter;
  /** The metrics of all of them. */
  gather?: () => Promise<string>;
}

export interface SandboxAccess {
  url: string;
  apiKey: string;
  guest: Guest;
}

/** Serves as configured, in front of the sandbox if there is one. */
export async function serve(
  config: Config,
  sandbox: SandboxAccess | undefined,
  { tickets, tries, gather }: Shared = {},
) {
  const gateway = createGateway({
    baseUrl: sandbox?.url ?? config.WEAVR_BASE_URL,
    apiKey: sandbox?.apiKey ?? config.WEAVR_API_KEY,
    simulator: sandbox ? { key: sandbox.apiKey } : config.simulator,
    backOfficeKeys: config.BACK_OFFICE_KEYS,
    backOfficeLogin: config.BACK_OFFICE_LOGIN,
    redisUrl: config.REDIS_URL || undefined,
    rateLimit: shareOf(config),
    execution: { executor: config.EXECUTOR },
    maxUpstreamCalls: config.MAX_UPSTREAM_CALLS,
    retryWrites: config.RETRY_WRITES,
    tries: config.REDIS_URL ? undefined : tries,
    trustedProxies: config.TRUSTED_PROXIES,
    corsOrigins: config.CORS_ORIGINS,
    introspection: config.graphiql,
    graphiql: config.graphiql && { guest: sandbox?.guest },
    logger: createLogger(config.LOG_LEVEL),
    metrics: config.METRICS && { operations: config.METRICS_OPERATIONS, gather },
    tickets,
  });
  const server = createHttpServer(gateway);
  await new Promise<void>((done, failed) => server.once('error', failed).listen(config.PORT, config.HOST, done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { port, leave: () => drain(server, gateway) };
}

/** Processes that cannot count together divide what Weavr allows. */
function shareOf({ rateLimit, REDIS_URL, WORKERS }: Config): Windows | undefined {
  if (REDIS_URL) return rateLimit;
  return rateLimit?.map(({ limit, ms }) => ({ limit: Math.max(1, Math.floor(limit / WORKERS)), ms }));
}
