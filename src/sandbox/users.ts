import type { IdentityId, Mobile } from '../weavr/core/shapes.js';
import { type Invite, type NewUser, USER_ROLES, type User, type UserChange, type users } from '../weavr/users.js';
import { beginSession, credentialsOf } from './access.js';
import { CODE } from './core/challenges.js';
import { type Call, Failure, forbidden, type Handlers } from './core/handlers.js';
import { is, isOneOf, pageOf } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredUser } from './core/state.js';
import { check, code, country, email, name, type Rule, type Rules, required } from './core/validation.js';
import { corporateIdOf } from './corporates.js';
import { contactRefusal, mobileAt, personAt } from './identities.js';
import { brokenRule, passwordAt, tokenExpired } from './passwords.js';

const INVITE_MS = 30 * 24 * 60 * 60_000;

const roles: Rule = (value) =>
  Array.isArray(value) && value.every((role) => USER_ROLES.includes(role))
    ? undefined
    : { error: 'IN', params: [...USER_ROLES] };

const mobileOf = ({ mobile }: { mobile?: Mobile }) => mobile && mobileAt('mobile');

const DETAILS = { ...personAt(), countryOfResidence: country, roles };

/** What a new user must be, alone or in a bulk. */
export const newUserRules = (input: NewUser): Rules => ({
  name: required(name),
  surname: required(name),
  email: required(email),
  ...mobileOf(input),
  ...DETAILS,
});

const present = ({ onboarding, ...user }: StoredUser): User => user;

/** A user with credentials, and without a password if they are new. */
export function addUser(state: State, identity: IdentityId, fields: NewUser, id = state.nextId()): StoredUser {
  if (!state.credentials.has(id)) {
    const empty = { smsEnrolled: false, failedSignIns: 0, lockedUntil: 0 };
    state.credentials.set(id, { id, type: 'USER', email: fields.email, identities: [identity], ...empty });
  }
  const onboarding: StoredUser['onboarding'] = { kyc: 'NOT_STARTED' };
  return state.users.add(identity.id, id, { ...fields, id, identity, active: true, onboarding });
}

const credentialsFor = ({ credentials }: State, userId: string) => credentials.get(userId)!; // addUser gives everybody some

const userWith = (state: State, address: string) =>
  state.users.all().find((user) => user.email.toLowerCase() === address.toLowerCase());

/** What Weavr refuses of a user's fields, whether they are new or changed. */
function mustBeAcceptable(
  { email: address, mobile }: Omit<UserChange, 'user_id'>,
  { state, refuse }: Call<'EMAIL_NOT_UNIQUE' | 'EMAIL_DOMAIN_NOT_ALLOWED' | 'MOBILE_OR_COUNTRY_CODE_INVALID'>,
  own?: string,
) {
  const taken = address && credentialsOf(state, address);
  if (taken && taken.id !== own) refuse('EMAIL_NOT_UNIQUE');
  const refusal = contactRefusal({ email: address, mobile });
  if (refusal) refuse(refusal);
}

/** The user whose invite this is, unless it was accepted or is nobody's. */
function invited(state: State, { user_id, inviteCode }: Invite) {
  const user = state.users.any(user_id);
  const open = user?.active && user.onboarding.invitedAt && !user.onboarding.inviteConsumed && inviteCode === CODE;
  return open ? user : undefined;
}

const hasExpired = ({ onboarding: { invitedAt = 0 } }: StoredUser, now: number) => now - invitedAt > INVITE_MS;

/** A phone is only good for codes once it is enrolled. */
function setMobile(state: State, user: StoredUser, mobile: Mobile | undefined) {
  if (!mobile) return;
  user.mobile = mobile;
  credentialsFor(state, user.id).smsEnrolled = false;
}

/** Whether a card of a user's holds any. */
const hasMoney = ({ managedCards, ledger }: State, { id, identity }: StoredUser) =>
  managedCards.of(identity.id).some((card) => card.userId === id && ledger.balances(card.id).actualBalance > 0);

export const userHandlers: Handlers<typeof users> = {
  usersGet: (query, { state, session }) => {
    const found = state.users
      .of(identityOf(session).id)
      .filter((user) =>
        [
          is(query.active, user.active),
          is(query.email, user.email),
          is(query.tag, user.tag),
          query.roles === undefined || user.roles?.some((role) => isOneOf(query.roles, role)),
        ].every(Boolean),
      );
    const { items, counts } = pageOf(found, query);
    return { users: items.map(present), ...counts };
  },

  userGetById: ({ user_id }, { state, session }) => present(state.users.find(identityOf(session).id, user_id)),

  userCreate: (input, call) => {
    const { state, session } = call;
    if (!session.steppedUp && session.kind !== 'BACK_OFFICE') throw forbidden('STEP_UP_REQUIRED');
    check(input, newUserRules(input));
    mustBeAcceptable(input, call);
    return present(addUser(state, identityOf(session), input));
  },

  userUpdate: ({ user_id, ...change }, call) => {
    const { state, session, refuse } = call;
    check(change, { name, surname: name, email, ...mobileOf(change), ...DETAILS });
    const user = state.users.find(identityOf(session).id, user_id);
    mustBeAcceptable(change, call, user_id);
    if (change.roles && user_id === session.userId) refuse('CANNOT_MODIFY_OWN_ROLES');
    const isRoot = state.credentials.get(session.userId)?.type === 'ROOT';
    const losesAdmin = change.roles && user.roles?.includes('ADMIN') && !change.roles.includes('ADMIN');
    if (losesAdmin && !isRoot) refuse('ADMIN_ROLE_REMOVAL_NOT_ALLOWED');
    if (change.email && change.email !== user.email) {
      user.onboarding.emailVerified = false;
      credentialsFor(state, user_id).email = change.email;
    }
    setMobile(state, user, change.mobile);
    return present(Object.assign(user, change));
  },

  userActivate: ({ user_id }, { state, session }) => {
    state.users.find(identityOf(session).id, user_id).active = true;
    Object.assign(credentialsFor(state, user_id), { failedSignIns: 0, lockedUntil: 0 });
  },

  userDeactivate: ({ user_id }, { state, session, refuse }) => {
    const user = state.users.find(identityOf(session).id, user_id);
    if (session.kind === 'BACK_OFFICE' && hasMoney(state, user)) refuse('CARD_HAS_REMAINING_BALANCE');
    user.active = false;
    state.sessions.closeAllOf(user_id);
  },

  userInviteSend: ({ user_id }, { state, session, now, refuse }) => {
    const { onboarding } = state.users.find(identityOf(session).id, user_id);
    if (onboarding.inviteConsumed) refuse('INVITE_ALREADY_CONSUMED');
    onboarding.invitedAt = now;
  },

  userInviteValidate: (input, { state, now, refuse }) => {
    check(input, { inviteCode: required(code) });
    const user = invited(state, input);
    if (!user || hasExpired(user, now)) refuse('INVITE_OR_INVITE_CODE_INVALID');
  },

  userInviteConsume: (input, { state, now, refuse }) => {
    check(input, { inviteCode: required(code), ...passwordAt('password'), ...mobileOf(input) });
    const user = invited(state, input) ?? refuse('INVITE_OR_INVITE_CODE_INVALID');
    if (hasExpired(user, now)) throw tokenExpired();
    const credentials = credentialsFor(state, user.id);
    if (credentials.password) refuse('PASSWORD_ALREADY_CREATED');
    const broken = brokenRule(input.password.value);
    if (broken) refuse(broken);
    user.onboarding.inviteConsumed = true;
    credentials.password = input.password.value;
    setMobile(state, user, input.mobile);
    return { token: beginSession(state, credentials).token };
  },

  authorisedUserEmailVerificationCodeSend: (input, { state, refuse }) => {
    check(input, { email: required(email) });
    const user = userWith(state, input.email) ?? refuse('EMAIL_NOT_FOUND');
    user.onboarding.emailCodeSent = true;
  },

  authorisedUserEmailVerify: (input, { state, refuse }) => {
    check(input, { email: required(email), verificationCode: required(code) });
    const { onboarding } = userWith(state, input.email) ?? {};
    if (!onboarding?.emailCodeSent || input.verificationCode !== CODE) return refuse('VERIFICATION_CODE_INVALID');
    Object.assign(onboarding, { emailCodeSent: false, emailVerified: true });
  },

  userKyc: (_input, { state, session, refuse }) => {
    // The api-key alone opens it, and does not say whose due diligence to start.
    if (!session) throw new Failure(401);
    const { id, onboarding } = state.users.find(corporateIdOf(session), session.userId);
    if (!state.isVerified(identityOf(session))) refuse('KYB_IDENTITY_NOT_APPROVED');
    if (!onboarding.emailVerified) refuse('EMAIL_NOT_VERIFIED');
    if (!credentialsFor(state, id).smsEnrolled) refuse('MOBILE_NOT_VERIFIED');
    if (onboarding.kyc === 'APPROVED') refuse('KYC_ALREADY_APPROVED');
    if (onboarding.kyc === 'PENDING_REVIEW') refuse('KYC_PENDING_REVIEW');
    if (onboarding.kyc === 'REJECTED') refuse('KYC_REJECTED');
    onboarding.kyc = 'INITIATED';
    return { reference: state.nextId() };
  },
};
