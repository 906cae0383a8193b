import type { NewBeneficiary } from './beneficiaries.js';
import { op, operations } from './core/operation.js';
import type { ById, Counted, Page } from './core/shapes.js';
import { CODE_REFUSALS, type OtpChannel, type OtpVerification, type PushChannel } from './step-up.js';

export const BENEFICIARY_BATCH_STATES = [
  'INITIALISED',
  'FAILED',
  'PENDING_CHALLENGE',
  'CHALLENGE_FAILED',
  'CHALLENGE_COMPLETED',
  'COMPLETED',
] as const;
export const BENEFICIARY_BATCH_OPERATIONS = ['CREATE', 'REMOVE'] as const;

/** A batch's own id is in here. */
export interface OperationBatchId {
  batchId: string;
  operation: (typeof BENEFICIARY_BATCH_OPERATIONS)[number];
}

/** Beneficiaries come and go in batches, each of which its user confirms as a whole. */
export interface BeneficiaryBatch {
  operationBatchId: OperationBatchId;
  tag?: string;
  state: (typeof BENEFICIARY_BATCH_STATES)[number];
}

/** None is refused for what it names: its own `validationFailure` says what is wrong. */
export interface NewBeneficiaries {
  tag?: string;
  beneficiaries: NewBeneficiary[];
}

export interface BeneficiaryBatchFilter {
  state?: BeneficiaryBatch['state'][];
  operation?: OperationBatchId['operation'][];
  tag?: string[];
}

export interface BeneficiaryBatchPage extends Counted {
  batches?: BeneficiaryBatch[];
}

// biome-ignore format: a table reads best as a table
export const beneficiaryBatches = operations({
  beneficiaryBatchCreate: op<NewBeneficiaries, BeneficiaryBatch>            ('POST /multi/beneficiaries').idempotent('MULTI'),
  beneficiaryBatchRemove: op<{ beneficiaryIds: string[] }, BeneficiaryBatch>('POST /multi/beneficiaries/remove').idempotent('MULTI'),
  beneficiaryBatchesGet:  op<Page & BeneficiaryBatchFilter, BeneficiaryBatchPage>('GET /multi/beneficiaries/batch').pages('batches', { idOf: (batch: BeneficiaryBatch) => batch.operationBatchId.batchId }),
  beneficiaryBatchGet:    op<ById, BeneficiaryBatch>                        ('GET /multi/beneficiaries/batch/{id}').listedBy('beneficiaryBatchesGet'),

  beneficiaryBatchSCAChallenge:     op.empty<ById & OtpChannel>     ('POST /multi/beneficiaries/batch/{id}/challenges/otp/{channel}').refusing('STATE_INVALID', 'CHANNEL_NOT_SUPPORTED', 'CHANNEL_NOT_REGISTERED'),
  beneficiaryBatchSCAVerify:        op.empty<ById & OtpVerification>('POST /multi/beneficiaries/batch/{id}/challenges/otp/{channel}/verify').refusing(...CODE_REFUSALS),
  beneficiaryBatchSCAChallengePush: op.empty<ById & PushChannel>    ('POST /multi/beneficiaries/batch/{id}/challenges/push/{channel}').refusing('STATE_INVALID', 'CHANNEL_NOT_SUPPORTED', 'CHANNEL_NOT_REGISTERED', 'CHALLENGE_LIMIT_EXCEEDED'),
});
