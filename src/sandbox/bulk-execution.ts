import type { BulkOperation } from '../weavr/bulks.js';
import { BULK_KINDS, type BulkKindName } from './bulk-kinds.js';
import { callOf, Failure } from './core/handlers.js';
import type { Session } from './core/sessions.js';
import type { State, StoredBulk } from './core/state.js';

/** A few operations at a time, so that somebody can see a bulk run, and stop it. */
const AT_ONCE = 10;
const PAUSE_MS = 1_000;

/** Begins, or goes on, to execute what is left of a bulk, for the session that asked for it. */
export function executeBulk(state: State, bulk: StoredBulk, session: Session, now: number) {
  bulk.process.status = 'RUNNING';
  bulk.session ??= { ...session };
  scheduleNext(state, bulk, now + PAUSE_MS);
}

function scheduleNext(state: State, bulk: StoredBulk, at: number) {
  bulk.dueAt = at;
  state.clock.at(at, () => {
    // A bulk that was paused in the meantime has another time, or none.
    if (bulk.process.status === 'RUNNING' && bulk.dueAt === at) executeSome(state, bulk, at);
  });
}

function executeSome(state: State, bulk: StoredBulk, at: number) {
  bulk.dueAt = undefined;
  for (const operation of waiting(bulk).slice(0, AT_ONCE)) {
    execute(state, bulk, operation, at);
    if (operation.status === 'FAILED' && bulk.process.mode === 'ON_FAILURE_STOP') return finish(bulk, at);
  }
  if (waiting(bulk).length) scheduleNext(state, bulk, at + PAUSE_MS);
  else finish(bulk, at);
}

const waiting = ({ operations }: StoredBulk) => operations.filter(({ status }) => status === 'SUBMITTED');

/** One operation by what answers its REST call: an answer completes it, and a refusal is its own alone. */
function execute(state: State, bulk: StoredBulk, operation: BulkOperation, at: number) {
  const { handle } = BULK_KINDS[bulk.kind as BulkKindName]; // a submission has made it
  const input = bulk.inputs[bulk.operations.indexOf(operation)] ?? {};
  try {
    const answer = handle(input, callOf(state, bulk.session!, at)); // executeBulk has set it
    Object.assign(operation, { status: 'COMPLETED', responsePayload: JSON.stringify(answer) });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    Object.assign(operation, { status: 'FAILED', responsePayload: JSON.stringify(error.body) });
  }
}

/** Nothing more will be done. */
function finish(bulk: StoredBulk, at: number) {
  const { length } = bulk.operations.filter(({ status }) => status === 'COMPLETED');
  const isWhole = length === bulk.operations.length;
  bulk.process.status = isWhole ? 'COMPLETED' : length ? 'PARTIALLY_COMPLETED' : 'FAILED';
  close(bulk, at);
}

/** Calls off what is left of a bulk. */
export function cancelBulk(bulk: StoredBulk, at: number) {
  bulk.process.status = 'CANCELLED';
  close(bulk, at);
}

function close(bulk: StoredBulk, at: number) {
  for (const operation of waiting(bulk)) operation.status = 'CANCELLED';
  bulk.process.executionFinish = at;
}
