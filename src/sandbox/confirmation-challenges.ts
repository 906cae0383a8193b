import {
  CONFIRMABLE_TYPES,
  type ConfirmableResources,
  type ConfirmableType,
  type confirmationChallenges,
} from '../weavr/confirmation-challenges.js';
import type { Confirmable, ConfirmationChallenge } from './core/confirmations.js';
import { type Call, forbidden, type Handlers } from './core/handlers.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, code, id, oneOf, type Rule, required } from './core/validation.js';
import { correspondentBankTransferConfirmable } from './correspondent-bank-transfers.js';
import { linkedAccountConfirmable } from './linked-account-verifications.js';
import { outgoingWireTransferConfirmable } from './outgoing-wire-transfers.js';
import { sendConfirmable } from './sends.js';
import { mustNotify, mustReach } from './step-up.js';

/** Where each type of resource waits. A row joins with one line: what it exports, under the type's name. */
const CONFIRMABLES: Record<ConfirmableType, Confirmable> = {
  sends: sendConfirmable,
  outgoing_wire_transfers: outgoingWireTransferConfirmable,
  correspondent_bank_transfers: correspondentBankTransferConfirmable,
  linked_account_declaration: linkedAccountConfirmable,
};

const list: Rule = (value) => (Array.isArray(value) ? undefined : { error: 'INVALID_TYPE_OR_VALUE' });
const resourceType = required(oneOf(CONFIRMABLE_TYPES));

function checkResources(input: ConfirmableResources) {
  check(input, { resourceType, resourceIds: required(list) });
  check(input, Object.fromEntries(input.resourceIds.map((_, index) => [`resourceIds.${index}`, required(id)])));
}

const isPending = (state: State, { resourceType, resourceIds, owner }: Omit<ConfirmationChallenge, 'userId'>) =>
  resourceIds.length > 0 &&
  resourceIds.every((resourceId) => CONFIRMABLES[resourceType].isPending(state, owner, resourceId));

/** The challenge that the caller asks for: of resources that wait for it, all of them their own. */
function challengeOf(input: ConfirmableResources, { state, session, refuse }: Call<'STATE_INVALID'>) {
  const { userId } = session;
  const isRoot = state.credentials.get(userId)?.type === 'ROOT';
  if (input.resourceType === 'linked_account_declaration' && !isRoot) throw forbidden('INSUFFICIENT_PERMISSIONS');
  const resourceIds = [...new Set(input.resourceIds)].sort();
  const challenge = { resourceType: input.resourceType, resourceIds, owner: identityOf(session).id, userId };
  if (!isPending(state, challenge)) refuse('STATE_INVALID');
  return challenge;
}

/** One code at a time for the same resources. */
const keyOf = ({ userId, resourceType, resourceIds }: ConfirmationChallenge) =>
  `confirmation ${userId} ${resourceType} ${resourceIds}`;

function open(state: State, challenge: ConfirmationChallenge) {
  const scaChallengeId = state.nextId();
  state.confirmationChallenges.set(scaChallengeId, challenge);
  return { scaChallengeId };
}

/** Confirms all that a challenge is for: its code was right, or its device has agreed. */
export function passConfirmation(state: State, scaChallengeId: string) {
  const challenge = state.confirmationChallenges.get(scaChallengeId);
  state.confirmationChallenges.delete(scaChallengeId);
  if (!challenge || !isPending(state, challenge)) return;
  const { resourceType, resourceIds, owner } = challenge;
  for (const resourceId of resourceIds) CONFIRMABLES[resourceType].confirm(state, owner, resourceId);
}

export const confirmationChallengeHandlers: Handlers<typeof confirmationChallenges> = {
  multipleSCAChallenge: (input, call) => {
    const { state, refuse } = call;
    checkResources(input);
    mustReach(input.channel, call);
    const challenge = challengeOf(input, call);
    if (!state.challenges.issue(keyOf(challenge))) refuse('RETRY_IN_15SEC');
    return open(state, challenge);
  },

  multipleSCAVerify: (input, call) => {
    const { state, session, refuse } = call;
    check(input, { verificationCode: required(code), resourceType });
    mustReach(input.channel, call);
    const challenge = state.confirmationChallenges.get(input.scaChallengeId);
    const isMine = challenge?.userId === session.userId && challenge.owner === identityOf(session).id;
    if (!isMine || challenge.resourceType !== input.resourceType) return refuse('STATE_INVALID');
    if (!isPending(state, challenge)) refuse('STATE_INVALID');
    const refused = state.challenges.verify(keyOf(challenge), input.verificationCode);
    if (refused) refuse(refused);
    passConfirmation(state, input.scaChallengeId);
  },

  multipleSCAChallengePush: (input, call) => {
    checkResources(input);
    mustNotify(input.channel, call);
    return open(call.state, challengeOf(input, call));
  },
};
