import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { inState, linked } from './linking.js';
import { payer } from './paying.js';
import { simulating } from './simulating.js';
import { accountsIn, balanceOf } from './transferring.js';
import { balancesOf, passChallenge, wired } from './wiring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => expect(state().ledger.total()).toBe(0));
afterAll(() => stack.close());

const { state, now, debitCard } = payer(() => stack);

const { act, buy } = simulating(() => stack);

describe('the other bank', () => {
  const OUTCOME = 'outcome outgoingWireTransfer { state }';
  const decide = (name: 'Accept' | 'Reject', id: string, selection = OUTCOME) =>
    act(`simulate${name}OutgoingWireTransfer`, { id }, selection);

  /** A wire of 100.00 euros, and its account. */
  async function wire(confirmed = true) {
    const [source] = await accountsIn(stack, 'EUR');
    const before = balancesOf(stack, source.id);
    const { id } = await wired(stack, { sourceAccountId: source.id });
    if (confirmed) await passChallenge(stack, 'OUTGOING_WIRE_TRANSFERS', id);
    return { id: id as string, source, before };
  }

  it('takes a wire that is on its way, once, and the money leaves', async () => {
    const { id, source, before } = await wire();
    expect(await decide('Accept', id)).toEqual({ outcome: 'COMPLETED', outgoingWireTransfer: { state: 'COMPLETED' } });
    expect(stack.calls).toEqual(['wiretransfers_outgoing_outgoing_wire_transfer_id_accept', 'outgoingWireTransferGet']);
    expect(balanceOf(stack, source)).toBe(before[1]! - 100_00);
    for (const name of ['Accept', 'Reject'] as const)
      expect(await decide(name, id, 'outcome')).toEqual({ outcome: 'DENIED_WIRE_TRANSFER_ALREADY_COMPLETED' });
    expect(balanceOf(stack, source)).toBe(before[1]! - 100_00);
  });

  it('refuses a wire, and what was set aside for it can be spent again', async () => {
    const { id, source, before } = await wire();
    expect(balancesOf(stack, source.id)).toEqual([before[0]! - 100_00, before[1]]);
    expect(await decide('Reject', id)).toEqual({ outcome: 'COMPLETED', outgoingWireTransfer: { state: 'REJECTED' } });
    expect(stack.calls[0]).toBe('wiretransfers_outgoing_outgoing_wire_transfer_id_reject');
    expect(balancesOf(stack, source.id)).toEqual(before);
  });

  it('has no say before the user has confirmed, nor about what is not there', async () => {
    const { id } = await wire(false);
    expect(await decide('Accept', id)).toEqual({
      outcome: 'DENIED',
      outgoingWireTransfer: { state: 'PENDING_CHALLENGE' },
    });
    expect(await decide('Reject', '1')).toEqual({
      outcome: 'DENIED_WIRE_TRANSFER_NOT_FOUND',
      outgoingWireTransfer: null,
    });
  });

  it('takes a correspondent bank transfer too', async () => {
    const { id } = state()
      .correspondentBankTransfers.all()
      .find((one) => one.state === 'PENDING_CHALLENGE')!;
    await passChallenge(stack, 'CORRESPONDENT_BANK_TRANSFERS', id);
    expect(await decide('Accept', id)).toEqual({ outcome: 'COMPLETED', outgoingWireTransfer: null });
    const { correspondentBankTransfer } = await stack.data(`{ correspondentBankTransfer(id: "${id}") { state } }`);
    expect(correspondentBankTransfer.state).toBe('COMPLETED');
  });
});

describe('verifying a linked account', () => {
  const LINKED = 'linkedAccount { state }';
  const verify = (id: string, more: object = {}, selection = LINKED) =>
    act('simulateLinkedAccountVerification', { id, ...more }, selection);

  it.each([
    ['VERIFIED', 'ACTIVE'],
    ['REJECTED', 'REJECTED'],
  ])('ends it as %s, whatever its steps say', async (decision, expected) => {
    const { id } = await linked(stack);
    const decided = await act('simulateSetLinkedAccountState', { id, state: decision }, LINKED);
    expect(decided).toEqual({ linkedAccount: { state: expected } });
    expect(stack.calls).toEqual(['linked_accounts_account_id_set', 'linkedAccountGet']);
  });

  it('ends single steps, and with the last of them the whole; the payment arrives', async () => {
    const { id } = await linked(stack);
    const steps = ['TRANSFER_INSTRUCTION', 'INTERNAL_CHECKS'];
    expect(await verify(id, { steps })).toEqual({ linkedAccount: { state: 'PENDING_VERIFICATION' } });
    expect(stack.calls).toEqual(['linked_accounts_account_id_verify', 'linkedAccountGet']);
    const world = state().ledger.balances('world:EUR').actualBalance;
    expect(await verify(id)).toEqual({ linkedAccount: { state: 'ACTIVE' } });
    expect(state().ledger.balances('world:EUR').actualBalance).toBe(world - 1);
    expect(await verify(id)).toMatchObject({ code: 'ALREADY_COMPLETED' });
  });

  it('rejects it with any step', async () => {
    const { id } = await linked(stack);
    const rejected = await verify(id, { steps: ['MICRO_DEPOSIT'], result: 'REJECTED' });
    expect(rejected).toEqual({ linkedAccount: { state: 'REJECTED' } });
    expect(await verify(id)).toMatchObject({ code: 'ALREADY_REJECTED' });
  });

  it('leaves alone what was decided, and answers NotFoundError for what is not there', async () => {
    const { id } = inState(stack, 'ACTIVE');
    const rejected = { id, state: 'REJECTED' };
    expect(await act('simulateSetLinkedAccountState', rejected, LINKED)).toEqual({
      linkedAccount: { state: 'ACTIVE' },
    });
    expect(await act('simulateSetLinkedAccountState', { ...rejected, id: '1' }, LINKED)).toEqual({
      code: 'NOT_FOUND',
    });
    expect(await verify('1')).toEqual({ code: 'NOT_FOUND' });
  });
});

describe('the life of a card', () => {
  const END = 'managedCard { state destroyedReason }';
  const month = (months = 0) => {
    const date = new Date(now());
    const then = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months));
    return then.toISOString().slice(5, 7) + then.toISOString().slice(2, 4);
  };

  it('ends when it expires, and it pays no more', async () => {
    const card = debitCard();
    const cardId = card.id;
    expect(await act('simulateCardExpiry', { cardId }, END)).toEqual({
      managedCard: { state: 'DESTROYED', destroyedReason: 'EXPIRED' },
    });
    expect(stack.calls).toEqual(['cards_card_id_expire', 'managedCardGet']);
    expect(await buy(card)).toEqual({ outcome: 'DENIED_CARD_EXPIRY' });
    for (const name of ['simulateCardExpiry', 'simulateCardRenewal'])
      expect(await act(name, { cardId }, END)).toMatchObject({ code: 'INSTRUMENT_DESTROYED' });
  });

  it('comes to its last month, in which it still pays, and no longer', async () => {
    const card = debitCard();
    const cardId = card.id;
    expect(await act('simulateCardAboutToExpire', { cardId }, 'managedCard { expiryMmyy }')).toEqual({
      managedCard: { expiryMmyy: month() },
    });
    expect(stack.calls).toEqual(['cards_card_id_about_to_expire', 'managedCardGet']);
    expect(await buy(card)).toEqual({ outcome: 'APPROVED' });
    stack.sandbox.clock.advance(31 * 24 * 60 * 60_000);
    expect(await buy(card)).toEqual({ outcome: 'DENIED_CARD_EXPIRY' });
  });

  it('begins anew, where it is to be renewed: with other dates and another CVV, under its number', async () => {
    const card = debitCard();
    card.renewalType = 'RENEW';
    const session = stack.sandbox.signIn('root@acme.example');
    await act('startStepUpOtp', {}, 'channel', session);
    await act('verifyStepUpOtp', { verificationCode: '123456' }, 'channel', session);
    const numbers = (name: string) =>
      act(name, { cardId: card.id }, 'managedCard { cardNumber cvv expiryMmyy }', session);
    const { managedCard: before } = await numbers('simulateCardAboutToExpire');
    const { managedCard: after } = await numbers('simulateCardRenewal');
    expect(before).toEqual({
      cardNumber: expect.stringMatching(/^\d{16}$/),
      cvv: expect.any(String),
      expiryMmyy: month(),
    });
    expect(stack.calls).toEqual(['cards_card_id_renew', 'managedCardGet']);
    expect(after).toEqual({ ...before, expiryMmyy: month(36), cvv: expect.stringMatching(/^\d{3}$/) });
    expect(after.cvv).not.toBe(before.cvv);
  });

  it.each<[code: string, name: string, change: object]>([
    ['INSTRUMENT_NOT_EXPIRABLE', 'simulateCardExpiry', { renewalType: 'RENEW' }],
    ['INSTRUMENT_NOT_RENEWABLE', 'simulateCardRenewal', { renewalType: 'NO_RENEW' }],
    ['INSTRUMENT_MARKED_LOST_STOLEN', 'simulateCardRenewal', { state: { state: 'BLOCKED', blockedReason: 'LOST' } }],
  ])('is refused with %s: %s of a card with %j', async (code, name, change) => {
    const card = Object.assign(debitCard(), change);
    expect(await act(name, { cardId: card.id }, '__typename')).toMatchObject({ code });
  });

  it.each(['simulateCardExpiry', 'simulateCardAboutToExpire', 'simulateCardRenewal'])(
    'answers NotFoundError where there is none: %s',
    async (name) => {
      expect(await act(name, { cardId: '1' }, '__typename')).toEqual({ code: 'NOT_FOUND' });
    },
  );
});
