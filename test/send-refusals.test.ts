import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { adaAsBeneficiary, asAda, CHARGED_SEND_PROFILE, createSend, LARGE, toAda } from './sending.js';
import { accountsIn, balanceOf, cardsIn, close, newAccount, type Side } from './transferring.js';

let stack: Stack;
let source: Side;
let ada: Side;
beforeAll(async () => {
  stack = await startStack();
  ({ source, destination: ada } = await toAda(stack));
});
afterAll(() => stack.close());

const to = (instrument: Side) => ({ destination: { instrument } });
const blocked = async () => close(stack, 'blockManagedAccount', await newAccount(stack, 'GBP'));
const removed = async () => close(stack, 'removeManagedAccount', await newAccount(stack, 'GBP'));

/** A new account of Ada's. */
async function adasNew(currency = 'GBP'): Promise<Side> {
  const { createManagedAccount } = await stack.data(
    `mutation ($currency: Currency!) {
      createManagedAccount(input: { profileId: "110000000000000001", friendlyName: "New", currency: $currency }) {
        ... on CreateManagedAccountPayload { managedAccount { id } }
      }
    }`,
    { variables: { currency }, token: asAda(stack) },
  );
  return { type: 'MANAGED_ACCOUNTS', id: createManagedAccount.managedAccount.id };
}

async function adasClosed(how: 'blockManagedAccount' | 'removeManagedAccount') {
  const account = await adasNew();
  await stack.data(`mutation { ${how}(input: { id: "${account.id}" }) { __typename } }`, { token: asAda(stack) });
  return account;
}

/** Dollars, under the profile that charges fees in pounds and euros. */
const inDollars = async () => ({
  profileId: CHARGED_SEND_PROFILE,
  source: (await accountsIn(stack, 'USD'))[0],
  ...to(await adasNew('USD')),
  amount: { currency: 'USD', amount: 100 },
});

async function adasDebitCard(): Promise<Side> {
  const { managedCards } = await stack.data('{ managedCards(filter: { mode: DEBIT_MODE }) { nodes { id } } }', {
    token: asAda(stack),
  });
  return { type: 'MANAGED_CARDS', id: managedCards.nodes[0].id };
}

/** A beneficiary of Acme's: one that is paid at a bank, and one that nobody has confirmed yet. */
async function beneficiaryNamed(name: string) {
  const { beneficiaries } = await stack.data(
    '{ beneficiaries(first: 100) { nodes { id information { ... on BusinessBeneficiary { businessName } } } } }',
  );
  const found = beneficiaries.nodes.findLast(
    ({ information }: { information: { businessName?: string } }) => information.businessName === name,
  );
  return { destination: { beneficiaryId: found.id } };
}

type Case = [code: string, action: string, input: () => object];

it.each<Case>([
  ['PROFILE_NOT_FOUND', 'CONTACT_SUPPORT', () => ({ profileId: '1' })],
  ['SOURCE_NOT_FOUND', 'FIX_INPUT', () => ({ source: ada })],
  ['DESTINATION_NOT_FOUND', 'FIX_INPUT', () => to({ type: 'MANAGED_ACCOUNTS', id: '1' })],
  ['BENEFICIARY_NOT_FOUND', 'FIX_INPUT', () => ({ destination: { beneficiaryId: '1' } })],
  ['BENEFICIARY_NOT_FOUND', 'FIX_INPUT', () => beneficiaryNamed('Road Runner Couriers')],
  ['BENEFICIARY_TYPE_INVALID', 'FIX_INPUT', () => beneficiaryNamed('Coyote Desert Supplies')],
  ['SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT', 'FIX_INPUT', () => to(source)],
  ['DESTINATION_BELONGS_TO_SAME_IDENTITY', 'FIX_INPUT', async () => to((await accountsIn(stack, 'GBP'))[1])],
  ['SOURCE_CANNOT_BE_DEBIT_MODE_CARD', 'FIX_INPUT', async () => ({ source: (await cardsIn(stack, 'DEBIT_MODE'))[0] })],
  ['DESTINATION_CANNOT_BE_DEBIT_MODE_CARD', 'FIX_INPUT', async () => to(await adasDebitCard())],
  ['SOURCE_INSTRUMENT_BLOCKED', 'REFRESH', async () => ({ source: await blocked() })],
  ['SOURCE_INSTRUMENT_DESTROYED', 'REFRESH', async () => ({ source: await removed() })],
  ['DESTINATION_INSTRUMENT_BLOCKED', 'REFRESH', async () => to(await adasClosed('blockManagedAccount'))],
  ['DESTINATION_INSTRUMENT_DESTROYED', 'REFRESH', async () => to(await adasClosed('removeManagedAccount'))],
  ['CURRENCY_MISMATCH', 'FIX_INPUT', async () => ({ source: (await accountsIn(stack, 'EUR'))[0] })],
  ['CURRENCY_MISMATCH', 'FIX_INPUT', () => ({ amount: { currency: 'EUR', amount: 100 } })],
  ['AMOUNT_INVALID', 'FIX_INPUT', () => ({ amount: { currency: 'GBP', amount: 0 } })],
  ['FEE_NOT_CONFIGURED_FOR_CURRENCY', 'CONTACT_SUPPORT', inDollars],
  [
    'DESTINATION_FEE_EXCEEDS_TRANSACTION_AMOUNT',
    'FIX_INPUT',
    () => ({ profileId: CHARGED_SEND_PROFILE, amount: { currency: 'GBP', amount: 19 } }),
  ],
  ['SCHEDULED_TIMESTAMP_INVALID', 'FIX_INPUT', () => ({ scheduledFor: '2020-01-01T00:00:00Z' })],
  ['FUNDS_INSUFFICIENT', 'DO_FIRST', () => ({ amount: { currency: 'GBP', amount: 2 ** 50 } })],
])('answers ConflictError %s, which asks for %s, and moves nothing', async (code, action, change) => {
  const input = { source, ...to(ada), ...(await change()) };
  const before = [balanceOf(stack, source), balanceOf(stack, ada)];
  const { data } = await createSend(stack, input);
  expect(data.createSend).toEqual({ __typename: 'ConflictError', code, action, retryable: false });
  expect([balanceOf(stack, source), balanceOf(stack, ada)]).toEqual(before);
});

it('counts what is set aside for others as gone', async () => {
  const empty = await newAccount(stack, 'GBP');
  const { createTransfer } = await stack.data(
    `mutation ($source: InstrumentIdInput!, $destination: InstrumentIdInput!) {
      createTransfer(input: {
        profileId: "130000000000000001", source: $source, destination: $destination,
        amount: { currency: "GBP", amount: 6000 }, idempotencyKey: "fund"
      }) { __typename }
    }`,
    { variables: { source, destination: empty } },
  );
  expect(createTransfer.__typename).toBe('CreateTransferPayload');
  const order = { source: empty, ...to(ada), amount: LARGE };
  expect((await createSend(stack, order)).data.createSend.send.state).toBe('PENDING_CHALLENGE');
  expect((await createSend(stack, order)).data.createSend.code).toBe('FUNDS_INSUFFICIENT');
});

it('answers ValidationError, with the paths of the input, when Weavr finds it invalid', async () => {
  const beneficiaryId = await adaAsBeneficiary(stack);
  const wrong = { description: 'x'.repeat(256), tag: 'no blanks' };
  const { data } = await createSend(stack, { source, destination: { beneficiaryId }, ...wrong });
  expect(data.createSend).toMatchObject({
    __typename: 'ValidationError',
    fields: [
      { path: ['input', 'tag'], rule: 'REGEX' },
      { path: ['input', 'description'], rule: 'SIZE' },
    ],
  });
});
