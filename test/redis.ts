import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Redis } from 'ioredis';

const installed = spawnSync('redis-server', ['--version']).status === 0;
/** In CI it has to be there. */
export const hasRedis = installed || Boolean(process.env.CI);
if (!hasRedis) console.warn('redis-server is not installed: the tests of what replicas share are skipped');

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo; // it listens on TCP
  probe.close();
  return port;
}

/** A Redis of the test's own. */
export async function startRedis() {
  const port = await freePort();
  const server: ChildProcess = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const line of server.stdout ?? []) if (String(line).includes('Ready to accept')) break;
  const client = new Redis(port);
  client.on('error', () => {}); // its end is expected
  return {
    url: `redis://127.0.0.1:${port}`,
    client,
    async kill() {
      client.disconnect();
      if (server.kill('SIGKILL')) await once(server, 'exit');
    },
  };
}
