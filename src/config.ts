import { parseArgs } from 'node:util';
import { z } from 'zod';
import { MAX_UPSTREAM_CALLS } from './http/cost.js';
import { EXECUTORS } from './http/executor.js';
import { BACK_OFFICE_LOGINS } from './weavr/back-office.js';
import type { SimulatorKey } from './weavr/core/client.js';
import { parseWindows, type Windows } from './weavr/core/rate-windows.js';
import { RETRY_WRITES } from './weavr/core/retry.js';

const origin = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const withoutCredentials = origin.refine(
  (url) => !URL.canParse(url) || !(new URL(url).username || new URL(url).password),
  {
    error: 'must not contain a user name or a password',
  },
);
const port = z.coerce
  .number({ error: 'must be a port' })
  .int('must be a port')
  .min(0, 'must be a port')
  .max(65535, 'must be a port');
const toggle = z.enum(['on', 'off'], { error: 'must be on or off' }).transform((value) => value === 'on');
const windowsOrOff = z.string().transform((text, context) => {
  const windows = text === 'off' ? undefined : parseWindows(text);
  if (text !== 'off' && !windows)
    context.addIssue({ code: 'custom', message: 'must be off, or windows such as 100/min,1000/h' });
  return windows;
});

/** Every setting by its environment variable; the flag is the same name in kebab case: `--weavr-api-key`. */
const SETTINGS = {
  PORT: { about: 'Port of the gateway; 0 is any.', fallback: '4000', rule: port },
  HOST: { about: 'Address it listens on.', fallback: '127.0.0.1', rule: z.string().min(1, 'must be an address') },
  WORKERS: {
    about: 'Processes that serve, for as many cores. With more than one the first only leads them.',
    fallback: '1',
    rule: z.coerce
      .number({ error: 'must be a number of processes' })
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(64, 'must be at most 64'),
  },
  WEAVR_API_KEY: {
    about: "Your programme's api-key. Without it the embedded sandbox is the upstream.",
    fallback: '',
    rule: z.string().regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces'),
  },
  WEAVR_BASE_URL: {
    about: "Weavr's host; `/multi` hangs under it.",
    fallback: 'https://sandbox.weavr.io',
    rule: withoutCredentials,
  },
  WEAVR_RATE_LIMIT: {
    about:
      "Weavr's rate limit for your key: calls beyond it wait for a moment or are refused before they are sent. `off` holds nothing back, as on the embedded sandbox unless it is set.",
    fallback: '100/min,1000/h,10000/d',
    rule: windowsOrOff,
  },
  WEAVR_SIMULATOR_KEY: {
    about:
      "Your sandbox's key for the Simulator: adds the `simulate…` fields, never over Weavr's production. None by default.",
    fallback: '',
    rule: z.string().regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces'),
  },
  WEAVR_SIMULATOR_KEY_HEADER: {
    about: 'The header that carries it.',
    fallback: 'programme-key',
    rule: z.string().regex(/^[a-z0-9-]+$/, 'must be the name of a header in lower case'),
  },
  BACK_OFFICE_KEYS: {
    about:
      'Keys of your servers that may act for identities, separated by commas, each of at least 32 characters. None by default.',
    fallback: '',
    rule: z
      .string()
      .transform((list) => list.split(',').filter(Boolean))
      .pipe(z.array(z.string().regex(/^[\x21-\x7e]{32,}$/, 'must be keys of at least 32 printable characters'))),
  },
  BACK_OFFICE_LOGIN: {
    about: 'How they come by tokens: `access_token`, or `impersonate` where Weavr has only the older route.',
    fallback: 'access_token',
    rule: z.enum(BACK_OFFICE_LOGINS, { error: 'must be access_token or impersonate' }),
  },
  REDIS_URL: {
    about:
      'Redis where replicas share delegated tokens, encrypted, and count their calls and failed tries at passwords and codes: while it is down nobody can sign in. None by default: each replica has its own.',
    fallback: '',
    rule: z.union([z.url({ protocol: /^rediss?$/ }), z.literal('')], { error: 'must be a redis or rediss URL' }),
  },
  RETRY_WRITES: {
    about:
      'Whether a write whose answer was lost is sent again: `never`, or `idempotent`, where Weavr takes an idempotency key.',
    fallback: 'never',
    rule: z.enum(RETRY_WRITES, { error: 'must be never or idempotent' }),
  },
  MAX_UPSTREAM_CALLS: {
    about:
      'REST calls that one request may make: what is expected to make more is refused, and at so many its reads stop.',
    fallback: String(MAX_UPSTREAM_CALLS),
    rule: z.coerce
      .number({ error: 'must be a number of calls' })
      .int('must be a whole number')
      .min(1, 'must be at least 1'),
  },
  TRUSTED_PROXIES: {
    about:
      'How many proxies in front of the gateway add to `X-Forwarded-For` whom they were called by: failed tries at passwords and codes are counted by that address. With none the header is not believed.',
    fallback: '0',
    rule: z.coerce
      .number({ error: 'must be a number of proxies' })
      .int('must be a whole number')
      .min(0, 'must be at least 0')
      .max(10, 'must be at most 10'),
  },
  CORS_ORIGINS: {
    about: 'Origins of browsers that may call, separated by commas. None by default.',
    fallback: '',
    rule: z
      .string()
      .transform((list) => list.split(',').filter(Boolean))
      .pipe(z.array(origin.transform((url) => new URL(url).origin))),
  },
  GRAPHIQL: {
    about: 'Whether browsers get GraphiQL: `on` or `off`. Off when `NODE_ENV=production`.',
    fallback: '',
    rule: z.union([toggle, z.literal('')], { error: 'must be on or off' }),
  },
  EXECUTOR: {
    about: 'What executes queries that come again: `jit`, compiled, or `graphql-js`. The answers are the same.',
    fallback: 'jit',
    rule: z.enum(EXECUTORS, { error: 'must be jit or graphql-js' }),
  },
  LOG_LEVEL: {
    about: 'Least severe log lines that are written: `debug`, `info`, `warn`, `error` or `silent`.',
    fallback: 'info',
    rule: z.enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'must be debug, info, warn, error or silent' }),
  },
  METRICS: {
    about: 'Whether `/metrics` tells Prometheus how the gateway and its way to Weavr are: `on` or `off`.',
    fallback: 'on',
    rule: toggle,
  },
  METRICS_OPERATIONS: {
    about: 'Names of GraphQL operations that are counted apart, separated by commas. None by default: all are one.',
    fallback: '',
    rule: z
      .string()
      .transform((list) => list.split(',').filter(Boolean))
      .pipe(z.array(z.string().regex(/^[_A-Za-z]\w{0,99}$/, 'must be names of GraphQL operations'))),
  },
  SANDBOX_PORT: { about: 'Port of the embedded sandbox; 0 is any.', fallback: '0', rule: port },
  SANDBOX_RATE_LIMIT: {
    about:
      'Lets the sandbox refuse as Weavr does beyond its rate limit, such as `100/min,1000/h,10000/d`. Off by default.',
    fallback: 'off',
    rule: windowsOrOff,
  },
  SANDBOX_LATENCY_MS: {
    about: 'How long the sandbox waits before every answer, in milliseconds.',
    fallback: '0',
    rule: z.coerce
      .number({ error: 'must be milliseconds' })
      .int('must be milliseconds')
      .min(0, 'must be milliseconds')
      .max(60_000, 'must be at most 60000'),
  },
  SANDBOX_RESTRICTED: {
    about:
      'Whether the sandbox refuses what Back Office offers on request alone, users and renewal types: `on` or `off`.',
    fallback: 'off',
    rule: toggle,
  },
} as const;

type Name = keyof typeof SETTINGS;
type Settings = { [K in Name]: z.output<(typeof SETTINGS)[K]['rule']> };

export interface Config extends Settings {
  /** Whether only the sandbox is wanted, for REST clients. */
  onlySandbox: boolean;
  graphiql: boolean;
  /** Absent where no key is set. */
  simulator?: SimulatorKey;
  /** Absent where nothing is held back. */
  rateLimit?: Windows;
}

/** A setting that makes no sense, in one line for whoever started the command. */
export class ConfigError extends Error {}

const flagOf = (name: string) => name.toLowerCase().replaceAll('_', '-');
const NAMES = Object.keys(SETTINGS) as Name[]; // the keys of a literal are exactly its names

/** For the README's table. */
export const settings = NAMES.map((name) => ({
  name,
  flag: `--${flagOf(name)}`,
  fallback: SETTINGS[name].fallback,
  about: SETTINGS[name].about,
}));

/** Reads flags over environment over defaults, once, and refuses what it cannot use. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = readFlags(argv);
  const given = NAMES.map((name) => {
    const value = flags[flagOf(name)] ?? (env[name]?.trim() || SETTINGS[name].fallback);
    const result = SETTINGS[name].rule.safeParse(value);
    // The value itself may be a key: only the name and the rule are shown.
    if (!result.success) throw new ConfigError(`${name} ${result.error.issues[0]?.message} (flag --${flagOf(name)})`);
    return [name, result.data];
  });
  const config = Object.fromEntries(given) as Settings; // every name with its own rule's output
  const graphiql = config.GRAPHIQL === '' ? env.NODE_ENV !== 'production' : config.GRAPHIQL;
  const { WEAVR_SIMULATOR_KEY: key, WEAVR_SIMULATOR_KEY_HEADER: header } = config;
  const simulator = key ? { key, header } : undefined;
  const isSet = flags[flagOf('WEAVR_RATE_LIMIT')] !== undefined || Boolean(env.WEAVR_RATE_LIMIT?.trim());
  const rateLimit = config.WEAVR_API_KEY || isSet ? config.WEAVR_RATE_LIMIT : undefined;
  return { ...config, graphiql, simulator, rateLimit, onlySandbox: flags['only-sandbox'] === true };
}

function readFlags(argv: readonly string[]): Record<string, string | boolean | undefined> {
  const texts = Object.fromEntries(NAMES.map((name) => [flagOf(name), { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...argv], options: { ...texts, 'only-sandbox': { type: 'boolean' } }, strict: true })
      .values;
  } catch (error) {
    throw new ConfigError((error as Error).message.split('\n')[0]); // parseArgs throws nothing but Errors
  }
}
