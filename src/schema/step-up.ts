import * as rest from '../weavr/step-up.js';
import { enumType } from './core/enums.js';
import { mutation, type PayloadFields } from './core/mutation.js';
import { Viewer, viewerOf } from './identities.js';

const api = rest.stepUp;
const DEFAULT_CHANNEL = 'SMS';

/** Shared with every other way to send a one-time code. */
export const OtpChannel = enumType<rest.OtpChannel['channel']>('OtpChannel', 'How a one-time code travels.', {
  SMS: "A text message to the user's enrolled phone.",
});

export const PushChannel = enumType<rest.PushChannel['channel']>('PushChannel', 'How a push notification travels.', {
  AUTHY: "Twilio Authy on the user's enrolled device.",
  BIOMETRIC: "The programme's app on the user's enrolled device, which asks for biometrics.",
});

const channel = (t: PayloadFields<rest.OtpChannel>) =>
  t.field({ type: OtpChannel, description: 'How the code travelled.', resolve: (payload) => payload.channel });

mutation('startStepUpOtp', api.stepupSCAChallenge, {
  description: 'Sends a one-time code, by which `verifyStepUpOtp` steps the session up. Fifteen seconds between two.',
  input: (t) => ({
    channel: t.field({
      type: OtpChannel,
      required: true,
      defaultValue: DEFAULT_CHANNEL,
      description: 'How the code is to travel.',
    }),
  }),
  resolve: async (input, call) => {
    await call(input);
    return input;
  },
  payload: (t) => ({
    channel: channel(t),
    expiresInSeconds: t.int({ description: 'How long the code is good for.', resolve: () => rest.CODE_SECONDS }),
  }),
});

mutation('verifyStepUpOtp', api.stepupSCAVerify, {
  description:
    'Steps the session up with the code that was sent: its token stays the same. `ONE_CHALLENGE_LIMIT_REMAINING` says that the code was wrong and one more try is left; after `CHALLENGE_LIMIT_EXCEEDED` a new code must be sent.',
  sensitive: { tries: 'CODE' },
  input: (t) => ({
    channel: t.field({
      type: OtpChannel,
      required: true,
      defaultValue: DEFAULT_CHANNEL,
      description: 'How the code travelled.',
    }),
    verificationCode: t.field({ type: 'Secret', required: true, description: 'The six digits.' }),
  }),
  resolve: async (input, call) => {
    await call(input);
    return { channel: input.channel };
  },
  payload: (t) => ({
    channel: channel(t),
    viewer: t.field({
      type: Viewer,
      nullable: true,
      description: 'The caller, stepped up.',
      resolve: (_payload, _args, context) => viewerOf(context),
    }),
  }),
});

mutation('startStepUpPush', api.stepupSCAChallengePush, {
  description: 'Sends a push notification, by which the user steps the session up: its token stays the same.',
  input: (t) => ({
    channel: t.field({ type: PushChannel, required: true, description: 'How the notification is to travel.' }),
  }),
  resolve: async (input, call) => ({ challengeId: (await call(input)).id }),
  payload: (t) => ({
    challengeId: t.exposeID('challengeId', { nullable: true, description: "Weavr's id of the challenge." }),
  }),
});
