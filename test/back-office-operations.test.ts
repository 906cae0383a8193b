import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../src/sandbox/core/server.js';
import { acmeOf, act as actFor, as, bearersIn, KEY } from './acting.js';
import { seconds, transferOf } from './bulking.js';
import { type Stack, startStack } from './harness.js';
import { BACK_OFFICE } from './operations.js';
import { payer } from './paying.js';
import type { Side } from './transferring.js';

const exchanges: Exchange[] = [];
let stack: Stack;
let acme: string;
/** An account with 250 movements, and two of the others. */
let main: Side;
let source: Side;
let destination: Side;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY] }, { onExchange: (exchange) => exchanges.push(exchange) });
  acme = acmeOf(stack);
  const accounts = stack.sandbox.state.managedAccounts.of(acme.split(':')[1]!).toReversed();
  const sides = accounts.map(({ id }): Side => ({ type: 'MANAGED_ACCOUNTS', id }));
  [main, source, destination] = sides as [Side, Side, Side];
});
afterAll(() => stack.close());

const { debitCard, prepaidCard } = payer(() => stack);

const act = (mutation: string, input: object, selection?: string) => actFor(stack, acme, mutation, input, selection);
const read = (query: string) => stack.data(query, as(acme));
/** What was sent of an operation, last. */
const sent = (id: string) => exchanges.findLast(({ operation }) => operation.id === id)!;
/** The calls for the last request but for its token. */
const calls = () => stack.calls.filter((call) => call !== 'requestAccessToken');

describe('Back Office', () => {
  it('charges fees', async () => {
    const input = { feeType: 'MONTHLY_FEE', source, idempotencyKey: 'fee-1' };
    const { fee, idempotencyKey } = await act('chargeFee', input, 'idempotencyKey fee { state source { id } }');
    expect([fee, idempotencyKey]).toEqual([{ state: 'COMPLETED', source: { id: source.id } }, 'fee-1']);
    expect(calls()).toEqual(['chargeFee']);
    expect(sent('chargeFee')).toMatchObject({
      path: '/multi/backoffice/fees/charge',
      headers: { 'idempotency-ref': 'fee-1' },
    });
  });

  it('reads an account, and the first form of its statement in pages of up to 500', async () => {
    const page = (args: string) =>
      read(`{ managedAccount(id: "${main.id}") { currency legacyStatement(${args}) {
        totalCount nodes { transactionId { id } } pageInfo { hasNextPage endCursor }
      } } }`);
    const { managedAccount: first } = await page('first: 200');
    expect(first.legacyStatement).toMatchObject({ totalCount: 250, pageInfo: { hasNextPage: true } });
    expect(calls()).toEqual(['managedAccountGet', 'managedAccountStatementDeprecated']);
    const { managedAccount: second } = await page(`first: 200, after: "${first.legacyStatement.pageInfo.endCursor}"`);
    expect(second.legacyStatement.nodes).toHaveLength(50);
    const { path, query } = sent('managedAccountStatementDeprecated');
    expect(path).toBe(`/multi/backoffice/managed_accounts/${main.id}/statement`);
    expect(Object.fromEntries(query)).toMatchObject({ offset: '200', statementLimit: '200' });
    expect((await page('first: 500')).managedAccount.legacyStatement.nodes).toHaveLength(250);
  });

  it('reads a card, and the first form of its statement in pages of up to 100', async () => {
    const { id } = prepaidCard();
    const statement = (first: number) =>
      stack.query(`{ managedCard(id: "${id}") { state legacyStatement(first: ${first}) { totalCount } } }`, as(acme));
    const { data } = await statement(100);
    expect(data.managedCard).toEqual({ state: 'ACTIVE', legacyStatement: { totalCount: 1 } });
    expect(calls()).toEqual(['managedCardGet', 'managedCardStatementDeprecated']);
    expect(sent('managedCardStatementDeprecated').path).toBe(`/multi/backoffice/managed_cards/${id}/statement`);
    const { errors } = await statement(101);
    expect(errors?.[0]).toMatchObject({ message: 'Argument "first": expected 1 to 100.' });
    expect(calls()).toEqual(['managedCardGet']);
  });

  it('renders statements, in their first form', async () => {
    const { id } = prepaidCard();
    for (const [of, field] of [
      [main.id, 'managedAccount'],
      [id, 'managedCard'],
    ])
      for (const [format, begins] of [
        ['PDF', '%PDF-'],
        ['CSV', 'processedTimestamp,'],
      ]) {
        const { object } = await read(
          `{ object: ${field}(id: "${of}") { statementDocument(format: ${format}) { url } } }`,
        );
        stack.calls.length = 0;
        const file = await fetch(object.statementDocument.url);
        expect([file.status, (await file.text()).slice(0, begins!.length)]).toEqual([200, begins]);
        expect(calls()).toEqual([`${field}StatementDeprecated`]);
      }
  });

  it('blocks, unblocks and removes cards', async () => {
    const { id } = prepaidCard(0);
    for (const [mutation, operation, state] of [
      ['blockManagedCard', 'managedCardBlock', 'BLOCKED'],
      ['unblockManagedCard', 'managedCardUnblock', 'ACTIVE'],
      ['removeManagedCard', 'managedCardRemove', 'DESTROYED'],
    ] as const) {
      expect(await act(mutation, { id }, 'managedCard { state }')).toEqual({ managedCard: { state } });
      expect(calls()).toEqual([operation, 'managedCardGet']);
    }
  });

  it('says what happens when a card expires', async () => {
    const { id } = debitCard();
    const input = { id, renewalType: 'RENEW', idempotencyKey: 'renewal-1' };
    expect(await act('updateManagedCardRenewalType', input, 'managedCard { renewalType }')).toEqual({
      managedCard: { renewalType: 'RENEW' },
    });
    expect(calls()).toEqual(['managedCardRenewalTypeUpdate', 'managedCardGet']);
    expect(sent('managedCardRenewalTypeUpdate').headers['idempotency-ref']).toBe('renewal-1');
  });

  it('gives a card rules, changes them, reads them and takes them away', async () => {
    const cardId = debitCard().id;
    const rules = 'spendRules { card { allowAtm } }';
    const answer = (allowAtm: boolean) => ({ spendRules: { card: { allowAtm } } });
    expect(await act('createSpendRules', { cardId, allowAtm: false }, rules)).toEqual(answer(false));
    expect(calls()).toEqual(['managedCardSpendRulesCreate', 'managedCardSpendRulesGet']);
    expect(await act('updateSpendRules', { cardId, allowAtm: true }, rules)).toEqual(answer(true));
    expect(calls()).toEqual(['managedCardSpendRulesUpdate', 'managedCardSpendRulesGet']);
    const { managedCard } = await read(`{ managedCard(id: "${cardId}") { ${rules} } }`);
    expect(managedCard).toEqual(answer(true));
    expect(await act('deleteSpendRules', { cardId }, rules)).toEqual({ spendRules: { card: null } });
    expect(calls()).toEqual(['managedCardSpendRulesDelete', 'managedCardSpendRulesGet']);
  });

  it('makes, lists and reads transfers', async () => {
    const input = { ...transferOf(source, destination, { tag: 'for-acme' }), idempotencyKey: 'transfer-1' };
    const { transfer } = await act('createTransfer', input, 'transfer { id state }');
    expect(transfer.state).toBe('COMPLETED');
    expect(calls()).toEqual(['transferCreate']);
    const { transfers } = await read('{ transfers(filter: { tag: "for-acme" }) { nodes { id } } }');
    expect(transfers.nodes).toEqual([{ id: transfer.id }]);
    expect(calls()).toEqual(['transfersGet']);
    expect(await read(`{ transfer(id: "${transfer.id}") { id state } }`)).toEqual({ transfer });
    expect(calls()).toEqual(['transferGet']);
  });

  it('creates, invites and deactivates users', async () => {
    const newcomer = { name: 'Nina', surname: 'New', email: 'nina@acme.example' };
    const { user } = await act('createUser', newcomer, 'user { id active }');
    expect(user.active).toBe(true);
    expect(calls()).toEqual(['userCreate']);
    for (const [mutation, operation] of [
      ['inviteUser', 'userInviteSend'],
      ['deactivateUser', 'userDeactivate'],
    ] as const) {
      expect(await act(mutation, { id: user.id }, 'user { __typename id }')).toEqual({
        user: { __typename: 'User', id: user.id },
      });
      expect(calls()).toEqual([operation]);
    }
    expect(stack.sandbox.state.users.any(user.id)?.active).toBe(false);
  });

  it('submits, executes, pauses, resumes and lists bulks, and calls them off', async () => {
    const items = Array.from({ length: 25 }, () => transferOf(source, destination));
    const submit = (key: string) => act('submitBulkTransfers', { items, idempotencyKey: key }, 'bulk { id }');
    const { bulk } = await submit('bulk-1');
    expect(calls()).toEqual(['bulksTransferCreate']);
    const step = async (mutation: string, operation: string, status: string, more = {}) => {
      expect(await act(mutation, { id: bulk.id, ...more }, 'bulk { status }')).toEqual({ bulk: { status } });
      expect(calls()).toEqual([operation, 'bulkId']);
    };
    await step('executeBulk', 'bulkIdExecute', 'RUNNING', { mode: 'ON_FAILURE_CONTINUE' });
    seconds(stack, 1);
    await step('pauseBulk', 'bulkIdPause', 'PAUSED');
    await step('resumeBulk', 'bulkIdResume', 'RUNNING');
    seconds(stack, 1);
    await step('cancelBulk', 'bulkIdCancel', 'CANCELLED');
    const { bulks } = await read(
      '{ bulks(filter: { status: CANCELLED }) { nodes { id operations { totalCount nodes { status path } } } } }',
    );
    expect(calls()).toEqual(expect.arrayContaining(['bulks', 'bulkIdOperations']));
    const { operations } = bulks.nodes.find(({ id }: { id: string }) => id === bulk.id);
    expect(operations.totalCount).toBe(25);
    expect(operations.nodes[0]).toEqual({ status: 'COMPLETED', path: '/transfers' });
  });

  it('changes the rules of many cards', async () => {
    const cardId = debitCard().id;
    await act('createSpendRules', { cardId, allowAtm: true });
    const items = [{ cardId, allowAtm: false }];
    const { bulk } = await act('submitBulkSpendRulesUpdate', { items, idempotencyKey: 'rules-1' }, 'bulk { id }');
    expect(calls()).toEqual(['bulksManagedCardSpendRulesUpdate']);
    expect(sent('bulksManagedCardSpendRulesUpdate').headers['idempotency-ref']).toBe('rules-1');
    await act('executeBulk', { id: bulk.id });
    seconds(stack, 1);
    expect(stack.sandbox.state.spendRules.get(cardId)?.allowAtm).toBe(false);
  });

  /** What no field calls in Back Office, and why. */
  const WITHOUT: Record<string, string> = {
    consumerChargeFee: 'deprecated: chargeFee does the same',
    corporateChargeFee: 'deprecated: chargeFee does the same',
    impersonateIdentityLogin: 'the older of two ways to a token, where BACK_OFFICE_LOGIN says so',
  };

  it('has no other operation, and none of these calls was Multi’s or had another identity’s token', () => {
    const known = new Set(exchanges.map(({ operation }) => operation.id.replace(/Deprecated$/, '')));
    expect(BACK_OFFICE.filter((id) => !known.has(id)).sort()).toEqual(Object.keys(WITHOUT));
    const ownerOf = bearersIn(exchanges);
    for (const exchange of exchanges) {
      expect(exchange.path).toMatch(/^\/multi\/backoffice\//);
      if (exchange.operation.auth === 'SESSION') expect(ownerOf(exchange)).toBe(acme);
    }
  });
});
