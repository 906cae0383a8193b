import { expect } from 'vitest';
import type { StoredCard } from '../src/sandbox/core/state.js';
import { DEBIT_CARD_PROFILE, openCard, PREPAID_CARD_PROFILE } from '../src/sandbox/managed-cards.js';
import type { Stack } from './harness.js';

const ADDRESS = { addressLine1: '1 Test Street', city: 'Valletta', postCode: 'VLT1010', country: 'MT' };
const HOLDER = { nameOnCard: 'Ben Bolt', friendlyName: 'Fresh', billingAddress: ADDRESS };

/** The least that a card's plastic is ordered with. */
export const ORDER = {
  deliveryAddress: { ...ADDRESS, name: 'Ben', surname: 'Bolt' },
  productReference: 'anvil-black',
};

/** What the tests look at. */
export const CARD = `id state blockedReason destroyedReason type tag
  physicalCardDetails { pendingActivation pinBlocked manufacturingState deliveryMethod carrierType deliveryTrackingCode }
  replacement { reason managedCard { id } }
  ... on PrepaidCard { balances { available { amount } actual { amount } } }`;

/** Acme's cards in a stack's sandbox, and their mutations as its root user. */
export function cardMaker(stack: () => Stack) {
  const state = () => stack().sandbox.state;
  const stored = (id: string) => state().managedCards.any(id)!;
  const acme = () => state().corporates.all()[0]!.id;
  /** The clock may have outlived any other. */
  const token = () => stack().sandbox.signIn('root@acme.example');

  /** A virtual card that holds its own euros. */
  function virtualCard(funds = 0): StoredCard {
    const mode = { mode: 'PREPAID_MODE', profileId: PREPAID_CARD_PROFILE, currency: 'EUR' } as const;
    const now = state().clock.now();
    const card = openCard(state(), acme(), { ...HOLDER, ...mode, tag: 'mine' }, now);
    const id = state().nextId();
    state().ledger.post(
      { id, at: now, transaction: { type: 'system_transactions', id }, legacyType: 'SYSTEM_TRANSACTION' },
      [
        { account: 'world:EUR', currency: 'EUR', amount: -funds },
        { account: card.id, currency: 'EUR', amount: funds },
      ],
    );
    return card;
  }

  /** One of Acme's accounts, by its place in the seed: the last is blocked. */
  const account = (place: number) => state().managedAccounts.of(acme().id).reverse()[place]!;

  /** A virtual card that spends from one of them. */
  function debitCard(place: number) {
    const mode = { mode: 'DEBIT_MODE', profileId: DEBIT_CARD_PROFILE } as const;
    const given = { ...HOLDER, ...mode, parentManagedAccountId: account(place).id };
    return openCard(state(), acme(), given, state().clock.now());
  }

  async function run(mutation: string, input: object, selection = `managedCard { ${CARD} }`) {
    const title = mutation.charAt(0).toUpperCase() + mutation.slice(1);
    const { data, errors } = await stack().query(
      `mutation ($input: ${title}Input!) {
        result: ${mutation}(input: $input) {
          __typename
          ... on ${title}Payload { ${selection} }
          ... on MutationError { code }
          ... on ConflictError { action }
          ... on ValidationError { fields { path rule } }
        }
      }`,
      { variables: { input }, token: token() },
    );
    expect(errors, JSON.stringify(errors)).toBeUndefined();
    return data.result;
  }

  /** The id of an ordered card; activated, unless told otherwise. */
  async function physicalCard(order: object = {}, { activated = true, funds = 0 } = {}) {
    const { id } = virtualCard(funds);
    await run('upgradeCardToPhysical', { id, ...ORDER, ...order });
    if (activated) await run('activatePhysicalCard', { id });
    return id;
  }

  const read = async (id: string) =>
    (await stack().data(`{ managedCard(id: "${id}") { ${CARD} } }`, { token: token() })).managedCard;

  return { state, stored, token, virtualCard, account, debitCard, physicalCard, run, read };
}
