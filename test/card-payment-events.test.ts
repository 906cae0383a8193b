import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { purchase, release, settle } from '../src/sandbox/core/purchases.js';
import { type Stack, startStack } from './harness.js';
import { euros, payer } from './paying.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(() => stack.close());

const { state, now, debitCard, order } = payer(() => stack);

/** Changes all payments of the next list. */
const rewritePayments = (change: object) =>
  stack.sandbox.faults.plan(
    {
      kind: 'REWRITE',
      rewrite: (body: { cardPayments: object[] }) => ({
        ...body,
        cardPayments: body.cardPayments.map((item) => ({ ...item, ...change })),
      }),
    },
    { operation: 'cardPaymentsGet' },
  );

describe('the steps of a payment', () => {
  const EVENTS = `events { __typename type subtype reversal transactionAmount { value currency } billingAmount { value currency }
    fees { __typename type amount { value } ... on CardPaymentPlatformFee { id subtype } }
    ... on CardPaymentAuthorisation { result authorisationCategory cancellationReason forex { exchangeRate padding { value } } }
    ... on CardPaymentSettlement { settlementState exchangeRate } }`;

  it('tell how an amount in another currency was authorised and settled, by exact rates', async () => {
    const payment = purchase(state(), debitCard(), order({ amount: { currency: 'USD', amount: 50_00 } }));
    settle(state(), payment, { at: now(), fee: 30 });
    const { cardPayment } = await stack.data(
      `{ cardPayment(id: "${payment.id}") { amount { value currency } ${EVENTS} } }`,
    );
    const dollars = { value: '50.00', currency: 'USD' };
    expect(cardPayment).toEqual({
      amount: { value: '46.46', currency: 'EUR' },
      events: [
        {
          __typename: 'CardPaymentAuthorisation',
          type: 'AUTHORISATION',
          subtype: 'SALE_PURCHASES',
          reversal: false,
          transactionAmount: dollars,
          billingAmount: { value: '47.38', currency: 'EUR' },
          fees: [{ __typename: 'CardPaymentForexFee', type: 'FOREX_FEE', amount: { value: '0.46' } }],
          result: 'APPROVED',
          authorisationCategory: 'FINAL_AUTH',
          cancellationReason: null,
          forex: { exchangeRate: '0.92', padding: { value: '0.92' } },
        },
        {
          __typename: 'CardPaymentSettlement',
          type: 'SETTLEMENT',
          subtype: 'SALE_PURCHASES',
          reversal: false,
          transactionAmount: dollars,
          billingAmount: { value: '46.46', currency: 'EUR' },
          fees: [
            {
              __typename: 'CardPaymentPlatformFee',
              type: 'PLATFORM_FEE',
              amount: { value: '0.30' },
              id: expect.stringMatching(/^\d{18}$/),
              subtype: 'purchase_fees',
            },
          ],
          settlementState: 'COMPLETED',
          exchangeRate: '0.92',
        },
      ],
    });
  });

  it('show the holder’s own currency where the card has one', async () => {
    const { id } = purchase(state(), debitCard({ userCurrency: 'GBP' }), order());
    const { cardPayment } = await stack.data(
      `{ cardPayment(id: "${id}") { amount { value currency } events { billingAmount { value } userAmount { value } userExchangeRate } } }`,
    );
    expect(cardPayment).toEqual({
      amount: { value: '8.55', currency: 'GBP' },
      events: [{ billingAmount: { value: '10.00' }, userAmount: { value: '8.55' }, userExchangeRate: '0.854701' }],
    });
  });

  it('end with a reversal where the merchant gives up', async () => {
    const payment = purchase(state(), debitCard(), order());
    release(state(), payment, { at: now(), status: 'CANCELLED', reason: 'Sold out' });
    const { cardPayment } = await stack.data(`{ cardPayment(id: "${payment.id}") { status ${EVENTS} } }`);
    expect(cardPayment.status).toBe('CANCELLED');
    expect(cardPayment.events).toMatchObject([
      { reversal: false, result: 'APPROVED', cancellationReason: null },
      { reversal: true, result: null, cancellationReason: 'Sold out' },
    ]);
  });

  it('may be of kinds that are newer than this schema', async () => {
    rewritePayments({
      status: 'DISPUTED',
      events: [{ type: 'CHARGEBACK', timestamp: 0, fees: [{ type: 'TAX', amount: euros(1) }] }, { type: 'REFUND' }],
    });
    const { data, errors, extensions } = await stack.query(
      '{ cardPayments(first: 1) { nodes { status events { __typename id type occurredAt fees { __typename type amount { value } } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.cardPayments.nodes).toEqual([
      {
        status: 'UNRECOGNIZED',
        events: [
          {
            __typename: 'OtherCardPaymentEvent',
            id: null,
            type: 'UNRECOGNIZED',
            occurredAt: '1970-01-01T00:00:00.000Z',
            fees: [{ __typename: 'OtherCardPaymentFee', type: 'UNRECOGNIZED', amount: { value: '0.01' } }],
          },
          { __typename: 'CardPaymentRefund', id: null, type: 'REFUND', occurredAt: null, fees: [] },
        ],
      },
    ]);
    expect(extensions?.weavr.unrecognized).toEqual(
      expect.arrayContaining([
        'CardPaymentStatus.DISPUTED',
        'CardPaymentEventType.CHARGEBACK',
        'CardPaymentFeeType.TAX',
      ]),
    );
  });

  it('may lack a merchant’s id, and have blanks for what is not known', async () => {
    rewritePayments({
      merchant: { name: 'Shop', url: ' ' },
      events: [{ type: 'SETTLEMENT', authCode: '      ' }],
    });
    const { cardPayments } = await stack.data(
      '{ cardPayments(first: 1) { nodes { merchant { merchantId name url } events { authCode } } } }',
    );
    expect(cardPayments.nodes).toEqual([
      { merchant: { merchantId: null, name: 'Shop', url: null }, events: [{ authCode: null }] },
    ]);
  });
});
