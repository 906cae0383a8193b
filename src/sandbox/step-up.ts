import type { stepUp } from '../weavr/step-up.js';
import type { Handlers } from './core/handlers.js';
import type { Session } from './core/sessions.js';
import { check, code, required } from './core/validation.js';

const keyOf = ({ token }: Session) => `step-up ${token}`;

export const stepUpHandlers: Handlers<typeof stepUp> = {
  stepupSCAChallenge: ({ channel }, { state, session, refuse }) => {
    if (channel !== 'SMS') refuse('CHANNEL_NOT_SUPPORTED');
    if (!state.credentials.get(session.userId)?.smsEnrolled) refuse('CHANNEL_NOT_REGISTERED');
    if (!state.challenges.issue(keyOf(session))) refuse('RETRY_IN_15SEC');
  },

  stepupSCAVerify: ({ channel, verificationCode }, { state, session, refuse }) => {
    check({ verificationCode }, { verificationCode: required(code) });
    if (channel !== 'SMS') refuse('CHANNEL_NOT_SUPPORTED');
    if (session.steppedUp) refuse('ALREADY_VERIFIED');
    const refused = state.challenges.verify(keyOf(session), verificationCode);
    if (refused) refuse(refused);
    session.steppedUp = true;
  },

  stepupSCAChallengePush: ({ channel }, { state, session, refuse }) => {
    if (channel !== 'AUTHY' && channel !== 'BIOMETRIC') refuse('CHANNEL_NOT_SUPPORTED');
    if (state.credentials.get(session.userId)?.pushEnrolled !== channel) refuse('CHANNEL_NOT_REGISTERED');
    return { id: state.nextId() };
  },
};
