import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const TICKET_LIFE_MS = 60_000;
const MOST_TICKETS = 10_000;

/** The headers that say who calls. */
export type Credentials = Pick<IncomingHttpHeaders, 'authorization' | 'x-back-office-key' | 'x-act-as'>;

/** What a ticket opens, and for whom. */
export interface Held {
  target: string;
  credentials: Credentials;
}

/** Where tickets wait for their links to be opened. */
export interface TicketShelf {
  put(ticket: string, held: Held): void | Promise<void>;
  /** Takes it off: nobody finds it again. */
  take(ticket: string): Held | undefined | Promise<Held | undefined>;
}

/** Why a ticket does not open what it is shown for. */
export class TicketRefused extends Error {
  readonly status: 403 | 410;

  constructor(readonly code: 'TICKET_INVALID' | 'TICKET_EXPIRED') {
    super(code === 'TICKET_EXPIRED' ? 'This link has expired.' : 'This link was used before, or is not one of ours.');
    this.name = new.target.name;
    this.status = code === 'TICKET_EXPIRED' ? 410 : 403;
  }
}

/** A shelf in memory, and nowhere else: behind several gateways a link wants the one that made it. */
export function createTicketShelf(): TicketShelf {
  const shelf = new Map<string, Held>();
  return {
    put(ticket, held) {
      const [oldest] = shelf.keys();
      if (oldest && shelf.size >= MOST_TICKETS) shelf.delete(oldest);
      shelf.set(ticket, held);
      setTimeout(() => shelf.delete(ticket), TICKET_LIFE_MS).unref();
    },
    take(ticket) {
      const held = shelf.get(ticket);
      shelf.delete(ticket);
      return held;
    },
  };
}

/** Lets a browser open one link once without credentials. A ticket is 256 random bits after the instant it expires at. */
export function createTickets(now: () => number, shelf: TicketShelf = createTicketShelf()) {
  async function issue(target: string, credentials: Credentials) {
    const expiresAt = now() + TICKET_LIFE_MS;
    const ticket = `${expiresAt.toString(36)}.${randomBytes(32).toString('base64url')}`;
    await shelf.put(ticket, { target, credentials });
    return { ticket, expiresAt };
  }

  /** The credentials of the caller it was issued to; after the first try, right or wrong, it is gone. */
  async function redeem(ticket: string, target: string): Promise<Credentials> {
    const held = await shelf.take(ticket);
    if (Number.parseInt(ticket, 36) <= now()) throw new TicketRefused('TICKET_EXPIRED');
    if (held?.target !== target) throw new TicketRefused('TICKET_INVALID');
    return held.credentials;
  }

  return { issue, redeem };
}
