import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'undici';
import type { Fault } from '../src/sandbox/core/faults.js';
import { type Sandbox, startSandbox } from '../src/sandbox/index.js';
import type { RetryWrites } from '../src/weavr/core/retry.js';
import { type Accounts, listening, openGateway, outcomeOf } from './faulting.js';

const drift = (change: object): Fault => ({ kind: 'REWRITE', rewrite: (body: object) => ({ ...body, ...change }) });

/** Sixteen ways to go wrong: the first nine lose the answer, the next says that nothing happened, the rest do no harm. */
const FAULTS: Record<string, Fault> = {
  'reset before': { kind: 'RESET', effect: false },
  'reset after': { kind: 'RESET' },
  'end after': { kind: 'END' },
  'half of the headers': { kind: 'HALF_HEADERS' },
  'half of the body': { kind: 'HALF' },
  'half of a chunk': { kind: 'CUT_CHUNK' },
  'no HTTP': { kind: 'GARBAGE' },
  'page with 502': { kind: 'TEXT', text: '<html>', mediaType: 'text/html', status: 502 },
  '500 after': { kind: 'STATUS', status: 500, effect: true },
  '429': { kind: 'STATUS', status: 429, effect: false },
  late: { kind: 'LATENCY', ms: 2 },
  'more than asked': { kind: 'TAIL' },
  'end of a connection': { kind: 'LEAVE' },
  'new member': drift({ state: 'PARKED' }),
  'number as text': drift({ creationTimestamp: '1700000000000' }),
  'missing fields': drift({ profileId: undefined, source: undefined }),
};
const KINDS = Object.keys(FAULTS);
const FAULT_RATE = 0.5;

/** No more at a time than may be tried again at a time. */
const AT_A_TIME = 3;

export interface ChaosOptions {
  transfers: number;
  seed: number;
  retryWrites?: RetryWrites;
  /** Puts somebody in between who tries whatever fails again, as if it were new. */
  naive?: boolean;
}

/** What the callers were told, held against the ledger. */
export interface Tally {
  done: number;
  failed: number;
  unknown: number;
  /** Unknown, and nothing to ask again with. */
  withoutKey: number;
  movedTwice: number;
  failedButMoved: number;
  doneButNotMoved: number;
  calls: number;
  faults: Record<string, number>;
}

/** Makes transfers while half of the calls go wrong; the same seed makes the same things go wrong. */
export async function runChaos({ transfers, seed, retryWrites, naive }: ChaosOptions): Promise<Tally> {
  const started = Date.now(); // time stands still, so that no session ends
  const sandbox = await startSandbox({ now: () => started });
  const accounts = accountsIn(sandbox);
  const { calls, faults } = plan(sandbox, seed);
  const between = naive ? await startNaive(sandbox.url) : undefined;
  const breaker = { calls: Number.MAX_SAFE_INTEGER };
  const token = sandbox.signIn('root@acme.example');
  const gateway = await openGateway(
    { sandbox, token },
    { retryWrites, breaker, ...(between && { baseUrl: between.url }) },
  );
  const told = new Map<string, { outcome: string; key?: string }>();
  const names = Array.from({ length: transfers }, (_, index) => `chaos-${index}`);
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (let name = names.pop(); name; name = names.pop()) {
        const answer = await gateway.ask('keyed', name, accounts);
        told.set(name, { outcome: outcomeOf(answer), key: answer.data?.outcome?.idempotencyKey });
      }
    }),
  );
  const moved = movementsOf(sandbox, accounts.source.id);
  await gateway.close();
  between?.close();
  await sandbox.close();
  return { ...tally(told, moved), calls: calls(), faults };
}

/** Two accounts of Acme's, the first with money. */
function accountsIn({ state }: Sandbox): Accounts {
  const acme = state.corporates.all()[0]!.id.id;
  const [source, destination] = state.managedAccounts
    .of(acme)
    .filter((account) => account.currency === 'EUR' && account.state.state === 'ACTIVE')
    .sort((a, b) => state.ledger.balances(b.id).availableBalance - state.ledger.balances(a.id).availableBalance)
    .map(({ id }) => ({ type: 'MANAGED_ACCOUNTS' as const, id }));
  return { source: source!, destination: destination!, funded: source! }; // it has several
}

/** Plans faults by seed, transfer and try, so that they do not depend on who comes first. */
function plan(sandbox: Sandbox, seed: number) {
  const tries = new Map<string, number>();
  const faults: Record<string, number> = {};
  let calls = 0;
  const choose = (_request: IncomingMessage, body: unknown) => {
    const { description } = body as { description: string }; // every transfer of this file has one
    const tried = (tries.get(description) ?? 0) + 1;
    tries.set(description, tried);
    calls += 1;
    const chance = randomOf(`${seed} ${description} ${tried}`);
    const kind = chance < FAULT_RATE ? KINDS[Math.floor((chance / FAULT_RATE) * KINDS.length)] : undefined;
    if (!kind) return undefined;
    faults[kind] = (faults[kind] ?? 0) + 1;
    return FAULTS[kind];
  };
  sandbox.faults.plan(choose, { operation: 'transferCreate', times: Number.POSITIVE_INFINITY });
  return { faults, calls: () => calls };
}

/** A number from 0 to 1 that a text always leads to (FNV-1a, mixed once more). */
function randomOf(text: string) {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

function movementsOf(sandbox: Sandbox, account: string) {
  const moved = new Map<string, number>();
  for (const { movement } of sandbox.state.ledger.entriesOf(account))
    if (movement.description) moved.set(movement.description, (moved.get(movement.description) ?? 0) + 1);
  return moved;
}

function tally(told: Map<string, { outcome: string; key?: string }>, moved: Map<string, number>) {
  const all = [...told].map(([name, said]) => ({ ...said, name, times: moved.get(name) ?? 0 }));
  const count = (is: (one: (typeof all)[0]) => boolean) => all.filter(is).length;
  const isFailed = ({ outcome }: { outcome: string }) => outcome !== 'OK' && outcome !== 'UNKNOWN';
  return {
    done: count(({ outcome }) => outcome === 'OK'),
    failed: count(isFailed),
    unknown: count(({ outcome }) => outcome === 'UNKNOWN'),
    withoutKey: count(({ outcome, key, name }) => outcome === 'UNKNOWN' && key !== name),
    movedTwice: count(({ times }) => times > 1),
    failedButMoved: count((one) => isFailed(one) && one.times > 0),
    doneButNotMoved: count(({ outcome, times }) => outcome === 'OK' && times === 0),
  };
}

const NAIVE_TRIES = 4;

/** A proxy that sends what fails again under a new reference, as a careless client would. */
async function startNaive(weavr: string) {
  const server = createServer(async (req, res) => {
    const body = (await req.toArray()).join('');
    const { 'idempotency-ref': reference, connection: _, ...headers } = req.headers;
    for (let tries = 1; tries <= NAIVE_TRIES; tries += 1) {
      const own = { ...headers, ...(reference && { 'idempotency-ref': `${reference}-${tries}` }) };
      const text = await request(weavr + req.url, { method: 'POST', headers: own, body: body || undefined })
        .then((answer) => (answer.statusCode < 400 ? answer.body.text() : answer.body.dump().then(() => undefined)))
        .catch(() => undefined);
      if (text) return void res.writeHead(200, { 'content-type': 'application/json' }).end(text);
    }
    res.writeHead(503).end();
  });
  return { url: await listening(server), close: () => server.close().closeAllConnections() };
}
