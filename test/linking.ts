import type { Stack } from './harness.js';

export const OURS = { name: 'Acme Ltd', type: 'BUSINESS', country: 'NL', currency: 'EUR' };
let numbers = 1_000_000;
/** Another one at every call. */
export const newIban = () => ({ iban: { iban: `NL91ABNA041${numbers++}` } });

/** Asks to link an account in euros, unless told otherwise. */
export const createLinkedAccount = (stack: Stack, input: object, token = stack.token) =>
  stack.query(
    `mutation ($input: CreateLinkedAccountInput!) {
      createLinkedAccount(input: $input) {
        __typename
        ... on CreateLinkedAccountPayload {
          idempotencyKey
          linkedAccount { id state name type country currency friendlyName tag accountReference { __typename } owner { __typename id } createdAt }
        }
        ... on ConflictError { code }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input: { ...OURS, ...input } }, token },
  );

/** The linked account itself, which must succeed. */
export const linked = async (stack: Stack, input: object = { accountReference: newIban() }): Promise<{ id: string }> =>
  (await createLinkedAccount(stack, input)).data.createLinkedAccount.linkedAccount;

/** One of Acme's in a state, as the seed has it. */
export const inState = ({ sandbox }: Stack, state: string) =>
  sandbox.state.linkedAccounts.all().find((account) => account.state === state)!;
