import { readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { CORES, type Server, start } from './processes.js';
import type { Upstream } from './upstream.js';

export const SUBJECTS = ['proxy', 'parsing', 'picking', 'plain', 'gateway'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** The others pass REST calls on. */
export const isGraphQL = (subject: Subject) => subject === 'plain' || subject === 'gateway';

const tsx = (file: string, ...args: string[]) => [process.execPath, '--import', 'tsx', `bench/${file}`, ...args];

export function startSubject(subject: Subject, upstream: Upstream): Promise<Server> {
  const core = CORES.servers;
  const { origin } = upstream;
  switch (subject) {
    case 'gateway':
      return startGateway(upstream, { core });
    case 'plain':
      return start({ command: (port) => tsx('plain.ts', String(port), origin), ready: '/health', core });
    default: {
      const command = (port: number) => tsx('proxy.ts', String(port), origin, subject);
      return start({ command, ready: '/multi/managed_cards', core }); // passed on, as everything is
    }
  }
}

/** The command of `npm start`, without npm. */
const START = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }).scripts.start.split(
  ' ',
);

/** What spares the upstream would hold the bench back. */
const LIFTED = { MAX_UPSTREAM_CALLS: '1000', WEAVR_RATE_LIMIT: 'off' };

/** The product itself, in front of the upstream. */
export function startGateway(
  { origin }: Upstream,
  { core, env }: { core?: number; env?: Record<string, string> } = {},
) {
  return start({
    command: () => START,
    env: (port) => ({
      PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}`,
      PORT: String(port),
      WEAVR_BASE_URL: origin,
      WEAVR_API_KEY: 'bench',
      GRAPHIQL: 'off',
      LOG_LEVEL: 'silent',
      ...LIFTED,
      ...env,
    }),
    ready: '/ready',
    core,
  });
}
