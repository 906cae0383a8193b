import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARD, cardMaker, ORDER } from './card-maker.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const { state, stored, virtualCard, account, debitCard, physicalCard, run, read } = cardMaker(() => stack);

describe('a card that is lost or stolen', () => {
  it('is blocked for good when it is lost, also before it was activated', async () => {
    const id = await physicalCard({}, { activated: false });
    const { managedCard } = await run('reportCardLost', { id });
    expect(managedCard).toMatchObject({ state: 'BLOCKED', blockedReason: 'LOST' });
    expect(stack.calls).toEqual(['managedCardPhysicalReportLost', 'managedCardGet']);
    expect(await run('unblockManagedCard', { id })).toMatchObject({ code: 'INSTRUMENT_MARKED_LOST_STOLEN' });
    expect(await run('activatePhysicalCard', { id })).toMatchObject({ code: 'INSTRUMENT_BLOCKED' });
    expect(await run('reportCardLost', { id })).toMatchObject({ code: 'INSTRUMENT_ALREADY_MARKED_LOST' });
  });

  it('is destroyed when it is stolen', async () => {
    const id = await physicalCard();
    const { managedCard } = await run('reportCardStolen', { id });
    expect(managedCard).toMatchObject({ state: 'DESTROYED', destroyedReason: 'STOLEN' });
    expect(stack.calls).toEqual(['managedCardPhysicalReportStolen', 'managedCardGet']);
    expect(await run('reportCardStolen', { id })).toMatchObject({ code: 'INSTRUMENT_ALREADY_MARKED_STOLEN' });
    expect(await run('reportCardLost', { id })).toMatchObject({ code: 'INSTRUMENT_ALREADY_MARKED_STOLEN' });
  });

  it('must have been in somebody’s hand to be stolen, and be a card still', async () => {
    const waiting = await physicalCard({}, { activated: false });
    expect(await run('reportCardStolen', { id: waiting })).toMatchObject({ code: 'PHYSICAL_CARD_NOT_ACTIVATED' });
    expect(await run('reportCardLost', { id: virtualCard().id })).toMatchObject({ code: 'INSTRUMENT_NOT_PHYSICAL' });
    stored(waiting).state = { state: 'DESTROYED', destroyedReason: 'USER' };
    expect(await run('reportCardLost', { id: waiting })).toMatchObject({ code: 'INSTRUMENT_DESTROYED' });
  });

  const replace = (id: string, selection = `replacement { ${CARD} }`) =>
    run('replaceLostOrStolenCard', { id, activationCode: '77' }, selection);

  it.each(['reportCardLost', 'reportCardStolen'])(
    'is replaced after %s by a new one, which gets its funds but for what is held',
    async (report) => {
      const id = await physicalCard({ pin: '1357', productReference: 'anvil-band' }, { funds: 50_00 });
      state().ledger.hold(id, 'purchase', 20_00);
      state().spendRules.set(id, { allowAtm: false });
      await run(report, { id });
      const { replacement } = await replace(id);
      expect(stack.calls).toEqual(['managedCardPhysicalReplaceLostOrStolen']);
      expect(replacement).toMatchObject({
        state: 'ACTIVE',
        type: 'PHYSICAL',
        tag: 'mine',
        physicalCardDetails: { pendingActivation: true, manufacturingState: 'REQUESTED' },
        balances: { available: { amount: 30_00 } },
      });
      expect(replacement.id).not.toBe(id);
      expect(await read(id)).toMatchObject({
        state: 'DESTROYED',
        destroyedReason: report === 'reportCardLost' ? 'LOST' : 'STOLEN',
        replacement: { reason: 'LOST_STOLEN', managedCard: { id: replacement.id } },
        balances: { available: { amount: 0 }, actual: { amount: 20_00 } },
      });
      const { movement } = state().ledger.entriesOf(replacement.id)[0]!;
      expect(movement.transaction).toMatchObject({
        type: 'system_transactions',
        subtype: 'lost_stolen_replacement_balance_transfers',
      });
      expect(state().spendRules.get(replacement.id)).toEqual({ allowAtm: false });
      const wrong = await run('activatePhysicalCard', { id: replacement.id, activationCode: '78' });
      expect(wrong.code).toBe('ACTIVATION_CODE_INVALID');
      await run('activatePhysicalCard', { id: replacement.id, activationCode: '77' });
      expect(await run('revealPhysicalCardPin', { id: replacement.id }, 'pin')).toMatchObject({ pin: '1357' });
    },
  );

  it('is replaced once under one key', async () => {
    const id = await physicalCard();
    await run('reportCardLost', { id });
    const input = { id, activationCode: '77', idempotencyKey: 'again' };
    const first = await run('replaceLostOrStolenCard', input, 'replacement { id }');
    expect(await run('replaceLostOrStolenCard', input, 'replacement { id }')).toEqual(first);
    expect(await replace(id)).toMatchObject({ code: 'INSTRUMENT_ALREADY_REPLACED', action: 'REFRESH' });
  });

  it('is replaced for its owner alone, and only when it was reported', async () => {
    const id = await physicalCard();
    expect(await replace(id)).toMatchObject({ code: 'INSTRUMENT_NOT_MARKED_LOST_OR_STOLEN' });
    expect(await replace(virtualCard().id)).toMatchObject({ code: 'INSTRUMENT_NOT_PHYSICAL' });
    await run('removeManagedCard', { id });
    expect(await replace(id)).toMatchObject({ code: 'INSTRUMENT_DESTROYED' });
    const text = `mutation { replaceLostOrStolenCard(input: { id: "${id}", activationCode: "1" }) { __typename ... on MutationError { code } } }`;
    const ada = await stack.data(text, { token: stack.sandbox.signIn('ada@consumer.example') });
    expect(ada.replaceLostOrStolenCard).toMatchObject({ code: 'NOT_FOUND' });
    const nobody = await stack.query(text, { token: null });
    expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('waits for its account to be active', async () => {
    const card = debitCard(0);
    await run('upgradeCardToPhysical', { id: card.id, ...ORDER });
    await run('reportCardLost', { id: card.id });
    const parent = account(0);
    parent.state = { state: 'BLOCKED', blockedReason: 'USER' };
    expect(await replace(card.id)).toMatchObject({ code: 'PARENT_MANAGED_ACCOUNT_NOT_ACTIVE', action: 'DO_FIRST' });
    parent.state = { state: 'ACTIVE' };
    expect(await replace(card.id, 'replacement { ... on DebitCard { parentManagedAccount { id } } }')).toMatchObject({
      replacement: { parentManagedAccount: { id: parent.id } },
    });
  });
});

describe('a damaged card', () => {
  const replace = (id: string) => run('replaceDamagedCard', { id, activationCode: '88' });

  it('works until the one in its place is activated, which gets its funds', async () => {
    const id = await physicalCard({}, { funds: 10_00 });
    const { managedCard } = await replace(id);
    expect(stack.calls).toEqual(['managedCardPhysicalReplaceDamaged', 'managedCardGet']);
    expect(managedCard).toMatchObject({ state: 'ACTIVE', replacement: { reason: 'DAMAGED' } });
    expect(await replace(id)).toMatchObject({ code: 'INSTRUMENT_ALREADY_PENDING_REPLACEMENT' });

    const next = managedCard.replacement.managedCard.id;
    const activated = await run('activatePhysicalCard', { id: next, activationCode: '88' });
    expect(activated.managedCard.balances.available.amount).toBe(10_00);
    expect(await read(id)).toMatchObject({ state: 'DESTROYED', balances: { actual: { amount: 0 } } });
    expect(await replace(id)).toMatchObject({ code: 'INSTRUMENT_ALREADY_DESTROYED' });
  });

  it('must be physical, activated, and not lost', async () => {
    const lost = await physicalCard();
    await run('reportCardLost', { id: lost });
    const waiting = await physicalCard({}, { activated: false });
    const refusals = [virtualCard().id, waiting, lost].map(async (id) => (await replace(id)).code);
    expect(await Promise.all(refusals)).toEqual([
      'INSTRUMENT_NOT_PHYSICAL',
      'PHYSICAL_CARD_NOT_ACTIVATED',
      'INSTRUMENT_MARKED_AS_LOST',
    ]);
  });
});
