import type { stepUp } from '../weavr/step-up.js';
import type { Call, Handlers } from './core/handlers.js';
import type { Session } from './core/sessions.js';
import { check, code, required } from './core/validation.js';

/** No code reaches a user without an enrolled phone. */
export function mustReach(
  channel: string,
  { state, session, refuse }: Call<'CHANNEL_NOT_SUPPORTED' | 'CHANNEL_NOT_REGISTERED'>,
) {
  if (channel !== 'SMS') refuse('CHANNEL_NOT_SUPPORTED');
  if (!state.credentials.get(session.userId)?.smsEnrolled) refuse('CHANNEL_NOT_REGISTERED');
}

const keyOf = ({ token }: Session) => `step-up ${token}`;

/** The same for a notification: another app's device does not count. */
export function mustNotify(
  channel: string,
  { state, session, refuse }: Call<'CHANNEL_NOT_SUPPORTED' | 'CHANNEL_NOT_REGISTERED'>,
) {
  if (channel !== 'AUTHY' && channel !== 'BIOMETRIC') refuse('CHANNEL_NOT_SUPPORTED');
  if (state.credentials.get(session.userId)?.pushEnrolled !== channel) refuse('CHANNEL_NOT_REGISTERED');
}

export const stepUpHandlers: Handlers<typeof stepUp> = {
  stepupSCAChallenge: ({ channel }, call) => {
    const { state, session, refuse } = call;
    mustReach(channel, call);
    if (!state.challenges.issue(keyOf(session))) refuse('RETRY_IN_15SEC');
  },

  stepupSCAVerify: ({ channel, verificationCode }, call) => {
    const { state, session, refuse } = call;
    check({ verificationCode }, { verificationCode: required(code) });
    mustReach(channel, call);
    if (session.steppedUp) refuse('ALREADY_VERIFIED');
    const refused = state.challenges.verify(keyOf(session), verificationCode);
    if (refused) refuse(refused);
    session.steppedUp = true;
  },

  stepupSCAChallengePush: ({ channel }, call) => {
    const { state, session } = call;
    mustNotify(channel, call);
    const id = state.nextId();
    const pass = () => {
      session.steppedUp = true;
    };
    state.pushes.set(id, { userId: session.userId, pass });
    return { id };
  },
};
