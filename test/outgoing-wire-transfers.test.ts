import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptWire } from '../src/sandbox/core/wires.js';
import { type Stack, startStack } from './harness.js';
import { accountsIn } from './transferring.js';
import { CHARGED_OUTGOING_WIRE_PROFILE, OUTGOING_WIRE_PROFILE, SORT_CODE, wired } from './wiring.js';

let stack: Stack;
/** The accounts that pay: in euros and in pounds. */
let euros: string;
let pounds: string;
beforeAll(async () => {
  stack = await startStack();
  euros = (await accountsIn(stack, 'EUR'))[2]!.id;
  pounds = (await accountsIn(stack, 'GBP'))[0].id;
});
afterAll(() => stack.close());

const accept = (id: string) => acceptWire(stack.sandbox.state, id);

describe('reading outgoing wire transfers', () => {
  const DESTINATION = `destination { __typename
    ... on WireBeneficiary { name address bankName bankAddress bankCountry nationality dateOfBirth }
    ... on IbanBeneficiary { iban bankIdentifierCode }
    ... on SwiftBeneficiary { account bankIdentifierCode }
    ... on FasterPaymentsBeneficiary { accountType: type accountNumber sortCode secondaryReference }
    ... on OtherWireBeneficiary { bankAccountDetails { __typename ... on IbanDetails { iban } } }
    ... on BeneficiaryReference { id beneficiary { id } }
    ... on LinkedAccountReference { id linkedAccount { id } } }`;

  it('answers a page with every kind of destination and every state, in one call', async () => {
    const { outgoingWireTransfers } = await stack.data(
      `{ outgoingWireTransfers(first: 100) { totalCount nodes { id type state source { id } ${DESTINATION} } } }`,
    );
    const { nodes, totalCount } = outgoingWireTransfers;
    expect(nodes).toHaveLength(totalCount);
    const names = (pick: (node: { state: string; type: string; destination: { __typename: string } }) => string) =>
      [...new Set(nodes.map(pick))].sort();
    expect(names(({ destination }) => destination.__typename)).toEqual([
      'BeneficiaryReference',
      'FasterPaymentsBeneficiary',
      'IbanBeneficiary',
      'LinkedAccountReference',
      'OtherWireBeneficiary',
      'SwiftBeneficiary',
    ]);
    expect(names(({ type }) => type)).toEqual(['FASTER_PAYMENTS', 'RIX', 'SEPA', 'SWIFT']);
    expect(names(({ state }) => state)).toEqual([
      'APPROVED',
      'CANCELLED',
      'COMPLETED',
      'PENDING_CHALLENGE',
      'PENDING_CONFIRMATION',
      'REJECTED',
      'RETURNED',
      'SCHEDULED',
      'SUBMITTED',
    ]);
    expect(stack.calls).toEqual(['outgoingWireTransfersGet']);
  });

  it('tells all of one, and follows its links with a call each', async () => {
    const all = await stack.data('{ outgoingWireTransfers(filter: { tag: "suppliers" }) { nodes { id } } }');
    const [{ id }] = all.outgoingWireTransfers.nodes;
    const { outgoingWireTransfer } = await stack.data(
      `{ outgoingWireTransfer(id: "${id}") {
        __typename amount { value currency } fee { value } purpose description tag type state
        challengeExemptionReason requiredAction rejectedInfo cancellationReason
        validationOutcomes { category match reasonCode accountName } source { friendlyName } ${DESTINATION} } }`,
    );
    expect(outgoingWireTransfer).toEqual({
      __typename: 'OutgoingWireTransfer',
      amount: { value: '900.00', currency: 'EUR' },
      fee: { value: '1.20' },
      purpose: 'Consulting',
      description: 'Invoice 77',
      tag: 'suppliers',
      type: 'SEPA',
      state: 'COMPLETED',
      challengeExemptionReason: null,
      requiredAction: null,
      rejectedInfo: null,
      cancellationReason: null,
      validationOutcomes: [
        { category: 'SEPA_VERIFICATION_OF_PAYEE', match: 'MATCH', reasonCode: null, accountName: null },
      ],
      source: { friendlyName: 'EUR account 5' },
      destination: {
        __typename: 'IbanBeneficiary',
        name: 'Hanna Meyer',
        address: '3 Elbe Road, Hamburg',
        bankName: 'Hansa Bank',
        bankAddress: '7 Alster Quay, Hamburg',
        bankCountry: 'DE',
        nationality: 'DE',
        dateOfBirth: '1971-04-28',
        iban: 'DE02120300000000202051',
        bankIdentifierCode: 'BYLADEM1001',
      },
    });
    expect(stack.calls).toEqual(['outgoingWireTransferGet', 'managedAccountGet']);
  });

  it('leads to the beneficiary and to the linked account that were paid', async () => {
    const { outgoingWireTransfers } = await stack.data(
      `{ outgoingWireTransfers(first: 100) { nodes { destination {
        ... on BeneficiaryReference { beneficiary { state } }
        ... on LinkedAccountReference { linkedAccount { state } } } } } }`,
    );
    const destinations = outgoingWireTransfers.nodes.map(({ destination }: { destination: object }) => destination);
    expect(destinations).toContainEqual({ beneficiary: { state: 'ACTIVE' } });
    expect(destinations).toContainEqual({ linkedAccount: { state: 'ACTIVE' } });
    expect(stack.calls.sort()).toEqual(['beneficiaryGet', 'linkedAccountGet', 'outgoingWireTransfersGet']);
  });

  it('takes a destination of tomorrow for one of another form', async () => {
    stack.sandbox.faults.plan({
      kind: 'REWRITE',
      rewrite: (body: { transfer: object[] }) => ({
        ...body,
        transfer: body.transfer.map((wire) => ({ ...wire, destination: { name: 'Neo', wallet: '0x1' }, state: 'NEW' })),
      }),
    });
    const { outgoingWireTransfers } = await stack.data(
      `{ outgoingWireTransfers(first: 1) { nodes { state ${DESTINATION} } } }`,
    );
    expect(outgoingWireTransfers.nodes).toMatchObject([
      { state: 'UNRECOGNIZED', destination: { __typename: 'OtherWireBeneficiary', name: 'Neo' } },
    ]);
  });

  it('answers null for one that is not there or is somebody else’s', async () => {
    const { id } = await wired(stack, { sourceAccountId: euros });
    const text = `{ outgoingWireTransfer(id: "${id}") { id } }`;
    expect(await stack.data(text, { token: stack.sandbox.signIn('ada@consumer.example') })).toEqual({
      outgoingWireTransfer: null,
    });
    expect(await stack.data('{ outgoingWireTransfer(id: "1") { id } }')).toEqual({ outgoingWireTransfer: null });
  });

  describe('with a filter', () => {
    const times: { createdAt: string; executedAt: string }[] = [];

    /** Three under one label, a second apart: the first paid, the second waiting, the third paid and from elsewhere. */
    beforeAll(async () => {
      for (const place of [0, 1, 2]) {
        const elsewhere = { amount: { currency: 'GBP', amount: 10_00 }, destination: { fasterPayments: SORT_CODE } };
        const where = place === 2 ? { sourceAccountId: pounds, ...elsewhere } : { sourceAccountId: euros };
        const amount = { currency: 'EUR', amount: place === 0 ? 10_00 : 100_00 };
        const { id } = await wired(stack, { amount, ...where, tag: 'filtered', description: String(place) });
        stack.sandbox.clock.advance(500);
        if (place !== 1) accept(id);
        const text = `{ outgoingWireTransfer(id: "${id}") { createdAt executedAt } }`;
        times.push((await stack.data(text)).outgoingWireTransfer);
        stack.sandbox.clock.advance(500);
      }
    });

    it.each<[name: string, filter: () => object, expected: string[]]>([
      ['tag alone', () => ({}), ['2', '1', '0']],
      ['sourceAccountId', () => ({ sourceAccountId: pounds }), ['2']],
      ['profileId', () => ({ profileId: OUTGOING_WIRE_PROFILE }), ['2', '1', '0']],
      ['profileId of another', () => ({ profileId: CHARGED_OUTGOING_WIRE_PROFILE }), []],
      ['state', () => ({ state: ['PENDING_CHALLENGE', 'RETURNED'] }), ['1']],
      ['createdFrom', () => ({ createdFrom: times[1]!.createdAt }), ['2', '1']],
      ['createdTo', () => ({ createdTo: times[1]!.createdAt }), ['1', '0']],
      ['executedFrom', () => ({ executedFrom: times[2]!.executedAt }), ['2']],
      ['executedTo', () => ({ executedTo: times[0]!.executedAt }), ['0']],
    ])('answers those that match: %s', async (_name, filter, expected) => {
      const { outgoingWireTransfers } = await stack.data(
        'query ($filter: OutgoingWireTransferFilter) { outgoingWireTransfers(filter: $filter) { nodes { description } } }',
        { variables: { filter: { tag: 'filtered', ...filter() } } },
      );
      const found = outgoingWireTransfers.nodes.map(({ description }: { description: string }) => description);
      expect(found).toEqual(expected);
      expect(stack.calls).toEqual(['outgoingWireTransfersGet']);
    });

    it('leads from an account to what has left it', async () => {
      const { managedAccount } = await stack.data(
        `{ managedAccount(id: "${pounds}") { outgoingWireTransfers(first: 1) { nodes { description } } } }`,
      );
      expect(managedAccount.outgoingWireTransfers.nodes).toEqual([{ description: '2' }]);
      expect(stack.calls).toEqual(['managedAccountGet', 'outgoingWireTransfersGet']);
    });
  });
});

describe('a payment confirmation', () => {
  const linkTo = async (id: string) => {
    const { outgoingWireTransfer } = await stack.data(
      `{ outgoingWireTransfer(id: "${id}") { paymentConfirmation { url mediaType filename expiresAt } } }`,
    );
    return outgoingWireTransfer.paymentConfirmation;
  };

  it('is a PDF: the link costs nothing, the download one call', async () => {
    const { id } = await wired(stack, { sourceAccountId: euros, amount: { currency: 'EUR', amount: 20_00 } });
    expect(await linkTo(id)).toBeNull();
    accept(id);
    const { url, ...link } = await linkTo(id);
    expect(link).toEqual({
      mediaType: 'application/pdf',
      filename: `payment_confirmation-${id}.pdf`,
      expiresAt: expect.any(String),
    });
    expect(stack.calls).toEqual(['outgoingWireTransferGet']);
    stack.calls.length = 0;
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect((await response.text()).startsWith('%PDF-')).toBe(true);
    expect(stack.calls).toEqual(['outgoingWireTransferPaymentConfirmation']);
  });

  it('is refused as JSON for what has not been paid', async () => {
    const { id } = await wired(stack, { sourceAccountId: euros });
    const url = `${stack.url}/downloads/outgoing_wire_transfers/${id}/payment_confirmation.pdf`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${stack.token}` } });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TRANSFER_NOT_COMPLETED' } }] });
  });
});
