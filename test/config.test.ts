import { expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';

const refusal = (argv: string[], env: NodeJS.ProcessEnv) => {
  try {
    readConfig(argv, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return undefined;
};

it('starts on the sandbox with GraphiQL when nothing is set', () => {
  expect(readConfig([], {})).toMatchObject({
    PORT: 4000,
    HOST: '127.0.0.1',
    WEAVR_API_KEY: '',
    graphiql: true,
    onlySandbox: false,
  });
});

it('hides GraphiQL in production unless it is asked for', () => {
  expect(readConfig([], { NODE_ENV: 'production' }).graphiql).toBe(false);
  expect(readConfig([], { NODE_ENV: 'production', GRAPHIQL: 'on' }).graphiql).toBe(true);
});

it('puts flags before the environment', () => {
  expect(readConfig(['--port', '5001'], { PORT: '5002', HOST: '::1' })).toMatchObject({ PORT: 5001, HOST: '::1' });
});

it('repeats no write unless it is told to', () => {
  expect(readConfig([], {}).RETRY_WRITES).toBe('never');
  expect(readConfig(['--retry-writes', 'idempotent'], {}).RETRY_WRITES).toBe('idempotent');
  expect(refusal([], { RETRY_WRITES: 'always' })).toBe(
    'RETRY_WRITES must be never or idempotent (flag --retry-writes)',
  );
});

it('reads rate-limit windows and origins', () => {
  const { SANDBOX_RATE_LIMIT, CORS_ORIGINS } = readConfig([], {
    SANDBOX_RATE_LIMIT: '100/min,1000/h',
    CORS_ORIGINS: 'https://a.example/,http://b.example:3000',
  });
  expect(SANDBOX_RATE_LIMIT).toEqual([
    { limit: 100, ms: 60_000 },
    { limit: 1000, ms: 3_600_000 },
  ]);
  expect(CORS_ORIGINS).toEqual(['https://a.example', 'http://b.example:3000']);
});

it('knows the key of the Simulator, and in which header it travels', () => {
  expect(readConfig([], {}).simulator).toBeUndefined();
  const WEAVR_SIMULATOR_KEY = 's3cret';
  expect(readConfig([], { WEAVR_SIMULATOR_KEY }).simulator).toEqual({ key: 's3cret', header: 'programme-key' });
  expect(readConfig(['--weavr-simulator-key-header', 'api-key'], { WEAVR_SIMULATOR_KEY }).simulator).toEqual({
    key: 's3cret',
    header: 'api-key',
  });
});

it('reads several back office keys, and none by default', () => {
  const keys = ['k'.repeat(32), 'l'.repeat(40)];
  expect(readConfig([], { BACK_OFFICE_KEYS: keys.join(',') }).BACK_OFFICE_KEYS).toEqual(keys);
  expect(readConfig([], {})).toMatchObject({ BACK_OFFICE_KEYS: [], BACK_OFFICE_LOGIN: 'access_token' });
});

it.each([
  [[], { PORT: 'abc' }, 'PORT must be a port (flag --port)'],
  [['--port', '70000'], {}, 'PORT must be a port (flag --port)'],
  [['--workers', '0'], {}, 'WORKERS must be at least 1 (flag --workers)'],
  [[], { MAX_UPSTREAM_CALLS: '0' }, 'MAX_UPSTREAM_CALLS must be at least 1 (flag --max-upstream-calls)'],
  [[], { WEAVR_BASE_URL: 'weavr' }, 'WEAVR_BASE_URL must be an http or https URL (flag --weavr-base-url)'],
  [[], { GRAPHIQL: 'maybe' }, 'GRAPHIQL must be on or off (flag --graphiql)'],
  [
    [],
    { SANDBOX_RATE_LIMIT: 'lots' },
    'SANDBOX_RATE_LIMIT must be off, or windows such as 100/min,1000/h (flag --sandbox-rate-limit)',
  ],
  [
    [],
    { WEAVR_SIMULATOR_KEY_HEADER: 'Not A Header' },
    'WEAVR_SIMULATOR_KEY_HEADER must be the name of a header in lower case (flag --weavr-simulator-key-header)',
  ],
  [
    [],
    { BACK_OFFICE_KEYS: `${'k'.repeat(32)},${'k'.repeat(31)}` },
    'BACK_OFFICE_KEYS must be keys of at least 32 printable characters (flag --back-office-keys)',
  ],
  [
    [],
    { BACK_OFFICE_LOGIN: 'both' },
    'BACK_OFFICE_LOGIN must be access_token or impersonate (flag --back-office-login)',
  ],
  [[], { TRUSTED_PROXIES: '-1' }, 'TRUSTED_PROXIES must be at least 0 (flag --trusted-proxies)'],
  [['--sandbox-restricted', 'yes'], {}, 'SANDBOX_RESTRICTED must be on or off (flag --sandbox-restricted)'],
  [['--nonsense'], {}, "Unknown option '--nonsense'"],
  [
    [],
    { METRICS_OPERATIONS: 'Pay, Cards' },
    'METRICS_OPERATIONS must be names of GraphQL operations (flag --metrics-operations)',
  ],
])('refuses %j %j in one line', (argv, env, message) => {
  expect(refusal(argv, env)).toContain(message);
});

it('never repeats a value that is refused: it may be a key', () => {
  expect(refusal([], { WEAVR_API_KEY: 'has spaces in it' })).not.toContain('spaces in it');
});
