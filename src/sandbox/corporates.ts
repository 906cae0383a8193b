import type { corporates } from '../weavr/corporates.js';
import { forbidden, type Handlers } from './core/handlers.js';
import { identityOf, type Session } from './core/sessions.js';

/** The corporate that a session acts for; a consumer's session is refused. */
export function corporateIdOf(session: Session) {
  const { type, id } = identityOf(session);
  if (type !== 'CORPORATE') throw forbidden('INSUFFICIENT_PERMISSIONS');
  return id;
}

export const corporateHandlers: Handlers<typeof corporates> = {
  corporateGet: (_input, { state, session }) => state.corporates.find(corporateIdOf(session), corporateIdOf(session)),
  corporateKybGet: (_input, { state, session }) => ({ ...state.kyb.get(corporateIdOf(session)) }),
};
