import type { consumers } from '../weavr/consumers.js';
import { forbidden, type Handlers } from './core/handlers.js';
import { identityOf, type Session } from './core/sessions.js';

/** The consumer that a session acts for; a corporate's session is refused. */
export function consumerIdOf(session: Session) {
  const { type, id } = identityOf(session);
  if (type !== 'CONSUMER') throw forbidden('INSUFFICIENT_PERMISSIONS');
  return id;
}

export const consumerHandlers: Handlers<typeof consumers> = {
  consumerGet: (_input, { state, session }) => state.consumers.find(consumerIdOf(session), consumerIdOf(session)),
  consumerKycGet: (_input, { state, session }) => ({ ...state.kyc.get(consumerIdOf(session)) }),
};
