import { VERIFICATION_STEPS } from '../weavr/linked-accounts.js';
import { STEP_RESULTS, type simulator, VERIFICATION_DECISIONS } from '../weavr/simulator.js';
import { failBatch, passBatch } from './beneficiary-batches.js';
import { mmyy, otherCvv, renewalOf, validFrom } from './card-numbers.js';
import { passConfirmation } from './confirmation-challenges.js';
import { type Call, type Handlers, notFound } from './core/handlers.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, oneOf, type Rule } from './core/validation.js';
import { acceptWire, rejectWire } from './core/wires.js';
import { decideVerification, verifySteps } from './linked-account-verifications.js';
import { isLostOrStolen } from './managed-cards.js';
import { depositById, depositByNumber } from './simulator-deposits.js';
import { buy, refund } from './simulator-purchases.js';

const steps: Rule = (value) =>
  Array.isArray(value) ? value.map(oneOf(VERIFICATION_STEPS)).find((broken) => broken) : { error: 'IN' };

const cardOf = ({ managedCards }: State, id: string) => managedCards.any(id) ?? missing();
const missing = () => {
  throw notFound();
};

/** What waits on a device: a session to be stepped up, a purchase, a confirmation, or a batch, by the id of each. */
function waiting({ state, session }: Call, id: string): { pass(): void; fail(): void } | undefined {
  const push = state.pushes.get(id);
  if (push) return push.userId === session.userId ? { pass: push.pass, fail: () => {} } : undefined;
  if (state.confirmationChallenges.get(id)?.userId === session.userId)
    return { pass: () => passConfirmation(state, id), fail: () => void state.confirmationChallenges.delete(id) };
  const owner = identityOf(session).id;
  const batch = state.beneficiaryBatches.ownerOf(id) === owner ? state.beneficiaryBatches.any(id) : undefined;
  if (batch?.state !== 'PENDING_CHALLENGE') return undefined;
  return { pass: () => passBatch(state, owner, batch), fail: () => failBatch(state, owner, batch) };
}

/** A challenge is answered once, by the user whose device was asked. */
const answering =
  (answer: 'pass' | 'fail') =>
  ({ credentials_id, challenge_id }: { credentials_id: string; challenge_id: string }, call: Call) => {
    const found = call.session.userId === credentials_id ? waiting(call, challenge_id) : undefined;
    if (!found) return { code: 'DENIED' as const };
    call.state.pushes.delete(challenge_id);
    found[answer]();
    return { code: 'COMPLETED' as const };
  };

export const simulatorHandlers: Handlers<typeof simulator> = {
  accounts_account_id_deposit: depositById,
  accounts_deposit: depositByNumber,
  cards_card_id_purchase: buy,
  cards_card_id_merchant_refund: refund,

  cards_card_id_about_to_expire: ({ card_id }, { state, now }) => {
    cardOf(state, card_id).expiryMmyy = mmyy(new Date(now));
  },

  cards_card_id_expire: ({ card_id }, { state, now, refuse }) => {
    const card = cardOf(state, card_id);
    if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    if (card.renewalType === 'RENEW') refuse('INSTRUMENT_NOT_EXPIRABLE');
    Object.assign(card, { expiryMmyy: mmyy(new Date(now)), state: { state: 'DESTROYED', destroyedReason: 'EXPIRED' } });
  },

  cards_card_id_renew: ({ card_id }, { state, now, refuse }) => {
    const card = cardOf(state, card_id);
    if (isLostOrStolen(card)) refuse('INSTRUMENT_MARKED_LOST_STOLEN');
    if (card.state.state === 'DESTROYED') refuse('INSTRUMENT_DESTROYED');
    if (card.renewalType !== 'RENEW') refuse('INSTRUMENT_NOT_RENEWABLE');
    const secrets = { ...card.secrets, cvv: otherCvv(card.secrets.cvv) };
    Object.assign(card, { ...validFrom(now), renewalTimestamp: renewalOf(now), secrets });
  },

  corporates_corporate_id_verify: ({ corporate_id: id }, { state }) => state.approve({ type: 'CORPORATE', id }),
  consumers_consumer_id_verify: ({ consumer_id: id }, { state }) => state.approve({ type: 'CONSUMER', id }),

  wiretransfers_outgoing_outgoing_wire_transfer_id_accept: ({ outgoing_wire_transfer_id: id }, { state }) => ({
    code: acceptWire(state, id),
  }),
  wiretransfers_outgoing_outgoing_wire_transfer_id_reject: ({ outgoing_wire_transfer_id: id }, { state }) => ({
    code: rejectWire(state, id),
  }),

  factors_credentials_id_challenges_challenge_id_verify_success: answering('pass'),
  factors_credentials_id_challenges_challenge_id_verify_invalid: answering('fail'),
  factors_credentials_id_challenges_challenge_id_verify_expired: answering('fail'),

  linked_accounts_account_id_set: ({ account_id, state: decision = 'VERIFIED' }, { state }) => {
    check({ state: decision }, { state: oneOf(VERIFICATION_DECISIONS) });
    if (!state.linkedAccounts.any(account_id)) missing();
    decideVerification(state, account_id, decision, { overriddenReason: 'Simulated' }); // what is decided stays so
  },

  linked_accounts_account_id_verify: ({ account_id, result = 'COMPLETED', ...input }, { state, refuse }) => {
    check({ ...input, result }, { steps, result: oneOf(STEP_RESULTS) });
    if (!state.linkedAccounts.any(account_id)) missing();
    const refused = verifySteps(state, account_id, input.steps ?? openSteps(state, account_id), result);
    if (refused) refuse(refused);
  },
};

/** The steps that a verification still waits for; where there are none, all of them, to be refused. */
function openSteps({ verificationRuns }: State, accountId: string) {
  const [run] = verificationRuns.get(accountId) ?? [];
  const open = (run?.verificationSteps ?? []).filter(({ status }) => status?.startsWith('PENDING'));
  return open.length ? open.flatMap(({ step }) => step ?? []) : VERIFICATION_STEPS;
}
