import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const PASSWORD = 'Passw0rd!';
const MINUTE_MS = 60_000;

const login = async (email: string, password = PASSWORD) => {
  const { data } = await stack.query(
    `mutation ($input: LoginWithPasswordInput!) {
      loginWithPassword(input: $input) {
        __typename
        ... on LoginWithPasswordPayload { token tokenType identity { type id } credentials { type userId } }
        ... on PasswordExpired { token }
        ... on MutationError { code message retryable }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input: { email, password } }, token: null },
  );
  return data.loginWithPassword;
};

const exchange = async (token: string | null, identity: object) => {
  const { data } = await stack.query(
    `mutation ($input: RequestAccessTokenInput!) {
      requestAccessToken(input: $input) {
        __typename
        ... on RequestAccessTokenPayload { token identity { type id } credentials { type userId } status }
        ... on MutationError { code }
      }
    }`,
    { variables: { input: { identity } }, token },
  );
  return data.requestAccessToken;
};

const userOf = (email: string) => credentialsOf(stack.sandbox.state, email)!;
const ACCOUNTS = '{ managedAccounts { totalCount } }';
const codeOf = async (text: string, token: string | null) =>
  (await stack.query(text, { token })).errors?.[0]?.extensions.code;

describe('signing in with a password', () => {
  it('answers a token, and whose it is', async () => {
    const session = await login('root@acme.example');
    expect(session).toEqual({
      __typename: 'LoginWithPasswordPayload',
      token: expect.any(String),
      tokenType: 'ACCESS',
      identity: { type: 'CORPORATE', id: userOf('root@acme.example').identities[0]?.id },
      credentials: { type: 'ROOT', userId: userOf('root@acme.example').id },
    });
    expect(stack.calls).toEqual(['loginWithPassword']);
    const { managedAccounts } = await stack.data(ACCOUNTS, { token: session.token });
    expect(managedAccounts.totalCount).toBeGreaterThan(0);
  });

  it('answers the same for a wrong password as for an unknown address', async () => {
    const wrong = await login('root@newco.example', 'Wr0ng!');
    expect(wrong).toMatchObject({
      __typename: 'ConflictError',
      code: 'INVALID_CREDENTIALS',
      action: 'FIX_INPUT',
      retryable: false,
    });
    expect(await login('nobody@acme.example')).toEqual(wrong);
  });

  it('locks a user out for half an hour after five wrong passwords', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await login('ben@acme.example', 'Wr0ng!');
    expect(await login('ben@acme.example')).toMatchObject({ code: 'ACCOUNT_LOCKED', action: 'RETRY_LATER' });
    expect((await login('root@acme.example')).tokenType).toBe('ACCESS');
    stack.sandbox.clock.advance(30 * MINUTE_MS);
    expect((await login('ben@acme.example')).tokenType).toBe('ACCESS');
  });

  it('answers PasswordExpired, with a token for nothing but a new password', async () => {
    const ada = userOf('ada@consumer.example');
    ada.passwordExpired = true;
    const expired = await login(ada.email);
    ada.passwordExpired = false;
    expect(expired).toEqual({ __typename: 'PasswordExpired', token: expect.any(String) });
    expect(await codeOf(ACCOUNTS, expired.token)).toBe('FORBIDDEN');
    expect((await exchange(expired.token, ada.identities[0]!)).code).toBe('INVALID_CREDENTIALS');
  });

  it('answers ValidationError, with the path of the input, when Weavr finds it invalid', async () => {
    expect(await login('root@acme.example', 'x'.repeat(101))).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'password'], rule: 'SIZE' }],
    });
  });

  it('refuses what is no e-mail address before any call', async () => {
    const { errors } = await stack.query(
      'mutation { loginWithPassword(input: { email: "root", password: "x" }) { __typename } }',
      { token: null },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(stack.calls).toEqual([]);
  });
});

describe('signing in by biometrics', () => {
  const begin = async (input: object) => {
    const { data } = await stack.query(
      `mutation ($input: LoginViaBiometricsInput!) {
        loginViaBiometrics(input: $input) {
          ... on LoginViaBiometricsPayload { challengeId }
          ... on ConflictError { code action }
        }
      }`,
      { variables: { input }, token: null },
    );
    return data.loginViaBiometrics;
  };

  it('answers the challenge that the device was sent', async () => {
    const [identity] = userOf('root@acme.example').identities;
    const expected = { challengeId: expect.stringMatching(/^\d{18}$/) };
    expect(await begin({ email: 'root@acme.example', identity })).toEqual(expected);
    expect(stack.calls).toEqual(['loginViaBiometrics']);
    expect(await begin({ email: 'root@acme.example' })).toEqual(expected);
  });

  it('needs an enrolled device', async () => {
    expect(await begin({ email: 'ben@acme.example' })).toEqual({ code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' });
  });

  it('refuses an unknown address and an identity of somebody else alike', async () => {
    const refused = { code: 'INVALID_CREDENTIALS', action: 'FIX_INPUT' };
    const [identity] = userOf('root@newco.example').identities;
    expect(await begin({ email: 'nobody@acme.example' })).toEqual(refused);
    expect(await begin({ email: 'root@acme.example', identity })).toEqual(refused);
  });
});

describe('choosing an identity', () => {
  it('starts with a token that opens nothing else', async () => {
    const { token, tokenType } = await login('cleo@acme.example');
    expect(tokenType).toBe('AUTH');
    const { data, errors } = await stack.query(ACCOUNTS, { token });
    expect(data).toEqual({ managedAccounts: null });
    expect(errors?.[0]).toMatchObject({
      path: ['managedAccounts'],
      extensions: { code: 'ACCESS_TOKEN_REQUIRED', weavr: { operation: 'managedAccountsGet', httpStatus: 403 } },
    });
  });

  it('shows the identities, a page at a time', async () => {
    const { token } = await login('cleo@acme.example');
    const [acme, newco] = userOf('cleo@acme.example').identities;
    const list = `query ($after: String) {
      linkedIdentities(first: 1, after: $after) { totalCount nodes { id type name } pageInfo { hasNextPage endCursor } }
    }`;
    const { linkedIdentities: first } = await stack.data(list, { token });
    expect(first).toMatchObject({ totalCount: 2, nodes: [{ ...acme, name: 'Acme Ltd' }] });
    expect(stack.calls).toEqual(['userIdentities']);
    const { linkedIdentities: next } = await stack.data(list, {
      token,
      variables: { after: first.pageInfo.endCursor },
    });
    expect(next).toMatchObject({ nodes: [{ ...newco, name: 'Newco Ltd' }], pageInfo: { hasNextPage: false } });
  });

  it('answers a token that acts for the identity chosen', async () => {
    const { token } = await login('cleo@acme.example');
    const { id, identities } = userOf('cleo@acme.example');
    const access = await exchange(token, identities[1]!);
    expect(access).toEqual({
      __typename: 'RequestAccessTokenPayload',
      token: expect.not.stringMatching(token),
      identity: identities[1],
      credentials: { type: 'USER', userId: id },
      status: 'STANDARD',
    });
    expect(stack.calls).toEqual(['requestAccessToken']);
    const answer = await stack.data('{ corporate { company { name } } }', { token: access.token });
    expect(answer.corporate.company.name).toBe('Newco Ltd');
  });

  it('refuses the identity of somebody else, and a caller without a token', async () => {
    const { token } = await login('cleo@acme.example');
    const [ada] = userOf('ada@consumer.example').identities;
    const refused = { __typename: 'ConflictError', code: 'INVALID_CREDENTIALS' };
    expect(await exchange(token, ada!)).toEqual(refused);
    expect(await exchange(null, ada!)).toEqual(refused);
  });

  it('shows no identities to a caller without a token', async () => {
    expect(await codeOf('{ linkedIdentities { totalCount } }', null)).toBe('UNAUTHENTICATED');
  });
});

describe('a session', () => {
  it('is needed before anything is sent', async () => {
    expect(await codeOf(ACCOUNTS, null)).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
  });

  it('lasts five minutes from the last call', async () => {
    const token = stack.sandbox.signIn('root@acme.example');
    for (let call = 0; call < 3; call += 1) {
      stack.sandbox.clock.advance(4 * MINUTE_MS);
      expect(await codeOf(ACCOUNTS, token)).toBeUndefined();
    }
    stack.sandbox.clock.advance(5 * MINUTE_MS + 1);
    expect(await codeOf(ACCOUNTS, token)).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual(['managedAccountsGet']);
  });

  const LOGOUT = 'mutation { logout { ... on LogoutPayload { url } } }';

  it('ends by logout, and the gateway forgets whose it was', async () => {
    const { token } = await login('root@acme.example');
    expect(await stack.data(LOGOUT, { token })).toEqual({ logout: { url: null } });
    expect(stack.calls).toEqual(['logout']);
    const { data, errors } = await stack.query('{ viewer { credentials { userId } identity { id } } }', { token });
    expect(data).toEqual({ viewer: { credentials: null, identity: null } });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual(['corporateGet']);
  });

  it('ends elsewhere too, where somebody else keeps the sign-in', async () => {
    const body = { url: 'https://login.example/logout' };
    stack.sandbox.faults.plan({ kind: 'STATUS', status: 200, effect: true, body }, { operation: 'logout' });
    const token = stack.sandbox.signIn('root@acme.example');
    expect(await stack.data(LOGOUT, { token })).toEqual({ logout: body });
  });

  it('cannot end twice', async () => {
    const token = stack.sandbox.signIn('root@acme.example');
    await stack.data(LOGOUT, { token });
    expect(await codeOf(LOGOUT, token)).toBe('UNAUTHENTICATED');
  });
});
