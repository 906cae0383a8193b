import { consumers } from '../weavr/consumers.js';
import { corporates } from '../weavr/corporates.js';
import { linkedAccounts } from '../weavr/linked-accounts.js';
import { outgoingWireTransfers } from '../weavr/outgoing-wire-transfers.js';
import * as rest from '../weavr/simulator.js';
import { Consumer } from './consumers.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { Corporate } from './corporates.js';
import { VerificationStepName } from './linked-account-verifications.js';
import { LinkedAccount } from './linked-accounts.js';
import { OutgoingWireTransfer } from './outgoing-wire-transfers.js';

const api = rest.simulator;

const SimulatedWireOutcome = enumType<rest.WireOutcome>(
  'SimulatedWireOutcome',
  'What became of a simulated decision about an outgoing wire transfer.',
  {
    COMPLETED: 'It is decided.',
    DENIED: 'It is not on its way: it waits for its user, or for its time.',
    DENIED_WIRE_TRANSFER_NOT_FOUND: 'There is no such transfer.',
    DENIED_WIRE_TRANSFER_ALREADY_COMPLETED: 'It was decided before.',
  },
);

const SimulatedChallengeOutcome = enumType<rest.ChallengeOutcome>(
  'SimulatedChallengeOutcome',
  'What became of a simulated answer to a challenge.',
  { COMPLETED: 'It is answered.', DENIED: 'No such challenge waits for this user.' },
);

const LinkedAccountDecision = enumType<NonNullable<rest.LinkedAccountDecision['state']>>(
  'SimulatedLinkedAccountDecision',
  'How the verification of a linked account is to end.',
  { VERIFIED: 'Well: the account becomes active.', REJECTED: 'Badly: the account is rejected.' },
);

const StepResult = enumType<NonNullable<rest.LinkedAccountSteps['result']>>(
  'SimulatedStepResult',
  'How steps of a verification are to end.',
  { COMPLETED: 'Well.', REJECTED: 'Badly.' },
);

mutation('simulateCorporateVerification', api.corporates_corporate_id_verify, {
  description: 'Approves the due diligence of a corporate, with all that it wants verified before. Only for sandboxes.',
  input: (t) => ({ corporateId: t.id({ required: true, description: "Weavr's id of the corporate." }) }),
  renamed: { corporate_id: 'corporateId' },
  resolve: async ({ corporateId }, call) => {
    await call({ corporate_id: corporateId });
    return { corporateId };
  },
  payload: (t) => ({
    corporate: t.field({
      ...upstream(corporates.corporateGet),
      type: Corporate,
      nullable: true,
      description: "The corporate as it is now; null if it is not this session's. Asking for it costs one read.",
      resolve: async ({ corporateId }, _args, { weavr }) => {
        const own = await weavr.follow(corporates.corporateGet, {});
        return own?.id.id === corporateId ? own : null;
      },
    }),
  }),
});

mutation('simulateConsumerVerification', api.consumers_consumer_id_verify, {
  description: 'Approves the due diligence of a consumer, with all that it wants verified before. Only for sandboxes.',
  input: (t) => ({ consumerId: t.id({ required: true, description: "Weavr's id of the consumer." }) }),
  renamed: { consumer_id: 'consumerId' },
  resolve: async ({ consumerId }, call) => {
    await call({ consumer_id: consumerId });
    return { consumerId };
  },
  payload: (t) => ({
    consumer: t.field({
      ...upstream(consumers.consumerGet),
      type: Consumer,
      nullable: true,
      description: "The consumer as they are now; null if it is not this session's. Asking for it costs one read.",
      resolve: async ({ consumerId }, _args, { weavr }) => {
        const own = await weavr.follow(consumers.consumerGet, {});
        return own?.id.id === consumerId ? own : null;
      },
    }),
  }),
});

const WIRE_DECISIONS = [
  ['simulateAcceptOutgoingWireTransfer', api.wiretransfers_outgoing_outgoing_wire_transfer_id_accept, 'take'],
  ['simulateRejectOutgoingWireTransfer', api.wiretransfers_outgoing_outgoing_wire_transfer_id_reject, 'refuse'],
] as const;

for (const [name, operation, verb] of WIRE_DECISIONS)
  mutation(name, operation, {
    description: `Lets the other bank ${verb} a payment that is on its way, or a correspondent bank transfer. Only for sandboxes.`,
    input: (t) => ({ id: t.id({ required: true, description: "Weavr's id of the transfer." }) }),
    renamed: { outgoing_wire_transfer_id: 'id' },
    resolve: async ({ id }, call) => ({ id, ...(await call({ outgoing_wire_transfer_id: id })) }),
    payload: (t) => ({
      outcome: t.field({
        type: SimulatedWireOutcome,
        nullable: true,
        description: 'Whether it is decided, and why not.',
        resolve: ({ code }) => code,
      }),
      outgoingWireTransfer: t.field(
        link(outgoingWireTransfers.outgoingWireTransferGet, {
          type: OutgoingWireTransfer,
          description:
            "The outgoing wire transfer as it is now; null if it is another kind, or not this session's. Asking for it costs one read.",
          id: ({ id }: { id: string }) => id,
        }),
      ),
    }),
  });

const CHALLENGE_ANSWERS = [
  ['simulateChallengeSuccess', api.factors_credentials_id_challenges_challenge_id_verify_success, 'agrees to it'],
  ['simulateChallengeInvalid', api.factors_credentials_id_challenges_challenge_id_verify_invalid, 'refuses it'],
  ['simulateChallengeExpired', api.factors_credentials_id_challenges_challenge_id_verify_expired, 'lets it expire'],
] as const;

for (const [name, operation, what] of CHALLENGE_ANSWERS)
  mutation(name, operation, {
    description: `Answers a notification in the place of the user's device: the user ${what}. Only for sandboxes.`,
    input: (t) => ({
      credentialsId: t.id({
        required: true,
        description: 'The id of the user, who must be the one that has signed in.',
      }),
      challengeId: t.id({
        required: true,
        description: 'The id of the challenge, as the mutation that began it told; of a batch, its own id.',
      }),
    }),
    renamed: { credentials_id: 'credentialsId', challenge_id: 'challengeId' },
    resolve: ({ credentialsId, challengeId }, call) =>
      call({ credentials_id: credentialsId, challenge_id: challengeId }),
    payload: (t) => ({
      outcome: t.field({
        type: SimulatedChallengeOutcome,
        description: 'Whether there was such a challenge.',
        resolve: ({ code }) => code,
      }),
    }),
  });

const linkedAccountPayload = (t: PayloadFields<{ id: string }>) => ({
  linkedAccount: t.field(
    link(linkedAccounts.linkedAccountGet, {
      type: LinkedAccount,
      description: "The linked account as it is now; null if it is not this session's. Asking for it costs one read.",
      id: ({ id }: { id: string }) => id,
    }),
  ),
});

mutation('simulateSetLinkedAccountState', api.linked_accounts_account_id_set, {
  description: 'Ends the verification of a linked account, whatever its steps say. Only for sandboxes.',
  input: (t) => ({
    id: t.id({ required: true, description: "Weavr's id of the linked account." }),
    state: t.field({ type: LinkedAccountDecision, required: true, description: 'How.' }),
  }),
  renamed: { account_id: 'id' },
  resolve: async ({ id, state }, call) => {
    await call({ account_id: id, state });
    return { id };
  },
  payload: linkedAccountPayload,
});

mutation('simulateLinkedAccountVerification', api.linked_accounts_account_id_verify, {
  description:
    'Ends steps of the verification of a linked account, and with the last of them the whole. Only for sandboxes.',
  input: (t) => ({
    id: t.id({ required: true, description: "Weavr's id of the linked account." }),
    steps: t.field({ type: [VerificationStepName], description: 'Which; absent: all that it waits for.' }),
    result: t.field({ type: StepResult, description: 'How; absent: well.' }),
  }),
  renamed: { account_id: 'id' },
  resolve: async ({ id, steps, result }, call) => {
    await call({ account_id: id, steps, result });
    return { id };
  },
  payload: linkedAccountPayload,
});
