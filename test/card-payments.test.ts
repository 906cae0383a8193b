import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credit, purchase, reverse, settle } from '../src/sandbox/core/purchases.js';
import { type Stack, startStack } from './harness.js';
import { euros, payer, SHOP } from './paying.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const { state, now, debitCard, order } = payer(() => stack);

const iso = (time: number) => new Date(time).toISOString();

interface Node {
  id: string;
}

const idsOf = ({ nodes }: { nodes: Node[] }) => nodes.map(({ id }) => id);

describe('reading card payments', () => {
  it('answers a page with its cards, merchants and steps, in one call', async () => {
    const { cardPayments } = await stack.data(
      `{ cardPayments { totalCount pageInfo { hasNextPage } nodes { __typename id type status
          card { id mode friendlyName nameOnCard cardBrand cardNumberFirstSix cardNumberLastFour parentManagedAccount { id } }
          merchant { name categoryCode country } events { __typename type occurredAt } ... on Transaction { amount { value } createdAt } } } }`,
    );
    expect(cardPayments.nodes).toHaveLength(20);
    expect(cardPayments.totalCount).toBeGreaterThan(180);
    expect(cardPayments.pageInfo.hasNextPage).toBe(true);
    for (const { events, card } of cardPayments.nodes) {
      expect(events.length).toBeGreaterThan(0);
      expect(card.friendlyName).toBeTruthy();
    }
    expect(stack.calls).toEqual(['cardPaymentsGet']);
  });

  it('reads the cards of a hundred payments with one call for each page of cards', async () => {
    const { cardPayments } = await stack.data(
      '{ cardPayments(first: 100) { nodes { card { managedCard { tag } } } } }',
    );
    for (const { card } of cardPayments.nodes) expect(card.managedCard.tag).toMatch(/^(debit|prepaid)-/);
    expect(stack.calls).toEqual(['cardPaymentsGet', 'managedCardsGet', 'managedCardsGet']);
  });

  it('follows no link that is asked for its id alone', async () => {
    await stack.data(
      '{ cardPayments(first: 100) { nodes { relatedCardPayment { id } card { user { id } parentManagedAccount { id __typename } } } } }',
    );
    expect(stack.calls).toEqual(['cardPaymentsGet']);
  });

  it('leads from a payment to its card, the card’s user and account', async () => {
    const userId = [...state().credentials.values()].find(({ email }) => email === 'ben@acme.example')!.id;
    const card = debitCard({ userId });
    const { id } = purchase(state(), card, order());
    const { cardPayment } = await stack.data(
      `{ cardPayment(id: "${id}") { profileId card { mode managedCard { __typename id state } user { email } parentManagedAccount { friendlyName } } } }`,
    );
    expect(cardPayment).toEqual({
      profileId: card.profileId,
      card: {
        mode: 'DEBIT_MODE',
        managedCard: { __typename: 'DebitCard', id: card.id, state: 'ACTIVE' },
        user: { email: 'ben@acme.example' },
        parentManagedAccount: { friendlyName: 'Fresh' },
      },
    });
    expect(stack.calls.sort()).toEqual(['cardPaymentGet', 'managedAccountGet', 'managedCardGet', 'userGetById']);
  });

  it('answers null for one that is not there or is somebody else’s', async () => {
    const { id } = purchase(state(), debitCard(), order());
    const token = stack.sandbox.signIn('ada@consumer.example');
    expect(await stack.data(`{ cardPayment(id: "${id}") { id } }`, { token })).toEqual({ cardPayment: null });
    expect(await stack.data('{ cardPayment(id: "1") { id } }')).toEqual({ cardPayment: null });
  });

  it('ties a refund to its purchase, both ways', async () => {
    const card = debitCard();
    const bought = purchase(state(), card, order());
    settle(state(), bought, { at: now() });
    const back = credit(state(), card, { ...order(), type: 'REFUND', relatedCardPaymentId: bought.id });
    const { refund, purchase: origin } = await stack.data(
      `{ refund: cardPayment(id: "${back.id}") { type relatedCardPayment { type status } }
         purchase: cardPayment(id: "${bought.id}") { followingCardPayments { totalCount nodes { id } } } }`,
    );
    expect(refund).toEqual({ type: 'REFUND', relatedCardPayment: { type: 'PURCHASE', status: 'SETTLED' } });
    expect(origin.followingCardPayments).toEqual({ totalCount: 1, nodes: [{ id: back.id }] });
  });

  describe('with a filter', () => {
    const ids: string[] = [];
    const times: number[] = [];
    let cardId: string;

    /** On one card, a minute apart: a purchase in progress, a settled withdrawal, a declined one, and a credit. */
    beforeAll(() => {
      const card = debitCard();
      cardId = card.id;
      const cash = { subtype: 'cash_withdrawals' as const, merchant: { ...SHOP, name: 'Cash Machine' } };
      const steps = [
        () => purchase(state(), card, order()),
        () => purchase(state(), card, order({ ...cash, amount: euros(20_00) })),
        () => purchase(state(), card, order({ amount: euros(900_00) })),
        () =>
          credit(state(), card, { ...order({ amount: euros(5_00) }), type: 'REFUND', relatedCardPaymentId: ids[0] }),
      ];
      for (const step of steps) {
        times.push(now());
        ids.push(step().id);
        stack.sandbox.clock.advance(60_000);
      }
      const withdrawal = state().cardPayments.any(ids[1]!)!;
      settle(state(), withdrawal, { at: now() });
      reverse(state(), withdrawal, now());
    });

    it.each([
      ['nothing else', () => ({}), [3, 2, 1, 0]],
      ['status', () => ({ status: ['DECLINED', 'SETTLEMENT_IN_PROGRESS'] }), [2, 0]],
      ['type', () => ({ type: ['CASH_WITHDRAWAL', 'REFUND'] }), [3, 1]],
      ['subtype', () => ({ subtype: ['SALE_PURCHASES', 'CASH_WITHDRAWALS'] }), [2, 1, 0]],
      ['merchantName', () => ({ merchantName: 'cash' }), [1]],
      ['amountFrom', () => ({ amountFrom: 10_00 }), [2, 1, 0]],
      ['amountTo', () => ({ amountTo: 10_00 }), [3, 0]],
      ['relatedCardPaymentId', () => ({ relatedCardPaymentId: ids[0] }), [3]],
      ['createdFrom', () => ({ createdFrom: iso(times[2]!) }), [3, 2]],
      ['createdTo', () => ({ createdTo: iso(times[1]!) }), [1, 0]],
      ['updatedFrom', () => ({ updatedFrom: iso(times[3]!) }), [3, 1]],
      ['updatedTo', () => ({ updatedTo: iso(times[2]!) }), [2, 0]],
    ])('answers those that match: %s', async (_name, filter, expected) => {
      const { cardPayments } = await stack.data(
        'query ($filter: CardPaymentFilter) { cardPayments(filter: $filter) { totalCount nodes { id } } }',
        { variables: { filter: { cardId, ...filter() } }, token: stack.sandbox.signIn('root@acme.example') },
      );
      expect(idsOf(cardPayments)).toEqual(expected.map((place) => ids[place]));
      expect(cardPayments.totalCount).toBe(expected.length);
      expect(stack.calls).toEqual(['cardPaymentsGet']);
    });

    it('leads from the card to its payments, whatever card the filter names', async () => {
      const { managedCard } = await stack.data(
        `{ managedCard(id: "${cardId}") { payments(first: 2, sortOrder: ASC, filter: { cardId: "1" }) { nodes { id } } paymentEvents(sortOrder: ASC) { nodes { cardPayment { id } } } } }`,
        { token: stack.sandbox.signIn('root@acme.example') },
      );
      expect(idsOf(managedCard.payments)).toEqual([ids[0], ids[1]]);
      const paymentIds = managedCard.paymentEvents.nodes.map(
        ({ cardPayment }: { cardPayment: Node }) => cardPayment.id,
      );
      expect(paymentIds).toEqual([...ids, ids[1], ids[1]]);
      expect(stack.calls.sort()).toEqual(['cardPaymentEventsGet', 'cardPaymentsGet', 'managedCardGet']);
    });

    it.each([
      [
        'nothing else',
        () => ({}),
        ['SETTLEMENT', 'SETTLEMENT', 'REFUND', 'AUTHORISATION', 'AUTHORISATION', 'AUTHORISATION'],
      ],
      ['cardPaymentId', () => ({ cardPaymentId: ids[1] }), ['SETTLEMENT', 'SETTLEMENT', 'AUTHORISATION']],
      ['type', () => ({ type: ['SETTLEMENT', 'REFUND'] }), ['SETTLEMENT', 'SETTLEMENT', 'REFUND']],
      [
        'subtype',
        () => ({ subtype: ['CASH_WITHDRAWALS', 'PURCHASE_REFUNDS'] }),
        ['SETTLEMENT', 'SETTLEMENT', 'REFUND', 'AUTHORISATION'],
      ],
      ['reversal', () => ({ reversal: true }), ['SETTLEMENT']],
      ['no reversal', () => ({ reversal: false, type: ['SETTLEMENT'] }), ['SETTLEMENT']],
      ['occurredFrom', () => ({ occurredFrom: iso(times[3]!) }), ['SETTLEMENT', 'SETTLEMENT', 'REFUND']],
      ['occurredTo', () => ({ occurredTo: iso(times[0]!) }), ['AUTHORISATION']],
    ])('answers the steps that match: %s', async (_name, filter, expected) => {
      const { cardPaymentEvents } = await stack.data(
        'query ($filter: CardPaymentEventFilter) { cardPaymentEvents(filter: $filter) { nodes { type card { id } merchant { name } } } }',
        { variables: { filter: { cardId, ...filter() } }, token: stack.sandbox.signIn('root@acme.example') },
      );
      expect(cardPaymentEvents.nodes.map(({ type }: { type: string }) => type)).toEqual(expected);
      for (const { card, merchant } of cardPaymentEvents.nodes)
        expect([card.id, !!merchant.name]).toEqual([cardId, true]);
      expect(stack.calls).toEqual(['cardPaymentEventsGet']);
    });
  });
});
