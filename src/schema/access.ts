import * as rest from '../weavr/access.js';
import { PasswordExpired } from '../weavr/core/errors.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { Credentials, IdentityId, IdentityIdInput, IdentityType } from './identities.js';

const api = rest.access;

const TokenType = enumType<NonNullable<rest.Login['tokenType']>>('TokenType', 'What a token opens.', {
  NO_TYPE: 'Everything: the programme knows one kind of token.',
  AUTH: 'Only `linkedIdentities` and `requestAccessToken`, which exchanges it.',
  ACCESS: 'Everything that its user may do for one identity.',
});

const TokenStatus = enumType<NonNullable<rest.AccessToken['status']>>(
  'TokenStatus',
  'Whether a session has passed a second factor.',
  {
    STANDARD: 'Not yet: `startStepUpOtp` or `startStepUpPush` begins it.',
    STEPPED_UP: 'It has.',
  },
);

const LinkedIdentity = builder.objectRef<rest.UserIdentity>('LinkedIdentity').implement({
  description: 'An identity that the user who signed in may act for.',
  fields: (t) => ({
    id: t.id({ description: "Weavr's id.", resolve: ({ id }) => id.id }),
    type: t.field({ type: IdentityType, description: 'Which kind of identity.', resolve: ({ id }) => id.type }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
  }),
});

const LinkedIdentityConnection = connection('LinkedIdentityConnection', LinkedIdentity);

builder.queryField('linkedIdentities', (t) =>
  t.field({
    ...upstream(api.userIdentities),
    type: LinkedIdentityConnection,
    nullable: true,
    description: 'The identities that the user may act for. Works before a token is exchanged, to choose one.',
    args: pageArgs(t.arg),
    resolve: (_root, page, { weavr }, info) => readPage(weavr, api.userIdentities, page, {}, info),
  }),
);

builder.objectType(PasswordExpired, {
  name: 'PasswordExpired',
  description: 'The password was right, and has expired.',
  fields: (t) => ({
    // Nullable as the payload's is, or one query could not ask for both.
    token: t.exposeString('token', {
      nullable: true,
      description: 'Serves only `updatePassword`, which answers a token for everything else. Keep it secret.',
    }),
  }),
});

/** What every answer with a token says of it. */
const session = (t: PayloadFields<Pick<rest.Login, 'token' | 'identity' | 'credentials'>>) => ({
  token: t.exposeString('token', {
    nullable: true,
    description:
      'For the `Authorization: Bearer` header of what follows; ends after five idle minutes. Whoever holds it is the user: keep it secret.',
  }),
  identity: t.expose('identity', { type: IdentityId, nullable: true, description: "The user's identity." }),
  credentials: t.expose('credentials', { type: Credentials, nullable: true, description: 'Who signed in.' }),
});

mutation('loginWithPassword', api.loginWithPassword, {
  description:
    'Signs in with e-mail address and password. Too many wrong passwords in a row lock the user out for half an hour.',
  sensitive: { tries: 'PASSWORD', of: 'email' },
  outcomes: [PasswordExpired],
  input: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: "The user's e-mail address." }),
    password: t.field({ type: 'Secret', required: true, description: 'The password.' }),
  }),
  renamed: { value: '' },
  resolve: async ({ email, password }, call, { tokens }) => {
    const login = await call({ email, password: { value: password } });
    const { token, tokenType, identity, credentials } = login;
    // An AUTH token acts for no identity until it is exchanged.
    if (token) tokens.remember(token, { credentials, identity: tokenType === 'AUTH' ? undefined : identity });
    return login;
  },
  payload: (t) => ({
    ...session(t),
    tokenType: t.field({
      type: TokenType,
      nullable: true,
      description: 'What the token opens.',
      resolve: ({ tokenType }) => tokenType,
    }),
  }),
});

mutation('loginViaBiometrics', api.loginViaBiometrics, {
  description: "Asks for biometrics on the user's enrolled device, which then receives a stepped-up token.",
  sensitive: { tries: 'BIOMETRICS', of: 'email', provesNothing: true },
  input: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: 'The address the device was enrolled with.' }),
    identity: t.field({ type: IdentityIdInput, description: 'The identity to act for, if the user has several.' }),
  }),
  resolve: (input, call) => call(input),
  payload: (t) => ({
    challengeId: t.exposeID('challengeId', { nullable: true, description: "Weavr's id of the challenge." }),
  }),
});

mutation('requestAccessToken', api.requestAccessToken, {
  description: "Exchanges the session's token, or what is given here, for a token that acts for one identity.",
  sensitive: { tries: 'ACCESS' },
  input: (t) => ({
    identity: t.field({ type: IdentityIdInput, required: true, description: 'The identity to act for.' }),
    clientAssertion: t.field({
      type: 'Secret',
      description: 'A signed assertion, by which a delegated API client proves itself.',
    }),
    token: t.field({ type: 'Secret', description: 'A one-time token to be exchanged.' }),
  }),
  resolve: async (input, call, { tokens }) => {
    const access = await call(input);
    const { token, identity, credentials } = access;
    if (token) tokens.remember(token, { identity, credentials });
    return access;
  },
  payload: (t) => ({
    ...session(t),
    status: t.field({
      type: TokenStatus,
      nullable: true,
      description: 'Whether the session has passed a second factor.',
      resolve: ({ status }) => status,
    }),
  }),
});

mutation('logout', api.logout, {
  description: 'Ends the session.',
  deprecationReason: 'Weavr deprecates it, without a successor: a token ends by itself after five idle minutes.',
  resolve: async (_input, call, { weavr, tokens }) => {
    const { url } = (await call({})) ?? {};
    if (weavr.session.token) tokens.forget(weavr.session.token);
    return { url };
  },
  payload: (t) => ({
    url: t.expose('url', {
      type: 'URL',
      nullable: true,
      description: 'Where to go next, if somebody else keeps the sign-in too.',
    }),
  }),
});
