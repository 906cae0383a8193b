import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Batch, batching } from './batching.js';
import { type Stack, startStack } from './harness.js';
import { adaAsBeneficiary, adasAccount, asAda } from './sending.js';
import { accountsIn } from './transferring.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const { atBank, create, created, start, verify, confirm, remove } = batching(() => stack);

const stateOf = async (id: string) => (await stack.data(`{ beneficiary(id: "${id}") { state } }`)).beneficiary.state;

describe('reading beneficiaries', () => {
  it('tells of each kind who it is and where it is paid, in one call', async () => {
    const { beneficiaries } = await stack.data(
      `{ beneficiaries(first: 100, filter: { group: ["partners", "landlords"] }) { totalCount nodes {
        group trustLevel externalRefs
        information { ... on BusinessBeneficiary { businessName } ... on ConsumerBeneficiary { fullName nationality dateOfBirth } }
        details {
          ... on InstrumentReference { type }
          ... on BeneficiaryBankAccount { details { ... on SortCodeDetails { sortCode accountNumber secondaryReference } } }
        }
      } } }`,
    );
    const ada = { fullName: 'Ada Lovelace', nationality: 'GB', dateOfBirth: '1985-12-10' };
    expect(beneficiaries).toEqual({
      totalCount: 3,
      nodes: [
        {
          group: 'landlords',
          trustLevel: 'TRUSTED',
          externalRefs: [],
          information: { fullName: 'Grace Hopper', nationality: 'US', dateOfBirth: '1986-12-09' },
          details: { details: { sortCode: '040004', accountNumber: '12345678', secondaryReference: 'FLAT 3' } },
        },
        {
          group: 'partners',
          trustLevel: 'TRUSTED',
          externalRefs: [],
          information: { ...ada, nationality: null, dateOfBirth: null },
          details: { type: 'MANAGED_CARDS' },
        },
        {
          group: 'partners',
          trustLevel: 'TRUSTED',
          externalRefs: ['crm-1', 'erp-77'],
          information: ada,
          details: { type: 'MANAGED_ACCOUNTS' },
        },
      ],
    });
    expect(stack.calls).toEqual(['beneficiariesGet']);
  });

  it('tells what became of each, and by which batch, without a further call', async () => {
    const { beneficiaries } = await stack.data(
      `{ beneficiaries(first: 100) { nodes { state validationFailure operations { operation batch { id operation } } } } }`,
    );
    const told = beneficiaries.nodes.map(
      ({ state, validationFailure, operations }: Batch & { validationFailure: string; operations: object[] }) =>
        [state, validationFailure, operations.length] as const,
    );
    expect(told.slice(0, 4)).toEqual([
      ['PENDING_CHALLENGE', null, 1],
      ['INVALID', 'INSTRUMENT_DETAILS_NOT_FOUND', 1],
      ['INVALID', 'BENEFICIARY_DETAILS_ALREADY_EXIST', 1],
      ['REMOVED', null, 2],
    ]);
    expect(beneficiaries.nodes[3].operations).toEqual([
      { operation: 'CREATE', batch: { id: expect.any(String), operation: 'CREATE' } },
      { operation: 'REMOVE', batch: { id: expect.any(String), operation: 'REMOVE' } },
    ]);
    expect(stack.calls).toEqual(['beneficiariesGet']);
  });

  it('reads the batches of many beneficiaries with one call', async () => {
    const { beneficiaries } = await stack.data(
      '{ beneficiaries(first: 100) { nodes { operations { batch { state } } } } }',
    );
    const states = beneficiaries.nodes.flatMap(({ operations }: { operations: { batch: Batch }[] }) =>
      operations.map(({ batch }) => batch.state),
    );
    expect(new Set(states)).toEqual(new Set(['COMPLETED', 'FAILED', 'PENDING_CHALLENGE']));
    expect(stack.calls).toEqual(['beneficiariesGet', 'beneficiaryBatchesGet']);
  });

  it('answers one, and null for one that is not there or is somebody else’s', async () => {
    const id = await adaAsBeneficiary(stack);
    const text = `{ beneficiary(id: "${id}") { state } }`;
    expect(await stack.data(text)).toEqual({ beneficiary: { state: 'ACTIVE' } });
    expect(stack.calls).toEqual(['beneficiaryGet']);
    expect(await stack.data(text, { token: asAda(stack) })).toEqual({ beneficiary: null });
    expect(await stack.data('{ beneficiary(id: "1") { id } }')).toEqual({ beneficiary: null });
  });

  it('answers those of several batches', async () => {
    const [one, other] = [await created(1), await created(2)];
    await created();
    const { beneficiaries } = await stack.data(
      'query ($batchId: [ID!]) { beneficiaries(filter: { batchId: $batchId }) { nodes { id } } }',
      { variables: { batchId: [one.id, other.id] } },
    );
    const members = [...one.beneficiaries, ...other.beneficiaries].map(({ id }) => id);
    expect(beneficiaries.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(members.sort());
  });
});

describe('adding beneficiaries', () => {
  it('takes every kind, in one call, and activates them once the user has confirmed', async () => {
    const ada = { type: 'MANAGED_ACCOUNTS', id: (await adasAccount(stack)).id };
    await confirm((await remove([await adaAsBeneficiary(stack)])).batch.id);
    const person = { fullName: 'Ada Lovelace', nationality: 'GB', dateOfBirth: '1985-12-10' };
    const bank = { address: 'Berlin', bankName: 'Desert Bank', bankAddress: 'Bonn', bankCountry: 'DE' };
    const iban = { iban: 'DE02120300000000202051', bankIdentifierCode: 'BYLADEM1001' };
    const beneficiaries = [
      { information: { consumer: person }, details: { instrument: ada }, externalRefs: ['crm-1'] },
      { ...atBank(), details: { bankAccount: { ...bank, details: { iban } } }, group: 'paints' },
      atBank(),
    ];
    const { batch } = await create(beneficiaries, { tag: 'mixed' }, 'id state operation tag requiredAction');
    expect(batch).toEqual({
      id: expect.any(String),
      state: 'PENDING_CHALLENGE',
      operation: 'CREATE',
      tag: 'mixed',
      requiredAction: 'CHALLENGE',
    });
    expect(stack.calls).toEqual(['beneficiaryBatchCreate']);

    expect(await start(batch.id)).toMatchObject({ batch: { state: 'PENDING_CHALLENGE' } });
    expect(stack.calls).toEqual(['beneficiaryBatchSCAChallenge', 'beneficiaryBatchGet', 'beneficiariesGet']);
    expect(await verify(batch.id, '000000')).toMatchObject({ code: 'VERIFICATION_CODE_INVALID', action: 'FIX_INPUT' });
    const { batch: confirmed } = await verify(batch.id);
    expect(confirmed).toMatchObject({ state: 'COMPLETED', requiredAction: null });
    expect(confirmed.beneficiaries.map(({ state }: Batch) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect(stack.calls).toEqual(['beneficiaryBatchSCAVerify', 'beneficiaryBatchGet', 'beneficiariesGet']);

    const { beneficiaries: kept } = await stack.data(
      `query ($id: [ID!]) { beneficiaries(filter: { batchId: $id }) { nodes {
        information { ... on ConsumerBeneficiary { fullName nationality dateOfBirth } }
        details {
          ... on InstrumentReference { type id instrument { id } }
          ... on BeneficiaryBankAccount { address bankName bankAddress bankCountry details { ... on IbanDetails { iban bankIdentifierCode } } }
        }
      } } }`,
      { variables: { id: batch.id } },
    );
    expect(kept.nodes[2]).toEqual({ information: person, details: { ...ada, instrument: { id: ada.id } } });
    expect(kept.nodes[1].details).toEqual({ ...bank, details: iban });
  });

  it('says of each by itself what is wrong with it, and goes on with the others', async () => {
    const [own] = await accountsIn(stack, 'EUR');
    const sound = atBank();
    const to = (instrument: object) => ({ ...sound, details: { instrument } });
    const { batch } = await create([
      sound,
      sound,
      to(own),
      to({ type: 'MANAGED_CARDS', id: (await adasAccount(stack)).id }),
    ]);
    const failures = ({ beneficiaries }: Batch) => beneficiaries.map(({ validationFailure }) => validationFailure);
    expect(failures(batch).reverse()).toEqual([
      null,
      'BENEFICIARY_DETAILS_ALREADY_EXIST',
      'BENEFICIARY_BELONGS_TO_SAME_IDENTITY',
      'INSTRUMENT_DETAILS_NOT_FOUND',
    ]);
    const { beneficiaries } = await confirm(batch.id);
    expect(beneficiaries.map(({ state }) => state)).toEqual(['INVALID', 'INVALID', 'INVALID', 'ACTIVE']);
  });

  it('fails a batch without any sound beneficiary', async () => {
    const [own] = await accountsIn(stack, 'EUR');
    const { batch } = await create([{ ...atBank(), details: { instrument: own } }]);
    expect(batch).toMatchObject({ state: 'FAILED', requiredAction: null });
    expect(await start(batch.id)).toMatchObject({ code: 'STATE_INVALID', action: 'REFRESH' });
  });

  it('adds nothing twice under one key', async () => {
    const beneficiaries = [atBank()];
    const first = await create(beneficiaries, { idempotencyKey: 'once' });
    expect(await create(beneficiaries, { idempotencyKey: 'once' })).toEqual(first);
  });

  it('answers ValidationError, with the paths of the input, when Weavr finds it invalid', async () => {
    const business = { businessName: 'x'.repeat(151) };
    const consumer = { fullName: '' };
    const wrongNumber = { sortCode: { sortCode: '20-00-00', accountNumber: '1' } };
    const answer = await create([
      { information: { business }, details: { bankAccount: { address: '', details: wrongNumber } } },
      { information: { consumer }, details: { bankAccount: { details: { iban: { iban: 'DE 02' } } } } },
    ]);
    const at = (index: number, path: string) => ['input', 'beneficiaries', String(index), ...path.split('.')];
    expect(answer).toEqual({
      __typename: 'ValidationError',
      fields: [
        { path: at(0, 'information.business.businessName'), rule: 'SIZE' },
        { path: at(0, 'details.bankAccount.address'), rule: 'SIZE' },
        { path: at(0, 'details.bankAccount.details.sortCode.sortCode'), rule: 'REGEX' },
        { path: at(0, 'details.bankAccount.details.sortCode.accountNumber'), rule: 'REGEX' },
        { path: at(1, 'information.consumer.fullName'), rule: 'SIZE' },
        { path: at(1, 'details.bankAccount.details.iban.iban'), rule: 'REGEX' },
      ],
    });
  });
});

describe('removing beneficiaries', () => {
  it('leaves them active until the user has confirmed', async () => {
    const [one, other] = (await confirm((await created(2)).id)).beneficiaries;
    const { batch } = await remove([one!.id]);
    expect(batch).toMatchObject({ operation: 'REMOVE', state: 'PENDING_CHALLENGE', requiredAction: 'CHALLENGE' });
    expect(batch.beneficiaries).toEqual([{ id: one!.id, state: 'ACTIVE', validationFailure: null }]);
    expect(stack.calls).toEqual(['beneficiaryBatchRemove', 'beneficiariesGet']);
    await confirm(batch.id);
    expect([await stateOf(one!.id), await stateOf(other!.id)]).toEqual(['REMOVED', 'ACTIVE']);
  });

  it('refuses somebody else’s and none at all, and fails for one that is gone', async () => {
    expect(await remove(['1'])).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect(await remove([])).toMatchObject({ fields: [{ path: ['input', 'beneficiaryIds'], rule: 'SIZE' }] });
    const { beneficiaries } = await created();
    expect((await remove([beneficiaries[0]!.id])).batch).toMatchObject({ state: 'FAILED', beneficiaries: [] });
  });
});
