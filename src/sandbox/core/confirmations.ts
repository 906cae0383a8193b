import type { ConfirmableResources } from '../../weavr/confirmation-challenges.js';
import type { State } from './state.js';

/** A kind of resource that waits for its user's confirmation: its row says which do, and what a right code sets off. */
export interface Confirmable {
  /** Whether an owner's resource waits for a challenge. */
  isPending(state: State, owner: string, id: string): boolean;
  /** Executes it: the challenge was passed. */
  confirm(state: State, owner: string, id: string): void;
}

/** What a challenge confirms, and who must pass it. */
export interface ConfirmationChallenge extends ConfirmableResources {
  owner: string;
  userId: string;
}
