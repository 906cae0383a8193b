import { FLOW_INPUTS, FLOWS } from './flows.js';
import { simulations } from './simulations.js';

/** An operation that GraphiQL opens with, in a tab that carries the operation's name. */
export interface Example {
  query: string;
  /** JSON. */
  variables?: string;
}

/** What a transfer needs that a list cannot give it within one operation. */
export interface ExampleIds {
  /** Weavr's ids of two accounts in euro, of one owner. */
  source: string;
  destination: string;
  /** Weavr's id of the programme's transfer profile. */
  transferProfile: string;
  /** A card that may spend in most shops. */
  card: string;
  /** A corporate whose due diligence has not begun. */
  newcomer: string;
}

/** One tab each, in the order of a first visit; with the sandbox's ids every one runs as it is. */
export const examples = (ids?: ExampleIds): Example[] => [
  { query: (ids ? SANDBOX_GREETING : GREETING) + WELCOME },
  { query: SIGN_IN, variables: json({ input: ids ? VISITOR : YOU }) },
  { query: ACCOUNTS },
  { query: CARDS, variables: json({ first: 2, filter: { mode: 'DEBIT_MODE', state: ['ACTIVE'] } }) },
  { query: STATEMENT, variables: json({ filter: ids ? { friendlyName: 'Main account' } : {} }) },
  { query: TRANSFER, variables: json({ input: transferOf(ids ?? YOURS) }) },
  { query: STEP_UP },
  { query: VERIFY_CODE, variables: json({ input: { channel: 'SMS', verificationCode: ids ? '123456' : 'the code' } }) },
  ...(ids ? simulations(ids).map(({ query, input }) => ({ query, variables: json({ input }) })) : []),
  ...flows.map((flow) => ({ query: FLOWS[flow], variables: json({ input: ids ? FLOW_INPUTS[flow] : {} }) })),
];

const flows = Object.keys(FLOWS) as (keyof typeof FLOWS)[]; // a literal's keys are exactly its own

const json = (value: object) => JSON.stringify(value, null, 2);

const YOU = { email: 'you@company.example', password: 'your password' };
const VISITOR = { email: 'root@acme.example', password: 'Passw0rd!' };
const YOURS: TransferIds = {
  source: 'the id of an account',
  destination: 'the id of another',
  transferProfile: 'the id of your transfer profile',
};

type TransferIds = Pick<ExampleIds, 'source' | 'destination' | 'transferProfile'>;

const transferOf = ({ source, destination, transferProfile }: TransferIds) => ({
  idempotencyKey: 'example-1',
  profileId: transferProfile,
  source: { type: 'MANAGED_ACCOUNTS', id: source },
  destination: { type: 'MANAGED_ACCOUNTS', id: destination },
  amount: { currency: 'EUR', amount: 1250 },
  description: 'Lunch',
});

const SANDBOX_GREETING = `# Weavr's REST APIs as one GraphQL schema. Unofficial.
#
# Ctrl-Enter runs this. The other tabs are examples, and the book on
# the left explains every type. Under each answer, extensions.cost
# counts the REST calls it took.
#
# Behind it is a sandbox inside this process: nothing here is real
# money. The Headers pane below has already signed you in. A session
# ends after five idle minutes; reload the page for another.

`;

const GREETING = `# Weavr's REST APIs as one GraphQL schema. Unofficial.
#
# Ctrl-Enter runs this. The other tabs are examples, and the book on
# the left explains every type. Under each answer, extensions.cost
# counts the REST calls it took.
#
# Sign in with the next tab, and put the token it answers into the
# Headers pane below. Headers are gone with a reload.

`;

const WELCOME = `query Welcome {
  viewer {
    identity {
      __typename
      ... on Corporate {
        company { name }
        kyb { status }
      }
      ... on Consumer {
        rootUser { name surname }
        kyc { status }
      }
    }
  }
  managedAccounts(first: 1) {
    totalCount
  }
  managedCards(first: 1) {
    totalCount
  }
}
`;

const SIGN_IN = `# The Variables pane says who. Put the token that is answered into
# the Headers pane: { "Authorization": "Bearer <token>" }
mutation SignIn($input: LoginWithPasswordInput!) {
  loginWithPassword(input: $input) {
    __typename
    ... on LoginWithPasswordPayload {
      token
      # AUTH: to be exchanged with requestAccessToken first.
      tokenType
      identity { type id }
    }
    ... on PasswordExpired { token }
    ... on MutationError { code message }
  }
}
`;

const ACCOUNTS = `query Accounts {
  managedAccounts(first: 10, filter: { state: [ACTIVE] }) {
    totalCount
    nodes {
      id
      friendlyName
      balances {
        available { value currency }
        actual { value currency }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

const CARDS = `# One REST call reads the cards and one their parent accounts,
# however many there are. Spend rules have no list at Weavr: they
# cost one call for each card.
query Cards($first: Int!, $filter: ManagedCardFilter) {
  managedCards(first: $first, filter: $filter) {
    totalCount
    nodes {
      friendlyName
      cardNumberLastFour
      spendRules {
        card {
          blockedMerchantCategories
          spendLimit { interval value { value currency } }
        }
      }
      ... on DebitCard {
        availableToSpend { interval value { value currency } }
        parentManagedAccount {
          friendlyName
          balances { available { value currency } }
        }
      }
    }
  }
}
`;

const STATEMENT = `# The link opens once without signing in, within a minute.
query Statement($filter: ManagedAccountFilter) {
  managedAccounts(first: 1, filter: $filter) {
    nodes {
      friendlyName
      statementDocument(format: PDF) { url expiresAt }
      statement(first: 5, sortOrder: DESC) {
        totalCount
        closingBalance { value currency }
        nodes {
          executedAt
          transaction { type }
          balanceAdjustment { value }
          balanceAfter { value }
          counterparty {
            ... on MerchantCounterparty { name }
            ... on BankAccountCounterparty { name }
            ... on InstrumentCounterparty { friendlyName }
          }
        }
      }
    }
  }
}
`;

const TRANSFER = `# Run it twice: one key is one transfer. Change the key for another.
mutation Transfer($input: CreateTransferInput!) {
  createTransfer(input: $input) {
    __typename
    ... on CreateTransferPayload {
      idempotencyKey
      transfer {
        id
        state
        amount { value currency }
        source { ...Balance }
        destination { ...Balance }
      }
    }
    ... on ValidationError { fields { path rule params } }
    ... on ConflictError { action }
    ... on OutcomeUnknownError { idempotencyKey sentAt }
    ... on MutationError { code message requestRef retryable }
  }
}

fragment Balance on Instrument {
  friendlyName
  ... on ManagedAccount {
    balances { available { value currency } }
  }
}
`;

const STEP_UP = `# Sensitive operations want a session that has proved itself a second
# time. This sends a code; the next tab answers it.
mutation StepUp {
  startStepUpOtp(input: { channel: SMS }) {
    __typename
    ... on StartStepUpOtpPayload { expiresInSeconds }
    ... on MutationError { code message }
  }
}
`;

const VERIFY_CODE = `# The token stays the same: Weavr remembers that it is stepped up.
mutation VerifyCode($input: VerifyStepUpOtpInput!) {
  verifyStepUpOtp(input: $input) {
    __typename
    ... on VerifyStepUpOtpPayload { channel }
    ... on MutationError { code message retryable }
  }
}
`;
