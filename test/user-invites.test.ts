import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const DAY_MS = 24 * 60 * 60_000;
const FIRST = 'F1rstOne';

const asRoot = () => stack.sandbox.signIn('root@acme.example');

/** Runs a mutation; what it answers, or the code of its GraphQL error. */
const run = async (mutation: string, input: object, selection: string, token: string | null = null) => {
  const title = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const { data, errors } = await stack.query(
    `mutation ($input: ${title}Input!) {
      result: ${mutation}(input: $input) {
        ... on ${title}Payload { ${selection} }
        ... on MutationError { code }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input }, token },
  );
  return errors ? errors[0]!.extensions.code : data.result;
};

let created = 0;
/** A user without a password. */
const newUser = async () => {
  const token = asRoot();
  await run('startStepUpOtp', {}, 'channel', token);
  await run('verifyStepUpOtp', { verificationCode: '123456' }, 'channel', token);
  const email = `nina-${++created}@acme.example`;
  const { user } = await run('createUser', { name: 'Nina', surname: 'New', email }, 'user { id }', token);
  return { id: user.id as string, email };
};

const invite = (id: string) => run('inviteUser', { id }, '__typename', asRoot());
const validate = (id: string, inviteCode = '123456') => run('validateUserInvite', { id, inviteCode }, 'valid');
const consume = (id: string, more: object = {}) =>
  run('consumeUserInvite', { id, inviteCode: '123456', password: FIRST, ...more }, 'token');
const login = (email: string) => run('loginWithPassword', { email, password: FIRST }, 'tokenType');

describe('inviting users', () => {
  it('leads from the invite to a user who signs in', async () => {
    const { id, email } = await newUser();
    expect(await login(email)).toEqual({ code: 'INVALID_CREDENTIALS' });
    expect(await run('inviteUser', { id }, 'user { email }', asRoot())).toEqual({ user: { email } });
    expect(stack.calls).toEqual(['userInviteSend', 'userGetById']);
    expect(await validate(id)).toEqual({ valid: true });
    expect(stack.calls).toEqual(['userInviteValidate']);
    const { token } = await consume(id, { mobile: { countryCode: '+44', number: '7900123458' } });
    expect(stack.calls).toEqual(['userInviteConsume']);
    const answer = await stack.data(
      `{ user(id: "${id}") { mobile { number } } viewer { credentials { type userId } } }`,
      { token },
    );
    expect(answer).toEqual({
      user: { mobile: { number: '7900123458' } },
      viewer: { credentials: { type: 'USER', userId: id } },
    });
    expect(await login(email)).toEqual({ tokenType: 'ACCESS' });
  });

  it('refuses an invite that is accepted already', async () => {
    const { id } = await newUser();
    await invite(id);
    await consume(id);
    expect(await invite(id)).toEqual({ code: 'INVITE_ALREADY_CONSUMED' });
    expect(await validate(id)).toEqual({ code: 'INVITE_OR_INVITE_CODE_INVALID' });
    expect(await consume(id)).toEqual({ code: 'INVITE_OR_INVITE_CODE_INVALID' });
  });

  it('refuses an invite that was not sent, and a wrong code', async () => {
    const { id } = await newUser();
    expect(await validate(id)).toEqual({ code: 'INVITE_OR_INVITE_CODE_INVALID' });
    await invite(id);
    expect(stack.calls).toEqual(['userInviteSend']);
    expect(await validate(id, '000000')).toEqual({ code: 'INVITE_OR_INVITE_CODE_INVALID' });
    expect(await consume(id, { inviteCode: '000000' })).toEqual({ code: 'INVITE_OR_INVITE_CODE_INVALID' });
    expect(await consume(id)).toEqual({ token: expect.any(String) });
  });

  it('refuses a password that breaks a rule, and leaves the invite as it was', async () => {
    const { id } = await newUser();
    await invite(id);
    expect(await consume(id, { password: 'Sh0rt' })).toEqual({ code: 'PASSWORD_TOO_SHORT' });
    expect(await consume(id, { password: 'L0ng'.repeat(26) })).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', 'password'], rule: 'SIZE' }],
    });
    expect(await validate(id)).toEqual({ valid: true });
  });

  it('refuses an invite after a month, and takes a new one', async () => {
    const { id } = await newUser();
    await invite(id);
    stack.sandbox.clock.advance(31 * DAY_MS);
    expect(await validate(id)).toEqual({ code: 'INVITE_OR_INVITE_CODE_INVALID' });
    expect(await consume(id)).toEqual({ code: 'TOKEN_EXPIRED' });
    await invite(id);
    expect(await validate(id)).toEqual({ valid: true });
  });
});

describe('becoming a signatory', () => {
  const start = async (token: string) => {
    const { data, errors } = await stack.query(
      'mutation { startUserKyc { ... on StartUserKycPayload { reference } ... on MutationError { code } } }',
      { token },
    );
    return errors?.[0]?.extensions.code ?? data.startUserKyc;
  };
  const verify = (email: string, verificationCode = '123456') =>
    run('verifyUserEmail', { email, verificationCode }, 'email');

  it('wants address and phone verified first', async () => {
    const { id, email } = await newUser();
    await invite(id);
    const { token } = await consume(id, { mobile: { countryCode: '+44', number: '7900123459' } });
    expect(await start(token)).toEqual({ code: 'EMAIL_NOT_VERIFIED' });
    expect(await verify(email)).toEqual({ code: 'VERIFICATION_CODE_INVALID' });
    expect(await run('sendUserEmailVerification', { email }, 'email')).toEqual({ email });
    expect(stack.calls).toEqual(['authorisedUserEmailVerificationCodeSend']);
    expect(await verify(email, '000000')).toEqual({ code: 'VERIFICATION_CODE_INVALID' });
    expect(await verify(email)).toEqual({ email });
    expect(stack.calls).toEqual(['authorisedUserEmailVerify']);
    expect(await start(token)).toEqual({ code: 'MOBILE_NOT_VERIFIED' });
    await run('startOtpEnrolment', {}, '__typename', token);
    await run('verifyOtpEnrolment', { verificationCode: '123456' }, '__typename', token);
    expect(await start(token)).toEqual({ reference: expect.stringMatching(/^\d{18}$/) });
    expect(stack.calls).toEqual(['userKyc']);
  });

  it('needs an address that is a user’s', async () => {
    const email = 'nobody@acme.example';
    expect(await run('sendUserEmailVerification', { email }, 'email')).toEqual({ code: 'EMAIL_NOT_FOUND' });
  });

  it('is declined once it is approved, and for root users and consumers', async () => {
    expect(await start(stack.sandbox.signIn('ben@acme.example'))).toEqual({ code: 'KYC_ALREADY_APPROVED' });
    expect(await start(asRoot())).toEqual({ code: 'NOT_FOUND' });
    expect(await start(stack.sandbox.signIn('ada@consumer.example'))).toBe('FORBIDDEN');
  });
});
