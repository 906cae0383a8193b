import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  token = stack.sandbox.signIn('root@acme.example');
});
afterAll(() => stack.close());

const MINUTE_MS = 60_000;

const start = async (input: object = {}) => {
  const { data } = await stack.query(
    `mutation ($input: StartStepUpOtpInput!) {
      startStepUpOtp(input: $input) {
        ... on StartStepUpOtpPayload { channel expiresInSeconds }
        ... on ConflictError { code action }
      }
    }`,
    { variables: { input }, token },
  );
  return data.startStepUpOtp;
};

const verify = async (verificationCode = '123456', selection = 'channel') => {
  const { data } = await stack.query(
    `mutation ($input: VerifyStepUpOtpInput!) {
      verifyStepUpOtp(input: $input) {
        ... on VerifyStepUpOtpPayload { ${selection} }
        ... on MutationError { code }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input: { verificationCode } }, token },
  );
  return data.verifyStepUpOtp;
};

/** What an exchange says of the session. */
const status = async () => {
  const [identity] = credentialsOf(stack.sandbox.state, 'root@acme.example')!.identities;
  const { requestAccessToken } = await stack.data(
    `mutation ($input: RequestAccessTokenInput!) {
      requestAccessToken(input: $input) { ... on RequestAccessTokenPayload { status } }
    }`,
    { variables: { input: { identity } }, token },
  );
  return requestAccessToken.status;
};

describe('stepping up by a one-time code', () => {
  it('sends a code, takes it, and leaves the token the same', async () => {
    expect(await start()).toEqual({ channel: 'SMS', expiresInSeconds: 300 });
    expect(stack.calls).toEqual(['stepupSCAChallenge']);
    expect(await status()).toBe('STANDARD');
    expect(await verify()).toEqual({ channel: 'SMS' });
    expect(stack.calls).toEqual(['stepupSCAVerify']);
    expect(await status()).toBe('STEPPED_UP');
  });

  it('shows the caller, read again because it is asked for', async () => {
    await start();
    expect(await verify('123456', 'viewer { identity { __typename profileId } }')).toEqual({
      viewer: { identity: { __typename: 'Corporate', profileId: expect.any(String) } },
    });
    expect(stack.calls).toEqual(['stepupSCAVerify', 'corporateGet']);
  });

  it('steps up one session and no other of the same user', async () => {
    await start();
    await verify();
    token = stack.sandbox.signIn('root@acme.example');
    expect(await status()).toBe('STANDARD');
  });

  it('wants fifteen seconds between two codes, and repeats none under one key', async () => {
    const first = await start({ idempotencyKey: 'once' });
    expect(await start({ idempotencyKey: 'once' })).toEqual(first);
    expect(await start()).toEqual({ code: 'RETRY_IN_15SEC', action: 'RETRY_LATER' });
    stack.sandbox.clock.advance(15_000);
    expect(await start()).toMatchObject({ channel: 'SMS' });
  });

  it('needs an enrolled phone', async () => {
    token = stack.sandbox.signIn('ben@acme.example');
    credentialsOf(stack.sandbox.state, 'ben@acme.example')!.smsEnrolled = false;
    const refused = { code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' };
    expect(await start()).toEqual(refused);
    expect(await verify()).toEqual(refused);
  });

  it('counts wrong codes down to a limit, beyond which only a new code helps', async () => {
    await start();
    const refusals: string[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) refusals.push((await verify('000000')).code);
    expect(refusals).toEqual([
      'VERIFICATION_CODE_INVALID',
      'VERIFICATION_CODE_INVALID',
      'VERIFICATION_CODE_INVALID',
      'ONE_CHALLENGE_LIMIT_REMAINING',
      'CHALLENGE_LIMIT_EXCEEDED',
    ]);
    expect(await verify()).toEqual({ code: 'CHALLENGE_LIMIT_EXCEEDED', action: 'RETRY_LATER' });
    stack.sandbox.clock.advance(15_000);
    await start();
    expect(await verify()).toEqual({ channel: 'SMS' });
  });

  it('refuses a wrong code as something to correct', async () => {
    await start();
    expect(await verify('000000')).toEqual({ code: 'VERIFICATION_CODE_INVALID', action: 'FIX_INPUT' });
    expect(await status()).toBe('STANDARD');
  });

  it('refuses a code that nobody asked for', async () => {
    expect(await verify()).toEqual({ code: 'STATE_INVALID', action: 'REFRESH' });
  });

  it('refuses a code after five minutes', async () => {
    await start();
    stack.sandbox.clock.advance(3 * MINUTE_MS);
    expect(await status()).toBe('STANDARD'); // and keeps the session alive
    stack.sandbox.clock.advance(2 * MINUTE_MS + 1);
    expect(await verify()).toEqual({ code: 'VERIFICATION_CODE_EXPIRED', action: 'DO_FIRST' });
  });

  it('says so when the session is stepped up already', async () => {
    await start();
    await verify();
    expect(await verify()).toEqual({ code: 'ALREADY_VERIFIED', action: 'REFRESH' });
  });

  it('answers ValidationError for what is no code', async () => {
    expect(await verify('12345')).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', 'verificationCode'], rule: 'REGEX' }],
    });
  });

  it('needs a session', async () => {
    const { errors } = await stack.query('mutation { startStepUpOtp(input: {}) { __typename } }', { token: null });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
  });
});

describe('stepping up by a push notification', () => {
  const push = async (channel: string) => {
    const { data } = await stack.query(
      `mutation ($input: StartStepUpPushInput!) {
        startStepUpPush(input: $input) {
          ... on StartStepUpPushPayload { challengeId }
          ... on ConflictError { code action }
        }
      }`,
      { variables: { input: { channel } }, token },
    );
    return data.startStepUpPush;
  };

  it('answers the challenge that the device was sent', async () => {
    expect(await push('BIOMETRIC')).toEqual({ challengeId: expect.stringMatching(/^\d{18}$/) });
    expect(stack.calls).toEqual(['stepupSCAChallengePush']);
  });

  it('needs a device enrolled for the channel', async () => {
    expect(await push('AUTHY')).toEqual({ code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' });
  });
});
