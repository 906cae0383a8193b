import { Failure } from './handlers.js';

interface Kept {
  payload: string;
  at: number;
  answer?: Answer;
}

export interface Answer {
  status: number;
  body?: unknown;
}

/** At least 24 hours, says Weavr. */
const LIFE_MS = 24 * 60 * 60_000;

/** Answers a repeated `idempotency-ref` with what the first request got, and refuses it for another payload. */
export class Idempotency {
  readonly #kept = new Map<string, Kept>();

  /** The first answer, if this reference has one; otherwise the caller must `keep` its own. */
  recall(key: string, payload: string, now: number): Answer | undefined {
    const kept = this.#kept.get(key);
    if (!kept || now - kept.at > LIFE_MS) {
      this.#kept.set(key, { payload, at: now });
      return undefined;
    }
    if (kept.payload !== payload) throw new Failure(422);
    if (!kept.answer) throw new Failure(409, { errorCode: 'IDEMPOTENT_REQUEST_IN_PROGRESS' });
    return kept.answer;
  }

  keep(key: string, answer: Answer) {
    const kept = this.#kept.get(key);
    if (kept) kept.answer = answer;
  }

  /** A request that was refused had no effect: its reference is free again. */
  forget(key: string) {
    this.#kept.delete(key);
  }
}
