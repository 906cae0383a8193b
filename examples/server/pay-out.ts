/**
 * A server that charges each of its identities a fee and moves money between their accounts, without a framework.
 * Run it against a gateway with `GATEWAY_URL` and `BACK_OFFICE_KEY`; it can be stopped and started again at any time.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface Payout {
  identity: `CORPORATE:${string}` | `CONSUMER:${string}`;
  profileId: string;
  source: string;
  destination: string;
  amount: { currency: string; amount: number };
  feeType: string;
}

/** What is known of one write. Its key is stored before the first attempt, so a repetition is never another write. */
interface Step {
  key: string;
  outcome?: 'DONE' | 'DECLINED';
  code?: string;
}
type Journal = Record<string, { fee: Step; transfer: Step }>;

interface Outcome {
  __typename: string;
  code?: string;
  retryable?: boolean;
}
interface Reply {
  data?: { outcome: Outcome } | null;
  errors?: { message: string; extensions: { code: string; retryable?: boolean; retryAfterSeconds?: number } }[];
}

export interface Gateway {
  url: string;
  key: string;
  /** Where what is known is kept between runs. */
  journal: string;
  wait?: (ms: number) => Promise<unknown>;
}

const OUTCOME = '__typename ... on MutationError { code retryable }';
const CHARGE = `mutation Charge($input: ChargeFeeInput!) { outcome: chargeFee(input: $input) { ${OUTCOME} } }`;
const PAY = `mutation Pay($input: CreateTransferInput!) { outcome: createTransfer(input: $input) { ${OUTCOME} } }`;
const BY_TAG = 'query ByTag($tag: String!) { transfers(filter: { tag: $tag }) { nodes { state } } }';

const ATTEMPTS = 5;
const PAUSE_MS = 500;

async function send<T>({ url, key }: Gateway, identity: string, query: string, variables: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-back-office-key': key, 'x-act-as': identity },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as T;
}

/** Repeats what may be repeated, always under the same key, and waits as long as it is told. */
async function attempt(gateway: Gateway, identity: string, mutation: string, input: object): Promise<Outcome> {
  const { wait = delay } = gateway;
  for (let tries = 1; ; tries++) {
    const { data, errors } = await send<Reply>(gateway, identity, mutation, { input });
    const outcome = data?.outcome;
    const [error] = errors ?? [];
    if (outcome && !outcome.retryable) return outcome;
    const repeat = outcome?.retryable ?? error?.extensions.retryable ?? false;
    if (!repeat || tries === ATTEMPTS) throw new Error(outcome?.code ?? error?.extensions.code ?? 'no answer');
    await wait((error?.extensions.retryAfterSeconds ?? 0) * 1_000 || PAUSE_MS * 2 ** tries);
  }
}

async function readJournal(path: string): Promise<Journal> {
  return JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Journal;
}

/** Whole or not at all: a crash must not leave half a journal. */
async function writeJournal(path: string, journal: Journal) {
  await writeFile(`${path}.new`, JSON.stringify(journal, null, 2));
  await rename(`${path}.new`, path);
}

/** Does every payout once, however often it is called. */
export async function payOut(gateway: Gateway, run: string, payouts: readonly Payout[]): Promise<Journal> {
  const journal = await readJournal(gateway.journal);
  for (const [index, { identity }] of payouts.entries()) {
    journal[identity] ??= { fee: { key: `${run}-fee-${index}` }, transfer: { key: `${run}-transfer-${index}` } };
  }
  await writeJournal(gateway.journal, journal); // before the first attempt
  for (const payout of payouts) {
    const { fee, transfer } = journal[payout.identity]!;
    const account = (id: string) => ({ type: 'MANAGED_ACCOUNTS', id });
    const { identity, profileId, amount, feeType } = payout;
    await settle(fee, CHARGE, { feeType, source: account(payout.source) });
    const ends = { source: account(payout.source), destination: account(payout.destination) };
    await settle(transfer, PAY, { profileId, ...ends, amount, tag: transfer.key });

    async function settle(step: Step, mutation: string, input: object) {
      if (step.outcome) return;
      const { __typename, code } = await attempt(gateway, identity, mutation, { ...input, idempotencyKey: step.key });
      Object.assign(step, __typename.endsWith('Payload') ? { outcome: 'DONE' } : { outcome: 'DECLINED', code });
      await writeJournal(gateway.journal, journal);
    }
  }
  return journal;
}

/** What Weavr has of each transfer, found by its tag: the check that nothing was lost or done twice. */
export async function reconcile(gateway: Gateway, journal: Journal) {
  const found = Object.entries(journal).map(async ([identity, { transfer }]) => {
    const { data } = await send<{ data: { transfers: { nodes: { state: string }[] } } }>(gateway, identity, BY_TAG, {
      tag: transfer.key,
    });
    return { identity, expected: transfer.outcome === 'DONE' ? 1 : 0, found: data.transfers.nodes.length };
  });
  return Promise.all(found);
}
