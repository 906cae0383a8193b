import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import {
  accountsIn,
  balanceOf,
  cardsIn,
  close,
  createTransfer,
  inAMinute,
  MINUTE_MS,
  newAccount,
  type Side,
  transferred,
} from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const eur = () => accountsIn(stack, 'EUR');
const gbp = async () => (await accountsIn(stack, 'GBP'))[0];
const debitCard = async () => (await cardsIn(stack, 'DEBIT_MODE'))[0];
const blocked = async () => close(stack, 'blockManagedAccount', await newAccount(stack));
const removed = async () => close(stack, 'removeManagedAccount', await newAccount(stack));

async function adas(): Promise<Side> {
  const token = stack.sandbox.signIn('ada@consumer.example');
  const { managedAccounts } = await stack.data('{ managedAccounts { nodes { id } } }', { token });
  return { type: 'MANAGED_ACCOUNTS', id: managedAccounts.nodes[0].id };
}

/** An account's id under the other type. */
const asCard = async (): Promise<Side> => ({ type: 'MANAGED_CARDS', id: (await eur())[1].id });

type Case = [code: string, action: string, input: () => object];

it.each<Case>([
  ['PROFILE_INACTIVE', 'CONTACT_SUPPORT', () => ({ profileId: '1' })],
  ['SOURCE_NOT_FOUND', 'FIX_INPUT', async () => ({ source: await adas() })],
  ['SOURCE_NOT_FOUND', 'FIX_INPUT', async () => ({ source: await asCard() })],
  ['DESTINATION_NOT_FOUND', 'FIX_INPUT', async () => ({ destination: await adas() })],
  ['SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT', 'FIX_INPUT', async () => ({ destination: (await eur())[0] })],
  ['SOURCE_CANNOT_BE_DEBIT_MODE_CARD', 'FIX_INPUT', async () => ({ source: await debitCard() })],
  ['DESTINATION_CANNOT_BE_DEBIT_MODE_CARD', 'FIX_INPUT', async () => ({ destination: await debitCard() })],
  ['SOURCE_INSTRUMENT_BLOCKED', 'REFRESH', async () => ({ source: await blocked() })],
  ['DESTINATION_INSTRUMENT_BLOCKED', 'REFRESH', async () => ({ destination: await blocked() })],
  ['SOURCE_INSTRUMENT_DESTROYED', 'REFRESH', async () => ({ source: await removed() })],
  ['DESTINATION_INSTRUMENT_DESTROYED', 'REFRESH', async () => ({ destination: await removed() })],
  ['CURRENCY_MISMATCH', 'FIX_INPUT', async () => ({ destination: await gbp() })],
  ['CURRENCY_MISMATCH', 'FIX_INPUT', () => ({ amount: { currency: 'GBP', amount: 100 } })],
  ['AMOUNT_INVALID', 'FIX_INPUT', () => ({ amount: { currency: 'EUR', amount: 0 } })],
  ['SCHEDULED_TIMESTAMP_INVALID', 'FIX_INPUT', () => ({ scheduledFor: '2020-01-01T00:00:00Z' })],
  ['FUNDS_INSUFFICIENT', 'DO_FIRST', () => ({ amount: { currency: 'EUR', amount: 2 ** 50 } })],
])('answers ConflictError %s, which asks for %s, and moves nothing', async (code, action, change) => {
  const [source, destination] = await eur();
  const input = { source, destination, ...(await change()) };
  const before = [balanceOf(stack, source), balanceOf(stack, destination)];
  const { data } = await createTransfer(stack, input);
  expect(data.createTransfer).toEqual({ __typename: 'ConflictError', code, action, retryable: false });
  expect([balanceOf(stack, source), balanceOf(stack, destination)]).toEqual(before);
});

it('refuses what is wrong with the instruments before it looks at the money', async () => {
  const [source] = await eur();
  const amount = { currency: 'EUR', amount: 2 ** 50 };
  const { data } = await createTransfer(stack, { source, destination: await blocked(), amount });
  expect(data.createTransfer.code).toBe('DESTINATION_INSTRUMENT_BLOCKED');
});

it('answers ValidationError, with the paths of the input, when Weavr finds it invalid', async () => {
  const [source, destination] = await eur();
  const { data } = await createTransfer(stack, { source, destination, description: 'x'.repeat(256), tag: 'no blanks' });
  expect(data.createTransfer).toMatchObject({
    __typename: 'ValidationError',
    fields: [
      { path: ['input', 'tag'], rule: 'REGEX' },
      { path: ['input', 'description'], rule: 'SIZE' },
    ],
  });
});

it('fails a scheduled transfer, and moves nothing, where the money or an instrument is gone by its time', async () => {
  const [rich, destination] = await eur();
  const [source, closing] = [await newAccount(stack), await newAccount(stack)];
  await createTransfer(stack, { source: rich, destination: source });
  const scheduledFor = inAMinute(stack);
  const ids = [
    (await transferred(stack, { source, destination, scheduledFor })).id,
    (await transferred(stack, { source, destination, scheduledFor })).id,
    (await transferred(stack, { source: rich, destination: closing, scheduledFor })).id,
  ];
  await close(stack, 'blockManagedAccount', closing);
  stack.sandbox.clock.advance(MINUTE_MS);
  const { transfers } = await stack.data('{ transfers(first: 3) { nodes { id state executedAt } } }');
  expect(transfers.nodes.reverse()).toEqual([
    { id: ids[0], state: 'COMPLETED', executedAt: scheduledFor },
    { id: ids[1], state: 'FAILED', executedAt: null },
    { id: ids[2], state: 'FAILED', executedAt: null },
  ]);
  expect([balanceOf(stack, source), balanceOf(stack, closing)]).toEqual([0, 0]);
});
