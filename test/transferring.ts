import type { Stack } from './harness.js';

export const TRANSFER_PROFILE = '130000000000000001';

/** One side of a transfer, as an input names it. */
export interface Side {
  type: 'MANAGED_ACCOUNTS' | 'MANAGED_CARDS';
  id: string;
}

let keys = 0;

/** Asks for a transfer of one euro under a new key, unless told otherwise. */
export const createTransfer = (stack: Stack, input: object) =>
  stack.query(
    `mutation ($input: CreateTransferInput!) {
      createTransfer(input: $input) {
        __typename
        ... on CreateTransferPayload {
          idempotencyKey
          transfer { id state amount { value } description tag createdAt scheduledFor executedAt cancellationReason }
        }
        ... on MutationError { code retryable }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
        ... on OutcomeUnknownError { idempotencyKey operation sentAt }
      }
    }`,
    {
      variables: {
        input: {
          profileId: TRANSFER_PROFILE,
          amount: { currency: 'EUR', amount: 100 },
          idempotencyKey: `key-${++keys}`,
          ...input,
        },
      },
    },
  );

/** The transfer itself, which must succeed. */
export const transferred = async (stack: Stack, input: object) =>
  (await createTransfer(stack, input)).data.createTransfer.transfer;

/** Acme's active accounts, oldest first. */
export async function accountsIn(stack: Stack, currency: string) {
  const { managedAccounts } = await stack.data(
    'query ($currency: Currency) { managedAccounts(first: 100, filter: { currency: $currency, state: [ACTIVE] }) { nodes { id } } }',
    { variables: { currency } },
  );
  const sides: Side[] = managedAccounts.nodes.map(({ id }: Side) => ({ type: 'MANAGED_ACCOUNTS', id }));
  return sides.reverse() as [Side, Side, ...Side[]]; // Acme has at least two in each of its currencies
}

export async function newAccount(stack: Stack, currency = 'EUR'): Promise<Side> {
  const { createManagedAccount } = await stack.data(
    `mutation ($currency: Currency!) {
      createManagedAccount(input: { profileId: "110000000000000001", friendlyName: "Fresh", currency: $currency }) {
        ... on CreateManagedAccountPayload { managedAccount { id } }
      }
    }`,
    { variables: { currency } },
  );
  return { type: 'MANAGED_ACCOUNTS', id: createManagedAccount.managedAccount.id };
}

/** Acme's active euro cards of one mode. */
export async function cardsIn(stack: Stack, mode: 'PREPAID_MODE' | 'DEBIT_MODE') {
  const { managedCards } = await stack.data(
    'query ($mode: CardMode) { managedCards(first: 100, filter: { mode: $mode, currency: "EUR", state: [ACTIVE] }) { nodes { id } } }',
    { variables: { mode } },
  );
  return managedCards.nodes.map(({ id }: Side) => ({ type: 'MANAGED_CARDS', id })) as [Side, ...Side[]]; // seeded
}

/** Blocks or removes an account. */
export async function close(stack: Stack, how: 'blockManagedAccount' | 'removeManagedAccount', account: Side) {
  await stack.data(`mutation { ${how}(input: { id: "${account.id}" }) { __typename } }`);
  return account;
}

/** What an instrument holds, without a call. */
export const balanceOf = ({ sandbox }: Stack, { id }: Side) => sandbox.state.ledger.balances(id).actualBalance;

export const MINUTE_MS = 60_000;
/** Soon enough for the session to live on. */
export const inAMinute = ({ sandbox }: Stack) => new Date(sandbox.clock.now() + MINUTE_MS).toISOString();
