import type { Order } from '../src/sandbox/core/purchases.js';
import { ACCOUNT_PROFILE, openAccount } from '../src/sandbox/managed-accounts.js';
import { DEBIT_CARD_PROFILE, openCard, PREPAID_CARD_PROFILE } from '../src/sandbox/managed-cards.js';
import type { CurrencyAmount } from '../src/weavr/core/shapes.js';
import type { Stack } from './harness.js';

export const euros = (amount: number): CurrencyAmount => ({ currency: 'EUR', amount });

const ADDRESS = { addressLine1: '1 Test Street', city: 'Valletta', postCode: 'VLT1010', country: 'MT' };

export const SHOP = { name: 'Corner Shop', id: '300000000000001', categoryCode: '5411', country: 'MT' };

/** Opens accounts and cards with money in a stack's sandbox, for payments that no mutation can make. */
export function payer(stack: () => Stack) {
  const state = () => stack().sandbox.state;
  const now = () => stack().sandbox.clock.now();
  const acme = () => state().corporates.all()[0]!.id;

  const newAccount = (funds: number) => {
    const account = openAccount(state(), acme().id, {
      profileId: ACCOUNT_PROFILE,
      friendlyName: 'Fresh',
      currency: 'EUR',
      creationTimestamp: now(),
    });
    fund(account.id, funds);
    return account;
  };

  const holder = { friendlyName: 'Fresh', nameOnCard: 'Ben Bolt', billingAddress: ADDRESS };

  /** A debit card, with an account of its own. */
  function debitCard({ funds = 100_00, ...more }: { funds?: number; userCurrency?: string; userId?: string } = {}) {
    const parentManagedAccountId = newAccount(funds).id;
    const kind = { mode: 'DEBIT_MODE', profileId: DEBIT_CARD_PROFILE, parentManagedAccountId } as const;
    return openCard(state(), acme(), { ...holder, ...more, ...kind }, now());
  }

  function prepaidCard(funds = 100_00) {
    const kind = { mode: 'PREPAID_MODE', profileId: PREPAID_CARD_PROFILE, currency: 'EUR' } as const;
    const card = openCard(state(), acme(), { ...holder, ...kind }, now());
    fund(card.id, funds);
    return card;
  }

  /** A correction, as the opening balance is. */
  function fund(account: string, amount: number, description?: string) {
    const id = state().nextId();
    const transaction = { type: 'system_transactions' as const, id, subtype: 'balance_adjustments' };
    state().ledger.post({ id, at: now(), transaction, legacyType: 'SYSTEM_TRANSACTION', description }, [
      { account, ...euros(amount) },
      { account: 'world:EUR', ...euros(-amount) },
    ]);
    return id;
  }

  /** A purchase in the corner shop, but for what is given. */
  const order = (more: Partial<Order> = {}): Order => ({ at: now(), merchant: SHOP, amount: euros(10_00), ...more });

  return { state, now, debitCard, prepaidCard, fund, order };
}
