import type { Beneficiary } from '../weavr/beneficiaries.js';
import type {
  BeneficiaryBatch,
  beneficiaryBatches,
  NewBeneficiaries,
  OperationBatchId,
} from '../weavr/beneficiary-batches.js';
import { addBeneficiary, rulesOf } from './beneficiaries.js';
import type { Call, Handlers } from './core/handlers.js';
import { isOneOf, pageOf } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, code, id, type Rule, required, size, tag } from './core/validation.js';
import { mustNotify, mustReach } from './step-up.js';

const list: Rule = (value) => (Array.isArray(value) ? undefined : { error: 'INVALID_TYPE_OR_VALUE' });

/** A batch of which something can come waits for its challenge; one without any sound beneficiary has failed. */
function addBatch(
  state: State,
  owner: string,
  batch: Pick<BeneficiaryBatch, 'operationBatchId' | 'tag'>,
  sound: boolean,
) {
  const waiting = sound ? ('PENDING_CHALLENGE' as const) : ('FAILED' as const);
  return state.beneficiaryBatches.add(owner, batch.operationBatchId.batchId, { ...batch, state: waiting });
}

/** Takes new beneficiaries: each by itself may be found wrong. */
export function createBatch(state: State, owner: string, { tag: label, beneficiaries }: NewBeneficiaries) {
  const batchId = state.nextId();
  const added = beneficiaries.map((given) => addBeneficiary(state, owner, given, batchId));
  const operationBatchId: OperationBatchId = { batchId, operation: 'CREATE' };
  return addBatch(state, owner, { operationBatchId, tag: label }, added.some(isWaiting));
}

const isWaiting = ({ state }: Beneficiary) => state === 'PENDING_CHALLENGE';
const isActive = ({ state }: Beneficiary) => state === 'ACTIVE';

/** Takes the removal of those that are active; the others stay as they are. */
export function removalBatch(state: State, owner: string, beneficiaryIds: readonly string[]) {
  const leaving = [...new Set(beneficiaryIds)].map((one) => state.beneficiaries.find(owner, one)).filter(isActive);
  const operationBatchId: OperationBatchId = { batchId: state.nextId(), operation: 'REMOVE' };
  for (const beneficiary of leaving) beneficiary.relatedOperationBatches.push(operationBatchId);
  return addBatch(state, owner, { operationBatchId }, leaving.length > 0);
}

const membersOf = (state: State, owner: string, { operationBatchId }: BeneficiaryBatch) =>
  state.beneficiaries
    .of(owner)
    .filter((one) => one.relatedOperationBatches.some(({ batchId }) => batchId === operationBatchId.batchId));

/** Carries a batch out: its challenge was passed. */
export function passBatch(state: State, owner: string, batch: BeneficiaryBatch) {
  const isCreation = batch.operationBatchId.operation === 'CREATE';
  batch.state = 'COMPLETED';
  for (const member of membersOf(state, owner, batch)) {
    if (isCreation && isWaiting(member)) member.state = 'ACTIVE';
    else if (!isCreation && isActive(member)) member.state = 'REMOVED';
  }
}

/** Ends a batch that nobody confirmed: what it was to create never comes to be, what it was to remove stays. */
export function failBatch(state: State, owner: string, batch: BeneficiaryBatch) {
  batch.state = 'CHALLENGE_FAILED';
  for (const member of membersOf(state, owner, batch)) if (isWaiting(member)) member.state = 'CHALLENGE_FAILED';
}

/** The caller's batch, which must wait for its challenge. */
function waitingBatch(batchId: string, { state, session, refuse }: Call<'STATE_INVALID'>) {
  const batch = state.beneficiaryBatches.find(identityOf(session).id, batchId);
  if (batch.state !== 'PENDING_CHALLENGE') refuse('STATE_INVALID');
  return batch;
}

const keyOf = (batchId: string, { session }: Pick<Call, 'session'>) => `beneficiaries ${session.userId} ${batchId}`;

export const beneficiaryBatchHandlers: Handlers<typeof beneficiaryBatches> = {
  beneficiaryBatchCreate: (input, { state, session }) => {
    check(input, { tag, beneficiaries: required(list) });
    const rules = input.beneficiaries.flatMap((given, index) =>
      Object.entries(rulesOf(given)).map(([path, rule]) => [`beneficiaries.${index}.${path}`, rule]),
    );
    check(input, Object.fromEntries(rules));
    return createBatch(state, identityOf(session).id, input);
  },

  beneficiaryBatchRemove: (input, { state, session }) => {
    check(input, { beneficiaryIds: required((value) => list(value) ?? size(Infinity, 1)(value)) });
    check(input, Object.fromEntries(input.beneficiaryIds.map((_, index) => [`beneficiaryIds.${index}`, required(id)])));
    return removalBatch(state, identityOf(session).id, input.beneficiaryIds);
  },

  beneficiaryBatchesGet: (query, { state, session }) => {
    const found = state.beneficiaryBatches
      .of(identityOf(session).id)
      .filter((batch) =>
        [
          isOneOf(query.state, batch.state),
          isOneOf(query.operation, batch.operationBatchId.operation),
          isOneOf(query.tag, batch.tag),
        ].every(Boolean),
      );
    const { items, counts } = pageOf(found, query);
    return { batches: items, ...counts };
  },

  beneficiaryBatchGet: ({ id: batchId }, { state, session }) =>
    state.beneficiaryBatches.find(identityOf(session).id, batchId),

  beneficiaryBatchSCAChallenge: ({ id: batchId, channel }, call) => {
    mustReach(channel, call);
    waitingBatch(batchId, call);
    call.state.challenges.issue(keyOf(batchId, call)); // too soon after another, that other code still serves
  },

  beneficiaryBatchSCAVerify: ({ id: batchId, channel, verificationCode }, call) => {
    const { state, session, refuse } = call;
    check({ verificationCode }, { verificationCode: required(code) });
    mustReach(channel, call);
    const batch = waitingBatch(batchId, call);
    const owner = identityOf(session).id;
    const refused = state.challenges.verify(keyOf(batchId, call), verificationCode);
    if (refused === 'CHALLENGE_LIMIT_EXCEEDED') failBatch(state, owner, batch);
    if (refused) refuse(refused);
    passBatch(state, owner, batch);
  },

  beneficiaryBatchSCAChallengePush: ({ id: batchId, channel }, call) => {
    mustNotify(channel, call);
    waitingBatch(batchId, call);
  },
};
