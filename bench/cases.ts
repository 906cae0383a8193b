/** Of the seed: what the queries ask for. */
export interface Ids {
  card: string;
  account: string;
}

export interface Case {
  name: string;
  query: string;
  variables?: (ids: Ids) => object;
  /** What the proxies pass on instead: the REST call whose answer the query reads. */
  path?: (ids: Ids) => string;
  goal?: Goal;
}

/** What the gateway must reach: REST calls at most, and at least so many times what others answer. */
export interface Goal {
  calls: number;
  plain?: number;
  limit?: { subject: 'proxy' | 'parsing'; times: number };
  /** How many upstream round trips the answer may take, and 5 ms more. */
  roundTrips?: number;
}

const CARD = `id friendlyName state currency mode type cardBrand cardNumberFirstSix cardNumberLastFour nameOnCard
  startMmyy expiryMmyy createdAt renewalType tag`;
const PARENT = '... on DebitCard { parentManagedAccount { id friendlyName balances { available { value } } } }';
const RULES = `spendRules {
  card { allowedMerchantCategories blockedMerchantCountries spendLimit { interval value { value } } }
  identity { allowAtm maxTransactionAmount { value } }
}`;

const cards = (selection: string) =>
  `{ managedCards(first: 100, filter: { mode: DEBIT_MODE }) { totalCount nodes { ${selection} } } }`;

/** A banking app's first screen. The cards' users are read once the cards are there: two round trips. */
const FIRST_SCREEN = `{
  managedAccounts(filter: { state: [ACTIVE] }) { nodes { id friendlyName balances { available { value currency } } } }
  managedCards(filter: { mode: DEBIT_MODE, state: [ACTIVE, BLOCKED] }) {
    totalCount
    nodes {
      id friendlyName state cardNumberLastFour user { name surname }
      ... on DebitCard { parentManagedAccount { friendlyName currency } availableToSpend { interval value { value } } }
    }
  }
  transactions { nodes { id type status direction amount { value currency } } }
}`;

const STATEMENT = `query ($account: ID!) {
  managedAccount(id: $account) {
    statement(first: 100) {
      totalCount openingBalance { value } closingBalance { value }
      nodes {
        entryId executedAt description transaction { id type subtype }
        balanceAdjustment { value currency } balanceAfter { value } counterparty { __typename } fee { amount { value } }
      }
    }
  }
}`;

export const ONE_CARD: Case = {
  name: 'one card',
  query: `query ($card: ID!) { managedCard(id: $card) { ${CARD} } }`,
  variables: ({ card }) => ({ card }),
  path: ({ card }) => `/multi/managed_cards/${card}`,
  goal: { calls: 1, plain: 3, limit: { subject: 'proxy', times: 0.4 } },
};

const PAGE_OF_CARDS: Case = {
  name: '100 cards, 15 fields',
  query: cards(CARD),
  path: () => '/multi/managed_cards?mode=DEBIT_MODE&offset=0&limit=100',
  goal: { calls: 1, plain: 2, limit: { subject: 'parsing', times: 1.1 } },
};

const amounts = (field: string, times: number) =>
  Array.from({ length: times }, (_, index) => `${field}${index}: ${field} { value currency }`).join(' ');

/** As much work for a gateway, and as little for the load, as one query within the limits can be. */
export const HEAVY: Case = {
  name: 'statement of 100, 30 amounts each',
  query: `query ($account: ID!) {
    managedAccount(id: $account) { statement(first: 100) { nodes { ${amounts('balanceAdjustment', 15)} ${amounts('balanceAfter', 15)} } } }
  }`,
  variables: ({ account }) => ({ account }),
};

export const CASES: readonly Case[] = [
  { name: '{ __typename }', query: '{ __typename }' },
  ONE_CARD,
  PAGE_OF_CARDS,
  { name: '100 cards + parents', query: cards(`${CARD} ${PARENT}`), goal: { calls: 2, plain: 3.5 } },
  {
    name: '100 cards + parents + spend rules',
    query: cards(`${CARD} ${PARENT} ${RULES}`),
    goal: { calls: 102, plain: 2.5 },
  },
  {
    name: 'statement of 100',
    query: STATEMENT,
    variables: ({ account }) => ({ account }),
    path: ({ account }) => `/multi/managed_accounts/${account}/statement?offset=0&limit=100&sortOrder=ASC`,
    goal: { calls: 1, plain: 3, limit: { subject: 'parsing', times: 1.3 } },
  },
  { name: 'first screen', query: FIRST_SCREEN, goal: { calls: 4, roundTrips: 2 } },
];
