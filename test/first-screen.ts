/** What a banking app's first screen shows: who it is, whether they are verified, what they have, what they did. */
export const FIRST_SCREEN = `{
  viewer { identity { id createdAt ... on Corporate { company { name } kyb { status } } } }
  authenticationFactors { type status channel }
  managedAccounts(filter: { state: [ACTIVE] }, first: 20) {
    nodes { id friendlyName balances { available { value currency } } }
  }
  managedCards(filter: { mode: DEBIT_MODE, state: [ACTIVE, BLOCKED] }, first: 20) {
    totalCount
    nodes {
      id friendlyName state cardNumberLastFour
      user { name surname }
      ... on DebitCard { parentManagedAccount { friendlyName currency } availableToSpend { interval value { value } } }
    }
  }
  destroyed: managedCards(filter: { state: [DESTROYED] }, first: 1) { totalCount }
  transactions(first: 20) { nodes { id type status direction amount { value currency } } }
}`;
