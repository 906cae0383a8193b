import { op, operations } from './core/operation.js';

export const OTP_CHANNELS = ['SMS'] as const;
export const PUSH_CHANNELS = ['AUTHY', 'BIOMETRIC'] as const;

/** How long a one-time code is good for. */
export const CODE_SECONDS = 300;

export interface OtpChannel {
  channel: (typeof OTP_CHANNELS)[number];
}
export interface PushChannel {
  channel: (typeof PUSH_CHANNELS)[number];
}
export interface OtpVerification extends OtpChannel {
  /** Six digits. */
  verificationCode: string;
}

/** What a wrong, late or repeated code is answered with. */
export const CODE_REFUSALS = [
  'STATE_INVALID',
  'CHANNEL_NOT_SUPPORTED',
  'CHANNEL_NOT_REGISTERED',
  'VERIFICATION_CODE_EXPIRED',
  'VERIFICATION_CODE_INVALID',
  'CHALLENGE_LIMIT_EXCEEDED',
  'ONE_CHALLENGE_LIMIT_REMAINING',
] as const;

// biome-ignore format: a table reads best as a table
export const stepUp = operations({
  stepupSCAChallenge:     op.empty<OtpChannel>             ('POST /multi/stepup/challenges/otp/{channel}').idempotent('MULTI').refusing('CHANNEL_NOT_SUPPORTED', 'CHANNEL_NOT_REGISTERED', 'MOBILE_NUMBER_INVALID', 'MOBILE_COUNTRY_NOT_SUPPORTED', 'RETRY_IN_15SEC', 'CHALLENGE_LIMIT_EXCEEDED'),
  stepupSCAVerify:        op.empty<OtpVerification>        ('POST /multi/stepup/challenges/otp/{channel}/verify').idempotent('MULTI').refusing(...CODE_REFUSALS, 'ALREADY_VERIFIED'),
  stepupSCAChallengePush: op<PushChannel, { id?: string }> ('POST /multi/stepup/challenges/push/{channel}').idempotent('MULTI').refusing('STATE_INVALID', 'CHANNEL_NOT_SUPPORTED', 'CHANNEL_NOT_REGISTERED', 'CHALLENGE_LIMIT_EXCEEDED'),
});
