import type { backOffice } from '../weavr/back-office.js';
import type { IdentityId } from '../weavr/core/shapes.js';
import type { Call, Handlers } from './core/handlers.js';
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
