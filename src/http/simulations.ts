/** Of the sandbox: an account, a card that may spend in most shops, a corporate whose due diligence has not begun. */
interface Ids {
  source: string;
  card: string;
  newcomer: string;
}

/** What other banks, shops and reviewers do: nobody can let them where there is real money. */
export const simulations = ({ source, card, newcomer }: Ids) => [
  { query: DEPOSIT, input: { accountId: source, amount: euros(2500), senderName: 'Aunt May' } },
  { query: purchase('Purchase'), input: { cardId: card, ...BOOKS } },
  { query: purchase('DeclinedPurchase'), input: { cardId: card, ...LOTTERY } },
  { query: APPROVE_KYB, input: { corporateId: newcomer } },
];

const euros = (amount: number) => ({ currency: 'EUR', amount });
const BOOKS = { merchantName: 'Book Barn', merchantCategoryCode: '5942', country: 'MLT', amount: euros(1250) };
const LOTTERY = { merchantName: 'Lucky Lotto', merchantCategoryCode: '9754', country: 'MLT', amount: euros(1250) };

const DEPOSIT = `# Another bank pays into an account. What the Simulator does is
# only there for sandboxes.
mutation Deposit($input: SimulateDepositInput!) {
  simulateDeposit(input: $input) {
    __typename
    ... on SimulateDepositPayload {
      outcome
      managedAccount {
        friendlyName
        balances { available { value currency } }
      }
    }
    ... on ValidationError { fields { path rule params } }
    ... on MutationError { code message }
  }
}
`;

const ABOUT_PURCHASES = {
  Purchase: `# A shop asks a card for money, and settles at once.`,
  DeclinedPurchase: `# The corporate's spend rules forbid this kind of shop. That the
# card does not pay is an outcome, not an error.`,
};

const purchase = (name: keyof typeof ABOUT_PURCHASES) => `${ABOUT_PURCHASES[name]}
mutation ${name}($input: SimulateCardPurchaseInput!) {
  simulateCardPurchase(input: $input) {
    __typename
    ... on SimulateCardPurchasePayload {
      outcome
      managedCard {
        friendlyName
        ... on DebitCard {
          parentManagedAccount {
            balances { available { value currency } }
          }
        }
      }
    }
    ... on ValidationError { fields { path rule params } }
    ... on MutationError { code message }
  }
}
`;

const APPROVE_KYB = `# Ends the due diligence of Newco Ltd well: now root@newco.example
# may open accounts and cards.
mutation ApproveKyb($input: SimulateCorporateVerificationInput!) {
  simulateCorporateVerification(input: $input) {
    __typename
    ... on MutationError { code message }
  }
}
`;
