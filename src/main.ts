import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, ConfigError, readConfig } from './config.js';
import { createGateway, type Gateway } from './gateway.js';
import { createLogger } from './http/log.js';
import { type Sandbox, startSandbox } from './sandbox/index.js';

/** How long a draining process waits for its last answers. */
const DRAIN_MS = 9_000;

async function main() {
  const config = readConfig(process.argv.slice(2), process.env);
  const sandbox = config.WEAVR_API_KEY && !config.onlySandbox ? undefined : await openSandbox(config);
  if (config.onlySandbox && sandbox) {
    console.log(`Sandbox   ${sandbox.url}/multi  (api-key: ${sandbox.apiKey})\n${WHO}`);
    return process.once('SIGINT', sandbox.close).once('SIGTERM', sandbox.close);
  }
  const logger = createLogger(config.LOG_LEVEL);
  const gateway = createGateway({
    baseUrl: sandbox?.url ?? config.WEAVR_BASE_URL,
    apiKey: sandbox?.apiKey ?? config.WEAVR_API_KEY,
    simulator: sandbox ? { key: sandbox.apiKey } : config.simulator,
    backOfficeKeys: config.BACK_OFFICE_KEYS,
    backOfficeLogin: config.BACK_OFFICE_LOGIN,
    redisUrl: config.REDIS_URL || undefined,
    corsOrigins: config.CORS_ORIGINS,
    introspection: config.graphiql,
    graphiql: config.graphiql && { sandbox },
    logger,
  });
  const url = await listen(gateway, config, () => sandbox?.close());
  const upstream = sandbox ? `embedded sandbox at ${sandbox.url}` : config.WEAVR_BASE_URL;
  if (sandbox)
    console.log(`${config.graphiql ? 'GraphiQL' : 'GraphQL '}  ${url}/graphql\nUpstream  ${upstream}\n${WHO}`);
  else logger.info({ listening: `${url}/graphql`, upstream });
}

const WHO = `Sign in   root@acme.example, ben@acme.example, cleo@acme.example, root@newco.example, ada@consumer.example
          password Passw0rd!   every code 123456`;

const openSandbox = ({
  SANDBOX_PORT: port,
  SANDBOX_LATENCY_MS: latencyMs,
  SANDBOX_RATE_LIMIT: rateLimit,
}: Config): Promise<Sandbox> => startSandbox({ port, latencyMs, rateLimit });

/** Serves until the first SIGTERM or SIGINT, then answers what has been started and leaves; a second signal forces. */
async function listen(gateway: Gateway, { PORT, HOST }: Config, closed: () => unknown) {
  const server = createServer(gateway.handler);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((done, failed) => server.once('error', failed).listen(PORT, HOST, done));
  const leave = async () => {
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
    gateway.drain();
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    await new Promise<void>((done) => {
      server.close(() => done());
      server.closeIdleConnections();
    });
    await gateway.close();
    await closed();
    process.exit(0);
  };
  process.once('SIGTERM', leave).once('SIGINT', leave);
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`;
}

main().catch((error: Error & { code?: string; port?: number }) => {
  const inUse = error.code === 'EADDRINUSE' ? `Port ${error.port} is in use; choose another with --port.` : undefined;
  console.error(error instanceof ConfigError ? error.message : (inUse ?? error));
  process.exit(error instanceof ConfigError || inUse ? 2 : 1);
});
