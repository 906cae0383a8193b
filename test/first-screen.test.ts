import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** What a banking app's first screen shows: who it is, whether they are verified, what they have, what they did. */
const FIRST_SCREEN = `{
  viewer { identity { id createdAt ... on Corporate { company { name } kyb { status } } } }
  authenticationFactors { type status channel }
  managedAccounts(filter: { state: [ACTIVE] }, first: 20) {
    nodes { id friendlyName balances { available { value currency } } }
  }
  managedCards(filter: { mode: DEBIT_MODE, state: [ACTIVE, BLOCKED] }, first: 20) {
    totalCount
    nodes {
      id friendlyName state cardNumberLastFour
      user { name surname }
      ... on DebitCard { parentManagedAccount { friendlyName currency } availableToSpend { interval value { value } } }
    }
  }
  destroyed: managedCards(filter: { state: [DESTROYED] }, first: 1) { totalCount }
  transactions(first: 20) { nodes { id type status direction amount { value currency } } }
}`;

it('is one query and nine REST calls, with the accounts and the users of twenty cards', async () => {
  const answer = await stack.data(FIRST_SCREEN);
  expect(answer.viewer.identity).toMatchObject({ company: { name: 'Acme Ltd' }, kyb: { status: 'APPROVED' } });
  expect(answer.managedCards.nodes).toHaveLength(20);
  expect(answer.managedCards.nodes.filter((card: { user: unknown }) => card.user).length).toBeGreaterThan(1);
  expect(stack.calls.sort()).toEqual([
    'authFactorsGet',
    'corporateGet',
    'corporateKybGet',
    'managedAccountsGet', // the list
    'managedAccountsGet', // the cards' parents, all at once
    'managedCardsGet',
    'managedCardsGet', // the destroyed ones
    'transactionsGet',
    'usersGet', // the cards' users, all at once
  ]);
});
