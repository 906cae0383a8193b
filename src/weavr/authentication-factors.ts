import { op, operations } from './core/operation.js';
import type { NoInput } from './core/shapes.js';
import type { OtpChannel, OtpVerification, PushChannel } from './step-up.js';

export const FACTOR_TYPES = ['OTP', 'PUSH', 'BIOMETRIC'] as const;
export const FACTOR_STATUSES = ['PENDING_VERIFICATION', 'ACTIVE', 'INACTIVE'] as const;
export const FACTOR_CHANNELS = ['SMS', 'AUTHY', 'BIOMETRIC'] as const;

/** A device is enrolled for biometrics by the mobile SDK, never by this API. */
export const PUSH_ENROLMENT_CHANNELS = ['AUTHY'] as const;

export interface AuthenticationFactor {
  type?: (typeof FACTOR_TYPES)[number];
  status?: (typeof FACTOR_STATUSES)[number];
  channel?: (typeof FACTOR_CHANNELS)[number];
}

export interface PushEnrolment {
  channel: (typeof PUSH_ENROLMENT_CHANNELS)[number];
}

const ENROLMENT = ['CHANNEL_NOT_SUPPORTED', 'CHANNEL_ALREADY_REGISTERED', 'TYPE_DOES_NOT_SUPPORT_ENROLMENT'] as const;

// biome-ignore format: a table reads best as a table
export const authenticationFactors = operations({
  authFactorsGet:             op<NoInput, { factors?: AuthenticationFactor[] }> ('GET /multi/authentication_factors'),
  enrolDeviceUsingOtpStepOne: op.empty<OtpChannel>      ('POST /multi/authentication_factors/otp/{channel}').idempotent('MULTI').refusing(...ENROLMENT, 'MOBILE_NUMBER_NOT_AVAILABLE', 'MOBILE_NUMBER_INVALID', 'MOBILE_COUNTRY_NOT_SUPPORTED', 'CREDENTIALS_INACTIVE'),
  enrolDeviceUsingOtpStepTwo: op.empty<OtpVerification> ('POST /multi/authentication_factors/otp/{channel}/verify').idempotent('MULTI').refusing(...ENROLMENT, 'VERIFICATION_CODE_EXPIRED', 'VERIFICATION_CODE_INVALID', 'CREDENTIALS_INACTIVE', 'CHALLENGE_LIMIT_EXCEEDED', 'ONE_CHALLENGE_LIMIT_REMAINING', 'STATE_INVALID'),
  enrolDeviceUsingPush:       op.empty<PushEnrolment>   ('POST /multi/authentication_factors/push/{channel}').idempotent('MULTI').refusing(...ENROLMENT, 'CHANNEL_NOT_READY', 'MOBILE_NUMBER_NOT_AVAILABLE', 'CHALLENGE_LIMIT_EXCEEDED', 'PASSCODE_NOT_SET', 'ENROLMENT_LIMIT_EXCEEDED', 'MOBILE_COUNTRY_NOT_SUPPORTED'),
  unlinkDeviceUsingPush:      op.empty<PushChannel>     ('DELETE /multi/authentication_factors/push/{channel}').idempotent('MULTI').refusing('CHANNEL_NOT_REGISTERED', 'CREDENTIALS_INACTIVE'),
});
