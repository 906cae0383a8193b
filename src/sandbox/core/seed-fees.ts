import { postFee } from '../fees.js';
import type { Seeded } from './seed.js';
import type { State } from './state.js';

/** Beside the fee of a card payment: two of Acme's accounts and Ada have paid, and one was paid back. */
export function seedFees(state: State, { accounts, adaAccount, daysAgo }: Seeded) {
  const pounds = accounts[7]!;
  const dollars = accounts[10]!;
  const monthly = { subtype: 'custom_fees', description: 'MONTHLY_FEE' };
  postFee(state, pounds, { ...monthly, at: daysAgo(1.4), amount: 4_50 });
  const mistaken = postFee(state, dollars, { ...monthly, at: daysAgo(1.3), amount: 5_50 });
  postFee(state, dollars, {
    at: daysAgo(1.1),
    amount: -5_50,
    subtype: 'fee_reversals',
    description: 'Charged by mistake',
    relatedMovementId: mistaken,
  });
  postFee(state, adaAccount, { ...monthly, at: daysAgo(1), amount: 4_50 });
}
