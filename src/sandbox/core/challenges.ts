import type { State } from './state.js';

/** Nothing is sent, so every code is this one. */
export const CODE = '123456';
const LIFE_MS = 5 * 60_000;
const RESEND_MS = 15_000;
const ATTEMPTS = 5;

interface Challenge {
  issuedAt: number;
  failures: number;
}

export type CodeOutcome =
  | 'STATE_INVALID'
  | 'VERIFICATION_CODE_EXPIRED'
  | 'VERIFICATION_CODE_INVALID'
  | 'ONE_CHALLENGE_LIMIT_REMAINING'
  | 'CHALLENGE_LIMIT_EXCEEDED';

/** One-time codes by what they open: a session's step-up, a device's enrolment, a batch of payments. */
export class Challenges {
  readonly #open = new Map<string, Challenge>();

  constructor(private readonly state: Pick<State, 'clock'>) {}

  /** Whether a code could be issued; Weavr wants 15 seconds between two. */
  issue(key: string): boolean {
    const now = this.state.clock.now();
    const last = this.#open.get(key);
    if (last && now - last.issuedAt < RESEND_MS) return false;
    this.#open.set(key, { issuedAt: now, failures: 0 });
    return true;
  }

  /** Undefined when the code is right, else what Weavr refuses with. */
  verify(key: string, code: string): CodeOutcome | undefined {
    const challenge = this.#open.get(key);
    if (!challenge) return 'STATE_INVALID';
    if (challenge.failures >= ATTEMPTS) return 'CHALLENGE_LIMIT_EXCEEDED';
    if (this.state.clock.now() - challenge.issuedAt > LIFE_MS) return 'VERIFICATION_CODE_EXPIRED';
    if (code === CODE) return void this.#open.delete(key);
    challenge.failures += 1;
    if (challenge.failures >= ATTEMPTS) return 'CHALLENGE_LIMIT_EXCEEDED';
    return challenge.failures === ATTEMPTS - 1 ? 'ONE_CHALLENGE_LIMIT_REMAINING' : 'VERIFICATION_CODE_INVALID';
  }
}
