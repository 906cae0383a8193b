import type { access } from '../weavr/access.js';
import { IDENTITY_TYPES, type IdentityId } from '../weavr/core/shapes.js';
import { Failure, type Handlers } from './core/handlers.js';
import { pageOf } from './core/lists.js';
import type { Credentials, State } from './core/state.js';
import { check, email, id, oneOf, required, size } from './core/validation.js';

const MAX_FAILURES = 5;
const LOCK_MS = 30 * 60_000;

export const credentialsOf = (state: State, address: string): Credentials | undefined =>
  [...state.credentials.values()].find((known) => known.email.toLowerCase() === address.toLowerCase());

const identityIn = ({ identities }: Credentials, { type, id }: IdentityId) =>
  identities.find((one) => one.type === type && one.id === id);

/** One answer for an unknown address and a wrong password; too many wrong ones lock for half an hour. */
function signIn(state: State, now: number, address: string, password: string) {
  const known = credentialsOf(state, address);
  if (known && known.lockedUntil > now) throw new Failure(423);
  if (!known?.password || known.password !== password) {
    if (known) countFailure(known, now);
    throw new Failure(403);
  }
  if (!state.isActive(known.id)) throw new Failure(403);
  known.failedSignIns = 0;
  return known;
}

function countFailure(known: Credentials, now: number) {
  known.failedSignIns += 1;
  if (known.failedSignIns < MAX_FAILURES) return;
  known.failedSignIns = 0;
  known.lockedUntil = now + LOCK_MS;
}

/** Of a user with several identities it is an AUTH session, to be exchanged for one that acts for one of them. */
export function beginSession(state: State, { id: userId, identities: [identity, second] }: Credentials) {
  return second
    ? state.sessions.open({ userId, kind: 'AUTH' })
    : state.sessions.open({ userId, kind: 'ACCESS', identity });
}

export const accessHandlers: Handlers<typeof access> = {
  loginWithPassword: (input, { state, now }) => {
    check(input, { email: required(email), 'password.value': required(size(100, 1)) });
    const known = signIn(state, now, input.email, input.password.value);
    if (known.passwordExpired)
      throw new Failure(409, { token: state.sessions.open({ userId: known.id, kind: 'PASSWORD' }).token });
    const { token, identity } = beginSession(state, known);
    const credentials = { type: known.type, id: known.id };
    return { token, tokenType: identity ? 'ACCESS' : 'AUTH', identity: known.identities[0], credentials };
  },

  loginViaBiometrics: (input, { state, now, refuse }) => {
    check(input, { email: required(email), 'identity.type': oneOf(IDENTITY_TYPES), 'identity.id': id });
    const known = credentialsOf(state, input.email);
    if (!known || !state.isActive(known.id)) throw new Failure(403);
    if (input.identity && !identityIn(known, input.identity)) throw new Failure(403);
    if (known.lockedUntil > now) throw new Failure(423);
    if (known.pushEnrolled !== 'BIOMETRIC') refuse('CHANNEL_NOT_REGISTERED');
    const challengeId = state.nextId();
    state.pushes.set(challengeId, { userId: known.id, pass: () => {} }); // the token would travel by webhook
    return { challengeId };
  },

  requestAccessToken: (input, { state, session }) => {
    check(input, { 'identity.type': required(oneOf(IDENTITY_TYPES)), 'identity.id': required(id) });
    const known = session && state.credentials.get(session.userId);
    const identity = known && identityIn(known, input.identity);
    if (!known || !identity) throw new Failure(403);
    const opened = state.sessions.open({ userId: known.id, kind: 'ACCESS', identity });
    opened.steppedUp = session.steppedUp;
    const status = opened.steppedUp ? 'STEPPED_UP' : 'STANDARD';
    return { token: opened.token, identity, credentials: { type: known.type, id: known.id }, status };
  },

  userIdentities: (query, { state, session }) => {
    // The api-key alone opens it for a client with a certificate, which nobody has here.
    if (!session) throw new Failure(401);
    const identities = state.credentials.get(session.userId)?.identities ?? [];
    const { items, counts } = pageOf(identities, query);
    return { identities: items.map((identity) => ({ id: identity, name: state.nameOf(identity) })), ...counts };
  },

  logout: (_input, { state, session }) => {
    state.sessions.close(session.token);
    return undefined;
  },
};
