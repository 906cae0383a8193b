import { randomBytes } from 'node:crypto';
import type { Session } from '../weavr/core/client.js';

export const TICKET_LIFE_MS = 60_000;
const MOST_TICKETS = 10_000;

/** Why a ticket does not open what it is shown for. */
export class TicketRefused extends Error {
  readonly status: 403 | 410;

  constructor(readonly code: 'TICKET_INVALID' | 'TICKET_EXPIRED') {
    super(code === 'TICKET_EXPIRED' ? 'This link has expired.' : 'This link was used before, or is not one of ours.');
    this.name = new.target.name;
    this.status = code === 'TICKET_EXPIRED' ? 410 : 403;
  }
}

/**
 * Lets a browser open one link once without credentials. A ticket is 256 random bits after the instant it expires at;
 * its session never leaves this process, so behind several of them a link wants the one that made it.
 */
export function createTickets(now: () => number) {
  const open = new Map<string, { target: string; session: Session }>();

  function issue(target: string, session: Session) {
    const [oldest] = open.keys();
    if (oldest && open.size >= MOST_TICKETS) open.delete(oldest);
    const expiresAt = now() + TICKET_LIFE_MS;
    const ticket = `${expiresAt.toString(36)}.${randomBytes(32).toString('base64url')}`;
    open.set(ticket, { target, session });
    setTimeout(() => open.delete(ticket), TICKET_LIFE_MS).unref();
    return { ticket, expiresAt };
  }

  /** The session of the caller it was issued to; after the first try, right or wrong, it is gone. */
  function redeem(ticket: string, target: string): Session {
    const held = open.get(ticket);
    open.delete(ticket);
    if (Number.parseInt(ticket, 36) <= now()) throw new TicketRefused('TICKET_EXPIRED');
    if (held?.target !== target) throw new TicketRefused('TICKET_INVALID');
    return held.session;
  }

  return { issue, redeem };
}
