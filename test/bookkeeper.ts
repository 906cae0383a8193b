import type { Leg, Movement } from '../src/sandbox/core/ledger.js';
import { ACCOUNT_PROFILE, openAccount } from '../src/sandbox/managed-accounts.js';
import type { Stack } from './harness.js';

const DAY_MS = 24 * 60 * 60_000;
const START = Date.UTC(2026, 0, 1);
/** The instant so many days into the test's year. */
export const day = (days: number) => START + days * DAY_MS;
export const iso = (time: number) => new Date(time).toISOString();

const CUSTOMER = {
  name: 'Universal Exports',
  iban: 'MT84MALT011000012345MTLCAST001S',
  bic: 'MALTMTMT',
  reference: '7',
};
const LANDLORD = { name: 'Landlord', sortCode: '040004', accountNumber: '12345678', reference: 'Rent' };
const BOOKSHOP = {
  name: 'Airport Books',
  id: '42',
  categoryCode: '5942',
  country: 'US',
  digitalWalletTypeUsed: 'APPLE_PAY' as const,
};
const FOREX = {
  originalAmount: { currency: 'USD', amount: 11_00 },
  exchangeRate: { value: 909091, scale: 6 },
  paddingAmount: { currency: 'EUR', amount: 20 },
  feeAmount: { currency: 'EUR', amount: 10 },
};

type Given = Pick<Movement, 'at'> & Partial<Movement>;

/** Opens accounts in a stack's sandbox and moves money on them as no mutation can: at any time, for any reason. */
export function bookkeeper(stack: () => Stack) {
  const state = () => stack().sandbox.state;
  const acme = () => state().corporates.all()[0]!.id.id;
  const cardOf = (mode: 'DEBIT_MODE' | 'PREPAID_MODE') =>
    state()
      .managedCards.of(acme())
      .find((card) => card.mode === mode && card.currency === 'EUR')!;

  const newAccount = () =>
    openAccount(state(), acme(), {
      profileId: ACCOUNT_PROFILE,
      friendlyName: 'Ledger',
      currency: 'EUR',
      creationTimestamp: START,
    }).id;

  const moved = (type: 'transfers' | 'outgoing_wire_transfers', subtype?: string) => ({
    transaction: { type, id: state().nextId(), subtype },
    legacyType: type === 'transfers' ? ('TRANSFER' as const) : ('OUTGOING_WIRE_TRANSFER' as const),
  });

  /** Moves euros between an instrument and the outside, or another instrument; answers the movement's id. */
  function post(account: string, amount: number, given: Given, other = 'world:EUR') {
    const id = state().nextId();
    const transaction = { type: 'incoming_wire_transfers' as const, id };
    const movement: Movement = { id, transaction, legacyType: 'DEPOSIT', ...given };
    const legs: Leg[] = [
      { account, currency: 'EUR', amount },
      { account: other, currency: 'EUR', amount: -amount },
    ];
    state().ledger.post(movement, legs);
    return movement.id;
  }

  /** Five days: in, out, a card payment in dollars, its fee, and money given to another account. */
  function busyAccount() {
    const [account, other, card] = [newAccount(), newAccount(), cardOf('DEBIT_MODE')];
    const [payment, fee] = [state().nextId(), state().nextId()];
    post(account, 100_00, { at: day(1), description: 'Invoice 7', counterparty: CUSTOMER });
    post(account, -20_00, { at: day(2), ...moved('outgoing_wire_transfers', 'redemptions'), counterparty: LANDLORD });
    const purchase = post(account, -10_00, {
      at: day(3),
      transaction: { type: 'card_payments', id: payment, subtype: 'sale_purchases' },
      legacyType: 'SETTLEMENT',
      cardId: card.id,
      counterparty: BOOKSHOP,
      fee: { id: fee, type: 'fees', amount: { currency: 'EUR', amount: 50 }, subtype: 'purchase_fees' },
      forex: FOREX,
    });
    post(account, -50, {
      id: fee,
      at: day(3),
      transaction: { type: 'fees', id: fee, subtype: 'purchase_fees' },
      legacyType: 'CHARGE_FEE',
      relatedMovementId: purchase,
    });
    post(account, -5_00, { at: day(4), ...moved('transfers') }, other);
    return { account, card, purchase, payment, fee, other };
  }

  /** Changes what the sandbox answers to the next call of an operation. */
  const rewrite = (operation: string, change: (body: never) => unknown) =>
    stack().sandbox.faults.plan({ kind: 'REWRITE', rewrite: change }, { operation });

  return { acme, cardOf, newAccount, post, busyAccount, rewrite };
}
