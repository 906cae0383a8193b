import type { Stack } from './harness.js';
import { accountsIn, type Side } from './transferring.js';

export const SEND_PROFILE = '140000000000000001';
export const CHARGED_SEND_PROFILE = '140000000000000002';

/** Enough for the user to be asked for a code. */
export const LARGE = { currency: 'GBP', amount: 50_00 };
/** Too little for that. */
export const SMALL = { currency: 'GBP', amount: 10_00 };

let keys = 0;

/** Asks for a send of ten pounds under a new key, unless told otherwise. */
export const createSend = (stack: Stack, input: object, token = stack.token) =>
  stack.query(
    `mutation ($input: CreateSendInput!) {
      createSend(input: $input) {
        __typename
        ... on CreateSendPayload {
          idempotencyKey
          send {
            id state requiredAction challengeExemptionReason
            amount { value } transactionAmount { value } sourceFee { value } destinationFee { value }
            description tag scheduledFor executedAt
          }
        }
        ... on MutationError { code retryable }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    {
      variables: { input: { profileId: SEND_PROFILE, amount: SMALL, idempotencyKey: `send-${++keys}`, ...input } },
      token,
    },
  );

/** The send itself, which must succeed. */
export const sent = async (stack: Stack, input: object, token?: string) =>
  (await createSend(stack, input, token)).data.createSend.send;

export const asAda = ({ sandbox }: Stack) => sandbox.signIn('ada@consumer.example');

/** Ada's account, in pounds. */
export async function adasAccount(stack: Stack): Promise<Side> {
  const { managedAccounts } = await stack.data('{ managedAccounts { nodes { id } } }', { token: asAda(stack) });
  return { type: 'MANAGED_ACCOUNTS', id: managedAccounts.nodes[0].id };
}

/** From Acme's first account in pounds to Ada's. */
export async function toAda(stack: Stack) {
  const [source] = await accountsIn(stack, 'GBP');
  const destination = await adasAccount(stack);
  return { source, destination };
}

/** The beneficiary by which Acme pays Ada's account. */
export async function adaAsBeneficiary(stack: Stack): Promise<string> {
  const { beneficiaries } = await stack.data(
    '{ beneficiaries(filter: { group: ["partners"] }) { nodes { id externalRefs } } }',
  );
  return beneficiaries.nodes.find(({ externalRefs }: { externalRefs: string[] }) => externalRefs.includes('crm-1')).id;
}

/** What an instrument may still spend, without a call. */
export const availableOn = ({ sandbox }: Stack, { id }: Side) => sandbox.state.ledger.balances(id).availableBalance;
