import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../src/config.js';
import { createLogger } from '../src/http/log.js';
import type { Exchange } from '../src/sandbox/core/server.js';
import { startSandbox } from '../src/sandbox/index.js';
import { startStack } from './harness.js';
import { formsOf, found, PLANTED } from './planting.js';
import { shortTour, wholeTour } from './touring.js';
import type { Told } from './visiting.js';

const SETTINGS = {
  WEAVR_API_KEY: PLANTED.apiKey,
  WEAVR_SIMULATOR_KEY: PLANTED.apiKey,
  WEAVR_RATE_LIMIT: 'off',
  BACK_OFFICE_KEYS: PLANTED.backOfficeKey,
  LOG_LEVEL: 'debug',
  GRAPHIQL: 'on',
  TRUSTED_PROXIES: '1',
  PORT: '0',
};
const REDIS_URL = `redis://user:${encodeURIComponent(PLANTED.redisPassword)}@127.0.0.1:1/0`;

afterEach(() => void vi.restoreAllMocks());

/** All tokens that travel to Weavr and back: users' and delegated ones. */
function watchTokens() {
  const tokens: Record<string, string> = {};
  const onExchange = ({ headers, responseBody }: Exchange) => {
    const { token } = (responseBody ?? {}) as { token?: string | { token?: string } }; // other answers have none
    const granted = typeof token === 'object' ? token.token : token;
    for (const one of [granted, headers.authorization?.replace('Bearer ', '')])
      if (one) tokens[`token of ${Buffer.from(one, 'base64url')}`] = one;
  };
  return { tokens, onExchange };
}

/** The command in front of a sandbox, and all that it writes. */
async function runCommand() {
  const { tokens, onExchange } = watchTokens();
  const sandbox = await startSandbox({ apiKey: PLANTED.apiKey, onExchange });
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { ...process.env, ...SETTINGS, WEAVR_BASE_URL: sandbox.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  const url = await new Promise<string>((done, failed) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => {
        written += chunk;
        const [address] = /http:\/\/127\.0\.0\.1:\d+(?=\/graphql)/.exec(written) ?? [];
        if (address) done(address);
      });
    child.once('exit', () => failed(new Error(written)));
  });
  const told = await wholeTour(url, sandbox).finally(() => child.kill('SIGTERM'));
  const [code] = await once(child, 'close');
  await sandbox.close();
  return { told, tokens, written, code: code as number | null };
}

function expectUntold(told: Told[], tokens: Record<string, string>) {
  const all = told.filter(({ mayTell }) => !mayTell.length).map(({ text }) => text);
  expect(found({ ...PLANTED, ...tokens }, all.join('\n'))).toEqual([]);
  for (const { about, text, mayTell } of told.filter(({ mayTell }) => mayTell.length)) {
    const others = Object.entries(PLANTED).filter(([name]) => !mayTell.some((may) => may === name));
    expect(found(Object.fromEntries(others), text), about).toEqual([]);
    if (!mayTell.includes('bearer')) expect(found(tokens, text), about).toEqual([]);
  }
}

function expectUnwritten(written: string, told: Told[], tokens: Record<string, string>) {
  // Each request has its line, but for those that only watch.
  const logged = told.filter(({ about }) => !about.startsWith('/'));
  const lines = written.trim().split('\n');
  expect(lines.filter((line) => JSON.parse(line).route)).toHaveLength(logged.length);
  expect(found({ ...PLANTED, ...tokens }, written)).toEqual([]);
}

describe('the search', () => {
  it.each(Object.entries(PLANTED))('finds the %s in every form, within anything', (name, secret) => {
    for (const form of formsOf(secret).values()) expect(found(PLANTED, `{"a":"x ${form} y"}`)).not.toEqual([]);
    for (const text of [`${secret}`, `a${secret}b`, `ab${secret}`].map((text) => Buffer.from(`${text}!`)))
      for (const encoding of ['base64', 'base64url'] as const)
        expect(found({ [name]: secret }, `"${text.toString(encoding)}"`)).not.toEqual([]);
    expect(found({ [name]: secret }, `${secret.slice(0, -1)}_`)).toEqual([]);
  });
});

describe('a process that is given every secret, rightly and wrongly', () => {
  let run: Awaited<ReturnType<typeof runCommand>>;
  beforeAll(async () => {
    run = await runCommand();
  }, 60_000);

  it('tells those that it is asked for', () => {
    const { told, tokens, code } = run;
    expect(code).toBe(0);
    expect(told.length).toBeGreaterThan(250);
    expect(told.filter(({ status }) => status >= 500)).toEqual([]);
    for (const { about, text, mayTell } of told)
      for (const name of mayTell)
        expect(found(name === 'bearer' ? tokens : { [name]: PLANTED[name] }, text), about).not.toEqual([]);
    expect(Object.keys(tokens).length).toBeGreaterThan(3);
  });

  it('tells no secret that it was not asked for', () => {
    expectUntold(run.told, run.tokens);
  });

  it('writes no secret anywhere', () => {
    expectUnwritten(run.written, run.told, run.tokens);
  });
});

it('a gateway whose Redis nobody can reach tells and writes no secret either', async () => {
  let written = '';
  const write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(write);
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(write);
  const { tokens, onExchange } = watchTokens();
  const logger = createLogger('debug', { write });
  const options = { redisUrl: REDIS_URL, backOfficeKeys: [PLANTED.backOfficeKey], logger, graphiql: {} };
  const stack = await startStack(options, { onExchange, watched: () => false });
  const told = await shortTour(stack.url, stack.sandbox);
  await stack.close();
  vi.restoreAllMocks();
  expect(told.filter(({ text }) => text.includes('RATE_LIMITED')).length).toBeGreaterThan(3); // nobody can sign in
  expectUntold(told, tokens);
  expectUnwritten(written, told, tokens);
});

it('a setting that makes no sense is not repeated', () => {
  const { redisPassword, apiKey, backOfficeKey } = PLANTED;
  for (const setting of [
    { REDIS_URL: `http://user:${encodeURIComponent(redisPassword)}@x` },
    { WEAVR_API_KEY: `${apiKey} with a blank` },
    { BACK_OFFICE_KEYS: `${backOfficeKey},short` },
    { PORT: apiKey },
  ]) {
    let said = '';
    try {
      readConfig([], setting);
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(Object.keys(setting)[0]);
    expect(found(PLANTED, said)).toEqual([]);
  }
});
