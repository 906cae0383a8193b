import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { simulating } from './simulating.js';
import { accountsIn, balanceOf, close, newAccount, type Side } from './transferring.js';
import { balancesOf } from './wiring.js';

let stack: Stack;
/** In euros, with an IBAN. */
let account: Side;
beforeAll(async () => {
  stack = await startStack();
  account = (await accountsIn(stack, 'EUR'))[1];
});
afterEach(() => expect(state().ledger.total()).toBe(0));
afterAll(() => stack.close());

const state = () => stack.sandbox.state;

const { act, read } = simulating(() => stack);

const euros = (amount: number, currency = 'EUR') => ({ currency, amount });

describe('a deposit', () => {
  const SENDER = { senderName: 'Aunt May', reference: 'For books', receiverName: 'Acme' };
  const FROM = { iban: { iban: 'DE89370400440532013000', bankIdentifierCode: 'COBADEFFXXX' } };
  const deposit = (input: object = {}, selection?: string) =>
    act('simulateDeposit', { accountId: account.id, amount: euros(25_00), ...input }, selection);
  const depositTo = (input: object) => act('simulateDepositByIban', { amount: euros(25_00), ...input });

  /** The newest wire in. */
  const newest = async (selection: string) =>
    (await read(`{ incomingWireTransfers(first: 1) { nodes { ${selection} } } }`)).incomingWireTransfers.nodes[0];

  /** How the account that a number leads to is reached. */
  const detailsOf = (accountId: string) => state().ibans.get(accountId)!.bankAccountDetails![0]!;
  const ibanOf = (accountId: string) => (detailsOf(accountId).details as { iban: string }).iban; // it is not in pounds

  it('arrives: on the account, as a wire in and on the statement', async () => {
    const [available = 0, actual = 0] = balancesOf(stack, account.id);
    stack.sandbox.clock.advance(1_000);
    const input = { ...SENDER, from: FROM, transactionId: 4711, paymentNetwork: 'SWIFT' };
    const balances = 'balances { available { amount } actual { amount } }';
    expect(await deposit(input, `outcome managedAccount { ${balances} }`)).toEqual({
      outcome: 'COMPLETED',
      managedAccount: { balances: { available: { amount: available + 25_00 }, actual: { amount: actual + 25_00 } } },
    });
    expect(stack.calls).toEqual(['accounts_account_id_deposit', 'managedAccountGet']);
    const wire = 'id state amount { value } paymentNetwork senderName senderIban senderReference destination { id }';
    expect(await newest(wire)).toEqual({
      id: '4711',
      state: 'COMPLETED',
      amount: { value: '25.00' },
      paymentNetwork: 'SWIFT',
      senderName: 'Aunt May',
      senderIban: 'DE89370400440532013000',
      senderReference: 'For books',
      destination: { id: account.id },
    });
    const { managedAccount } = await read(
      `{ managedAccount(id: "${account.id}") {
           statement(first: 1, sortOrder: DESC) { nodes { transaction { type id } description balanceAdjustment { amount } balanceAfter { amount }
             counterparty { ... on BankAccountCounterparty { name iban bic } } } }
           legacyStatement(first: 1) { nodes { transactionId { type } actualBalanceAdjustment { amount } actualBalanceAfter { amount } } }
           transactions(first: 1) { nodes { type direction status amount { value } } } } }`,
    );
    expect(managedAccount).toEqual({
      statement: {
        nodes: [
          {
            transaction: { type: 'INCOMING_WIRE_TRANSFERS', id: '4711' },
            description: 'For books',
            balanceAdjustment: { amount: 25_00 },
            balanceAfter: { amount: actual + 25_00 },
            counterparty: { name: 'Aunt May', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
          },
        ],
      },
      legacyStatement: {
        nodes: [
          {
            transactionId: { type: 'DEPOSIT' },
            actualBalanceAdjustment: { amount: 25_00 },
            actualBalanceAfter: { amount: actual + 25_00 },
          },
        ],
      },
      transactions: {
        nodes: [
          { type: 'INCOMING_WIRE_TRANSFERS', direction: 'CREDIT', status: 'COMPLETED', amount: { value: '25.00' } },
        ],
      },
    });
  });

  it.each<[outcome: string, input: () => object | Promise<object>]>([
    ['DENIED_ACCOUNT_NOT_FOUND', () => ({ accountId: '1' })],
    ['DENIED_AMOUNT_NOT_POSITIVE', () => ({ amount: euros(0) })],
    ['DENIED_CURRENCY_NOT_ACCOUNT_CURRENCY', () => ({ amount: euros(25_00, 'GBP') })],
    [
      'DENIED_ACCOUNT_INACTIVE',
      async () => ({ accountId: (await close(stack, 'blockManagedAccount', await withIban())).id }),
    ],
    ['DENIED_ACCOUNT_NOT_UPGRADED_TO_IBAN', async () => ({ accountId: (await newAccount(stack)).id })],
    ['DENIED_INVALID_TX_ID', () => ({ transactionId: 4711 })],
    ['DENIED_INVALID_TX_ID', () => ({ transactionId: -1 })],
    ['DENIED_OTHER', () => ({ amount: euros(Number.MAX_SAFE_INTEGER) })],
  ])('is refused with %s, which is an outcome, and leaves no trace', async (outcome, input) => {
    const given = await input();
    const [before, wire] = [balancesOf(stack, account.id), await newest('id')];
    expect(await deposit(given)).toEqual({ outcome });
    expect([balancesOf(stack, account.id), await newest('id')]).toEqual([before, wire]);
  });

  /** A new account with bank details. */
  async function withIban() {
    const opened = await newAccount(stack);
    await act('assignManagedAccountIban', { id: opened.id }, '__typename');
    stack.sandbox.clock.advance(2_000);
    return opened;
  }

  it.each<[where: string, from: object, sender: object]>([
    [
      'a sort code',
      { from: { sortCode: { sortCode: '200052', accountNumber: '55779911' } } },
      { sortCode: '200052', accountNumber: '55779911' },
    ],
    ['neither', { from: { accountDescriptor: 'ACC-1' } }, { sortCode: null, accountNumber: 'ACC-1' }],
    ['an IBAN alone', { senderIban: 'DE89370400440532013000' }, { sortCode: null, accountNumber: null }],
  ])('comes from an account with %s', async (_where, from, sender) => {
    await deposit({ ...SENDER, ...from });
    const { managedAccount } = await read(
      `{ managedAccount(id: "${account.id}") { statement(first: 1, sortOrder: DESC) { nodes { counterparty { ... on BankAccountCounterparty { sortCode accountNumber } } } } } }`,
    );
    expect(managedAccount.statement.nodes[0].counterparty).toEqual(sender);
  });

  it('finds the account by its IBAN, the old way too, or by its sort code', async () => {
    const [pounds] = await accountsIn(stack, 'GBP');
    const iban = ibanOf(account.id);
    const sortCode = detailsOf(pounds.id).details;
    const before = [balanceOf(stack, account), balanceOf(stack, pounds)] as const;
    expect(await depositTo({ ...SENDER, from: FROM, to: { iban: { iban } } })).toEqual({ outcome: 'COMPLETED' });
    expect(stack.calls).toEqual(['accounts_deposit']);
    expect(await depositTo({ iban })).toEqual({ outcome: 'COMPLETED' });
    expect(balanceOf(stack, account)).toBe(before[0] + 50_00);
    const inPounds = { amount: euros(25_00, 'GBP'), from: { sortCode }, to: { sortCode } };
    expect(await depositTo(inPounds)).toEqual({ outcome: 'COMPLETED' });
    expect(balanceOf(stack, pounds)).toBe(before[1] + 25_00);
  });

  it('finds the account that is meant where two share an IBAN', async () => {
    const other = await withIban();
    const iban = ibanOf(account.id);
    Object.assign(detailsOf(other.id).details, { iban });
    const { paymentReference } = detailsOf(other.id);
    expect(await depositTo({ to: { iban: { iban } }, paymentReference })).toEqual({ outcome: 'COMPLETED' });
    expect(balanceOf(stack, other)).toBe(25_00);
    const unknown = { to: { iban: { iban } }, paymentReference: 'none' };
    expect(await depositTo(unknown)).toEqual({ outcome: 'DENIED_ACCOUNT_NOT_FOUND' });
    expect(await depositTo({})).toEqual({ outcome: 'DENIED_ACCOUNT_NOT_FOUND' });
  });

  it.each<[path: string, input: object, rule: string]>([
    ['paymentNetwork', { paymentNetwork: 'TARGET' }, 'IN'],
    ['senderIban', { senderIban: 'DE 89' }, 'REGEX'],
    ['from.iban.iban', { from: { iban: { iban: 'DE' } } }, 'REGEX'],
    ['from.sortCode.sortCode', { from: { sortCode: { sortCode: '1', accountNumber: '55779911' } } }, 'REGEX'],
    ['from.accountDescriptor', { from: { accountDescriptor: 'x'.repeat(51) } }, 'SIZE'],
  ])('answers ValidationError for a wrong %s', async (path, input, rule) => {
    expect(await deposit(input)).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', ...path.split('.')], rule }],
    });
  });

  it.each<[path: string, input: object, rule: string]>([
    ['to.iban.iban', { to: { iban: { iban: 'de' } } }, 'REGEX'],
    ['to.sortCode.sortCode', { to: { sortCode: { sortCode: '1', accountNumber: '2' } } }, 'REGEX'],
    ['from.iban.bankIdentifierCode', { from: { iban: { iban: 'DE', bankIdentifierCode: '?' } } }, 'REGEX'],
    ['from.sortCode.accountNumber', { from: { sortCode: { sortCode: '200052', accountNumber: 'x' } } }, 'REGEX'],
    ['from.accountDescriptor', { from: { accountDescriptor: 'x'.repeat(51) } }, 'SIZE'],
  ])('answers ValidationError for a wrong %s of one that names bank details', async (path, input, rule) => {
    expect(await depositTo(input)).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', ...path.split('.')], rule }],
    });
  });

  it('may have happened where no whole answer came, and is neither repeated nor safe to repeat', async () => {
    const before = balanceOf(stack, account);
    stack.sandbox.faults.plan({ kind: 'RESET', effect: true }, { operation: 'accounts_account_id_deposit' });
    const { data } = await stack.query(
      `mutation ($input: SimulateDepositInput!) { simulateDeposit(input: $input) {
        __typename ... on OutcomeUnknownError { code retryable idempotencyKey operation } } }`,
      { variables: { input: { accountId: account.id, amount: euros(25_00) } } },
    );
    expect(data.simulateDeposit).toEqual({
      __typename: 'OutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
      idempotencyKey: null,
      operation: 'accounts_account_id_deposit',
    });
    expect(stack.calls).toEqual(['accounts_account_id_deposit']);
    expect(balanceOf(stack, account)).toBe(before + 25_00);
  });
});
