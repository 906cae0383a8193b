import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiveWire } from '../src/sandbox/incoming-wire-transfers.js';
import { type Stack, startStack } from './harness.js';
import { accountsIn, newAccount } from './transferring.js';
import { balancesOf } from './wiring.js';

let stack: Stack;
let euros: string;
beforeAll(async () => {
  stack = await startStack();
  euros = (await accountsIn(stack, 'EUR'))[3]!.id;
});
afterAll(() => stack.close());

const SENDER = { name: 'Globex GmbH', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', reference: 'Order 99' };

const receive = (accountId: string, amount = 10_00, currency = 'EUR') => {
  const { state } = stack.sandbox;
  return receiveWire(state, state.managedAccounts.any(accountId), {
    amount: { currency, amount },
    sender: SENDER,
    description: 'Order 99',
  });
};

const newest = async (selection: string) =>
  (await stack.data(`{ incomingWireTransfers(first: 1) { totalCount nodes { ${selection} } } }`)).incomingWireTransfers;

describe('reading incoming wire transfers', () => {
  it('answers a page newest first, in one call', async () => {
    const { incomingWireTransfers } = await stack.data(
      '{ incomingWireTransfers(first: 100) { totalCount nodes { state createdAt ... on Transaction { id amount { value } } } } }',
    );
    const { nodes, totalCount } = incomingWireTransfers;
    expect(nodes).toHaveLength(totalCount);
    const times = nodes.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(new Set(nodes.map(({ state }: { state: string }) => state))).toEqual(
      new Set(['COMPLETED', 'PENDING', 'REJECTED']),
    );
    expect(stack.calls).toEqual(['incomingWireTransfersGet']);
  });

  it('tells all of one that was converted, the rate as an exact decimal', async () => {
    const { incomingWireTransfers } = await stack.data(
      '{ incomingWireTransfers(first: 100) { nodes { id paymentNetwork } } }',
    );
    const { id } = incomingWireTransfers.nodes.find(
      (wire: { paymentNetwork: string }) => wire.paymentNetwork === 'SWIFT',
    );
    const { incomingWireTransfer } = await stack.data(
      `{ incomingWireTransfer(id: "${id}") { profileId amount { value } fee { value } senderName senderIban senderReference
         isInstant executedAt destination { __typename friendlyName }
         forex { exchangeRate originalAmount { value currency } feeAmount { value } } } }`,
    );
    expect(incomingWireTransfer).toEqual({
      profileId: '170000000000000001',
      amount: { value: '460.00' },
      fee: { value: '2.00' },
      senderName: 'Globex GmbH',
      senderIban: 'DE89370400440532013000',
      senderReference: 'Order 12',
      isInstant: false,
      executedAt: expect.any(String),
      destination: { __typename: 'ManagedAccount', friendlyName: 'EUR account 6' },
      forex: {
        exchangeRate: '0.92',
        originalAmount: { value: '500.00', currency: 'USD' },
        feeAmount: { value: '4.60' },
      },
    });
    expect(stack.calls).toEqual(['incomingWireTransferGet', 'managedAccountGet']);
  });

  it('is where the entries of statements lead, from the opening deposit on', async () => {
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${euros}") { statement(first: 1) { nodes {
           transaction { id details { __typename ... on IncomingWireTransfer { id senderName amount { value } } } } } } } }`,
    );
    const [{ transaction }] = managedAccount.statement.nodes;
    expect(transaction.details).toEqual({
      __typename: 'IncomingWireTransfer',
      id: transaction.id,
      senderName: 'Universal Exports',
      amount: { value: '13000.00' },
    });
  });

  it('answers null for one that is not there or is somebody else’s', async () => {
    const { nodes } = await newest('id');
    const text = `{ incomingWireTransfer(id: "${nodes[0].id}") { id } }`;
    const nobodys = { incomingWireTransfer: null };
    expect(await stack.data(text, { token: stack.sandbox.signIn('ada@consumer.example') })).toEqual(nobodys);
    expect(await stack.data('{ incomingWireTransfer(id: "1") { id } }')).toEqual(nobodys);
  });
});

describe('with a filter', () => {
  const find = async (filter: object, sortOrder = 'DESC') => {
    const { incomingWireTransfers } = await stack.data(
      `query ($filter: IncomingWireTransferFilter, $sortOrder: SortOrder!) {
         incomingWireTransfers(first: 100, filter: $filter, sortOrder: $sortOrder) { nodes { state createdAt executedAt } } }`,
      { variables: { filter, sortOrder } },
    );
    expect(stack.calls).toEqual(['incomingWireTransfersGet']);
    return incomingWireTransfers.nodes as { state: string; createdAt: string; executedAt: string | null }[];
  };

  it('answers those in a state, oldest first where asked', async () => {
    expect((await find({ state: ['PENDING', 'REJECTED'] }, 'ASC')).map(({ state }) => state)).toEqual([
      'REJECTED',
      'PENDING',
    ]);
  });

  it('answers those of a time, by when they came and by when they changed', async () => {
    const [, second, third] = await find({});
    const period = { createdFrom: third!.createdAt, createdTo: second!.createdAt };
    expect(await find(period)).toEqual([second, third]);
    expect(await find({ updatedFrom: third!.createdAt, updatedTo: second!.createdAt })).toEqual([second, third]);
    expect(await find({ updatedFrom: new Date(stack.sandbox.clock.now() + 1_000).toISOString() })).toEqual([]);
  });
});

describe('money from another bank', () => {
  it('is credited, and stands in the list and on the account', async () => {
    const [available, actual] = balancesOf(stack, euros);
    const before = (await newest('id')).totalCount;
    stack.sandbox.clock.advance(1_000);
    expect(receive(euros, 12_34)).toBe('COMPLETED');
    expect(balancesOf(stack, euros)).toEqual([available! + 12_34, actual! + 12_34]);
    expect(await newest('state amount { value } paymentNetwork senderName destination { id }')).toEqual({
      totalCount: before + 1,
      nodes: [
        {
          state: 'COMPLETED',
          amount: { value: '12.34' },
          paymentNetwork: 'SEPA',
          senderName: 'Globex GmbH',
          destination: { id: euros },
        },
      ],
    });
  });

  it.each<[code: string, deny: () => string | Promise<string>]>([
    ['DENIED_ACCOUNT_NOT_FOUND', () => receive('1')],
    ['DENIED_ACCOUNT_INACTIVE', async () => receive(await blocked())],
    ['DENIED_ACCOUNT_NOT_UPGRADED_TO_IBAN', async () => receive((await newAccount(stack)).id)],
    ['DENIED_CURRENCY_NOT_ACCOUNT_CURRENCY', () => receive(euros, 10_00, 'GBP')],
    ['DENIED_AMOUNT_NOT_POSITIVE', () => receive(euros, 0)],
  ])('is refused with %s, and leaves no trace', async (code, deny) => {
    const before = (await newest('id')).totalCount;
    expect(await deny()).toBe(code);
    expect((await newest('id')).totalCount).toBe(before);
  });

  async function blocked() {
    const { id } = await newAccount(stack);
    await stack.data(`mutation { blockManagedAccount(input: { id: "${id}" }) { __typename } }`);
    return id;
  }
});
