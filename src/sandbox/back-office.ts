import type { backOffice } from '../weavr/back-office.js';
import type { IdentityId } from '../weavr/core/shapes.js';
import { type Call, forbidden, type Handlers } from './core/handlers.js';
import type { Route } from './core/server.js';
import { identityOf } from './core/sessions.js';
import { check, id, oneOf, required } from './core/validation.js';

type Refusal = 'UNRESOLVED_IDENTITY' | 'ALREADY_IMPERSONATED';

/** A token that acts for an identity, in the name of its root user. */
function impersonate({ identity }: { identity: IdentityId }, { state, refuse }: Call<Refusal>) {
  check({ identity }, { 'identity.type': required(oneOf(['CORPORATE', 'CONSUMER'])), 'identity.id': required(id) });
  const root = [...state.credentials.values()].find(
    ({ type, identities }) =>
      type === 'ROOT' && identities.some((own) => own.type === identity.type && own.id === identity.id),
  );
  if (!root) return refuse('UNRESOLVED_IDENTITY');
  const { token } = state.sessions.open({ userId: root.id, kind: 'BACK_OFFICE', identity });
  return { token: { token }, identity, credentials: { type: root.type, id: root.id } };
}

export const backOfficeHandlers: Handlers<typeof backOffice> = {
  requestAccessToken: impersonate,
  impersonateIdentityLogin: impersonate,
  managedCardRenewalTypeUpdate: ({ id, renewalType }, { state, session, refuse }) => {
    check({ renewalType }, { renewalType: required(oneOf(['RENEW', 'NO_RENEW'])) });
    const card = state.managedCards.find(identityOf(session).id, id);
    if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    card.renewalType = renewalType;
  },
};

/** What Weavr grants a programme on request alone. */
const ON_REQUEST = ['userCreate', 'userDeactivate', 'userInviteSend', 'managedCardRenewalTypeUpdate'];

/** The routes as a programme has them that never requested anything: Multi's are the same. */
export const withoutGrants = (routes: readonly Route[]): Route[] =>
  routes.map((route) => {
    if (!ON_REQUEST.includes(route.operation.id)) return route;
    const handle: Route['handle'] = (input, call) => {
      if (call.session.kind === 'BACK_OFFICE') throw forbidden('INSUFFICIENT_PERMISSIONS');
      return route.handle(input, call);
    };
    return { ...route, handle };
  });
