import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../src/gateway.js';
import { type Sandbox, startSandbox } from '../src/sandbox/index.js';
import type { DelegatedToken } from '../src/weavr/back-office.js';

const KEYS = ['a-back-office-key-of-more-than-32-characters'];
const installed = spawnSync('redis-server', ['--version']).status === 0;
if (!installed && !process.env.CI)
  console.warn('redis-server is not installed: the tests of shared tokens are skipped');

let port = 0;
let redis: ChildProcess;
let sandbox: Sandbox;
const calls: string[] = [];
/** Every token that was ever obtained. */
const tokens: string[] = [];
const replicas: { url: string; close: () => Promise<void> }[] = [];

async function freePort() {
  const probe = createSocketServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  return free;
}

async function startRedis() {
  redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
  for await (const line of redis.stdout ?? []) if (String(line).includes('Ready to accept')) return;
}

/** Connections are made in the background: a replica whose connection has asked anything can use it. */
async function bothConnected() {
  const probe = new Redis(port);
  const clients = async () => String(await probe.client('LIST')).match(/ cmd=(?!NULL|client)/g)?.length ?? 0;
  while ((await clients()) < 2);
  probe.disconnect();
}

async function startReplica() {
  const gateway = createGateway({
    baseUrl: sandbox.url,
    apiKey: sandbox.apiKey,
    backOfficeKeys: KEYS,
    redisUrl: `redis://127.0.0.1:${port}`,
    onCall: ({ operation }) => calls.push(operation),
  });
  const server = createServer(gateway.handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  replicas.push({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await gateway.close();
    },
  });
}

const actAs = (email: string) => {
  const { type, id } = [...sandbox.state.credentials.values()].find((known) => known.email === email)!.identities[0]!;
  return `${type}:${id}`;
};

async function ask(replica: number, identity: string) {
  const response = await fetch(replicas[replica]!.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-back-office-key': KEYS[0]!, 'x-act-as': identity },
    body: JSON.stringify({ query: '{ transfers { totalCount } }' }),
  });
  return ((await response.json()) as { data?: { transfers: { totalCount: number } } }).data?.transfers.totalCount;
}

const tokenCalls = () => calls.filter((call) => call === 'requestAccessToken').length;

describe.runIf(installed || process.env.CI)('replicas with one Redis', () => {
  beforeAll(async () => {
    port = await freePort();
    await startRedis();
    sandbox = await startSandbox({
      onExchange: ({ operation, responseBody }) => {
        if (operation.id === 'requestAccessToken') tokens.push((responseBody as DelegatedToken).token!.token!); // it always succeeds here
      },
    });
    await startReplica();
    await startReplica();
    await bothConnected();
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await sandbox?.close();
    redis?.kill('SIGKILL');
  });

  it('obtain one token between them', async () => {
    expect(await ask(0, actAs('root@acme.example'))).toBe(130);
    expect(await ask(1, actAs('root@acme.example'))).toBe(130);
    expect(tokenCalls()).toBe(1);
  });

  it('leave nothing in it that can be read', async () => {
    const client = new Redis(port);
    const names = await client.keys('weavr-gateway:token:*');
    const stored = await Promise.all(names.map((name) => client.get(name)));
    client.disconnect();
    expect(names).toHaveLength(1);
    expect(tokens).toHaveLength(1);
    expect(JSON.stringify([names, stored])).not.toContain(tokens[0]);
    expect(JSON.stringify([names, stored])).not.toContain(KEYS[0]);
  });

  it('replace it once between them when Weavr no longer takes it', async () => {
    sandbox.state.sessions.close(tokens[0]!);
    calls.length = 0;
    expect(await ask(0, actAs('root@acme.example'))).toBe(130);
    expect(await ask(1, actAs('root@acme.example'))).toBe(130);
    expect(calls).toEqual(['transfersGet', 'requestAccessToken', 'transfersGet', 'transfersGet', 'transfersGet']);
  });

  it('each obtain their own while it is down, and answer all the same', async () => {
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    calls.length = 0;
    expect(await ask(0, actAs('ada@consumer.example'))).toBe(0);
    expect(await ask(1, actAs('ada@consumer.example'))).toBe(0);
    expect(tokenCalls()).toBe(2);
  });

  it('share again when it is back', async () => {
    await startRedis();
    await bothConnected();
    calls.length = 0;
    expect(await ask(0, actAs('root@newco.example'))).toBe(0);
    expect(await ask(1, actAs('root@newco.example'))).toBe(0);
    expect(tokenCalls()).toBe(1);
  });
});
