import type { Api, Operation } from '../../weavr/core/operation.js';
import type { IdentityId } from '../../weavr/core/shapes.js';
import type { Clock } from './clock.js';
import { Failure, forbidden } from './handlers.js';

/** Five minutes from the last activity, as at Weavr. */
export const IDLE_MS = 5 * 60_000;

export interface Session {
  token: string;
  userId: string;
  /** What the token opens: AUTH tokens must be exchanged first, PASSWORD ones only set a new password, BACK_OFFICE ones open that API. */
  kind: 'AUTH' | 'ACCESS' | 'PASSWORD' | 'BACK_OFFICE';
  /** Absent until an AUTH token is exchanged. */
  identity?: IdentityId;
  steppedUp: boolean;
  lastSeen: number;
}

/** Operations that a token opens before it names an identity. */
const BEFORE_EXCHANGE = new Set(['userIdentities', 'requestAccessToken', 'logout']);

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  #issued = 0;

  constructor(private readonly clock: Clock) {}

  open(start: Pick<Session, 'userId' | 'kind' | 'identity'>): Session {
    const token = Buffer.from(`sandbox-token-${++this.#issued}-${start.userId}`).toString('base64url');
    const session = { ...start, token, steppedUp: false, lastSeen: this.clock.now() };
    this.#sessions.set(token, session);
    return session;
  }

  close(token: string) {
    this.#sessions.delete(token);
  }

  closeAllOf(userId: string) {
    for (const session of this.#sessions.values()) if (session.userId === userId) this.close(session.token);
  }

  /** The live session of a call, or the refusal that Weavr answers. */
  of({ id, auth, bareStatuses }: Operation, api: Api, authorization: string | undefined): Session | undefined {
    const token = authorization?.replace(/^Bearer /, '');
    if (auth === 'API_KEY' || (auth === 'EITHER' && !token)) return undefined;
    const session = token ? this.#sessions.get(token) : undefined;
    const now = this.clock.now();
    if (!session || now - session.lastSeen > IDLE_MS) throw new Failure(401);
    if ((session.kind === 'BACK_OFFICE') !== (api === 'BACK_OFFICE')) throw new Failure(401);
    session.lastSeen = now;
    if (session.kind === 'PASSWORD' && id !== 'passwordUpdate') {
      throw bareStatuses[403] ? new Failure(403) : forbidden('INSUFFICIENT_PERMISSIONS');
    }
    if (session.kind === 'AUTH' && !BEFORE_EXCHANGE.has(id)) throw forbidden('ACCESS_TOKEN_REQUIRED');
    return session;
  }
}

/** The identity a session acts for. */
export function identityOf({ identity }: Session): IdentityId {
  if (!identity) throw forbidden('ACCESS_TOKEN_REQUIRED');
  return identity;
}
