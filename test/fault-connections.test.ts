import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayOptions } from '../src/gateway.js';
import type { Outcomes } from './fault-rows.js';
import {
  type Accounts,
  accountsFor,
  COLUMNS,
  clientOf,
  effectsOf,
  listening,
  openGateway,
  outcomeOf,
  startPort,
  watchArrivals,
} from './faulting.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let accounts: Accounts;
let arrivals: ReturnType<typeof watchArrivals>;
/** A TLS server that never says a word: its silence takes seconds, which the others need not wait for. */
let mute: Awaited<ReturnType<typeof startPort>>;
const unheard = new Map<string, Promise<string>>();
beforeAll(async () => {
  stack = await startStack();
  accounts = await accountsFor(stack);
  arrivals = watchArrivals(stack);
  mute = await startPort(() => {}, 'https');
  for (const [, column, options] of COLUMNS)
    unheard.set(column, ask('mute', column, { ...options, baseUrl: mute.url, deadlines: { connect: 50 } }));
});
afterAll(async () => {
  mute.close();
  await stack.close();
});

/** Asks once of a Weavr that is elsewhere, and tells what has come of it. */
async function ask(name: string, column: keyof Outcomes, options: Partial<GatewayOptions>) {
  const kind = column === 'repeatable' ? 'keyed' : column;
  const gateway = await openGateway(stack, options);
  const answer = await gateway.ask(kind, name, accounts);
  await gateway.close();
  return `${outcomeOf(answer)} ${gateway.tries.length}`;
}

describe('a connection that never comes to be is tried thrice, and nothing has happened', () => {
  it.each(COLUMNS)('by %s, where nobody listens', async (_about, column, options) => {
    const { url: baseUrl, close } = await startPort(() => {});
    close();
    expect(await ask('refused', column, { ...options, baseUrl })).toBe('UPSTREAM_UNAVAILABLE 3');
  });

  it.each(COLUMNS)('by %s, where there is no such host', async (_about, column, options) => {
    const baseUrl = 'http://weavr.invalid';
    expect(await ask('nowhere', column, { ...options, baseUrl })).toBe('UPSTREAM_UNAVAILABLE 3');
  });
});

describe('a connection that is reset as soon as it is accepted', () => {
  it.each(COLUMNS)('leaves no doubt, or says so: %s', async (_about, column, options) => {
    const port = await startPort((socket) => {
      if (port.connections() === 1) socket.resetAndDestroy();
      else socket.pipe(connect(Number(new URL(stack.sandbox.url).port))).pipe(socket);
    });
    const name = `accepted-${column}`;
    const outcome = await ask(name, column, { ...options, baseUrl: port.url });
    // Whether a byte had left when the reset came is the kernel's secret: either way the outcome must be true.
    expect(['OK 2', 'UNKNOWN 1']).toContain(outcome);
    expect(arrivals.of(name)).toHaveLength(outcome === 'OK 2' ? 1 : 0);
    if (column !== 'read') expect(effectsOf(stack, name, accounts)).toBe(outcome === 'OK 2' ? 1 : 0);
    port.close();
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!openssl)('a Weavr that is not to be trusted is called once, and hears nothing (needs openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const authority = join(folder, 'authorities.pem');
  let server: Server;
  let baseUrl: string;
  let connections = 0;
  let heard = 0;
  beforeAll(async () => {
    server = createServer(certificateFor('IP:127.0.0.1'), (_req, res) => {
      heard += 1;
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"count":0,"transfer":[]}');
    });
    server.on('connection', () => {
      connections += 1;
    });
    baseUrl = await listening(server, 'https');
  });
  afterAll(() => {
    server.close().closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  /** A certificate that signs itself, and its key, both new. */
  function certificateFor(subject: string) {
    const file = join(folder, subject.replace(':', '-'));
    const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=weavr -addext subjectAltName=${subject}`;
    execFileSync('openssl', [...request.split(' '), '-keyout', `${file}.key`, '-out', `${file}.crt`], {
      stdio: 'ignore',
    });
    return { key: readFileSync(`${file}.key`), cert: readFileSync(`${file}.crt`) };
  }

  it.each(COLUMNS)('by %s, where it vouches for itself', async (_about, column, options) => {
    expect(await ask('stranger', column, { ...options, baseUrl })).toBe('UPSTREAM_UNAVAILABLE 1');
    expect(heard).toBe(0);
  });

  it('by anything, where it is somebody else', async () => {
    const own = certificateFor('IP:127.0.0.1');
    const others = certificateFor('DNS:elsewhere.example');
    writeFileSync(authority, Buffer.concat([own.cert, others.cert]));
    server.setSecureContext(own);
    const ask = await startCommand(baseUrl, authority);
    expect(outcomeOf(await ask('read', 'friend', accounts))).toBe('OK');
    expect(heard).toBe(1);
    server.setSecureContext(others);
    server.closeAllConnections();
    connections = 0;
    for (const kind of ['read', 'keyed', 'keyless'] as const)
      expect(outcomeOf(await ask(kind, 'impostor', accounts))).toBe('UPSTREAM_UNAVAILABLE');
    expect([connections, heard]).toEqual([3, 1]);
  });
});

describe('a handshake without an answer', () => {
  it.each(COLUMNS)('is tried thrice, and nothing has happened: %s', async (_about, column) => {
    await Promise.all(unheard.values());
    expect(await unheard.get(column)).toBe('UPSTREAM_UNAVAILABLE 3');
    expect(mute.connections()).toBe(3 * COLUMNS.length);
  });
});

/** The command over a Weavr elsewhere: authorities can be added to a process only when it starts. */
async function startCommand(baseUrl: string, authority: string) {
  const flags = ['--port', '0', '--weavr-base-url', baseUrl, '--weavr-api-key', 'key', '--weavr-simulator-key', 'key'];
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...flags], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority, RETRY_WRITES: 'idempotent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]; // its first line says where it listens
  const { listening: url } = JSON.parse(String(line).split('\n')[0]!);
  return clientOf(url, 'token');
}
