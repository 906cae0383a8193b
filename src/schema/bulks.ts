import * as rest from '../weavr/bulks.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { asksOnlyId } from './core/selection.js';
import { upstream, upstreamOn } from './core/upstream.js';

const api = rest.bulks;

const BulkProcessStatus = enumType<rest.BulkProcessStatus>('BulkProcessStatus', 'How far a bulk is.', {
  SUBMITTED: 'Taken, and waits to be executed.',
  RUNNING: 'Under way.',
  PAUSED: 'Stopped for the time being.',
  COMPLETED: 'Over: every operation succeeded.',
  PARTIALLY_COMPLETED: 'Over: some operations succeeded, others did not.',
  FAILED: 'Over: no operation succeeded.',
  CANCELLED: 'Called off. What had been done by then stays done.',
});

const BulkProcessMode = enumType<rest.BulkProcessMode>(
  'BulkProcessMode',
  'What a failure does to the rest of a bulk.',
  {
    ON_FAILURE_STOP: 'Nothing is done after the first operation that fails.',
    ON_FAILURE_CONTINUE: 'Every operation is tried, whatever becomes of the others.',
  },
);

const BulkOperationStatus = enumType<rest.BulkOperationStatus>(
  'BulkOperationStatus',
  'How far one operation of a bulk is.',
  {
    SUBMITTED: 'Waits for its turn.',
    RUNNING: 'Under way.',
    COMPLETED: 'Done.',
    FAILED: 'Refused: `responsePayload` says why.',
    CANCELLED: 'Never done.',
  },
);

const BulkStatusCount = builder.objectRef<rest.BulkStatusCount>('BulkStatusCount').implement({
  description: 'How many operations of a bulk are equally far.',
  fields: (t) => ({
    status: t.field({
      type: BulkOperationStatus,
      nullable: true,
      description: 'How far.',
      resolve: ({ status }) => status,
    }),
    count: t.exposeInt('count', { nullable: true, description: 'How many.' }),
  }),
});

const BulkOperation = builder.objectRef<rest.BulkOperation>('BulkOperation').implement({
  description: 'One of the operations that a bulk is made of.',
  fields: (t) => ({
    id: t.exposeID('operationId', { nullable: true, description: "Weavr's id of it, for a support request." }),
    sequence: t.exposeInt('sequence', { nullable: true, description: 'Its place: operations are done in turn.' }),
    method: t.exposeString('method', { nullable: true, description: "The REST call's method." }),
    path: t.exposeString('path', { nullable: true, description: "The REST call's path." }),
    status: t.field({
      type: BulkOperationStatus,
      nullable: true,
      description: 'How far it is.',
      resolve: ({ status }) => status,
    }),
    requestPayload: t.exposeString('requestPayload', {
      nullable: true,
      description: "The REST call's body, as text in JSON; null if it has none.",
    }),
    responsePayload: t.exposeString('responsePayload', {
      nullable: true,
      description: 'What Weavr answered to it, as text in JSON; null before that, and if the answer has no body.',
    }),
  }),
});

const BulkOperationConnection = connection('BulkOperationConnection', BulkOperation);

const BulkOperationFilter = builder.inputType('BulkOperationFilter', {
  description: 'Which operations. All given conditions must hold.',
  fields: (t) => ({
    sequence: t.field({ type: 'SafeInt', description: 'At this place.' }),
    status: t.field({ type: BulkOperationStatus, description: 'As far as this.' }),
  }),
});

export const BulkProcess = builder.objectRef<rest.BulkProcessDetails>('BulkProcess').implement({
  description: 'Many operations of one kind that are submitted at once and executed in turn.',
  fields: (t) => ({
    id: t.exposeID('bulkId', { description: "Weavr's id." }),
    status: t.field({ type: BulkProcessStatus, description: 'How far it is.', resolve: ({ status }) => status }),
    submittedItemsCount: t.exposeInt('submittedItemsCount', {
      nullable: true,
      description: 'How many operations it is made of.',
    }),
    operation: t.exposeString('operation', {
      nullable: true,
      description: 'What is done many times, as the path of the single REST call.',
    }),
    mode: t.field({
      type: BulkProcessMode,
      nullable: true,
      description: 'What a failure does to the rest; null until it is executed.',
      resolve: ({ mode }) => mode,
    }),
    startedAt: t.expose('executionStart', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began to be executed; null if it has not.',
    }),
    finishedAt: t.expose('executionFinish', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null if it is not.',
    }),
    operationStatusCounts: t.field({
      ...upstream(api.bulkId),
      type: [BulkStatusCount],
      nullable: true,
      description: 'How many of its operations are how far. In a list it costs one REST call per bulk.',
      resolve: async ({ bulkId, operationStatusCounts }, _args, { weavr }) =>
        operationStatusCounts ?? (await weavr.find(api.bulkId, { bulk_id: bulkId }))?.operationStatusCounts,
    }),
    operations: t.field({
      ...upstream(api.bulkIdOperations),
      type: BulkOperationConnection,
      nullable: true,
      description: 'Its operations. One REST call per bulk.',
      args: {
        ...pageArgs(t.arg),
        filter: t.arg({ type: BulkOperationFilter, description: 'Which operations; absent: all.' }),
      },
      resolve: ({ bulkId }, { filter, ...page }, { weavr }, info) =>
        readPage(weavr, api.bulkIdOperations, page, { ...filter, bulk_id: bulkId }, info),
    }),
  }),
});

const BulkProcessConnection = connection('BulkProcessConnection', BulkProcess);

const BulkFilter = builder.inputType('BulkFilter', {
  description: 'Which bulks.',
  fields: (t) => ({ status: t.field({ type: BulkProcessStatus, description: 'As far as this.' }) }),
});

builder.queryFields((t) => ({
  bulk: t.field({
    ...upstream(api.bulkId),
    type: BulkProcess,
    nullable: true,
    description: 'One bulk; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.bulkId, { bulk_id: id }),
  }),
  bulks: t.field({
    ...upstream(api.bulks),
    type: BulkProcessConnection,
    nullable: true,
    description: "The identity's bulks, whoever submitted them.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: BulkFilter, description: 'Which bulks; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => readPage(weavr, api.bulks, page, { ...filter }, info),
  }),
}));

/** The bulk, read if more than its id is asked for: Weavr answers at most the id. */
export const reread = (t: PayloadFields<{ bulkId: string }>) => ({
  bulk: t.field({
    ...upstreamOn({ free: asksOnlyId }, api.bulkId),
    type: BulkProcess,
    nullable: true,
    description: 'The bulk as it is now. Asking for more than its id costs one read.',
    resolve: ({ bulkId }, _args, { weavr }, info) =>
      asksOnlyId(info)
        ? ({ bulkId } as rest.BulkProcessDetails) // nothing but the id will be read
        : weavr.find(api.bulkId, { bulk_id: bulkId }),
  }),
});

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the bulk." }) });

const acknowledgeBulk = async ({ id }: { id: string }, call: (input: rest.ByBulkId) => Promise<void>) => {
  await call({ bulk_id: id });
  return { bulkId: id };
};

mutation('executeBulk', api.bulkIdExecute, {
  description:
    'Begins to execute a bulk that was submitted. It goes on by itself: read its `status` and `operationStatusCounts`.',
  input: (t) => ({
    ...byId(t),
    mode: t.field({
      type: BulkProcessMode,
      description: 'What a failure does to the rest. Weavr does not say what holds when it is absent: better give it.',
    }),
    webhookInterval: t.int({
      description:
        'A webhook is sent each time so many operations have been tried; less than a quarter of all counts as a quarter.',
    }),
  }),
  resolve: async ({ id, ...input }, call) => {
    await call({ bulk_id: id, ...input });
    return { bulkId: id };
  },
  payload: reread,
});

mutation('pauseBulk', api.bulkIdPause, {
  description: 'Stops a running bulk for the time being.',
  input: byId,
  resolve: acknowledgeBulk,
  payload: reread,
});

mutation('resumeBulk', api.bulkIdResume, {
  description: 'Goes on with a paused bulk.',
  input: byId,
  resolve: acknowledgeBulk,
  payload: reread,
});

mutation('cancelBulk', api.bulkIdCancel, {
  description: 'Calls off what a bulk has not done yet, for good. What has been done stays done.',
  input: byId,
  resolve: acknowledgeBulk,
  payload: reread,
});
