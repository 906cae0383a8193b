import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARD, cardMaker, ORDER } from './card-maker.js';
import { type Stack, startStack } from './harness.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const { stored, token, virtualCard, debitCard, physicalCard, run, read } = cardMaker(() => stack);

describe('making a card physical', () => {
  it('orders its plastic, once', async () => {
    const { id } = virtualCard();
    const order = {
      id,
      ...ORDER,
      deliveryMethod: 'COURIER',
      pin: '1357',
      activationCode: '42',
      idempotencyKey: 'up-1',
    };
    const selection = `idempotencyKey managedCard { ${CARD} }`;
    expect(await run('upgradeCardToPhysical', order, selection)).toMatchObject({
      idempotencyKey: 'up-1',
      managedCard: {
        type: 'PHYSICAL',
        state: 'ACTIVE',
        physicalCardDetails: {
          pendingActivation: true,
          pinBlocked: false,
          manufacturingState: 'REQUESTED',
          deliveryMethod: 'COURIER',
          carrierType: 'letter',
          deliveryTrackingCode: null,
        },
      },
    });
    expect(stack.calls).toEqual(['managedCardPhysicalUpgrade']);
    expect(await run('upgradeCardToPhysical', { id, ...ORDER })).toMatchObject({
      code: 'INSTRUMENT_ALREADY_UPGRADED_TO_PHYSICAL',
      action: 'REFRESH',
    });
  });

  it.each([
    ['no design, where there are two', { productReference: null }, 'PRODUCT_REFERENCE_NOT_SPECIFIED'],
    ['a design of nobody', { productReference: 'constructor' }, 'PRODUCT_REFERENCE_INVALID'],
    ['a carrier of nobody', { carrierType: 'pigeon' }, 'CARRIER_TYPE_INVALID'],
    ['a PIN that is no four digits', { pin: '12345' }, 'PIN_INVALID_FORMAT'],
    [
      'more letters than its design can print',
      { productReference: 'anvil-band', nameOnCardLine2: 'Acme Limited Malta' },
      'MAX_PRINT_CHARACTERS_EXCEEDED',
    ],
    ['a bulk delivery by post', { bulkDelivery: true }, 'DELIVERY_METHOD_INVALID'],
    [
      'a bulk delivery that nobody can be called for',
      { bulkDelivery: true, deliveryMethod: 'COURIER' },
      'CONTACT_NUMBER_NEEDED_FOR_BULK_DELIVERY',
    ],
  ])('refuses %s', async (_what, wrong, code) => {
    const { id } = virtualCard();
    const refused = await run('upgradeCardToPhysical', { id, ...ORDER, ...wrong });
    expect(refused).toEqual({ __typename: 'ConflictError', code, action: 'FIX_INPUT' });
    expect(stored(id).type).toBe('VIRTUAL');
  });

  it.each([
    ['INSTRUMENT_BLOCKED', { state: 'BLOCKED', blockedReason: 'USER' }],
    ['INSTRUMENT_DESTROYED', { state: 'DESTROYED', destroyedReason: 'USER' }],
    ['INSTRUMENT_NOT_ENABLED', { state: 'NOT_ENABLED' }],
  ] as const)('answers %s for a card in that state', async (code, cardState) => {
    const card = virtualCard();
    card.state = cardState;
    expect(await run('upgradeCardToPhysical', { id: card.id, ...ORDER })).toMatchObject({ code, action: 'REFRESH' });
  });

  it('refuses a card whose account is blocked', async () => {
    const refused = await run('upgradeCardToPhysical', { id: debitCard(11).id, ...ORDER });
    expect(refused).toMatchObject({ code: 'PARENT_MANAGED_ACCOUNT_BLOCKED', action: 'DO_FIRST' });
  });

  it('names the path of the input that Weavr finds invalid', async () => {
    const wrong = { deliveryAddress: { name: 'Ben', surname: 'Bolt' }, pin: '1', activationCode: 'abc' };
    const { fields } = await run('upgradeCardToPhysical', { id: virtualCard().id, ...wrong });
    expect(fields).toContainEqual({ path: ['input', 'deliveryAddress', 'city'], rule: 'REQUIRED' });
    expect(fields).toContainEqual({ path: ['input', 'pin'], rule: 'SIZE' });
    expect(fields).toContainEqual({ path: ['input', 'activationCode'], rule: 'REGEX' });
  });

  it('prints within the hour, sends within a day and tracks the parcel the day after', async () => {
    const id = await physicalCard({}, { activated: false });
    const after = async (ms: number) => {
      stack.sandbox.clock.advance(ms);
      const { manufacturingState, deliveryTrackingCode } = (await read(id)).physicalCardDetails;
      return [manufacturingState, deliveryTrackingCode];
    };
    expect(await after(0)).toEqual(['REQUESTED', null]);
    expect(await after(HOUR_MS)).toEqual(['SENT_FOR_FULFILLMENT', null]);
    expect(await after(DAY_MS)).toEqual(['DISPATCHED', null]);
    expect(await after(DAY_MS)).toEqual(['DISPATCHED', expect.stringMatching(/^SBX\d+MT$/)]);
    await run('activatePhysicalCard', { id });
    expect((await after(DAY_MS))[0]).toBe('DELIVERED');
  });
});

describe('activating a card', () => {
  it('checks the code, if one was set and one is given', async () => {
    const id = await physicalCard({ activationCode: '42' }, { activated: false });
    const refused = await run('activatePhysicalCard', { id, activationCode: '43' });
    expect(refused).toMatchObject({ code: 'ACTIVATION_CODE_INVALID', action: 'FIX_INPUT' });
    expect(await run('activatePhysicalCard', { id, activationCode: '42' })).toMatchObject({
      managedCard: { physicalCardDetails: { pendingActivation: false, manufacturingState: 'DELIVERED' } },
    });
    expect(stack.calls).toEqual(['managedCardPhysicalActivate']);
    expect(await run('activatePhysicalCard', { id })).toMatchObject({ code: 'INSTRUMENT_ALREADY_ACTIVATED' });
  });

  it('takes no code, or any where none was set', async () => {
    const [first, second] = [
      await physicalCard({ activationCode: '42' }, { activated: false }),
      await physicalCard({}, { activated: false }),
    ];
    expect(await run('activatePhysicalCard', { id: first })).toMatchObject({ managedCard: { id: first } });
    expect(await run('activatePhysicalCard', { id: second, activationCode: '9' })).toMatchObject({
      managedCard: { id: second },
    });
  });

  it('may be the only field of its operation', async () => {
    const { errors } = await stack.query(
      'mutation { a: activatePhysicalCard(input: { id: "1" }) { __typename } b: activatePhysicalCard(input: { id: "1" }) { __typename } }',
    );
    expect(errors?.[0]?.extensions.code).toBe('SENSITIVE_NOT_ALONE');
    expect(stack.calls).toEqual([]);
  });
});

describe('the PIN of a card', () => {
  const reveal = (id: string) => run('revealPhysicalCardPin', { id }, 'pin');

  it('is revealed in one call, which is made anew each time', async () => {
    const id = await physicalCard({ pin: '1357' });
    expect(await reveal(id)).toEqual({ __typename: 'RevealPhysicalCardPinPayload', pin: '1357' });
    expect(stack.calls).toEqual(['managedCardPhysicalPinGet']);
    stored(id).secrets.pin = '2468';
    expect(await reveal(id)).toMatchObject({ pin: '2468' });
  });

  it('may be the only field of its operation', async () => {
    const { errors } = await stack.query(
      'mutation { revealPhysicalCardPin(input: { id: "1" }) { __typename } blockManagedCard(input: { id: "1" }) { __typename } }',
    );
    expect(errors?.[0]?.extensions.code).toBe('SENSITIVE_NOT_ALONE');
    expect(stack.calls).toEqual([]);
  });

  it('is not there when the read fails: nothing was changed, so the outcome is known', async () => {
    const id = await physicalCard({ pin: '1357' });
    const text = 'mutation ($id: ID!) { revealPhysicalCardPin(input: { id: $id }) { __typename } }';
    const operation = 'managedCardPhysicalPinGet';
    stack.sandbox.faults.plan({ kind: 'RESET', effect: true }, { operation, times: 3 });
    const { errors } = await stack.query(text, { variables: { id }, token: token() });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(stack.calls).toEqual([operation, operation, operation]);
  });

  it('asks for a step-up where Weavr does', async () => {
    const id = await physicalCard({ pin: '1357' });
    stack.sandbox.faults.plan(
      { kind: 'STATUS', status: 403, effect: false, body: { errorCode: 'STEP_UP_REQUIRED' } },
      { operation: 'managedCardPhysicalPinGet' },
    );
    const { errors } = await stack.query(`mutation { revealPhysicalCardPin(input: { id: "${id}" }) { __typename } }`, {
      token: token(),
    });
    expect(errors?.[0]?.extensions.code).toBe('STEP_UP_REQUIRED');
  });

  it('must be set, and its card activated and in use', async () => {
    const waiting = await physicalCard({ pin: '1357' }, { activated: false });
    const bare = await physicalCard();
    const blocked = await physicalCard({ pin: '1357' });
    stored(blocked).state = { state: 'BLOCKED', blockedReason: 'USER' };
    const destroyed = await physicalCard({ pin: '1357' });
    stored(destroyed).state = { state: 'DESTROYED', destroyedReason: 'USER' };
    const refusals = [virtualCard().id, waiting, bare, blocked, destroyed].map(async (id) => (await reveal(id)).code);
    expect(await Promise.all(refusals)).toEqual([
      'INSTRUMENT_NOT_PHYSICAL',
      'PHYSICAL_CARD_NOT_ACTIVATED',
      'PIN_NOT_SET',
      'INSTRUMENT_BLOCKED',
      'INSTRUMENT_DESTROYED',
    ]);
  });

  it('is hidden while it is blocked, and unblocked on demand', async () => {
    const id = await physicalCard({ pin: '1357' });
    stored(id).physicalCardDetails!.pinBlocked = true;
    expect(await reveal(id)).toMatchObject({ code: 'PIN_TRIES_EXCEEDED', action: 'DO_FIRST' });
    const unblocked = await run('unblockPhysicalCardPin', { id });
    expect(unblocked.managedCard.physicalCardDetails.pinBlocked).toBe(false);
    expect(stack.calls).toEqual(['managedCardPhysicalPinUnBlock', 'managedCardGet']);
    expect(await reveal(id)).toMatchObject({ pin: '1357' });
  });
});

describe('the contactless limit', () => {
  it('is reset for what is worn', async () => {
    const id = await physicalCard({ productReference: 'anvil-band' });
    expect(await run('resetContactlessLimit', { id })).toMatchObject({ managedCard: { id } });
    expect(stack.calls).toEqual(['managedCardPhysicalContactlessLimitReset', 'managedCardGet']);
  });

  it('is not reset for what is carried', async () => {
    const refused = await run('resetContactlessLimit', { id: await physicalCard() });
    expect(refused).toMatchObject({ code: 'PHYSICAL_CARD_TYPE_NOT_SUPPORTED', action: 'REFRESH' });
  });
});
