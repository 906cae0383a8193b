import { op, operations } from './core/operation.js';
import { CODE_REFUSALS, type OtpChannel, type OtpVerification, type PushChannel } from './step-up.js';

/** What may wait for a challenge here; batches of beneficiaries have challenges of their own. */
export const CONFIRMABLE_TYPES = [
  'outgoing_wire_transfers',
  'sends',
  'linked_account_declaration',
  'correspondent_bank_transfers',
] as const;
export type ConfirmableType = (typeof CONFIRMABLE_TYPES)[number];

/** All of one type: one challenge confirms them together. */
export interface ConfirmableResources {
  resourceType: ConfirmableType;
  resourceIds: string[];
}

export interface ConfirmationVerification extends OtpVerification {
  scaChallengeId: string;
  resourceType: ConfirmableType;
}

export interface ConfirmationChallenge {
  scaChallengeId?: string;
}

// biome-ignore format: a table reads best as a table
export const confirmationChallenges = operations({
  multipleSCAChallenge:     op<ConfirmableResources & OtpChannel, ConfirmationChallenge> ('POST /multi/challenges/otp/{channel}').idempotent('MULTI').refusing('STATE_INVALID', 'CHANNEL_NOT_SUPPORTED', 'CHANNEL_NOT_REGISTERED', 'RETRY_IN_15SEC', 'CHALLENGE_LIMIT_EXCEEDED'),
  multipleSCAVerify:        op.empty<ConfirmationVerification>                           ('POST /multi/challenges/{scaChallengeId}/otp/{channel}/verify').idempotent('MULTI').refusing(...CODE_REFUSALS),
  multipleSCAChallengePush: op<ConfirmableResources & PushChannel, ConfirmationChallenge>('POST /multi/challenges/push/{channel}').idempotent('MULTI').refusing('STATE_INVALID', 'CHANNEL_NOT_SUPPORTED', 'CHANNEL_NOT_REGISTERED', 'CHALLENGE_LIMIT_EXCEEDED'),
});
