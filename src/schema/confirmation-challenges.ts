import type { OutputRef } from '@pothos/core';
import * as rest from '../weavr/confirmation-challenges.js';
import type { Operation } from '../weavr/core/operation.js';
import type { ById } from '../weavr/core/shapes.js';
import { correspondentBankTransfers } from '../weavr/correspondent-bank-transfers.js';
import { linkedAccounts } from '../weavr/linked-accounts.js';
import { outgoingWireTransfers } from '../weavr/outgoing-wire-transfers.js';
import { sends } from '../weavr/sends.js';
import { CODE_SECONDS } from '../weavr/step-up.js';
import type { Context } from './core/builder.js';
import { enumType } from './core/enums.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstreamOn } from './core/upstream.js';
import { CorrespondentBankTransfer } from './correspondent-bank-transfers.js';
import { LinkedAccount } from './linked-accounts.js';
import { OutgoingWireTransfer } from './outgoing-wire-transfers.js';
import { Send } from './sends.js';
import { OtpChannel, PushChannel } from './step-up.js';

const api = rest.confirmationChallenges;

const ConfirmableTypeEnum = enumType<rest.ConfirmableType>('ConfirmableType', 'What a user may have to confirm.', {
  sends: 'Sends.',
  outgoing_wire_transfers: 'Outgoing wire transfers.',
  correspondent_bank_transfers: 'Correspondent bank transfers.',
  linked_account_declaration:
    "The declaration that a linked account is the user's own, by the id of the account. For root users alone.",
});

const resources = (t: InputFields) => ({
  resourceType: t.field({ type: ConfirmableTypeEnum, required: true, description: 'What is to be confirmed.' }),
  resourceIds: t.idList({
    required: true,
    description: "Weavr's ids of all that is to be confirmed at once. The `requiredAction` of each is a challenge.",
  }),
});

const challenge = (t: PayloadFields<rest.ConfirmationChallenge>) => ({
  challengeId: t.exposeID('scaChallengeId', { nullable: true, description: "Weavr's id of the challenge." }),
});

mutation('startConfirmationOtp', api.multipleSCAChallenge, {
  description: 'Sends a one-time code, by which `verifyConfirmationOtp` confirms. Fifteen seconds between two.',
  input: (t) => ({
    ...resources(t),
    channel: t.field({
      type: OtpChannel,
      required: true,
      defaultValue: 'SMS',
      description: 'How the code is to travel.',
    }),
  }),
  resolve: (input, call) => call(input),
  payload: (t) => ({
    ...challenge(t),
    expiresInSeconds: t.int({ description: 'How long the code is good for.', resolve: () => CODE_SECONDS }),
  }),
});

mutation('startConfirmationPush', api.multipleSCAChallengePush, {
  description:
    'Sends a push notification, by which the user confirms. Read what is confirmed to see whether they have.',
  input: (t) => ({
    ...resources(t),
    channel: t.field({ type: PushChannel, required: true, description: 'How the notification is to travel.' }),
  }),
  resolve: (input, call) => call(input),
  payload: challenge,
});

interface Confirmed {
  resourceType: rest.ConfirmableType;
  resourceIds: readonly string[];
}

/** What was confirmed, if it is of one type, read again if it is asked for: Weavr answers 204. */
const confirmed = <Target extends ById>(
  resourceType: rest.ConfirmableType,
  operation: Operation<ById, Target>,
  { type, name }: { type: OutputRef<Target>; name: string },
) => ({
  ...upstreamOn({ perItem: true, length: { asManyAs: 'resourceIds' } }, operation),
  type: [type] as [OutputRef<Target>],
  nullable: true as const,
  description: `The ${name} among \`resourceIds\`, as they are now. Asking for them costs reads.`,
  resolve: async (given: Confirmed, _args: object, { weavr }: Context) => {
    const ids = given.resourceType === resourceType ? given.resourceIds : [];
    const found = await Promise.all(ids.map((id) => weavr.find(operation, { id })));
    return found.filter((one) => one !== null);
  },
});

mutation('verifyConfirmationOtp', api.multipleSCAVerify, {
  description:
    'Confirms with the code that was sent: what was waiting is executed. `ONE_CHALLENGE_LIMIT_REMAINING` says that the code was wrong and one more try is left; after `CHALLENGE_LIMIT_EXCEEDED` a new code must be sent.',
  sensitive: { tries: 'CODE' },
  input: (t) => ({
    challengeId: t.id({ required: true, description: 'As `startConfirmationOtp` answered it.' }),
    resourceType: t.field({ type: ConfirmableTypeEnum, required: true, description: 'As it was started for.' }),
    resourceIds: t.idList({
      description: 'As it was started for. Weavr does not need them: they are what the payload reads again.',
    }),
    channel: t.field({
      type: OtpChannel,
      required: true,
      defaultValue: 'SMS',
      description: 'How the code travelled.',
    }),
    verificationCode: t.field({ type: 'Secret', required: true, description: 'The six digits.' }),
  }),
  renamed: { scaChallengeId: 'challengeId' },
  resolve: async ({ challengeId, resourceIds, ...input }, call): Promise<Confirmed> => {
    await call({ ...input, scaChallengeId: challengeId });
    return { resourceType: input.resourceType, resourceIds: resourceIds ?? [] };
  },
  payload: (t) => ({
    resourceType: t.field({
      type: ConfirmableTypeEnum,
      description: 'What was confirmed.',
      resolve: ({ resourceType }) => resourceType,
    }),
    sends: t.field(confirmed('sends', sends.sendGet, { type: Send, name: 'sends' })),
    outgoingWireTransfers: t.field(
      confirmed('outgoing_wire_transfers', outgoingWireTransfers.outgoingWireTransferGet, {
        type: OutgoingWireTransfer,
        name: 'outgoing wire transfers',
      }),
    ),
    correspondentBankTransfers: t.field(
      confirmed('correspondent_bank_transfers', correspondentBankTransfers.correspondentBankTransferGet, {
        type: CorrespondentBankTransfer,
        name: 'correspondent bank transfers',
      }),
    ),
    linkedAccounts: t.field(
      confirmed('linked_account_declaration', linkedAccounts.linkedAccountGet, {
        type: LinkedAccount,
        name: 'linked accounts',
      }),
    ),
  }),
});
