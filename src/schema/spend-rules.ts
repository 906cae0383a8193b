import type * as cards from '../weavr/managed-cards.js';
import * as rest from '../weavr/spend-rules.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { inCurrency, Money } from './core/money.js';
import type { PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { DebitCard, ManagedCard } from './managed-cards.js';

const api = rest.spendRules;

export const SpendLimitInterval = enumType<rest.SpendLimitInterval>(
  'SpendLimitInterval',
  'The calendar window, in UTC, that a limit holds for.',
  {
    DAILY: 'A day.',
    WEEKLY: 'Monday to Sunday.',
    MONTHLY: 'A calendar month.',
    QUARTERLY: 'A calendar quarter.',
    YEARLY: 'A calendar year.',
    ALWAYS: "The card's whole life.",
  },
);

const SpendLimit = builder.objectRef<rest.SpendLimit>('SpendLimit').implement({
  description: 'How much may be spent within each window.',
  fields: (t) => ({
    value: t.expose('value', { type: Money, nullable: true, description: 'The most that may be spent.' }),
    interval: t.expose('interval', { type: SpendLimitInterval, nullable: true, description: 'The window.' }),
    startsAt: t.expose('startTimestamp', { type: 'DateTime', nullable: true, description: 'When it begins to count.' }),
  }),
});

const RolloverPolicy = builder
  .objectRef<NonNullable<rest.CommonSpendRules['rolloverPolicy']>>('RolloverPolicy')
  .implement({
    description: 'What becomes of an overspend when its window ends.',
    fields: (t) => ({
      rolloverNegative: t.exposeBoolean('rolloverNegative', {
        nullable: true,
        description: 'Whether the next windows make up for it.',
      }),
    }),
  });

const CATEGORIES = 'ISO 18245 codes, at most 200.';
const MERCHANTS = "The merchants' ids, at most 200.";
const COUNTRIES = 'ISO 3166-1 alpha-2 codes, at most 50.';
const ALLOWED = 'If any: purchases anywhere else are declined.';
const BLOCKED = 'Purchases there are declined, even where another list allows them.';

type MerchantList = 'MerchantCategories' | 'MerchantIds' | 'MerchantCountries';
const listed = (name: `${'allowed' | 'blocked'}${MerchantList}`, description: string) => ({
  description: `${description} ${name.startsWith('allowed') ? ALLOWED : BLOCKED}`,
  resolve: (rules: rest.CommonSpendRules) => rules[name] ?? [],
});

const CommonSpendRules = builder.interfaceRef<rest.CommonSpendRules>('CommonSpendRules').implement({
  description: 'What rules of every level may say. A purchase must pass all levels.',
  fields: (t) => ({
    allowedMerchantCategories: t.stringList(listed('allowedMerchantCategories', CATEGORIES)),
    blockedMerchantCategories: t.stringList(listed('blockedMerchantCategories', CATEGORIES)),
    allowedMerchantIds: t.stringList(listed('allowedMerchantIds', MERCHANTS)),
    blockedMerchantIds: t.stringList(listed('blockedMerchantIds', MERCHANTS)),
    allowedMerchantCountries: t.field({ type: ['CountryCode'], ...listed('allowedMerchantCountries', COUNTRIES) }),
    blockedMerchantCountries: t.field({ type: ['CountryCode'], ...listed('blockedMerchantCountries', COUNTRIES) }),
    allowContactless: t.exposeBoolean('allowContactless', { nullable: true, description: 'Contactless purchases.' }),
    allowAtm: t.exposeBoolean('allowAtm', { nullable: true, description: 'Cash withdrawals.' }),
    allowECommerce: t.exposeBoolean('allowECommerce', { nullable: true, description: 'Online purchases.' }),
    allowCashback: t.exposeBoolean('allowCashback', { nullable: true, description: 'Cash with a purchase.' }),
    allowCreditAuthorisations: t.exposeBoolean('allowCreditAuthorisations', {
      nullable: true,
      description: 'Money from a merchant to the card.',
    }),
    rolloverPolicy: t.expose('rolloverPolicy', {
      type: RolloverPolicy,
      nullable: true,
      description: 'What becomes of an overspend.',
    }),
  }),
});

/** Rules with a way to their card's currency, which Weavr leaves out; after a write it costs a read. */
type InCardCurrency<Rules> = Rules & { currency: () => Promise<string | undefined> | string };

const bounded = async <Bound extends 'minTransactionAmount' | 'maxTransactionAmount'>(
  rules: InCardCurrency<rest.IdentityLevelSpendRules>,
  bound: Bound,
) => {
  const amount = rules[bound];
  const currency = amount ? await rules.currency() : undefined; // 0 is no bound
  return currency === undefined ? null : inCurrency(currency, amount);
};

const bounds = (t: PayloadFields<InCardCurrency<rest.IdentityLevelSpendRules>>) => ({
  minTransactionAmount: t.field({
    type: Money,
    nullable: true,
    description: "The least a purchase may cost, in the card's currency; null: no bound.",
    resolve: (rules) => bounded(rules, 'minTransactionAmount'),
  }),
  maxTransactionAmount: t.field({
    type: Money,
    nullable: true,
    description: "The most a purchase may cost, in the card's currency; null: no bound.",
    resolve: (rules) => bounded(rules, 'maxTransactionAmount'),
  }),
});

const CardLevelSpendRules = builder
  .objectRef<InCardCurrency<rest.CardLevelSpendRules>>('CardLevelSpendRules')
  .implement({
    description: "A card's own rules: those that the mutations write.",
    interfaces: [CommonSpendRules],
    fields: (t) => ({
      ...bounds(t),
      spendLimit: t.field({
        type: [SpendLimit],
        description: 'One for each window that has a limit. Debit cards alone have any.',
        resolve: ({ spendLimit = [] }) => spendLimit,
      }),
    }),
  });

const IdentityLevelSpendRules = builder
  .objectRef<InCardCurrency<rest.IdentityLevelSpendRules>>('IdentityLevelSpendRules')
  .implement({
    description: "What holds for all of an identity's cards.",
    interfaces: [CommonSpendRules],
    fields: bounds,
  });

const ProfileLevelSpendRules = builder.objectRef<rest.ProfileLevelSpendRules>('ProfileLevelSpendRules').implement({
  description: 'What holds for all cards of a profile.',
  interfaces: [CommonSpendRules],
  fields: (t) => ({
    authForwardingEnabled: t.exposeBoolean('authForwardingEnabled', {
      nullable: true,
      description: 'Whether your server is asked to decide on purchases.',
    }),
  }),
});

export const SpendRules = builder.objectRef<InCardCurrency<rest.SpendRules>>('SpendRules').implement({
  description: 'The rules that decide on the purchases of a card, by who sets them.',
  fields: (t) => ({
    card: t.field({
      type: CardLevelSpendRules,
      nullable: true,
      description: "The card's own; null if it has none.",
      resolve: ({ cardLevelSpendRules: rules, currency }) => rules && { ...rules, currency },
    }),
    profile: t.field({
      type: ProfileLevelSpendRules,
      nullable: true,
      description: "The programme's, for all cards of the profile.",
      resolve: ({ profileLevelSpendRules }) => profileLevelSpendRules,
    }),
    identity: t.field({
      type: IdentityLevelSpendRules,
      nullable: true,
      description: "The programme's, for all cards of the identity.",
      resolve: ({ identityLevelSpendRules: rules, currency }) => rules && { ...rules, currency },
    }),
  }),
});

builder.interfaceFields(ManagedCard, (t) => ({
  spendRules: t.field({
    ...upstream(api.managedCardSpendRulesGet),
    type: SpendRules,
    nullable: true,
    description: 'What it may be used for. One REST call per card: Weavr has no list of them.',
    resolve: async ({ id, currency }, _args, { weavr }) => {
      const rules = await weavr.find(api.managedCardSpendRulesGet, { id });
      return rules && { ...rules, currency: () => currency };
    },
  }),
}));

const AvailableToSpend = builder.objectRef<cards.AvailableToSpend>('AvailableToSpend').implement({
  description: 'What is left of a limit in its current window.',
  fields: (t) => ({
    value: t.expose('value', {
      type: Money,
      nullable: true,
      description: 'Below zero where a merchant took more than was authorised.',
    }),
    interval: t.expose('interval', { type: SpendLimitInterval, nullable: true, description: 'The window.' }),
  }),
});

builder.objectField(DebitCard, 'availableToSpend', (t) =>
  t.field({
    type: [AvailableToSpend],
    description: 'What is left of each limit; empty where there is none.',
    resolve: ({ availableToSpend = [] }) => availableToSpend,
  }),
);
