import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIRST_SCREEN } from './first-screen.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

it('is one query and eight REST calls, with the accounts and the users of twenty cards', async () => {
  const answer = await stack.data(FIRST_SCREEN);
  expect(answer.viewer.identity).toMatchObject({ company: { name: 'Acme Ltd' }, kyb: { status: 'APPROVED' } });
  expect(answer.managedCards.nodes).toHaveLength(20);
  expect(answer.managedCards.nodes.filter((card: { user: unknown }) => card.user).length).toBeGreaterThan(1);
  expect(stack.calls.sort()).toEqual([
    'authFactorsGet',
    'corporateGet',
    'corporateKybGet',
    'managedAccountsGet', // the cards' parents are on it
    'managedCardsGet',
    'managedCardsGet', // the destroyed ones
    'transactionsGet',
    'usersGet', // the cards' users, all at once
  ]);
});
