import type { PasswordSet, passwords } from '../weavr/passwords.js';
import { beginSession, credentialsOf } from './access.js';
import { CODE } from './core/challenges.js';
import { Failure, type Handlers } from './core/handlers.js';
import type { Session } from './core/sessions.js';
import type { Credentials } from './core/state.js';
import { check, code, email, type Rules, required, size } from './core/validation.js';

/** How long the code for a lost password is good for. */
const LOST_PASSWORD_MS = 60 * 60_000;

export const passwordAt = (path: string): Rules => ({ [`${path}.value`]: required(size(100, 1)) });

export const tokenExpired = () => new Failure(410, { errorCode: 'TOKEN_EXPIRED' });

/** The rule that a password breaks, if any. */
export function brokenRule(password: string) {
  if (password.length < 8) return 'PASSWORD_TOO_SHORT';
  if (password.length > 50) return 'PASSWORD_TOO_LONG';
  return /[0-9]/.test(password) && /[a-z]/i.test(password) ? undefined : 'PASSWORD_TOO_SIMPLE';
}

/** Sets it, and answers the session that begins with it. */
function setPassword(known: Credentials, password: string, { token, identity }: Session): PasswordSet {
  Object.assign(known, { password, passwordExpired: false, lostPasswordAt: undefined });
  const identityId = identity ?? known.identities[0]!; // credentials have at least one
  return { passwordInfo: { identityId, expiryDate: 0 }, token };
}

export const passwordHandlers: Handlers<typeof passwords> = {
  passwordCreate: (input, { state, refuse }) => {
    check(input, passwordAt('password'));
    const known = state.credentials.get(input.user_id) ?? refuse('UNRESOLVED_IDENTITY');
    if (known.password) refuse('PASSWORD_ALREADY_CREATED');
    const broken = brokenRule(input.password.value);
    if (broken) refuse(broken);
    return setPassword(known, input.password.value, beginSession(state, known));
  },

  passwordUpdate: (input, { state, session, refuse }) => {
    check(input, { ...passwordAt('oldPassword'), ...passwordAt('newPassword') });
    const known = state.credentials.get(session.userId)!; // a session is of somebody
    const { value: password } = input.newPassword;
    if (known.password !== input.oldPassword.value) refuse('PASSWORD_INCORRECT');
    const broken = brokenRule(password);
    if (broken) refuse(broken);
    if (known.password === password) refuse('PASSWORD_ALREADY_USED');
    state.sessions.close(session.token);
    const { userId, identity } = session;
    const next = identity ? state.sessions.open({ userId, kind: 'ACCESS', identity }) : beginSession(state, known);
    return setPassword(known, password, next);
  },

  passwordValidate: (input, { refuse }) => {
    check(input, passwordAt('password'));
    const broken = brokenRule(input.password.value);
    if (broken) refuse(broken);
  },

  lostPasswordInitiate: (input, { state, now, refuse }) => {
    check(input, { email: required(email) });
    const known = credentialsOf(state, input.email);
    if (!known || !state.isActive(known.id)) return refuse('ACCOUNT_NOT_FOUND');
    known.lostPasswordAt = now;
  },

  lostPasswordResume: (input, { state, now, refuse }) => {
    check(input, { email: required(email), nonce: required(code), ...passwordAt('newPassword') });
    const known = credentialsOf(state, input.email);
    if (!known?.lostPasswordAt || input.nonce !== CODE) return refuse('INVALID_NONCE_OR_EMAIL');
    if (now - known.lostPasswordAt > LOST_PASSWORD_MS) throw tokenExpired();
    if (!known.password) refuse('PASSWORD_NOT_SET');
    const broken = brokenRule(input.newPassword.value);
    if (broken) refuse(broken);
    if (known.password === input.newPassword.value) refuse('PASSWORD_ALREADY_USED');
    const { token } = setPassword(known, input.newPassword.value, beginSession(state, known));
    return { token };
  },
};
