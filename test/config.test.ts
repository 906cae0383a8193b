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

it.each([
  [[], { PORT: 'abc' }, 'PORT must be a port (flag --port)'],
  [['--port', '70000'], {}, 'PORT must be a port (flag --port)'],
  [[], { WEAVR_BASE_URL: 'weavr' }, 'WEAVR_BASE_URL must be an http or https URL (flag --weavr-base-url)'],
  [[], { GRAPHIQL: 'maybe' }, 'GRAPHIQL must be on or off (flag --graphiql)'],
  [
    [],
    { SANDBOX_RATE_LIMIT: 'lots' },
    'SANDBOX_RATE_LIMIT must be off, or windows such as 100/min,1000/h (flag --sandbox-rate-limit)',
  ],
  [['--nonsense'], {}, "Unknown option '--nonsense'"],
])('refuses %j %j in one line', (argv, env, message) => {
  expect(refusal(argv, env)).toContain(message);
});

it('never repeats a value that is refused: it may be a key', () => {
  expect(refusal([], { WEAVR_API_KEY: 'has spaces in it' })).not.toContain('spaces in it');
});
