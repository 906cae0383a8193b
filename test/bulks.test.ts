import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkOf, change, executed, operationsOf, seconds, submit, transferOf, transfers } from './bulking.js';
import { type Stack, startStack } from './harness.js';
import { accountsIn, balanceOf, newAccount, type Side } from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe('a bulk of a hundred transfers', () => {
  let source: Side;
  let destination: Side;
  let before: number;
  let id: string;

  beforeAll(async () => {
    [source] = await accountsIn(stack, 'EUR');
    destination = await newAccount(stack);
    before = balanceOf(stack, source);
    const items = Array.from({ length: 100 }, (_, index) =>
      transferOf(source, destination, { tag: `number-${index}` }),
    );
    const submitted = await submit(stack, 'submitBulkTransfers', { items, idempotencyKey: 'hundred' });
    expect(stack.calls).toEqual(['bulksTransferCreate']);
    expect(submitted).toMatchObject({ operationCount: 100, path: '/transfers' });
    id = submitted.bulk.id;
    expect((await submit(stack, 'submitBulkTransfers', { items, idempotencyKey: 'hundred' })).bulk.id).toBe(id);
  });

  it('does nothing before it is executed', async () => {
    seconds(stack, 20);
    expect(await bulkOf(stack, id)).toEqual({
      status: 'SUBMITTED',
      mode: null,
      submittedItemsCount: 100,
      operation: '/transfers',
      startedAt: null,
      finishedAt: null,
      operationStatusCounts: [{ status: 'SUBMITTED', count: 100 }],
    });
    expect(stack.calls).toEqual(['bulkId']);
    expect(balanceOf(stack, destination)).toBe(0);
    expect(await change(stack, 'pauseBulk', id)).toEqual({ __typename: 'ConflictError', code: 'INVALID_STATE' });
    expect(await change(stack, 'resumeBulk', id)).toMatchObject({ code: 'INVALID_STATE' });
  });

  it('runs by itself, pauses and goes on, and moves each amount once', async () => {
    const more = { mode: 'ON_FAILURE_CONTINUE', webhookInterval: 25 };
    expect(await change(stack, 'executeBulk', id, more)).toMatchObject({ bulk: { status: 'RUNNING' } });
    expect(stack.calls).toEqual(['bulkIdExecute', 'bulkId']);
    expect(await change(stack, 'executeBulk', id)).toMatchObject({ code: 'INVALID_STATE' });
    seconds(stack, 3);
    expect(await change(stack, 'pauseBulk', id)).toMatchObject({ bulk: { status: 'PAUSED' } });
    seconds(stack, 20);
    expect((await bulkOf(stack, id)).operationStatusCounts).toEqual([
      { status: 'SUBMITTED', count: 70 },
      { status: 'COMPLETED', count: 30 },
    ]);
    expect(balanceOf(stack, destination)).toBe(30_00);
    expect(await change(stack, 'resumeBulk', id)).toMatchObject({ bulk: { status: 'RUNNING' } });
    seconds(stack, 20);
    expect(await bulkOf(stack, id)).toMatchObject({
      status: 'COMPLETED',
      mode: 'ON_FAILURE_CONTINUE',
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      operationStatusCounts: [{ status: 'COMPLETED', count: 100 }],
    });
    expect([balanceOf(stack, source), balanceOf(stack, destination)]).toEqual([before - 100_00, 100_00]);
    expect(stack.sandbox.state.ledger.total()).toBe(0);
    expect(await change(stack, 'cancelBulk', id)).toMatchObject({ code: 'INVALID_STATE' });
  });

  it('tells what became of each', async () => {
    const { totalCount, nodes } = await operationsOf(stack, id);
    expect(stack.calls).toEqual(['bulkId', 'bulkIdOperations']);
    expect(totalCount).toBe(100);
    expect(nodes[41]).toMatchObject({ sequence: 42, method: 'POST', path: '/transfers', status: 'COMPLETED' });
    expect(JSON.parse(nodes[41].requestPayload)).toMatchObject({ tag: 'number-41', source: { id: source.id } });
    const transfer = JSON.parse(nodes[41].responsePayload);
    expect((await stack.data(`{ transfer(id: "${transfer.id}") { tag state } }`)).transfer).toEqual({
      tag: 'number-41',
      state: 'COMPLETED',
    });
    expect(await operationsOf(stack, id, { sequence: 42 })).toEqual({ totalCount: 1, nodes: [nodes[41]] });
    expect((await operationsOf(stack, id, { status: 'FAILED' })).totalCount).toBe(0);
  });
});

describe('executing a bulk', () => {
  let source: Side;
  let destination: Side;
  beforeAll(async () => {
    [source, destination] = await accountsIn(stack, 'EUR');
  });
  const good = () => transferOf(source, destination);
  const bad = () => transferOf(source, source);

  it.each([
    ['ON_FAILURE_CONTINUE', 'PARTIALLY_COMPLETED', ['COMPLETED', 'FAILED', 'COMPLETED']],
    ['ON_FAILURE_STOP', 'PARTIALLY_COMPLETED', ['COMPLETED', 'FAILED', 'CANCELLED']],
  ])('by %s is %s after a failure in its midst', async (mode, status, outcomes) => {
    const id = await transfers(stack, [good(), bad(), good()]);
    expect(await executed(stack, id, mode)).toMatchObject({ status, mode });
    const { nodes } = await operationsOf(stack, id);
    expect(nodes.map((node: { status: string }) => node.status)).toEqual(outcomes);
    expect(JSON.parse(nodes[1].responsePayload)).toEqual({ errorCode: 'SOURCE_AND_DESTINATION_MUST_BE_DIFFERENT' });
  });

  it('fails if nothing of it succeeds', async () => {
    expect(await executed(stack, await transfers(stack, [bad(), bad()]))).toMatchObject({ status: 'FAILED' });
  });

  it('is called off with what is left of it', async () => {
    const empty = await newAccount(stack);
    const id = await transfers(
      stack,
      Array.from({ length: 30 }, () => transferOf(source, empty)),
    );
    await change(stack, 'executeBulk', id, { mode: 'ON_FAILURE_STOP' });
    seconds(stack, 1);
    expect(await change(stack, 'cancelBulk', id)).toMatchObject({ bulk: { status: 'CANCELLED' } });
    seconds(stack, 20);
    expect(await bulkOf(stack, id)).toMatchObject({
      status: 'CANCELLED',
      finishedAt: expect.any(String),
      operationStatusCounts: [
        { status: 'COMPLETED', count: 10 },
        { status: 'CANCELLED', count: 20 },
      ],
    });
    expect(balanceOf(stack, empty)).toBe(10_00);
    expect(await change(stack, 'resumeBulk', id)).toMatchObject({ code: 'INVALID_STATE' });
  });

  it('is called off before it begins', async () => {
    const id = await transfers(stack, [good()]);
    expect(await change(stack, 'cancelBulk', id)).toMatchObject({ bulk: { status: 'CANCELLED' } });
  });

  it('goes on at its own pace after a pause that nobody noticed', async () => {
    const id = await transfers(stack, Array.from({ length: 30 }, good));
    await change(stack, 'executeBulk', id, { mode: 'ON_FAILURE_STOP' });
    await change(stack, 'pauseBulk', id);
    await change(stack, 'resumeBulk', id);
    seconds(stack, 1.5);
    expect((await bulkOf(stack, id)).operationStatusCounts).toContainEqual({ status: 'COMPLETED', count: 10 });
  });
});

describe('reading bulks', () => {
  it('answers a page, in one call, and those of one status alone', async () => {
    const fresh = await startStack();
    const { bulks } = await fresh.data('{ bulks { totalCount nodes { id status submittedItemsCount operation } } }');
    expect(fresh.calls).toEqual(['bulks']);
    expect(bulks.nodes).toMatchObject([
      { status: 'SUBMITTED', submittedItemsCount: 2, operation: '/transfers' },
      { status: 'COMPLETED', submittedItemsCount: 1, operation: '/transfers' },
    ]);
    const done = await fresh.data('{ bulks(filter: { status: COMPLETED }) { totalCount } }');
    expect(done.bulks.totalCount).toBe(1);
    await fresh.close();
  });

  it('counts the operations of each bulk of a list with a call of its own', async () => {
    await stack.data('{ bulks(first: 2) { nodes { operationStatusCounts { count } } } }');
    expect(stack.calls).toEqual(['bulks', 'bulkId', 'bulkId']);
  });

  it('shows nobody the bulks of others', async () => {
    const { bulkId } = stack.sandbox.state.bulks.all()[0]!.process;
    const token = stack.sandbox.signIn('ada@consumer.example');
    const text = `{ bulk(id: "${bulkId}") { id } bulks { totalCount } }`;
    expect(await stack.data(text, { token })).toEqual({ bulk: null, bulks: { totalCount: 0 } });
  });
});
