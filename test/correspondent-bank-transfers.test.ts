import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptWire } from '../src/sandbox/core/wires.js';
import { type Stack, startStack } from './harness.js';
import { accountsIn, inAMinute, MINUTE_MS } from './transferring.js';
import { balancesOf, CORRESPONDENT_BANK_PROFILE, ERRORS, IBAN, passChallenge, SORT_CODE } from './wiring.js';

let stack: Stack;
let euros: string;
let pounds: string;
beforeAll(async () => {
  stack = await startStack();
  euros = (await accountsIn(stack, 'EUR'))[2]!.id;
  pounds = (await accountsIn(stack, 'GBP'))[0].id;
});
afterAll(() => stack.close());

const ACCOUNT = { account: 'MT84MALT011000012345MTLCAST001S', financialInstitution: 'MALTMTMT' };
const COMPANY = {
  name: 'Road Runner Couriers',
  tag: 'client-7',
  registrationAddress: '1 Desert Mile, Valletta',
  registrationCountry: 'MT',
  bankAccountDetails: ACCOUNT,
  document: { documentType: 'LEI', documentNumber: '5493001KJTIIGC8Y1R12' },
};
const PERSON = {
  name: 'Wanda Coyote',
  address: '2 Desert Mile, Valletta',
  country: 'MT',
  bankAccountDetails: ACCOUNT,
  supplementaryInformation: { birth: { dateOfBirth: '1980-02-29', placeOfBirth: 'Valletta, Malta' } },
};
const TO_IBAN = { iban: { ...IBAN, address: '3 Elbe Road, Hamburg' } };
const IN_POUNDS = { fasterPayments: { ...SORT_CODE, address: '9 Quay Street, London' } };

const TRANSFER = `id state requiredAction tag description purpose amount { value } scheduledFor cancellationReason
  source { id } externalData { name value } validationOutcomes { category match accountName }
  originator { __typename tag name bankAccountDetails { account financialInstitution }
    ... on IndividualOriginator { address country supplementaryInformation { __typename
      ... on Birth { dateOfBirth placeOfBirth } ... on IndividualDocument { documentType documentNumber } } }
    ... on BusinessOriginator { registrationAddress registrationCountry document { documentType documentNumber } } }
  beneficiary { __typename name address ... on IbanBeneficiary { iban } ... on FasterPaymentsBeneficiary { sortCode } }`;

let keys = 0;

async function change(name: string, input: object) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const { data } = await stack.query(
    `mutation ($input: ${title}Input!) {
      ${name}(input: $input) { __typename ... on ${title}Payload { correspondentBankTransfer { ${TRANSFER} } } ${ERRORS} }
    }`,
    { variables: { input } },
  );
  return data[name];
}

/** Asks for a transfer of 100.00 euros under a new key, unless told otherwise. */
const create = (input: object) =>
  change('createCorrespondentBankTransfer', {
    profileId: CORRESPONDENT_BANK_PROFILE,
    sourceAccountId: euros,
    originator: { business: COMPANY },
    beneficiary: TO_IBAN,
    amount: { currency: 'EUR', amount: 100_00 },
    purpose: 'Freight',
    description: 'Freight of June',
    idempotencyKey: `correspondent-${++keys}`,
    ...input,
  });

const created = async (input: object = {}) => (await create(input)).correspondentBankTransfer;

const read = async (id: string, selection = 'state') =>
  (await stack.data(`{ correspondentBankTransfer(id: "${id}") { ${selection} } }`)).correspondentBankTransfer;

const pass = (id: string) => passChallenge(stack, 'CORRESPONDENT_BANK_TRANSFERS', id);

describe('reading correspondent bank transfers', () => {
  it('tells of each on whose behalf it was made and where it goes, in one call', async () => {
    const { correspondentBankTransfers } = await stack.data(
      `{ correspondentBankTransfers { totalCount nodes { __typename ${TRANSFER} } } }`,
    );
    expect(stack.calls).toEqual(['correspondentBankTransfersGet']);
    expect(correspondentBankTransfers.nodes).toHaveLength(correspondentBankTransfers.totalCount);
    const first = correspondentBankTransfers.nodes.at(-1);
    expect(first).toMatchObject({
      __typename: 'CorrespondentBankTransfer',
      state: 'COMPLETED',
      tag: 'freight',
      externalData: [{ name: 'order', value: '4711' }],
      originator: {
        __typename: 'BusinessOriginator',
        tag: 'client-7',
        registrationCountry: 'MT',
        document: { documentType: 'LEI', documentNumber: '5493001KJTIIGC8Y1R12' },
      },
      beneficiary: { __typename: 'IbanBeneficiary', iban: 'DE02120300000000202051' },
    });
    const persons = correspondentBankTransfers.nodes.filter(
      ({ originator }: { originator: { __typename: string } }) => originator.__typename === 'IndividualOriginator',
    );
    expect(
      persons.map(
        ({ originator }: { originator: { supplementaryInformation: object } }) => originator.supplementaryInformation,
      ),
    ).toEqual([
      { __typename: 'Birth', dateOfBirth: '1980-02-29', placeOfBirth: 'Valletta, Malta' },
      { __typename: 'IndividualDocument', documentType: 'PASSPORT', documentNumber: 'MT123456' },
    ]);
  });

  it('leads from an account to what has left it, and to one by its id', async () => {
    const { id } = await created({ description: 'Freight of July' });
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${euros}") { correspondentBankTransfers(first: 1) { nodes { id } } } }`,
    );
    expect(managedAccount.correspondentBankTransfers.nodes).toEqual([{ id }]);
    expect(stack.calls).toEqual(['managedAccountGet', 'correspondentBankTransfersGet']);
    expect(await read(id, 'description source { friendlyName }')).toEqual({
      description: 'Freight of July',
      source: { friendlyName: 'Payroll' },
    });
    expect(stack.calls).toEqual(['correspondentBankTransferGet', 'managedAccountGet']);
    expect(await read('1')).toBeNull();
  });

  describe('with a filter', () => {
    const times: string[] = [];

    /** Two under one label, a second apart: the first executed and by a company, the second waiting and by a person. */
    beforeAll(async () => {
      for (const originator of [{ business: COMPANY }, { individual: { ...PERSON, tag: 'client-8' } }]) {
        const { id } = await created({ originator, tag: 'filtered', description: String(times.length) });
        if (!times.length) {
          await pass(id);
          acceptWire(stack.sandbox.state, id);
        }
        times.push((await read(id, 'createdAt')).createdAt);
        stack.sandbox.clock.advance(1_000);
      }
    });

    it.each<[name: string, filter: () => object, expected: string[]]>([
      ['tag alone', () => ({}), ['1', '0']],
      ['sourceAccountId', () => ({ sourceAccountId: pounds }), []],
      ['profileId', () => ({ profileId: CORRESPONDENT_BANK_PROFILE }), ['1', '0']],
      ['state', () => ({ state: ['COMPLETED'] }), ['0']],
      ['originatorName', () => ({ originatorName: 'coyote' }), ['1']],
      ['originatorType', () => ({ originatorType: 'BUSINESS' }), ['0']],
      ['originatorTag', () => ({ originatorTag: 'client-8' }), ['1']],
      ['createdFrom', () => ({ createdFrom: times[1] }), ['1']],
      ['createdTo', () => ({ createdTo: times[0] }), ['0']],
      ['executedFrom', () => ({ executedFrom: times[0] }), ['0']],
      ['executedTo', () => ({ executedTo: '2020-01-01T00:00:00Z' }), []],
    ])('answers those that match: %s', async (_name, filter, expected) => {
      const { correspondentBankTransfers } = await stack.data(
        'query ($filter: CorrespondentBankTransferFilter) { correspondentBankTransfers(filter: $filter) { nodes { description } } }',
        { variables: { filter: { tag: 'filtered', ...filter() } } },
      );
      const { nodes } = correspondentBankTransfers;
      expect(nodes.map(({ description }: { description: string }) => description)).toEqual(expected);
      expect(stack.calls).toEqual(['correspondentBankTransfersGet']);
    });
  });
});

describe('paying on behalf of somebody else', () => {
  it('sets the money aside, waits for the challenge, and pays once', async () => {
    const [available, actual] = balancesOf(stack, euros);
    const order = { originator: { individual: PERSON }, idempotencyKey: 'freight-1', tag: 'freight' };
    const { correspondentBankTransfer: transfer } = await create(order);
    expect(stack.calls).toEqual(['correspondentBankTransferCreate']);
    expect(transfer).toMatchObject({
      state: 'PENDING_CHALLENGE',
      requiredAction: 'CHALLENGE',
      originator: { supplementaryInformation: PERSON.supplementaryInformation.birth },
      validationOutcomes: [{ match: 'MATCH' }],
    });
    expect((await create(order)).correspondentBankTransfer.id).toBe(transfer.id);
    expect(balancesOf(stack, euros)).toEqual([available! - 100_00, actual]);
    await pass(transfer.id);
    expect(acceptWire(stack.sandbox.state, transfer.id)).toBe('COMPLETED');
    expect(await read(transfer.id)).toEqual({ state: 'COMPLETED' });
    expect(balancesOf(stack, euros)).toEqual([available! - 100_00, actual! - 100_00]);
  });

  it('waits for the user to look at a name that is nearly right', async () => {
    const { id, ...transfer } = await created({
      sourceAccountId: pounds,
      beneficiary: { fasterPayments: { ...IN_POUNDS.fasterPayments, name: 'Thames Tool?' } },
      amount: { currency: 'GBP', amount: 50_00 },
      description: 'Freight',
    });
    expect(transfer).toMatchObject({
      state: 'PENDING_CONFIRMATION',
      requiredAction: 'CONFIRMATION',
      validationOutcomes: [{ category: 'UK_CONFIRMATION_OF_PAYEE', match: 'CLOSE_MATCH', accountName: 'Thames Tool' }],
    });
    const confirmed = await change('confirmCorrespondentBankTransfer', { id });
    expect(confirmed.correspondentBankTransfer.state).toBe('PENDING_CHALLENGE');
    expect(stack.calls).toEqual(['correspondentBankTransferConfirm']);
    expect(await change('confirmCorrespondentBankTransfer', { id })).toMatchObject({ code: 'INVALID_STATE' });
  });

  it('can be cancelled until its time', async () => {
    const before = balancesOf(stack, euros);
    const { id } = await created({ scheduledFor: inAMinute(stack) });
    await pass(id);
    expect(await read(id)).toEqual({ state: 'SCHEDULED' });
    const cancelled = await change('cancelCorrespondentBankTransfer', { id, reason: 'Not needed' });
    expect(cancelled.correspondentBankTransfer).toMatchObject({ state: 'CANCELLED', cancellationReason: 'Not needed' });
    expect(stack.calls).toEqual(['correspondentBankTransferCancel']);
    stack.sandbox.clock.advance(MINUTE_MS);
    expect(await read(id)).toEqual({ state: 'CANCELLED' });
    expect(balancesOf(stack, euros)).toEqual(before);
    expect(await change('cancelCorrespondentBankTransfer', { id })).toMatchObject({ code: 'INVALID_STATE' });
  });

  it.each<[code: string, input: () => object]>([
    ['PROFILE_NOT_FOUND', () => ({ profileId: '1' })],
    ['SOURCE_NOT_FOUND', () => ({ sourceAccountId: '1' })],
    ['ORIGINATOR_DETAILS_INVALID', () => ({ originator: { business: { ...COMPANY, document: null } } })],
    [
      'BENEFICIARY_BANK_DETAILS_INVALID',
      () => ({ beneficiary: { iban: { ...TO_IBAN.iban, iban: 'DE03120300000000202051' } } }),
    ],
    ['CURRENCY_MISMATCH', () => ({ beneficiary: IN_POUNDS, description: 'Freight' })],
    ['AMOUNT_INVALID', () => ({ amount: { currency: 'EUR', amount: 0 } })],
    ['FUNDS_INSUFFICIENT', () => ({ amount: { currency: 'EUR', amount: 2 ** 50 } })],
    ['SCHEDULED_TIMESTAMP_INVALID', () => ({ scheduledFor: '2020-01-01T00:00:00Z' })],
  ])('answers ConflictError %s and sets nothing aside', async (code, input) => {
    const before = balancesOf(stack, euros);
    expect(await create(input())).toMatchObject({ __typename: 'ConflictError', code });
    expect(balancesOf(stack, euros)).toEqual(before);
  });

  it('is a ValidationError, with the paths of the variants that were given, for what is malformed', async () => {
    const birth = { dateOfBirth: '1980-02-29', placeOfBirth: '' };
    const { fields } = await create({
      originator: { individual: { ...PERSON, name: '', supplementaryInformation: { birth } } },
      beneficiary: { iban: IBAN },
    });
    expect(fields).toEqual([
      { path: ['input', 'originator', 'individual', 'name'], rule: 'SIZE' },
      {
        path: ['input', 'originator', 'individual', 'supplementaryInformation', 'birth', 'placeOfBirth'],
        rule: 'SIZE',
      },
      { path: ['input', 'beneficiary', 'iban', 'address'], rule: 'REQUIRED' },
    ]);
  });
});
