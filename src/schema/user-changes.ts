import type { ById } from '../weavr/core/shapes.js';
import * as rest from '../weavr/users.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { asksOnlyId } from './core/selection.js';
import { upstreamOn } from './core/upstream.js';
import { MobileInput } from './identities.js';
import { token } from './passwords.js';
import { User, UserRole } from './users.js';

const api = rest.users;

/** The user, as Weavr answered it. */
const changed = (t: PayloadFields<{ user: rest.User }>) => ({
  user: t.expose('user', { type: User, description: 'The user.' }),
});

/** The user, read again if asked for: Weavr answers 204. */
const reread = (t: PayloadFields<ById>) => ({
  user: t.field({
    ...upstreamOn({ free: asksOnlyId }, api.userGetById),
    type: User,
    nullable: true,
    description: 'The user as they are now. Asking for more than their id costs one read.',
    resolve: ({ id }, _args, { weavr }, info) =>
      asksOnlyId(info)
        ? ({ id } as rest.User) // nothing but the id will be read
        : weavr.find(api.userGetById, { user_id: id }),
  }),
});

const acknowledgeUser = async ({ id }: ById, call: (input: rest.ByUserId) => Promise<void>) => {
  await call({ user_id: id });
  return { id };
};

const byId = (t: InputFields) => ({ id: t.id({ required: true, description: "Weavr's id of the user." }) });

const NAME = 'First name, up to 50 characters.';
const SURNAME = 'Last name, up to 50 characters.';
const EMAIL = 'The address to sign in with. No other user may have it.';

/** What may be set when a user is created and when it is changed. */
const details = (t: InputFields) => ({
  mobile: t.field({
    type: MobileInput,
    description: 'The phone for one-time codes, which the user enrols afterwards.',
  }),
  dateOfBirth: t.field({ type: 'LocalDate', description: 'Day of birth.' }),
  tag: t.string({ description: 'Your own label: up to 50 of A-Z a-z 0-9 _ -.' }),
  locale: t.string({ description: 'Language of messages to the user, as a BCP 47 tag: `en` or `en-GB`.' }),
  brand: t.string({ description: "Which of the programme's message designs is used: up to 25 letters and digits." }),
});

/** What a user is made of, alone or in a bulk. */
export const newUser = (t: InputFields) => ({
  name: t.string({ required: true, description: NAME }),
  surname: t.string({ required: true, description: SURNAME }),
  email: t.field({ type: 'EmailAddress', required: true, description: EMAIL }),
  ...details(t),
  countryOfResidence: t.field({
    type: 'CountryCode',
    description: 'Where the user lives: an ISO 3166-1 alpha-2 code.',
  }),
  roles: t.field({ type: [UserRole], description: 'What the user may do.' }),
});

mutation('createUser', api.userCreate, {
  description:
    'Creates a user, active and without a password: `inviteUser` comes next. The session must be stepped up.',
  input: newUser,
  resolve: async (input, call) => ({ user: await call(input) }),
  payload: changed,
});

mutation('updateUser', api.userUpdate, {
  description: 'Changes what is given and leaves the rest. A new phone must be enrolled again.',
  input: (t) => ({
    ...byId(t),
    name: t.string({ description: NAME }),
    surname: t.string({ description: SURNAME }),
    email: t.field({ type: 'EmailAddress', description: EMAIL }),
    ...details(t),
    roles: t.field({
      type: [UserRole],
      description: 'What the user may do: roles that are not named are taken away. Nobody changes their own.',
    }),
  }),
  resolve: async ({ id, ...change }, call) => ({ user: await call({ user_id: id, ...change }) }),
  payload: changed,
});

mutation('activateUser', api.userActivate, {
  description: 'Lets a user sign in again, who was deactivated or locked out by wrong passwords.',
  input: byId,
  resolve: acknowledgeUser,
  payload: reread,
});

mutation('deactivateUser', api.userDeactivate, {
  description:
    'Ends what a user can do, until somebody else activates them. Back office is declined while a card of theirs holds money.',
  input: byId,
  resolve: acknowledgeUser,
  payload: reread,
});

mutation('inviteUser', api.userInviteSend, {
  description:
    'Sends the user an invite by e-mail, good for a month, with which they set their first password. May be repeated until then.',
  input: byId,
  resolve: acknowledgeUser,
  payload: reread,
});

const invite = (t: InputFields) => ({
  ...byId(t),
  inviteCode: t.field({ type: 'Secret', required: true, description: 'The six digits of the invite.' }),
});

mutation('validateUserInvite', api.userInviteValidate, {
  description: 'Tells whether an invite can still be accepted, before a form is filled in. Needs no session.',
  sensitive: { tries: 'INVITE', of: 'id' },
  input: invite,
  resolve: async ({ id, inviteCode }, call) => {
    await call({ user_id: id, inviteCode });
    return { valid: true };
  },
  payload: (t) => ({
    valid: t.exposeBoolean('valid', {
      description: 'True: an invite that is not valid is answered with ConflictError.',
    }),
  }),
});

mutation('consumeUserInvite', api.userInviteConsume, {
  description:
    "Accepts an invite with the user's first password, and signs the user in. Needs no session. `TOKEN_EXPIRED`: a new invite must be sent.",
  sensitive: { tries: 'INVITE', of: 'id' },
  input: (t) => ({
    ...invite(t),
    password: t.field({ type: 'Secret', required: true, description: "The user's password from now on." }),
    mobile: t.field({ type: MobileInput, description: "Takes the place of the user's phone, and must be enrolled." }),
  }),
  renamed: { value: '' },
  resolve: async ({ id, password, ...rest }, call, { tokens }) => {
    const session = await call({ user_id: id, password: { value: password }, ...rest });
    if (session.token) tokens.remember(session.token, { credentials: { type: 'USER', id } });
    return session;
  },
  payload: token,
});

const address = (t: PayloadFields<{ email: string }>) => ({
  email: t.expose('email', { type: 'EmailAddress', description: 'The address.' }),
});

mutation('sendUserEmailVerification', api.authorisedUserEmailVerificationCodeSend, {
  description: "Sends a code to a user's address, by which `verifyUserEmail` verifies it. Needs no session.",
  input: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: "The user's address." }),
  }),
  resolve: acknowledge,
  payload: address,
});

mutation('verifyUserEmail', api.authorisedUserEmailVerify, {
  description: "Verifies a user's address with the code that was sent there. Needs no session.",
  sensitive: { tries: 'EMAIL_CODE', of: 'email' },
  input: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: "The user's address." }),
    verificationCode: t.field({ type: 'Secret', required: true, description: 'The six digits.' }),
  }),
  resolve: acknowledge,
  payload: address,
});

mutation('startUserKyc', api.userKyc, {
  description:
    "Starts the user's own due diligence, which makes them a signatory of their corporate. Address and phone must be verified.",
  resolve: (_input, call) => call({}),
  payload: (t) => ({
    reference: t.exposeString('reference', {
      description: "What the provider's component in the browser is begun with.",
    }),
  }),
});
