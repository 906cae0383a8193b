import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passBatch } from '../src/sandbox/beneficiary-batches.js';
import { type Batch, batching } from './batching.js';
import { type Stack, startStack } from './harness.js';
import { asAda } from './sending.js';
import { MINUTE_MS } from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const { act, created, start, verify } = batching(() => stack);

const stateOf = async (id: string) => (await stack.data(`{ beneficiary(id: "${id}") { state } }`)).beneficiary.state;

describe('reading batches', () => {
  it('reads the beneficiaries of all batches of a page with one call', async () => {
    const { beneficiaryBatches } = await stack.data(
      '{ beneficiaryBatches(first: 100, filter: { tag: ["partners", "banks", "couriers"] }) { nodes { tag beneficiaries { state } } } }',
    );
    const counts = beneficiaryBatches.nodes.map((batch: Batch & { tag: string }) => [
      batch.tag,
      batch.beneficiaries.length,
    ]);
    expect(counts).toEqual([
      ['couriers', 1],
      ['banks', 4],
      ['partners', 2],
    ]);
    expect(stack.calls).toEqual(['beneficiaryBatchesGet', 'beneficiariesGet']);
  });

  it('reads on where a batch has more beneficiaries than a page', async () => {
    const batch = await created(101);
    expect(batch.beneficiaries).toHaveLength(101);
    expect(stack.calls).toEqual(['beneficiaryBatchCreate', 'beneficiariesGet', 'beneficiariesGet']);
    expect(new Set(batch.beneficiaries.map(({ id }) => id)).size).toBe(101);
  });

  it.each<[name: string, filter: object, expected: string[]]>([
    ['state', { state: ['FAILED'] }, ['unsound']],
    ['operation', { operation: ['CREATE'], tag: ['banks', 'couriers'] }, ['couriers', 'banks']],
    ['tag', { tag: ['partners'] }, ['partners']],
    ['all of it', { operation: ['REMOVE'], state: ['PENDING_CHALLENGE'] }, []],
  ])('answers those that match: %s', async (_name, filter, expected) => {
    const { beneficiaryBatches } = await stack.data(
      'query ($filter: BeneficiaryBatchFilter) { beneficiaryBatches(filter: $filter) { totalCount nodes { tag } } }',
      { variables: { filter } },
    );
    expect(beneficiaryBatches.nodes.map(({ tag }: { tag: string }) => tag)).toEqual(expected);
    expect(beneficiaryBatches.totalCount).toBe(expected.length);
  });

  it('answers one, and null for one that is not there', async () => {
    const { id } = await created();
    const text = `{ beneficiaryBatch(id: "${id}") { id operation state } }`;
    const batch = { id, operation: 'CREATE', state: 'PENDING_CHALLENGE' };
    expect(await stack.data(text)).toEqual({ beneficiaryBatch: batch });
    expect(stack.calls).toEqual(['beneficiaryBatchGet']);
    expect(await stack.data(text, { token: asAda(stack) })).toEqual({ beneficiaryBatch: null });
  });
});

describe('confirming a batch', () => {
  it('is over after too many wrong codes: what was to be added never is', async () => {
    const { id, beneficiaries } = await created();
    await start(id);
    const refusals: string[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) refusals.push((await verify(id, '000000')).code);
    expect(refusals.slice(-2)).toEqual(['ONE_CHALLENGE_LIMIT_REMAINING', 'CHALLENGE_LIMIT_EXCEEDED']);
    expect(await verify(id)).toMatchObject({ code: 'STATE_INVALID' });
    expect(await stateOf(beneficiaries[0]!.id)).toBe('CHALLENGE_FAILED');
  });

  it('refuses a code that nobody asked for, and one after five minutes', async () => {
    const { id } = await created();
    expect(await verify(id)).toMatchObject({ code: 'STATE_INVALID', action: 'REFRESH' });
    await start(id);
    stack.sandbox.clock.advance(3 * MINUTE_MS);
    await start('1'); // keeps the session alive
    stack.sandbox.clock.advance(2 * MINUTE_MS + 1);
    expect(await verify(id)).toMatchObject({ code: 'VERIFICATION_CODE_EXPIRED', action: 'DO_FIRST' });
  });

  it('may be done on a device instead', async () => {
    const { id } = await created();
    expect(await act('startBeneficiaryBatchPush', { id, channel: 'BIOMETRIC' })).toMatchObject({
      batch: { state: 'PENDING_CHALLENGE' },
    });
    expect(stack.calls).toEqual(['beneficiaryBatchSCAChallengePush', 'beneficiaryBatchGet', 'beneficiariesGet']);
    const { state } = stack.sandbox;
    passBatch(state, state.corporates.all()[0]!.id.id, state.beneficiaryBatches.any(id)!);
    expect((await stack.data(`{ beneficiaryBatch(id: "${id}") { state } }`)).beneficiaryBatch.state).toBe('COMPLETED');
  });

  it('needs a device that is enrolled', async () => {
    const { id } = await created();
    expect(await act('startBeneficiaryBatchPush', { id, channel: 'AUTHY' })).toMatchObject({
      code: 'CHANNEL_NOT_REGISTERED',
      action: 'DO_FIRST',
    });
  });
});
