import cluster from 'node:cluster';
import { type Config, ConfigError, readConfig } from './config.js';
import type { SandboxAccess } from './serve.js';
import { onSignal } from './signals.js';
import { asWorker, NotStarted, startWorkers } from './workers.js';

async function main() {
  const config = readConfig(process.argv.slice(2), process.env);
  if (cluster.isWorker) return work(config);
  const sandbox = config.WEAVR_API_KEY && !config.onlySandbox ? undefined : await openSandbox(config);
  if (config.onlySandbox && sandbox) {
    console.log(`Sandbox   ${sandbox.url}/multi  (api-key: ${sandbox.apiKey})\n${WHO}`);
    return process.once('SIGINT', sandbox.close).once('SIGTERM', sandbox.close);
  }
  const start = config.WORKERS > 1 ? employ : serveAlone;
  const { port, leave, kill } = await start(config, sandbox);
  onSignal(() => leave().then(sandbox?.close), kill);
  await announce(config, port, sandbox?.url);
}

const WHO = `Sign in   root@acme.example, ben@acme.example, cleo@acme.example, root@newco.example, ada@consumer.example
          password Passw0rd!   every code 123456`;

async function openSandbox({
  SANDBOX_PORT: port,
  SANDBOX_LATENCY_MS: latencyMs,
  SANDBOX_RATE_LIMIT: rateLimit,
  SANDBOX_RESTRICTED: restricted,
}: Config) {
  const { startSandbox } = await import('./sandbox/index.js');
  const { guestOf } = await import('./http/graphiql.js');
  const sandbox = await startSandbox({ port, latencyMs, rateLimit, restricted });
  return { ...sandbox, guest: guestOf(sandbox) };
}

/** Says where it is, once it serves. */
async function announce({ HOST, WEAVR_BASE_URL, LOG_LEVEL, graphiql }: Config, port: number, sandboxUrl?: string) {
  const url = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}/graphql`;
  if (sandboxUrl)
    return console.log(
      `${graphiql ? 'GraphiQL' : 'GraphQL '}  ${url}\nUpstream  embedded sandbox at ${sandboxUrl}\n${WHO}`,
    );
  const { createLogger } = await import('./http/log.js');
  createLogger(LOG_LEVEL).info({ listening: url, upstream: new URL(WEAVR_BASE_URL).origin });
}

async function serveAlone(config: Config, sandbox?: SandboxAccess) {
  const { serve } = await import('./serve.js');
  return { ...(await serve(config, sandbox)), kill: () => {} };
}

/** Serves in several processes, of which this one is the primary: what they must have in common is here. */
async function employ(config: Config, sandbox?: SandboxAccess) {
  const { createLogger } = await import('./http/log.js');
  const logger = createLogger(config.LOG_LEVEL);
  const workers = await startWorkers({ count: config.WORKERS, answers: await answersOf(sandbox), logger });
  if (config.rateLimit && !config.REDIS_URL)
    logger.warn({ rateLimit: `each of ${config.WORKERS} workers has its share; with REDIS_URL they count together` });
  workers.hopeless.then(async () => {
    logger.fatal({ workers: 'end as soon as they begin' });
    await workers.leave();
    process.exit(1);
  });
  return workers;
}

/** What workers ask for, by name. */
async function answersOf(sandbox?: SandboxAccess) {
  const { createTicketShelf } = await import('./http/tickets.js');
  const { AggregatorRegistry } = await import('prom-client');
  const { createTryCounter } = await import('./http/tries.js');
  const tickets = createTicketShelf();
  const tries = createTryCounter();
  const metrics = new AggregatorRegistry();
  return {
    sandbox: () => sandbox && { url: sandbox.url, apiKey: sandbox.apiKey, ids: sandbox.guest.ids },
    signIn: () => sandbox?.guest.signIn() ?? '',
    putTicket: tickets.put,
    takeTicket: tickets.take,
    takeTry: tries.take,
    giveBackTry: tries.giveBack,
    metrics: () => metrics.clusterMetrics(),
  };
}

/** One of several processes: it asks the primary for what it must not have alone. */
async function work(config: Config) {
  const ask = asWorker<Awaited<ReturnType<typeof answersOf>>>(async () => {
    await leave();
    process.exit(0);
  });
  const { serve } = await import('./serve.js');
  const sandbox = await ask('sandbox');
  const guest = sandbox && { ids: sandbox.ids, signIn: () => ask('signIn') };
  const { leave } = await serve(config, guest && { ...sandbox, guest }, {
    tickets: { put: (...ticket) => ask('putTicket', ...ticket), take: (ticket) => ask('takeTicket', ticket) },
    tries: { take: (attempt) => ask('takeTry', attempt), giveBack: (attempt) => ask('giveBackTry', attempt) },
    gather: () => ask('metrics'),
  });
}

main().catch((error: Error & { code?: string; port?: number }) => {
  if (error instanceof NotStarted) process.exit(error.exitCode);
  const inUse = error.code === 'EADDRINUSE' ? `Port ${error.port} is in use; choose another with --port.` : undefined;
  console.error(error instanceof ConfigError ? error.message : (inUse ?? error));
  process.exit(error instanceof ConfigError || inUse ? 2 : 1);
});
