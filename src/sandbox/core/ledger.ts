import type { InstrumentBalances } from '../../weavr/core/shapes.js';
import type {
  BankAccountCounterparty,
  FeeSummary,
  LegacyTransactionType,
  MerchantCounterparty,
  TransactionForex,
  TransactionType,
} from '../../weavr/statements.js';

/** What a posting belongs to, in the words of both statement forms. */
export interface Movement {
  /** Unique among all movements, and digits: on statements it is the id of the entry. */
  id: string;
  at: number;
  transaction: { type: TransactionType; id: string; subtype?: string };
  /** What the first statement form calls it. */
  legacyType: LegacyTransactionType;
  description?: string;
  /** Who stands outside: between two instruments each is the other's counterparty. */
  counterparty?: MerchantCounterparty | BankAccountCounterparty;
  /** The debit card that caused it. */
  cardId?: string;
  fee?: FeeSummary;
  forex?: TransactionForex;
  /** A fee's movement names the one it was charged for. */
  relatedMovementId?: string;
}

export interface Leg {
  /** An instrument's id, or `world:<currency>` for everything outside. */
  account: string;
  amount: number;
  currency: string;
}

export interface Entry extends Leg {
  movement: Movement;
  balanceAfter: number;
}

/** A double-entry ledger: every movement's legs sum to zero, so nothing can make or lose money. */
export class Ledger {
  readonly #entries = new Map<string, Entry[]>();
  readonly #legs = new Map<string, Entry[]>();
  readonly #holds = new Map<string, Map<string, number>>();

  post(movement: Movement, legs: readonly Leg[]) {
    const sums = new Map<string, number>();
    for (const { currency, amount } of legs) {
      if (!Number.isSafeInteger(amount)) throw new RangeError(`${movement.id}: ${amount} is no amount`);
      sums.set(currency, (sums.get(currency) ?? 0) + amount);
    }
    for (const [currency, sum] of sums)
      if (sum !== 0) throw new RangeError(`${movement.id}: ${currency} is off by ${sum}`);
    for (const leg of legs) {
      const entries = this.entriesOf(leg.account);
      const entry = { ...leg, movement, balanceAfter: (entries.at(-1)?.balanceAfter ?? 0) + leg.amount };
      entries.push(entry);
      this.#entries.set(leg.account, entries);
      this.#legs.set(movement.id, [...this.legsOf(movement.id), entry]);
    }
  }

  /** Sets money aside: it stays actual and is no longer available. */
  hold(account: string, reference: string, amount: number) {
    const holds = this.#holds.get(account) ?? new Map<string, number>();
    holds.set(reference, amount);
    this.#holds.set(account, holds);
  }

  release(account: string, reference: string) {
    this.#holds.get(account)?.delete(reference);
  }

  holdsOn(account: string): ReadonlyMap<string, number> {
    return this.#holds.get(account) ?? new Map();
  }

  /** All legs of one movement: what the other side was. */
  legsOf(movementId: string): readonly Entry[] {
    return this.#legs.get(movementId) ?? [];
  }

  entriesOf(account: string): Entry[] {
    return this.#entries.get(account) ?? [];
  }

  balances(account: string): Required<InstrumentBalances> {
    const actualBalance = this.entriesOf(account).at(-1)?.balanceAfter ?? 0;
    const held = [...(this.#holds.get(account)?.values() ?? [])].reduce((sum, amount) => sum + amount, 0);
    return { actualBalance, availableBalance: actualBalance - held };
  }

  /** Zero, by construction; the property tests look. */
  total() {
    let sum = 0;
    for (const entries of this.#entries.values()) for (const { amount } of entries) sum += amount;
    return sum;
  }
}
