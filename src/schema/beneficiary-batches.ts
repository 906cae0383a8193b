import DataLoader from 'dataloader';
import * as payees from '../weavr/beneficiaries.js';
import * as rest from '../weavr/beneficiary-batches.js';
import type { Weavr } from '../weavr/core/client.js';
import { Beneficiary } from './beneficiaries.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { type Asked, asksOnly } from './core/selection.js';
import { lasting, upstream, upstreamOn } from './core/upstream.js';
import { RequiredAction, requiredActionOf } from './required-action.js';

const api = rest.beneficiaryBatches;
const { beneficiariesGet } = payees.beneficiaries;

const BatchState = enumType<rest.BeneficiaryBatch['state']>(
  'BeneficiaryBatchState',
  'How far a batch of beneficiaries is.',
  {
    INITIALISED: 'Taken, and not looked at yet.',
    FAILED: 'Nothing in it can be done.',
    PENDING_CHALLENGE: 'Waits for the user to confirm it.',
    CHALLENGE_FAILED: 'Nobody confirmed it, and nothing was done.',
    CHALLENGE_COMPLETED: 'Confirmed, and under way.',
    COMPLETED: 'Done.',
  },
);

const BatchOperation = enumType<rest.OperationBatchId['operation']>(
  'BeneficiaryBatchOperation',
  'What a batch does with its beneficiaries.',
  { CREATE: 'Adds them.', REMOVE: 'Removes them.' },
);

/** The beneficiaries of any number of batches, read together: no other list of Weavr's takes several ids. */
async function readMembers(weavr: Weavr, batchIds: readonly string[]): Promise<payees.Beneficiary[][]> {
  const batchId = [...new Set(batchIds)].sort();
  const limit = beneficiariesGet.paging?.size ?? 100;
  const read = (offset: number) => weavr.load(beneficiariesGet, { batchId, offset, limit });
  const first = await read(0);
  const further = Math.max(0, Math.ceil(Number(first.count ?? 0) / limit) - 1);
  const pages = [first, ...(await Promise.all(Array.from({ length: further }, (_, page) => read((page + 1) * limit))))];
  const members = pages.flatMap(({ beneficiaries = [] }) => beneficiaries);
  return batchIds.map((id) =>
    members.filter(({ relatedOperationBatches }) => relatedOperationBatches.some((batch) => batch.batchId === id)),
  );
}

const loaders = new WeakMap<Weavr, DataLoader<string, payees.Beneficiary[]>>();

/** The loader of one request. It only collects: what has been read, the client remembers, and forgets after a write. */
function membersOf(weavr: Weavr) {
  const loader = loaders.get(weavr) ?? new DataLoader((ids) => readMembers(weavr, ids), { cache: false });
  loaders.set(weavr, loader);
  return loader;
}

export const BeneficiaryBatch = builder.objectRef<rest.BeneficiaryBatch>('BeneficiaryBatch').implement({
  description: 'Beneficiaries that are added or removed together, once the user has confirmed it.',
  fields: (t) => ({
    id: t.id({ description: "Weavr's id.", resolve: ({ operationBatchId }) => operationBatchId.batchId }),
    operation: t.field({
      type: BatchOperation,
      nullable: true,
      description: 'What it does.',
      resolve: ({ operationBatchId }) => operationBatchId.operation,
    }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    state: t.field({ type: BatchState, description: 'How far it is.', resolve: ({ state }) => state }),
    requiredAction: t.field({
      type: RequiredAction,
      nullable: true,
      description:
        'What the user must do next: for a `CHALLENGE`, `startBeneficiaryBatchOtp` and `verifyBeneficiaryBatchOtp`, or `startBeneficiaryBatchPush`. Null if nothing.',
      resolve: ({ state }) => requiredActionOf(state),
    }),
    beneficiaries: t.field({
      ...upstreamOn({ together: { atMost: 10 }, length: { atMost: 1_000 } }, beneficiariesGet),
      type: [Beneficiary],
      nullable: true,
      description: 'All of its beneficiaries. One REST call per hundred of them, however many batches ask.',
      resolve: ({ operationBatchId: { batchId } }, _args, { weavr }) =>
        batchId ? membersOf(weavr).load(batchId) : null,
    }),
  }),
});

/** Whether what a beneficiary tells of its batches is all that is asked. */
const asksOnlyWhatIsTold = (asked: Asked) => asksOnly(asked, 'id', 'operation', '__typename');

const BeneficiaryOperation = builder.objectRef<rest.OperationBatchId>('BeneficiaryOperation').implement({
  description: 'What was done with a beneficiary, and by which batch.',
  fields: (t) => ({
    operation: t.field({
      type: BatchOperation,
      nullable: true,
      description: 'What was done.',
      resolve: ({ operation }) => operation,
    }),
    batch: t.field({
      ...upstreamOn({ free: asksOnlyWhatIsTold }, api.beneficiaryBatchGet),
      type: BeneficiaryBatch,
      nullable: true,
      description: 'The batch. Its id and its operation cost no call.',
      resolve: (operationBatchId, _args, { weavr }, info) =>
        asksOnlyWhatIsTold(info)
          ? ({ operationBatchId } as rest.BeneficiaryBatch) // nothing else will be read
          : weavr.follow(api.beneficiaryBatchGet, { id: operationBatchId.batchId }),
    }),
  }),
});

builder.objectField(Beneficiary, 'operations', (t) =>
  t.field({
    ...lasting({ atMost: 10 }),
    type: [BeneficiaryOperation],
    description: 'How it came to be, and was removed.',
    resolve: ({ relatedOperationBatches = [] }) => relatedOperationBatches,
  }),
);

const BeneficiaryBatchConnection = connection('BeneficiaryBatchConnection', BeneficiaryBatch);

const BeneficiaryBatchFilter = builder.inputType('BeneficiaryBatchFilter', {
  description: 'Which batches. All given conditions must hold.',
  fields: (t) => ({
    state: t.field({ type: [BatchState], description: 'In one of these states.' }),
    operation: t.field({ type: [BatchOperation], description: 'That do one of these things.' }),
    tag: t.stringList({ description: 'Under exactly one of these labels.' }),
  }),
});

builder.queryFields((t) => ({
  beneficiaryBatch: t.field({
    ...upstream(api.beneficiaryBatchGet),
    type: BeneficiaryBatch,
    nullable: true,
    description: 'One batch of beneficiaries; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.beneficiaryBatchGet, { id }),
  }),
  beneficiaryBatches: t.field({
    ...upstream(api.beneficiaryBatchesGet),
    type: BeneficiaryBatchConnection,
    nullable: true,
    description: "The identity's batches of beneficiaries.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: BeneficiaryBatchFilter, description: 'Which batches; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) =>
      readPage(weavr, api.beneficiaryBatchesGet, page, { ...filter }, info),
  }),
}));
