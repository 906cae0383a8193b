import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookkeeper, day, iso } from './bookkeeper.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const { newAccount, rewrite } = bookkeeper(() => stack);

async function statementOf(id: string, selection: string) {
  const { managedAccount } = await stack.data(`{ managedAccount(id: "${id}") { statement { ${selection} } } }`);
  return managedAccount.statement;
}

describe('the first form in place of the current one', () => {
  const amount = (value: number) => ({ currency: 'EUR', amount: value });
  const answer = (entries: object[]) =>
    rewrite('managedAccountStatement', () => ({
      entry: entries,
      count: 9,
      startBalance: amount(1),
      endBalance: amount(2),
    }));
  const entry = (type: string, adjustment: number, additionalFields: object, more = {}) => ({
    transactionId: { type, id: '5' },
    processedTimestamp: String(day(1)),
    actualBalanceAdjustment: amount(adjustment),
    actualBalanceAfter: amount(50),
    additionalFields,
    ...more,
  });

  it('is shown as far as both forms agree', async () => {
    answer([
      entry(
        'SETTLEMENT',
        -7,
        { merchantName: 'Shop' },
        { originalAmount: amount(9), forexRate: { value: 15, scale: 1 } },
      ),
    ]);
    const statement = await statementOf(
      newAccount(),
      `totalCount openingBalance { amount } closingBalance { amount } nodes { entryId transaction { id type } executedAt
        balanceAdjustment { amount } balanceAfter { amount } forex { originalAmount { amount } exchangeRate } counterparty { __typename } }`,
    );
    expect(statement).toEqual({
      totalCount: 9,
      openingBalance: { amount: 1 },
      closingBalance: { amount: 2 },
      nodes: [
        {
          entryId: null,
          transaction: { id: '5', type: 'CARD_PAYMENTS' },
          executedAt: iso(day(1)),
          balanceAdjustment: { amount: -7 },
          balanceAfter: { amount: 50 },
          forex: { originalAmount: { amount: 9 }, exchangeRate: '1.5' },
          counterparty: { __typename: 'MerchantCounterparty' },
        },
      ],
    });
  });

  it('tells the other side from the additional fields', async () => {
    const both = {
      sourceInstrumentId: '1',
      sourceInstrumentType: 'MANAGED_CARDS',
      destinationInstrumentId: '2',
      destinationInstrumentType: 'MANAGED_ACCOUNTS',
    };
    answer([
      entry('DEPOSIT', 7, { sender: 'Payer', senderIban: 'MT1' }),
      entry('OUTGOING_WIRE_TRANSFER', -7, {
        beneficiaryName: 'Payee',
        beneficiaryAccount: 'MT2',
        beneficiaryBankCode: 'MALTMTMT',
      }),
      entry('TRANSFER', 7, both),
      entry('TRANSFER', -7, { ...both, destinationIdentityType: 'CORPORATE' }),
      entry('KIND_OF_TOMORROW', -7, {}),
    ]);
    const { nodes } = await statementOf(
      newAccount(),
      `nodes { transaction { type } counterparty {
        ... on BankAccountCounterparty { name iban bic } ... on InstrumentCounterparty { id type owner { type } } } }`,
    );
    expect(nodes).toEqual([
      { transaction: { type: 'INCOMING_WIRE_TRANSFERS' }, counterparty: { name: 'Payer', iban: 'MT1', bic: null } },
      {
        transaction: { type: 'OUTGOING_WIRE_TRANSFERS' },
        counterparty: { name: 'Payee', iban: 'MT2', bic: 'MALTMTMT' },
      },
      { transaction: { type: 'TRANSFERS' }, counterparty: { id: '1', type: 'MANAGED_CARDS', owner: { type: null } } },
      {
        transaction: { type: 'TRANSFERS' },
        counterparty: { id: '2', type: 'MANAGED_ACCOUNTS', owner: { type: 'CORPORATE' } },
      },
      { transaction: { type: null }, counterparty: null },
    ]);
  });
});
