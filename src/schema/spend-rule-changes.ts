import { ConflictError } from '../weavr/core/errors.js';
import type { Nullish } from '../weavr/core/shapes.js';
import { managedCards } from '../weavr/managed-cards.js';
import * as rest from '../weavr/spend-rules.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { MoneyInput } from './core/money.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { ManagedCard } from './managed-cards.js';
import { SpendLimitInterval, SpendRules } from './spend-rules.js';

const api = rest.spendRules;
const { managedCardGet } = managedCards;

const SpendLimitUpdateMethod = enumType<(typeof rest.SPEND_LIMIT_UPDATE_METHODS)[number]>(
  'SpendLimitUpdateMethod',
  'What becomes of the limits there were.',
  {
    OVERWRITE: 'The given limits take the place of all.',
    INCREMENT: 'Each given value is added to the limit of its window.',
  },
);

const SpendLimitInput = builder.inputType('SpendLimitInput', {
  description: 'How much may be spent within each window.',
  fields: (t) => ({
    value: t.field({
      type: MoneyInput,
      required: true,
      description: "The most that may be spent, in the card's currency, or in its `userCurrency` if it has one.",
    }),
    interval: t.field({ type: SpendLimitInterval, required: true, description: 'The window. One limit for each.' }),
    startsAt: t.field({ type: 'DateTime', description: 'When it begins to count.' }),
  }),
});

const RolloverPolicyInput = builder.inputType('RolloverPolicyInput', {
  description: 'What becomes of an overspend when its window ends.',
  fields: (t) => ({
    rolloverNegative: t.boolean({ required: true, description: 'Whether the next windows make up for it.' }),
  }),
});

const cardId = (t: InputFields) => t.id({ required: true, description: "Weavr's id of the card." });

const flags = <Required extends boolean>(t: InputFields, required: Required) => ({
  allowContactless: t.boolean({ required, description: 'Contactless purchases.' }),
  allowAtm: t.boolean({ required, description: 'Cash withdrawals.' }),
  allowECommerce: t.boolean({ required, description: 'Online purchases.' }),
  allowCashback: t.boolean({ required, description: 'Cash with a purchase.' }),
  allowCreditAuthorisations: t.boolean({ required, description: 'Money from a merchant to the card.' }),
});

const CATEGORIES = 'ISO 18245 codes, at most 200';
const MERCHANTS = "The merchants' ids, at most 200";
const COUNTRIES = 'ISO 3166-1 alpha-2 codes, at most 50';

const limits = (t: InputFields) => ({
  allowedMerchantCategories: t.stringList({ description: `${CATEGORIES}: no others.` }),
  blockedMerchantCategories: t.stringList({ description: `${CATEGORIES}: none of these.` }),
  allowedMerchantIds: t.stringList({ description: `${MERCHANTS}: no others.` }),
  blockedMerchantIds: t.stringList({ description: `${MERCHANTS}: none of these.` }),
  allowedMerchantCountries: t.field({ type: ['CountryCode'], description: `${COUNTRIES}: no others.` }),
  blockedMerchantCountries: t.field({ type: ['CountryCode'], description: `${COUNTRIES}: none of these.` }),
  minTransactionAmount: t.field({
    type: 'MinorUnits',
    description: "The least a purchase may cost, in the card's currency; 0: no bound.",
  }),
  maxTransactionAmount: t.field({
    type: 'MinorUnits',
    description: "The most a purchase may cost, in the card's currency; 0: no bound.",
  }),
  spendLimit: t.field({ type: [SpendLimitInput], description: 'At most one for each window; debit cards alone.' }),
  rolloverPolicy: t.field({ type: RolloverPolicyInput, description: 'What becomes of an overspend.' }),
});

interface Given {
  cardId: string;
  spendLimit?: (typeof SpendLimitInput.$inferInput)[] | null;
}

/** An input's rules in Weavr's words. */
export const toSpendRules = <Input extends Given>({ cardId, spendLimit, ...rules }: Input) => ({
  ...rules,
  id: cardId,
  spendLimit: spendLimit?.map(({ startsAt, ...limit }) => ({ ...limit, startTimestamp: startsAt })),
});

export const SPEND_RULE_NAMES = { startTimestamp: 'startsAt' };

/** The card and its rules, read again if they are asked for: Weavr answers 204. */
const reread = (t: PayloadFields<{ cardId: string }>) => ({
  managedCard: t.field({
    ...upstream(managedCardGet),
    type: ManagedCard,
    nullable: true,
    description: 'The card as it is now. Asking for it costs one read.',
    resolve: ({ cardId: id }, _args, { weavr }) => weavr.find(managedCardGet, { id }),
  }),
  spendRules: t.field({
    ...upstream(api.managedCardSpendRulesGet, managedCardGet),
    type: SpendRules,
    nullable: true,
    description: 'The rules as they are now. Asking for them costs one read, and one more for bounds of an amount.',
    resolve: async ({ cardId: id }, _args, { weavr }) => {
      const rules = await weavr.find(api.managedCardSpendRulesGet, { id });
      const currency = async () => (await weavr.find(managedCardGet, { id }))?.currency;
      return rules && { ...rules, currency };
    },
  }),
});

mutation('createSpendRules', api.managedCardSpendRulesCreate, {
  description: 'Gives a card its first rules. For a card that may have some, `setSpendRules` serves both.',
  input: (t) => ({ cardId: cardId(t), ...flags(t, false), ...limits(t) }),
  renamed: SPEND_RULE_NAMES,
  resolve: async (input, call) => {
    await call(toSpendRules(input));
    return { cardId: input.cardId };
  },
  payload: reread,
});

/** What a change of a card's rules is made of, alone or in a bulk. */
export const spendRulesChange = (t: InputFields) => ({
  cardId: cardId(t),
  ...flags(t, false),
  ...limits(t),
  updateSpendLimitMethod: t.field({
    type: SpendLimitUpdateMethod,
    description: 'What becomes of the limits there were; absent: OVERWRITE.',
  }),
});

mutation('updateSpendRules', api.managedCardSpendRulesUpdate, {
  description: "Changes those of a card's rules that are given. What is absent or null stays; `[]` clears a list.",
  input: spendRulesChange,
  renamed: SPEND_RULE_NAMES,
  resolve: async (input, call) => {
    await call(toSpendRules(input));
    return { cardId: input.cardId };
  },
  payload: reread,
});

mutation('deleteSpendRules', api.managedCardSpendRulesDelete, {
  description: "Removes all of a card's own rules. Those of its profile and identity stay.",
  input: (t) => ({ cardId: cardId(t) }),
  resolve: async ({ cardId }, call) => {
    await call({ id: cardId });
    return { cardId };
  },
  payload: reread,
});

/** Says of every rule that is left out that there is none, because a change keeps what it does not name. */
const whole = (rules: Nullish<rest.NewSpendRules>): Nullish<rest.NewSpendRules> => ({
  ...rules,
  allowedMerchantCategories: rules.allowedMerchantCategories ?? [],
  blockedMerchantCategories: rules.blockedMerchantCategories ?? [],
  allowedMerchantIds: rules.allowedMerchantIds ?? [],
  blockedMerchantIds: rules.blockedMerchantIds ?? [],
  allowedMerchantCountries: rules.allowedMerchantCountries ?? [],
  blockedMerchantCountries: rules.blockedMerchantCountries ?? [],
  minTransactionAmount: rules.minTransactionAmount ?? 0,
  maxTransactionAmount: rules.maxTransactionAmount ?? 0,
  spendLimit: rules.spendLimit ?? [],
  rolloverPolicy: rules.rolloverPolicy ?? { rolloverNegative: false },
});

mutation('setSpendRules', api.managedCardSpendRulesCreate, {
  description:
    "Makes a card's rules what the input says, whether or not it had any: what is left out is no rule. One call for a card without rules, two for one with rules. Never leaves a card without rules in between.",
  also: [api.managedCardSpendRulesUpdate],
  input: (t) => ({ cardId: cardId(t), ...flags(t, true), ...limits(t) }),
  renamed: SPEND_RULE_NAMES,
  resolve: async (input, call, { weavr }) => {
    const rules = toSpendRules(input);
    // A refused creation changes nothing and a change is one call, so that there is no half of it. To delete and
    // create would be: a card without limits. The change needs no key of its own, it may be repeated as it is.
    await call(rules).catch((error) => {
      if (!(error instanceof ConflictError && error.code === 'SPEND_RULE_ALREADY_SET')) throw error;
      return weavr.call(api.managedCardSpendRulesUpdate, whole(rules));
    });
    return { cardId: input.cardId };
  },
  payload: reread,
});
