import type { AuthenticationFactor, authenticationFactors } from '../weavr/authentication-factors.js';
import type { Call, Handlers } from './core/handlers.js';
import type { Session } from './core/sessions.js';
import type { Credentials } from './core/state.js';
import { check, code, required } from './core/validation.js';

/** How long the user takes to agree on the device. */
const AGREEMENT_MS = 2_000;

const FACTORS = {
  SMS: { type: 'OTP', channel: 'SMS' },
  AUTHY: { type: 'PUSH', channel: 'AUTHY' },
  BIOMETRIC: { type: 'BIOMETRIC', channel: 'BIOMETRIC' },
} as const;

function factorsOf({ smsEnrolled, pushEnrolled, enrolling = new Set() }: Credentials): AuthenticationFactor[] {
  const active = [smsEnrolled && FACTORS.SMS, pushEnrolled && FACTORS[pushEnrolled]].filter((factor) => !!factor);
  return [
    ...active.map((factor) => ({ ...factor, status: 'ACTIVE' as const })),
    ...[...enrolling].map((channel) => ({ ...FACTORS[channel], status: 'PENDING_VERIFICATION' as const })),
  ];
}

const credentialsOf = ({ state, session }: Pick<Call, 'state' | 'session'>) => state.credentials.get(session.userId)!; // a session is of somebody

/** Root users always have a phone. */
function mustHaveMobile({ state, session, refuse }: Call<'MOBILE_NUMBER_NOT_AVAILABLE'>) {
  const user = state.users.any(session.userId);
  if (user && !user.mobile) refuse('MOBILE_NUMBER_NOT_AVAILABLE');
}

const keyOf = ({ userId }: Session) => `enrolment ${userId}`;

export const authenticationFactorHandlers: Handlers<typeof authenticationFactors> = {
  authFactorsGet: (_input, call) => ({ factors: factorsOf(credentialsOf(call)) }),

  enrolDeviceUsingOtpStepOne: ({ channel }, call) => {
    const { state, session, refuse } = call;
    const known = credentialsOf(call);
    if (channel !== 'SMS') refuse('CHANNEL_NOT_SUPPORTED');
    if (known.smsEnrolled) refuse('CHANNEL_ALREADY_REGISTERED');
    mustHaveMobile(call);
    state.challenges.issue(keyOf(session)); // too soon after another, that other code still serves
    known.enrolling = new Set([...(known.enrolling ?? []), 'SMS']);
  },

  enrolDeviceUsingOtpStepTwo: ({ channel, verificationCode }, call) => {
    const { state, session, refuse } = call;
    const known = credentialsOf(call);
    check({ verificationCode }, { verificationCode: required(code) });
    if (channel !== 'SMS') refuse('CHANNEL_NOT_SUPPORTED');
    if (known.smsEnrolled) refuse('CHANNEL_ALREADY_REGISTERED');
    const refused = state.challenges.verify(keyOf(session), verificationCode);
    if (refused) refuse(refused);
    known.smsEnrolled = true;
    known.enrolling?.delete('SMS');
    for (const rootUser of state.rootUsersOf(known.id)) rootUser.mobileNumberVerified = true;
    session.steppedUp = true;
  },

  enrolDeviceUsingPush: ({ channel }, call) => {
    const { state, now, refuse } = call;
    const known = credentialsOf(call);
    if (channel !== 'AUTHY') refuse('CHANNEL_NOT_SUPPORTED');
    if (known.pushEnrolled === channel) refuse('CHANNEL_ALREADY_REGISTERED');
    mustHaveMobile(call);
    known.enrolling = new Set([...(known.enrolling ?? []), channel]);
    // One app at a time: this one takes the place of the other.
    state.clock.at(now + AGREEMENT_MS, () => {
      if (known.enrolling?.delete(channel)) known.pushEnrolled = channel;
    });
  },

  unlinkDeviceUsingPush: ({ channel }, call) => {
    const known = credentialsOf(call);
    if (known.pushEnrolled !== channel) call.refuse('CHANNEL_NOT_REGISTERED');
    known.pushEnrolled = undefined;
  },
};
