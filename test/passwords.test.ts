import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const HOUR_MS = 60 * 60_000;
const OLD = 'Passw0rd!';

const userOf = (email: string) => credentialsOf(stack.sandbox.state, email)!;

/** Runs a mutation, as nobody unless told otherwise; what it answers, or the code of its GraphQL error. */
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
  return errors?.[0]?.extensions.code ?? data.result;
};

const login = (email: string, password: string) =>
  run('loginWithPassword', { email, password }, 'token tokenType', null);
const viewerOf = async (token: string) =>
  (await stack.data('{ viewer { identity { __typename id } credentials { userId } } }', { token })).viewer;

const INVALID_CREDENTIALS = { code: 'INVALID_CREDENTIALS' };

describe('setting a first password', () => {
  const SELECTION = 'token passwordInfo { identity { type id } expiresAt }';

  it('answers a session for the identity of the user', async () => {
    const { id, email, identities } = userOf('root@newco.example');
    userOf(email).password = undefined;
    const set = await run('createPassword', { userId: id, password: 'F1rstOne' }, SELECTION);
    expect(set).toEqual({ token: expect.any(String), passwordInfo: { identity: identities[0], expiresAt: null } });
    expect(stack.calls).toEqual(['passwordCreate']);
    expect(await viewerOf(set.token)).toEqual({
      identity: { __typename: 'Corporate', id: identities[0]?.id },
      credentials: null,
    });
    expect(stack.calls).toEqual([]);
    expect(await login(email, 'F1rstOne')).toMatchObject({ tokenType: 'ACCESS' });
  });

  it('is declined for a user who has one, and for nobody', async () => {
    const userId = userOf('ben@acme.example').id;
    const password = 'F1rstOne';
    expect(await run('createPassword', { userId, password }, SELECTION)).toEqual({ code: 'PASSWORD_ALREADY_CREATED' });
    expect(await run('createPassword', { userId: '1', password }, SELECTION)).toEqual({ code: 'UNRESOLVED_IDENTITY' });
  });
});

describe('trying a password', () => {
  const validate = (password: string) => run('validatePassword', { password }, 'valid');

  it('answers that it is valid', async () => {
    expect(await validate('An0therOne')).toEqual({ valid: true });
    expect(stack.calls).toEqual(['passwordValidate']);
  });

  it.each([
    ['Sh0rt', 'PASSWORD_TOO_SHORT'],
    ['L0ng'.repeat(13), 'PASSWORD_TOO_LONG'],
    ['NoDigitsHere', 'PASSWORD_TOO_SIMPLE'],
    ['0123456789', 'PASSWORD_TOO_SIMPLE'],
  ])('declines %s', async (password, code) => {
    expect(await validate(password)).toEqual({ code });
  });

  it('answers ValidationError, with the path of the input, for what no password can be', async () => {
    const fields = [{ path: ['input', 'password'], rule: 'SIZE' }];
    expect(await validate('L0ng'.repeat(26))).toEqual({ code: 'VALIDATION_FAILED', fields });
  });
});

describe('changing a password', () => {
  const update = (oldPassword: string, newPassword: string, token: string | null) =>
    run('updatePassword', { oldPassword, newPassword }, 'token passwordInfo { identity { id } }', token);

  it('answers a session in place of the one before', async () => {
    const { id, email, identities } = userOf('ada@consumer.example');
    const { token } = await login(email, OLD);
    const set = await update(OLD, 'N3wPassword', token);
    expect(stack.calls).toEqual(['passwordUpdate']);
    expect(set.passwordInfo.identity.id).toBe(identities[0]?.id);
    expect(await viewerOf(set.token)).toEqual({
      identity: { __typename: 'Consumer', id: identities[0]?.id },
      credentials: { userId: id },
    });
    const accounts = '{ managedAccounts { totalCount } }';
    expect((await stack.data(accounts, { token: set.token })).managedAccounts.totalCount).toBeGreaterThan(0);
    expect((await stack.query(accounts, { token })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await login(email, OLD)).toEqual(INVALID_CREDENTIALS);
    expect(await login(email, 'N3wPassword')).toMatchObject({ tokenType: 'ACCESS' });
  });

  it('opens the way back in when the password has expired', async () => {
    const user = userOf('ben@acme.example');
    user.passwordExpired = true;
    const { data } = await stack.query(
      `mutation {
        loginWithPassword(input: { email: "${user.email}", password: "${OLD}" }) { ... on PasswordExpired { token } }
      }`,
      { token: null },
    );
    const { token: temporary } = data.loginWithPassword;
    expect((await stack.query('{ users { totalCount } }', { token: temporary })).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
    expect(await update(OLD, OLD, temporary)).toEqual({ code: 'PASSWORD_ALREADY_USED' });
    const { token } = await update(OLD, 'N3wPassword', temporary);
    expect((await stack.data('{ users { totalCount } }', { token })).users.totalCount).toBe(2);
    expect(await login(user.email, 'N3wPassword')).toMatchObject({ tokenType: 'ACCESS' });
  });

  it.each([
    ['Wr0ngOne', 'N3wPassword', 'PASSWORD_INCORRECT'],
    [OLD, OLD, 'PASSWORD_ALREADY_USED'],
    [OLD, 'Sh0rt', 'PASSWORD_TOO_SHORT'],
  ])('is declined from %s to %s, and changes nothing', async (oldPassword, newPassword, code) => {
    const { token } = await login('root@acme.example', OLD);
    expect(await update(oldPassword, newPassword, token)).toEqual({ code });
    expect(await login('root@acme.example', OLD)).toMatchObject({ tokenType: 'ACCESS' });
  });

  it('needs a session', async () => {
    expect(await update(OLD, 'N3wPassword', null)).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
  });
});

describe('a lost password', () => {
  const email = 'cleo@acme.example';
  const start = (address = email) => run('startLostPassword', { email: address }, 'email');
  const resume = (newPassword: string, nonce = '123456') =>
    run('resumeLostPassword', { email, nonce, newPassword }, 'token');

  it('gives way to a new one, with the code that was sent', async () => {
    expect(await resume('N3wPassword')).toEqual({ code: 'INVALID_NONCE_OR_EMAIL' });
    expect(await start()).toEqual({ email });
    expect(stack.calls).toEqual(['lostPasswordInitiate']);
    expect(await resume('N3wPassword', '000000')).toEqual({ code: 'INVALID_NONCE_OR_EMAIL' });
    const { token } = await resume('N3wPassword');
    expect(stack.calls).toEqual(['lostPasswordResume']);
    const { linkedIdentities } = await stack.data('{ linkedIdentities { totalCount } }', { token });
    expect(linkedIdentities.totalCount).toBe(2);
    expect(await login(email, OLD)).toEqual(INVALID_CREDENTIALS);
    expect(await login(email, 'N3wPassword')).toMatchObject({ tokenType: 'AUTH' });
    expect(await resume('An0therOne')).toEqual({ code: 'INVALID_NONCE_OR_EMAIL' });
  });

  it('cannot be the new one, nor break a rule', async () => {
    await start();
    expect(await resume('NoDigitsHere')).toEqual({ code: 'PASSWORD_TOO_SIMPLE' });
    userOf(email).password = 'S0meOther';
    expect(await resume('S0meOther')).toEqual({ code: 'PASSWORD_ALREADY_USED' });
  });

  it('needs a code that is not too old', async () => {
    await start();
    stack.sandbox.clock.advance(HOUR_MS + 1);
    expect(await resume('N3wPassword')).toEqual({ code: 'TOKEN_EXPIRED' });
  });

  it('must have been set once, by somebody', async () => {
    expect(await start('nobody@acme.example')).toEqual({ code: 'ACCOUNT_NOT_FOUND' });
    userOf(email).password = undefined;
    await start();
    expect(await resume('N3wPassword')).toEqual({ code: 'PASSWORD_NOT_SET' });
  });
});
