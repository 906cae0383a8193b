import type { AvailableToSpend, DebitModeCard } from '../weavr/managed-cards.js';
import {
  type CardLevelSpendRules,
  type ProfileLevelSpendRules,
  SPEND_LIMIT_INTERVALS,
  SPEND_LIMIT_UPDATE_METHODS,
  type SpendLimit,
  type SpendLimitInterval,
  type SpendRules,
  type spendRules,
} from '../weavr/spend-rules.js';
import { type Call, type Handlers, notFound } from './core/handlers.js';
import { identityOf } from './core/sessions.js';
import type { State, StoredCard } from './core/state.js';
import { check, country, moneyAt, oneOf, type Rule, type Rules, range, required, size } from './core/validation.js';

/** What the programme's profiles say: debit cards are not for gambling, nor for a country under sanctions. */
const PROFILE_RULES: { [Mode in StoredCard['mode']]?: ProfileLevelSpendRules } = {
  DEBIT_MODE: {
    blockedMerchantCategories: ['7995'],
    blockedMerchantIds: ['200000000000666'],
    blockedMerchantCountries: ['KP'],
    rolloverPolicy: { rolloverNegative: false },
    allowContactless: true,
    allowAtm: true,
    allowECommerce: true,
    allowCashback: true,
    allowCreditAuthorisations: true,
    authForwardingEnabled: false,
  },
};

/** The rules of all levels that a card's purchases must pass. */
export function rulesOf(state: State, card: StoredCard): SpendRules {
  const own = state.spendRules.get(card.id);
  const { rolloverPolicy: _, ...flat } = own ?? {};
  return {
    ...flat,
    cardLevelSpendRules: own,
    profileLevelSpendRules: PROFILE_RULES[card.mode],
    identityLevelSpendRules: state.identitySpendRules.get(state.managedCards.ownerOf(card.id) ?? ''),
  };
}

/** At least as long as any window of its kind and shorter than two: steps from one window into the next. */
const STEP_DAYS = { DAILY: 1, WEEKLY: 7, MONTHLY: 32, QUARTERLY: 93, YEARLY: 367 };
const DAY_MS = 24 * 60 * 60_000;

/** When the calendar window, in UTC, that a time lies in began. */
function windowStart(interval: SpendLimitInterval, time: number): number {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (interval) {
    case 'DAILY':
      return Date.UTC(year, month, day);
    case 'WEEKLY':
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7)); // weeks begin on Monday
    case 'MONTHLY':
      return Date.UTC(year, month);
    case 'QUARTERLY':
      return Date.UTC(year, month - (month % 3));
    case 'YEARLY':
      return Date.UTC(year, 0);
    default:
      return 0;
  }
}

interface Spent {
  at: number;
  amount: number;
}

type Spender = Pick<DebitModeCard, 'id' | 'parentManagedAccountId'>;

/**
 * What purchases with a card took out of its account, by its movements there, and what is held for others: a refund is
 * below zero. The sandbox knows no rates of the day, so a limit in the user's own currency counts the account's one to one.
 */
function spendingOf({ ledger, cardPayments }: State, { id, parentManagedAccountId }: Spender): Spent[] {
  const settled = ledger
    .entriesOf(parentManagedAccountId)
    .filter(({ movement }) => movement.cardId === id && movement.transaction.type === 'card_payments')
    .map(({ movement: { at }, amount }) => ({ at, amount: -amount }));
  const held = [...ledger.holdsOn(parentManagedAccountId)].flatMap(([reference, amount]) => {
    const payment = cardPayments.any(reference);
    return payment?.cardId === id ? [{ at: payment.creationTimestamp, amount }] : [];
  });
  return [...settled, ...held];
}

const spentIn = (spending: readonly Spent[], from: number, to = Number.POSITIVE_INFINITY) =>
  spending.reduce((sum, { at, amount }) => (at >= from && at < to ? sum + amount : sum), 0);

/** By how much the windows before the current one went over a limit that the later ones did not make up for. */
function overspentBefore(current: number, { value, interval }: SpendLimit, spending: readonly Spent[]) {
  if (interval === 'ALWAYS' || !spending.length) return 0;
  let overspent = 0;
  let from = windowStart(interval, Math.min(...spending.map(({ at }) => at)));
  while (from < current) {
    const next = windowStart(interval, from + STEP_DAYS[interval] * DAY_MS);
    overspent = Math.max(0, overspent + spentIn(spending, from, next) - value.amount);
    from = next;
  }
  return overspent;
}

/** What is left of each of a debit card's limits: below zero where more was spent. */
export function unspent(state: State, card: Spender, now: number) {
  const { spendLimit = [], rolloverPolicy } = state.spendRules.get(card.id) ?? {};
  return spendLimit.map((limit) => {
    const { value, interval, startTimestamp = 0 } = limit;
    const spending = spendingOf(state, card).filter(({ at }) => at >= startTimestamp);
    const current = windowStart(interval, now);
    const overspent = rolloverPolicy?.rolloverNegative ? overspentBefore(current, limit, spending) : 0;
    return { limit, left: value.amount - overspent - spentIn(spending, current) };
  });
}

/** The same as Weavr shows it: never more than the card's account can give. */
export function availableToSpend(state: State, card: Spender, now: number): AvailableToSpend[] {
  const { availableBalance } = state.ledger.balances(card.parentManagedAccountId);
  return unspent(state, card, now).map(({ limit: { value, interval }, left }) => ({
    value: { currency: value.currency, amount: Math.min(left, availableBalance) },
    interval,
  }));
}

const countries: Rule = (value) =>
  Array.isArray(value)
    ? (size(50)(value) ?? value.map(country).find((broken) => broken))
    : { error: 'INVALID_TYPE_OR_VALUE' };
const amount = range(0, Number.MAX_SAFE_INTEGER);

/** What a card's rules must be, alone or in a bulk. */
export function spendRuleRules({ spendLimit = [] }: CardLevelSpendRules): Rules {
  const limits = spendLimit.flatMap((_limit, index): [string, Rule][] => [
    ...Object.entries(moneyAt(`spendLimit.${index}.value`)),
    [`spendLimit.${index}.interval`, required(oneOf(SPEND_LIMIT_INTERVALS))],
  ]);
  return {
    allowedMerchantCategories: size(200),
    blockedMerchantCategories: size(200),
    allowedMerchantIds: size(200),
    blockedMerchantIds: size(200),
    allowedMerchantCountries: countries,
    blockedMerchantCountries: countries,
    minTransactionAmount: amount,
    maxTransactionAmount: amount,
    ...Object.fromEntries(limits),
    updateSpendLimitMethod: oneOf(SPEND_LIMIT_UPDATE_METHODS),
  };
}

/** Refuses limits that the card cannot have. */
function refuseLimits(
  { refuse }: Call<(typeof spendRules.managedCardSpendRulesUpdate.refusals)[number]>,
  card: StoredCard,
  { spendLimit = [] }: CardLevelSpendRules,
) {
  const userCurrency = card.mode === 'DEBIT_MODE' ? card.userCurrency : undefined;
  const isAllIn = (currency: string) => spendLimit.every(({ value }) => value.currency === currency);
  if (!userCurrency && !isAllIn(card.currency)) refuse('SPEND_LIMIT_CURRENCY_DIFFERENT_FROM_CARD_CURRENCY');
  if (card.mode === 'PREPAID_MODE' && spendLimit.length) refuse('SPEND_LIMIT_NOT_SUPPORTED_FOR_PREPAID_MODE_CARD');
  if (new Set(spendLimit.map(({ interval }) => interval)).size < spendLimit.length)
    refuse('SPEND_LIMIT_DUPLICATE_INTERVAL');
  if (spendLimit.some(({ value }) => value.amount <= 0)) refuse('SPEND_LIMIT_AMOUNT_INVALID');
  if (userCurrency && !isAllIn(userCurrency)) refuse('SPEND_LIMIT_CURRENCY_DIFFERENT_FROM_USER_CURRENCY');
}

/** The limits there were, with the given values added to those of the same windows. */
function incremented(known: readonly SpendLimit[], given: readonly SpendLimit[]): SpendLimit[] {
  const added = given.map((limit) => {
    const before = known.find(({ interval }) => interval === limit.interval);
    const { currency, amount: more } = limit.value;
    return before ? { ...before, value: { currency, amount: before.value.amount + more } } : limit;
  });
  return [...known.filter(({ interval }) => !given.some((limit) => limit.interval === interval)), ...added];
}

export const spendRuleHandlers: Handlers<typeof spendRules> = {
  managedCardSpendRulesGet: ({ id }, { state, session }) =>
    rulesOf(state, state.managedCards.find(identityOf(session).id, id)),

  managedCardSpendRulesCreate: (input, call) => {
    const { state, session, refuse } = call;
    check(input, spendRuleRules(input));
    const { id, ...rules } = input;
    refuseLimits(call, state.managedCards.find(identityOf(session).id, id), rules);
    if (state.spendRules.has(id)) refuse('SPEND_RULE_ALREADY_SET');
    state.spendRules.set(id, rules);
  },

  managedCardSpendRulesUpdate: (input, call) => {
    const { state, session } = call;
    check(input, spendRuleRules(input));
    const { id, updateSpendLimitMethod, ...change } = input;
    refuseLimits(call, state.managedCards.find(identityOf(session).id, id), change);
    const known = state.spendRules.get(id);
    if (!known) throw notFound(); // a change must come after a creation
    const { spendLimit } = change;
    const adds = updateSpendLimitMethod === 'INCREMENT' && spendLimit;
    const limits = adds ? { spendLimit: incremented(known.spendLimit ?? [], adds) } : {};
    state.spendRules.set(id, { ...known, ...change, ...limits });
  },

  managedCardSpendRulesDelete: ({ id }, { state, session }) => {
    state.managedCards.find(identityOf(session).id, id);
    state.spendRules.delete(id);
  },
};
