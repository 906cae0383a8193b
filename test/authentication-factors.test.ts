import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  token = stack.sandbox.signIn('ben@acme.example');
  Object.assign(ben(), { smsEnrolled: false, pushEnrolled: undefined, enrolling: undefined });
  user().mobile = { countryCode: '+356', number: '79000003' };
});
afterAll(() => stack.close());

const ben = () => credentialsOf(stack.sandbox.state, 'ben@acme.example')!;
const user = () => stack.sandbox.state.users.any(ben().id)!;
const SMS = { type: 'OTP', channel: 'SMS' };
const AUTHY = { type: 'PUSH', channel: 'AUTHY' };
const FACTORS = 'authenticationFactors { type channel status }';

const run = async (mutation: string, input: object, selection = FACTORS) => {
  const title = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const { result } = await stack.data(
    `mutation ($input: ${title}Input!) {
      result: ${mutation}(input: $input) {
        ... on ${title}Payload { ${selection} }
        ... on ConflictError { code action }
        ... on ValidationError { code fields { path rule } }
      }
    }`,
    { variables: { input }, token },
  );
  return result;
};

const factors = async () => (await stack.data(`{ ${FACTORS} }`, { token })).authenticationFactors;

it('answers the factors of the user, by kind', async () => {
  Object.assign(ben(), { smsEnrolled: true, pushEnrolled: 'BIOMETRIC' });
  expect(await factors()).toEqual([
    { ...SMS, status: 'ACTIVE' },
    { type: 'BIOMETRIC', channel: 'BIOMETRIC', status: 'ACTIVE' },
  ]);
  expect(stack.calls).toEqual(['authFactorsGet']);
});

describe('enrolling a phone', () => {
  const start = (selection?: string) => run('startOtpEnrolment', {}, selection);
  const verify = (verificationCode = '123456', selection?: string) =>
    run('verifyOtpEnrolment', { verificationCode }, selection);

  it('is pending until the code comes back, which steps the session up too', async () => {
    expect(await start(`expiresInSeconds ${FACTORS}`)).toEqual({
      expiresInSeconds: 300,
      authenticationFactors: [{ ...SMS, status: 'PENDING_VERIFICATION' }],
    });
    expect(stack.calls).toEqual(['enrolDeviceUsingOtpStepOne', 'authFactorsGet']);
    expect(await verify()).toEqual({ authenticationFactors: [{ ...SMS, status: 'ACTIVE' }] });
    expect(stack.calls).toEqual(['enrolDeviceUsingOtpStepTwo', 'authFactorsGet']);
    const nina = { name: 'Nina', surname: 'New', email: 'nina@acme.example' };
    expect(await run('createUser', nina, 'user { name }')).toEqual({ user: { name: 'Nina' } });
  });

  it('makes no second call for a payload that nobody asks for', async () => {
    await start('__typename');
    expect(stack.calls).toEqual(['enrolDeviceUsingOtpStepOne']);
    await verify('123456', '__typename');
    expect(stack.calls).toEqual(['enrolDeviceUsingOtpStepTwo']);
  });

  it('refuses a code that nobody asked for, a wrong one and a late one', async () => {
    expect(await verify()).toEqual({ code: 'STATE_INVALID', action: 'REFRESH' });
    await start();
    expect(await verify('000000')).toEqual({ code: 'VERIFICATION_CODE_INVALID', action: 'FIX_INPUT' });
    expect(await verify('1')).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', 'verificationCode'], rule: 'REGEX' }],
    });
    stack.sandbox.clock.advance(5 * 60_000);
    token = stack.sandbox.signIn('ben@acme.example');
    stack.sandbox.clock.advance(1);
    expect(await verify()).toEqual({ code: 'VERIFICATION_CODE_EXPIRED', action: 'DO_FIRST' });
  });

  it('is refused for a phone that is enrolled, and without a phone', async () => {
    ben().smsEnrolled = true;
    expect(await start()).toEqual({ code: 'CHANNEL_ALREADY_REGISTERED', action: 'REFRESH' });
    expect(await verify()).toEqual({ code: 'CHANNEL_ALREADY_REGISTERED', action: 'REFRESH' });
    ben().smsEnrolled = false;
    user().mobile = undefined;
    expect(await start()).toEqual({ code: 'MOBILE_NUMBER_NOT_AVAILABLE', action: 'DO_FIRST' });
  });
});

describe('enrolling a device for push notifications', () => {
  const enrol = () => run('enrolPushDevice', { channel: 'AUTHY' });
  const unlink = (channel = 'AUTHY') => run('unlinkPushDevice', { channel });

  it('is pending until the user agrees on the device', async () => {
    expect(await enrol()).toEqual({ authenticationFactors: [{ ...AUTHY, status: 'PENDING_VERIFICATION' }] });
    expect(stack.calls).toEqual(['enrolDeviceUsingPush', 'authFactorsGet']);
    stack.sandbox.clock.advance(2_000);
    expect(await factors()).toEqual([{ ...AUTHY, status: 'ACTIVE' }]);
    expect(await enrol()).toEqual({ code: 'CHANNEL_ALREADY_REGISTERED', action: 'REFRESH' });
  });

  it('ends with unlinking, which only an enrolled device can be', async () => {
    ben().pushEnrolled = 'BIOMETRIC';
    expect(await unlink('AUTHY')).toEqual({ code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' });
    expect(await unlink('BIOMETRIC')).toEqual({ authenticationFactors: [] });
    expect(stack.calls).toEqual(['unlinkDeviceUsingPush', 'authFactorsGet']);
    expect(await unlink('BIOMETRIC')).toEqual({ code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' });
  });

  it('is not offered for biometrics, which the mobile SDK enrols', async () => {
    const { errors } = await stack.query('mutation { enrolPushDevice(input: { channel: BIOMETRIC }) { __typename } }', {
      token,
    });
    expect(errors?.[0]?.message).toContain('PushEnrolmentChannel');
    expect(stack.calls).toEqual([]);
  });
});
