import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../src/sandbox/core/server.js';
import type { StoredCard } from '../src/sandbox/core/state.js';
import { addUser } from '../src/sandbox/users.js';
import { acmeOf, act, as, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { payer } from './paying.js';

const exchanges: Exchange[] = [];
let stack: Stack;
let acme: string;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY] }, { onExchange: (exchange) => exchanges.push(exchange) });
  acme = acmeOf(stack);
  await stack.query('{ transfers { totalCount } }', as(acme)); // there is a token by now
});
afterAll(() => stack.close());

const { debitCard, prepaidCard } = payer(() => stack);
const blocked = (card: StoredCard) => Object.assign(card, { state: { state: 'BLOCKED', blockedReason: 'USER' } });
const refOf = (id: string) => exchanges.findLast(({ operation }) => operation.id === id)?.headers['idempotency-ref'];

let users = 0;
function newUser() {
  const { state } = stack.sandbox;
  const { identity } = state.users.all()[0]!;
  return addUser(state, identity, { name: 'Nina', surname: 'New', email: `nina-${++users}@acme.example` });
}

describe('an idempotency key where Back Office takes none', () => {
  const WRITES: [mutation: string, operation: string, input: () => object][] = [
    ['blockManagedCard', 'managedCardBlock', () => ({ id: debitCard().id })],
    ['unblockManagedCard', 'managedCardUnblock', () => ({ id: blocked(debitCard()).id })],
    ['createSpendRules', 'managedCardSpendRulesCreate', () => ({ cardId: debitCard().id, allowAtm: false })],
    ['inviteUser', 'userInviteSend', () => ({ id: newUser().id })],
  ];

  it.each(WRITES)('is not made up for %s', async (mutation, operation, input) => {
    expect(await act(stack, acme, mutation, input(), 'idempotencyKey')).toEqual({ idempotencyKey: null });
    expect(stack.calls).toEqual([operation]);
    expect(refOf(operation)).toBeUndefined();
  });

  it.each(WRITES)('is refused before %s is called', async (mutation, _operation, input) => {
    expect(await act(stack, acme, mutation, { ...input(), idempotencyKey: 'in-vain' })).toBe('BAD_USER_INPUT');
    expect(stack.calls).toEqual([]);
  });

  it('is not what hides that Back Office lacks the whole operation', async () => {
    const input = { id: '1', idempotencyKey: 'in-vain' };
    expect(await act(stack, acme, 'blockManagedAccount', input)).toBe('NOT_IN_BACK_OFFICE');
    expect(stack.calls).toEqual([]);
  });

  it('does not make a lost answer one that may be asked for again', async () => {
    stack.sandbox.faults.plan({ kind: 'RESET', effect: true }, { operation: 'managedCardBlock' });
    expect(await act(stack, acme, 'blockManagedCard', { id: debitCard().id })).toEqual({
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
      unknown: null,
    });
    expect(stack.calls).toEqual(['managedCardBlock']);
  });

  it('is sent where Back Office takes it, and made where it is absent', async () => {
    const cardId = debitCard().id;
    await act(stack, acme, 'createSpendRules', { cardId, allowAtm: false });
    const update = (more: object) =>
      act(stack, acme, 'updateSpendRules', { cardId, allowAtm: true, ...more }, 'idempotencyKey');
    expect(await update({ idempotencyKey: 'rules-1' })).toEqual({ idempotencyKey: 'rules-1' });
    expect(refOf('managedCardSpendRulesUpdate')).toBe('rules-1');
    const { idempotencyKey } = await update({});
    expect(idempotencyKey).toMatch(/^[\w-]{36}$/);
    expect(refOf('managedCardSpendRulesUpdate')).toBe(idempotencyKey);
  });
});

describe('a user with money on a card', () => {
  it('is not deactivated by Back Office', async () => {
    const { id } = newUser();
    Object.assign(prepaidCard(5_00), { userId: id });
    expect(await act(stack, acme, 'deactivateUser', { id })).toMatchObject({ code: 'CARD_HAS_REMAINING_BALANCE' });
    expect(stack.sandbox.state.users.any(id)?.active).toBe(true);
  });
});

describe('what Back Office offers on request', () => {
  const newcomer = { name: 'Nina', surname: 'New', email: 'nina@acme.example' };
  const WRITES: [mutation: string, operation: string, input: (stack: Stack) => object][] = [
    ['createUser', 'userCreate', () => newcomer],
    ['inviteUser', 'userInviteSend', ({ sandbox }) => ({ id: sandbox.state.users.all()[0]!.id })],
    ['deactivateUser', 'userDeactivate', ({ sandbox }) => ({ id: sandbox.state.users.all()[0]!.id })],
    [
      'updateManagedCardRenewalType',
      'managedCardRenewalTypeUpdate',
      ({ sandbox }) => ({ id: sandbox.state.managedCards.of(acme.split(':')[1]!)[0]!.id, renewalType: 'RENEW' }),
    ],
  ];
  let restricted: Stack;
  beforeAll(async () => {
    restricted = await startStack({ backOfficeKeys: [KEY] }, { restricted: true });
  });
  afterAll(() => restricted.close());

  it.each(WRITES)('is FORBIDDEN to a programme that has not asked for it: %s', async (mutation, operation, input) => {
    const { state } = restricted.sandbox;
    const before = JSON.stringify([state.users.all(), state.managedCards.all()]);
    expect(await act(restricted, acme, mutation, input(restricted))).toBe('FORBIDDEN');
    expect(restricted.calls.filter((call) => call !== 'requestAccessToken')).toEqual([operation]);
    expect(JSON.stringify([state.users.all(), state.managedCards.all()])).toBe(before);
  });

  it('is everything else to it, and everything to its users', async () => {
    const { data } = await restricted.query('{ transfers { totalCount } }', as(acme));
    expect(data).toEqual({ transfers: { totalCount: 130 } });
    const id = restricted.sandbox.state.users.all()[0]!.id;
    const answer = await restricted.data(
      `mutation { deactivateUser(input: { id: "${id}" }) { ... on DeactivateUserPayload { user { active } } } }`,
    );
    expect(answer).toEqual({ deactivateUser: { user: { active: false } } });
  });
});
