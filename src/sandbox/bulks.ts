import {
  BULK_OPERATION_STATUSES,
  BULK_PROCESS_MODES,
  BULK_PROCESS_STATUSES,
  type BulkProcess,
  type BulkProcessDetails,
  type bulks,
  type Submission,
} from '../weavr/bulks.js';
import { cancelBulk, executeBulk } from './bulk-execution.js';
import { BULK_KINDS, type BulkKind, type BulkKindName, pathOf } from './bulk-kinds.js';
import type { Call, Handlers } from './core/handlers.js';
import { is, pageOf } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredBulk } from './core/state.js';
import { check, id, invalid, oneOf, type Rule, range, required, size } from './core/validation.js';

const MOST_ITEMS = 10_000;

/** An item of any kind. */
interface Item {
  pathParams?: object;
  requestBody?: object;
}

const object: Rule = (value) =>
  typeof value === 'object' && value !== null ? undefined : { error: 'INVALID_TYPE_OR_VALUE' };

const parameterOf = ({ operation }: BulkKind) => /\{(\w+)\}/.exec(operation.path)?.[1];

function checkItem(kind: BulkKind, item: Item, within: string) {
  const parameter = parameterOf(kind);
  check(
    item,
    {
      ...(parameter && { [`pathParams._${parameter}_`]: required(id) }),
      ...(kind.rulesOf && { requestBody: required(object) }),
    },
    within,
  );
  const { requestBody = {} } = item;
  if (kind.rulesOf) check(requestBody, kind.rulesOf(requestBody), `${within}requestBody.`);
}

/** Takes a bulk for later: nothing of it happens yet. */
export function submitBulk(state: State, owner: string, name: BulkKindName, items: readonly Item[]): StoredBulk {
  const kind = BULK_KINDS[name];
  const [path, parameter = ''] = [pathOf(kind), parameterOf(kind)];
  const idOf = ({ pathParams }: Item) => (pathParams as Record<string, string> | undefined)?.[`_${parameter}_`] ?? ''; // checked
  const bulkId = state.nextId();
  return state.bulks.add(owner, bulkId, {
    kind: name,
    process: { bulkId, status: 'SUBMITTED', submittedItemsCount: items.length, operation: path },
    inputs: items.map((item) => ({ ...item.requestBody, ...(parameter && { [parameter]: idOf(item) }) })),
    operations: items.map((item, index) => ({
      operationId: state.nextId(),
      sequence: index + 1,
      method: kind.operation.method,
      path: path.replace(`{${parameter}}`, idOf(item)),
      status: 'SUBMITTED',
      requestPayload: JSON.stringify(item.requestBody),
    })),
  });
}

const submit =
  (name: BulkKindName) =>
  ({ items }: { items: readonly Item[] }, { state, session }: Call): Submission => {
    const broken = size(MOST_ITEMS, 1)(items);
    if (broken) throw invalid([{ fieldName: '', params: [], ...broken }]);
    items.forEach((item, index) => {
      checkItem(BULK_KINDS[name], item, `[${index}].`);
    });
    const { process } = submitBulk(state, identityOf(session).id, name, items);
    return { bulkId: process.bulkId, operationCount: items.length, path: process.operation };
  };

/** The caller's bulk, if it is in one of these statuses. */
function bulkIn(
  statuses: readonly BulkProcess['status'][],
  bulkId: string,
  { state, session, refuse }: Call<'INVALID_STATE'>,
): StoredBulk {
  const bulk = state.bulks.find(identityOf(session).id, bulkId);
  return statuses.includes(bulk.process.status) ? bulk : refuse('INVALID_STATE');
}

function detailsOf({ process, operations }: StoredBulk): BulkProcessDetails {
  const counts = BULK_OPERATION_STATUSES.map((status) => ({
    status,
    count: operations.filter((operation) => operation.status === status).length,
  }));
  return { ...process, operationStatusCounts: counts.filter(({ count }) => count) };
}

export const bulkHandlers: Handlers<typeof bulks> = {
  bulks: (query, { state, session }) => {
    check(query, { status: oneOf(BULK_PROCESS_STATUSES) });
    const found = state.bulks.of(identityOf(session).id).filter(({ process }) => is(query.status, process.status));
    const { items, counts } = pageOf(found, query);
    return { bulkProcesses: items.map(({ process }) => process), ...counts };
  },

  bulkId: ({ bulk_id }, { state, session }) => detailsOf(state.bulks.find(identityOf(session).id, bulk_id)),

  bulkIdOperations: ({ bulk_id, ...query }, { state, session }) => {
    check(query, { status: oneOf(BULK_OPERATION_STATUSES) });
    const { operations } = state.bulks.find(identityOf(session).id, bulk_id);
    const found = operations.filter(({ sequence, status }) => is(query.sequence, sequence) && is(query.status, status));
    const { items, counts } = pageOf(found, query);
    return { operations: items, ...counts };
  },

  bulkIdExecute: ({ bulk_id, ...input }, call) => {
    check(input, { mode: oneOf(BULK_PROCESS_MODES), webhookInterval: range(1, 2 ** 31 - 1) });
    const { state, session, now } = call;
    const bulk = bulkIn(['SUBMITTED'], bulk_id, call);
    Object.assign(bulk.process, { mode: input.mode ?? 'ON_FAILURE_STOP', executionStart: now });
    executeBulk(state, bulk, session, now);
  },

  bulkIdPause: ({ bulk_id }, call) => {
    bulkIn(['RUNNING'], bulk_id, call).process.status = 'PAUSED';
  },

  bulkIdResume: ({ bulk_id }, call) =>
    executeBulk(call.state, bulkIn(['PAUSED'], bulk_id, call), call.session, call.now),

  // What nobody has executed yet does not expire: the way to be rid of it is this one.
  bulkIdCancel: ({ bulk_id }, call) => cancelBulk(bulkIn(['SUBMITTED', 'RUNNING', 'PAUSED'], bulk_id, call), call.now),

  bulksUserCreate: submit('bulksUserCreate'),
  bulksUserInviteSend: submit('bulksUserInviteSend'),
  bulksManagedCardBlock: submit('bulksManagedCardBlock'),
  bulksManagedCardUnblock: submit('bulksManagedCardUnblock'),
  bulksManagedCardRemove: submit('bulksManagedCardRemove'),
  bulksManagedCardSpendRulesUpdate: submit('bulksManagedCardSpendRulesUpdate'),
  bulksTransferCreate: submit('bulksTransferCreate'),
  bulksSendCreate: submit('bulksSendCreate'),
  bulksOutgoingWireTransferCreate: submit('bulksOutgoingWireTransferCreate'),
};
