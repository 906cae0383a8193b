import { enumType } from './core/enums.js';

/** What a user must do before Weavr goes on. */
export type RequiredActionName = 'CONFIRMATION' | 'CHALLENGE';

export const RequiredAction = enumType<RequiredActionName>(
  'RequiredAction',
  'What the user must do before Weavr goes on with what was asked of it.',
  {
    CONFIRMATION: "Look at what the check of the payee's name has found, and confirm.",
    CHALLENGE: 'Prove that it is the user who asks, by a one-time code or on an enrolled device.',
  },
);

/** What a state waits for; null where it waits for nothing of the user's. */
export function requiredActionOf(state: string): RequiredActionName | null {
  if (state === 'PENDING_CONFIRMATION') return 'CONFIRMATION';
  return state === 'PENDING_CHALLENGE' ? 'CHALLENGE' : null;
}
