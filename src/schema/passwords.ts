import * as rest from '../weavr/passwords.js';
import { builder } from './core/builder.js';
import { acknowledge, mutation, type PayloadFields } from './core/mutation.js';
import { IdentityId } from './identities.js';

const api = rest.passwords;

const PasswordInfo = builder.objectRef<rest.PasswordInfo>('PasswordInfo').implement({
  description: 'What is known of a password.',
  fields: (t) => ({
    identity: t.expose('identityId', { type: IdentityId, description: 'The identity it belongs to.' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it must be changed; null for a password that never expires.',
      resolve: ({ expiryDate }) => expiryDate || null,
    }),
  }),
});

/** The token of an answer that begins a session. */
export const token = (t: PayloadFields<{ token?: string }>) => ({
  token: t.exposeString('token', {
    nullable: true,
    description:
      'For the `Authorization: Bearer` header of what follows, in place of any token before; ends after five idle minutes. Whoever holds it is the user: keep it secret.',
  }),
});

const passwordSet = (t: PayloadFields<rest.PasswordSet>) => ({
  ...token(t),
  passwordInfo: t.expose('passwordInfo', {
    type: PasswordInfo,
    nullable: true,
    description: 'What is known of the new password.',
  }),
});

const RULES = "The user's password from now on: the programme says how long it must be and of what.";

mutation('createPassword', api.passwordCreate, {
  description:
    'Sets the first password of a user, such as the root user of a new identity, and signs the user in. Needs no session.',
  sensitive: { tries: 'FIRST_PASSWORD' },
  input: (t) => ({
    userId: t.id({ required: true, description: "Weavr's id of the user: a root user's `userId`." }),
    password: t.field({ type: 'Secret', required: true, description: RULES }),
  }),
  renamed: { user_id: 'userId', value: '' },
  resolve: async ({ userId, password }, call, { tokens }) => {
    const set = await call({ user_id: userId, password: { value: password } });
    if (set.token) tokens.remember(set.token, { identity: set.passwordInfo?.identityId });
    return set;
  },
  payload: passwordSet,
});

mutation('updatePassword', api.passwordUpdate, {
  description:
    'Changes the password of the user who is signed in, or whose expired password `loginWithPassword` answered a token for.',
  sensitive: { tries: 'PASSWORD' },
  input: (t) => ({
    oldPassword: t.field({ type: 'Secret', required: true, description: 'The password until now.' }),
    newPassword: t.field({ type: 'Secret', required: true, description: RULES }),
  }),
  renamed: { value: '' },
  resolve: async ({ oldPassword, newPassword }, call, { weavr, tokens }) => {
    const set = await call({ oldPassword: { value: oldPassword }, newPassword: { value: newPassword } });
    const before = weavr.session.token ? tokens.recall(weavr.session.token) : undefined;
    if (set.token)
      tokens.remember(set.token, { ...before, identity: set.passwordInfo?.identityId ?? before?.identity });
    return set;
  },
  payload: passwordSet,
});

mutation('validatePassword', api.passwordValidate, {
  description: 'Tells whether a password would do, before a form is sent. Needs no session.',
  sensitive: true,
  input: (t) => ({ password: t.field({ type: 'Secret', required: true, description: 'The password.' }) }),
  renamed: { value: '' },
  resolve: async ({ password }, call) => {
    await call({ password: { value: password } });
    return { valid: true };
  },
  payload: (t) => ({
    valid: t.exposeBoolean('valid', {
      description: 'True: the rule that a password breaks is answered as ConflictError.',
    }),
  }),
});

mutation('startLostPassword', api.lostPasswordInitiate, {
  description: 'Sends a user a code by e-mail, with which `resumeLostPassword` sets a new password. Needs no session.',
  input: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: "The user's address." }),
  }),
  resolve: acknowledge,
  payload: (t: PayloadFields<{ email: string }>) => ({
    email: t.expose('email', { type: 'EmailAddress', description: 'Where the code was sent.' }),
  }),
});

mutation('resumeLostPassword', api.lostPasswordResume, {
  description:
    'Sets a new password in place of a lost one, and signs the user in. Needs no session. `TOKEN_EXPIRED`: the code came too late.',
  sensitive: { tries: 'NONCE', of: 'email' },
  input: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: "The user's address." }),
    nonce: t.field({ type: 'Secret', required: true, description: 'The six digits that were sent there.' }),
    newPassword: t.field({ type: 'Secret', required: true, description: RULES }),
  }),
  renamed: { value: '' },
  resolve: ({ newPassword, ...lost }, call) => call({ ...lost, newPassword: { value: newPassword } }),
  payload: token,
});
