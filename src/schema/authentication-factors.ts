import * as rest from '../weavr/authentication-factors.js';
import type { Weavr } from '../weavr/core/client.js';
import { CODE_SECONDS } from '../weavr/step-up.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { OtpChannel, PushChannel } from './step-up.js';

const api = rest.authenticationFactors;

const FactorType = enumType<NonNullable<rest.AuthenticationFactor['type']>>(
  'AuthenticationFactorType',
  'How a user confirms something.',
  {
    OTP: 'With a one-time code.',
    PUSH: 'In an app that was sent a push notification.',
    BIOMETRIC: "With biometrics, in the programme's app.",
  },
);

const FactorStatus = enumType<NonNullable<rest.AuthenticationFactor['status']>>(
  'AuthenticationFactorStatus',
  'Whether a factor can be used.',
  {
    PENDING_VERIFICATION: 'Its enrolment has begun and is not verified yet.',
    ACTIVE: 'It can be used.',
    INACTIVE: 'The user rejected the enrolment.',
  },
);

const FactorChannel = enumType<NonNullable<rest.AuthenticationFactor['channel']>>(
  'AuthenticationFactorChannel',
  'How a factor reaches the user.',
  {
    SMS: 'A text message.',
    AUTHY: 'Twilio Authy.',
    BIOMETRIC: "The programme's app.",
  },
);

const PushEnrolmentChannel = enumType<rest.PushEnrolment['channel']>(
  'PushEnrolmentChannel',
  'Where a device can be enrolled from here; for biometrics the mobile SDK does it.',
  { AUTHY: 'Twilio Authy.' },
);

const AuthenticationFactor = builder.objectRef<rest.AuthenticationFactor>('AuthenticationFactor').implement({
  description: 'A device by which a user confirms something.',
  fields: (t) => ({
    type: t.expose('type', { type: FactorType, nullable: true, description: 'How the user confirms.' }),
    status: t.expose('status', { type: FactorStatus, nullable: true, description: 'Whether it can be used.' }),
    channel: t.expose('channel', { type: FactorChannel, nullable: true, description: 'How it reaches the user.' }),
  }),
});

const readFactors = async (weavr: Weavr) => (await weavr.load(api.authFactorsGet, {})).factors ?? [];

builder.queryField('authenticationFactors', (t) =>
  t.field({
    ...upstream(api.authFactorsGet),
    type: [AuthenticationFactor],
    nullable: true,
    description: 'The factors of the user who is signed in.',
    resolve: (_root, _args, { weavr }) => readFactors(weavr),
  }),
);

/** The factors, read again if asked for: Weavr answers 204. */
const reread = <Payload extends object>(t: PayloadFields<Payload>) => ({
  authenticationFactors: t.field({
    ...upstream(api.authFactorsGet),
    type: [AuthenticationFactor],
    nullable: true,
    description: "The user's factors as they are now. Asking for them costs one read.",
    resolve: (_payload, _args, { weavr }) => readFactors(weavr),
  }),
});

const otpChannel = (t: InputFields, description: string) =>
  t.field({ type: OtpChannel, required: true, defaultValue: 'SMS', description });

mutation('startOtpEnrolment', api.enrolDeviceUsingOtpStepOne, {
  description: "Sends a one-time code to the user's phone, with which `verifyOtpEnrolment` enrols it.",
  input: (t) => ({ channel: otpChannel(t, 'How the code is to travel.') }),
  resolve: acknowledge,
  payload: (t) => ({
    expiresInSeconds: t.int({ description: 'How long the code is good for.', resolve: () => CODE_SECONDS }),
    ...reread(t),
  }),
});

mutation('verifyOtpEnrolment', api.enrolDeviceUsingOtpStepTwo, {
  description:
    "Enrols the user's phone with the code that was sent there, and steps the session up: its token stays the same.",
  sensitive: { tries: 'CODE' },
  input: (t) => ({
    channel: otpChannel(t, 'How the code travelled.'),
    verificationCode: t.field({ type: 'Secret', required: true, description: 'The six digits.' }),
  }),
  resolve: acknowledge,
  payload: reread,
});

mutation('enrolPushDevice', api.enrolDeviceUsingPush, {
  description:
    "Asks the user's device to be enrolled for push notifications. The factor is `PENDING_VERIFICATION` until the user agrees there.",
  input: (t) => ({
    channel: t.field({ type: PushEnrolmentChannel, required: true, description: 'The app to be enrolled.' }),
  }),
  resolve: acknowledge,
  payload: reread,
});

mutation('unlinkPushDevice', api.unlinkDeviceUsingPush, {
  description: "Ends the enrolment of the user's device: it is sent no more push notifications.",
  input: (t) => ({ channel: t.field({ type: PushChannel, required: true, description: 'The app to be unlinked.' }) }),
  resolve: acknowledge,
  payload: reread,
});
