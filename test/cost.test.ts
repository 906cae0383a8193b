import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmeOf, as, KEY } from './acting.js';
import { type QueryOptions, type Stack, startStack } from './harness.js';

const PARENTS = '... on DebitCard { parentManagedAccount { friendlyName } }';
const RULES = 'spendRules { card { allowAtm } }';

let stack: Stack;
/** Nothing may be called here, so that everything is refused with its price. */
let priceless: Stack;

beforeAll(async () => {
  stack = await startStack();
  priceless = await startStack({ maxUpstreamCalls: 0, backOfficeKeys: [KEY] });
});
afterAll(() => Promise.all([stack.close(), priceless.close()]));

/** What an operation is expected to cost, and what of it the dearest field does. */
async function priceOf(text: string, options?: QueryOptions) {
  const { errors, extensions, status } = await priceless.query(text, options);
  if (!errors) return [extensions?.cost.estimated];
  expect(priceless.calls).toEqual([]);
  expect([errors[0]?.extensions.code, status]).toEqual(['QUERY_TOO_EXPENSIVE', 400]);
  const { expected, field, calls } = errors[0]!.extensions;
  return [expected, field, calls];
}

const callsOf = async (text: string, options?: QueryOptions) => (await priceOf(text, options))[0];

describe('the price of a query', () => {
  it.each([
    ['nothing that calls', '{ __typename viewer { credentials { userId } } }', [0]],
    ['a page', '{ managedCards(first: 100) { nodes { id } } }', [1, 'managedCards', 1]],
    ['a count', '{ managedCards { totalCount } }', [1, 'managedCards', 1]],
    ['one object', '{ managedCard(id: "1") { id } }', [1, 'managedCard', 1]],
    [
      'links that only an id is asked of',
      '{ managedCards(first: 100) { nodes { ... on DebitCard { parentManagedAccount { __typename id } } } } }',
      [1, 'managedCards', 1],
    ],
    [
      'links that a list answers',
      `{ managedCards(first: 100) { nodes { ${PARENTS} } } }`,
      [3, 'managedCards.nodes.parentManagedAccount', 2],
    ],
    ['one link', `{ managedCard(id: "1") { user { name } ${PARENTS} } }`, [3, 'managedCard', 1]],
    [
      'links of several kinds',
      '{ transfers(first: 100) { nodes { source { friendlyName } } } }',
      [5, 'transfers.nodes.source', 4],
    ],
    [
      'what a file alone costs',
      '{ outgoingWireTransfers { nodes { paymentConfirmation { url } } } }',
      [1, 'outgoingWireTransfers', 1],
    ],
    [
      'what has no list',
      `{ managedCards(first: 100) { nodes { ${RULES} } } }`,
      [101, 'managedCards.nodes.spendRules', 100],
    ],
    ['a page of the usual size', `{ managedCards { nodes { ${RULES} } } }`, [21, 'managedCards.nodes.spendRules', 20]],
    [
      'edges',
      `{ managedCards(first: 7) { edges { node { ${RULES} } } } }`,
      [8, 'managedCards.edges.node.spendRules', 7],
    ],
    [
      'pages in pages',
      `{ managedAccounts { nodes { cards(first: 10) { nodes { ${RULES} } } } } }`,
      [203, 'managedAccounts.nodes.cards.nodes.spendRules', 200],
    ],
    [
      'pages that no list answers',
      '{ managedAccounts { nodes { statement { totalCount } } } }',
      [21, 'managedAccounts.nodes.statement', 20],
    ],
    [
      'members of batches',
      '{ beneficiaryBatches { nodes { beneficiaries { operations { batch { state } } } } } }',
      [5, 'beneficiaryBatches.nodes.beneficiaries', 2],
    ],
    [
      'steps, which nobody has counted',
      '{ cardPayments(first: 1) { nodes { events { cardPayment { status } } } } }',
      [3, 'cardPayments.nodes.events.cardPayment', 2],
    ],
    [
      'what depends on nothing',
      '{ corporate { kyb { status } } users { nodes { identity { createdAt } } } }',
      [4, 'corporate', 1],
    ],
  ])('counts %s', async (_what, text, price) => {
    expect(await priceOf(text)).toEqual(price);
  });

  it('counts once what is asked twice', async () => {
    const page = 'managedCards(first: 5) { nodes { id } }';
    expect(await priceOf(`{ a: ${page} b: ${page} c: managedCards(first: 6) { totalCount } }`)).toEqual([2, 'a', 1]);
    const rules = `{ nodes { ${RULES} again: ${RULES} ... on DebitCard { ${RULES} } ... on PrepaidCard { ${RULES} } } }`;
    expect(await callsOf(`{ managedCards(first: 5) ${rules} }`)).toBe(6);
  });

  it('counts one of the types that an object may be of', async () => {
    const statements =
      '... on ManagedAccount { statement { totalCount } } ... on ManagedCard { statement { totalCount } }';
    expect(await callsOf(`{ fees(first: 9) { nodes { instrument { ${statements} } } } }`)).toBe(14);
  });

  it('follows fragments', async () => {
    const text = `{ ...Cards } fragment Rules on ManagedCard { ${RULES} }
      fragment Cards on Query { managedCards(first: 8) { ... { nodes { ...Rules ... on DebitCard { ...Rules } } } } }`;
    expect(await priceOf(text)).toEqual([9, 'managedCards.nodes.spendRules', 8]);
  });

  it.each([
    [{}, 13],
    [{ first: 3 }, 4],
    [{ first: 3, rules: false }, 1],
    [{ without: true }, 1],
    [{ first: 3, rules: true, without: false }, 4],
  ])('goes by the variables %j', async (variables, expected) => {
    const text = `query ($first: Int = 12, $rules: Boolean = true, $without: Boolean = false) {
      managedCards(first: $first) { nodes { ...Rules @include(if: $rules) } }
    } fragment Rules on ManagedCard { ${RULES.replace('{', '@skip(if: $without) {')} }`;
    expect(await callsOf(text, { variables })).toBe(expected);
  });

  it('leaves out what no variable can bring back', async () => {
    const text = `{ managedCards { nodes { ${RULES.replace('{', '@include(if: false) {')} id @skip(if: false) } } }`;
    expect(await priceOf(text)).toEqual([1, 'managedCards', 1]);
  });

  it('takes the size of a page from its default where a variable is absent', async () => {
    const text = `query ($first: Int) { managedCards(first: $first) { nodes { ${RULES} } } }`;
    expect(await callsOf(text)).toBe(21);
    expect(await callsOf(text, { variables: { first: 2 } })).toBe(3);
  });

  it('is that of the operation that is run', async () => {
    const text = `query A { managedCards { totalCount } } query B { managedCards { nodes { ${RULES} } } }`;
    const body = (operationName: string) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${priceless.token}` },
      body: JSON.stringify({ query: text, operationName }),
    });
    const expected = ['A', 'B'].map(async (name) => {
      const response = await fetch(`${priceless.url}/graphql`, body(name));
      return ((await response.json()) as { errors: { extensions: { expected: number } }[] }).errors[0]?.extensions
        .expected;
    });
    expect(await Promise.all(expected)).toEqual([1, 21]);
  });

  it('is higher in Back Office, which lacks lists', async () => {
    const text = '{ transfers(first: 30) { nodes { source { friendlyName } } } }';
    expect(await callsOf(text)).toBe(5);
    expect(await callsOf(text, as(acmeOf(priceless)))).toBe(31);
  });
});

describe('the price of a mutation', () => {
  const block = (selection: string, alias = 'a') =>
    `${alias}: blockManagedCard(input: { id: "1" }) { ... on BlockManagedCardPayload { ${selection} } }`;

  it('is its write, and what the payload reads', async () => {
    expect(await priceOf(`mutation { ${block('idempotencyKey')} }`)).toEqual([1, 'a', 1]);
    expect(await priceOf(`mutation { ${block(`managedCard { ${RULES} }`)} }`)).toEqual([3, 'a', 1]);
  });

  it('counts the same again, because a write forgets what was read', async () => {
    const payload = 'managedCard { friendlyName }';
    expect(await callsOf(`mutation { ${block(payload)} ${block(payload, 'b')} }`)).toBe(4);
  });

  it('reads as much as the input names', async () => {
    const text = `mutation ($ids: [ID!]!) {
      verifyConfirmationOtp(input: { challengeId: "1", resourceType: SENDS, resourceIds: $ids, verificationCode: "1" }) {
        ... on VerifyConfirmationOtpPayload { sends { source { ... on PrepaidCard { ${RULES} } } } }
      }
    }`;
    expect(await callsOf(text, { variables: { ids: ['1', '2', '3'] } })).toBe(1 + 2 + 3 + 3);
    expect(await callsOf(text, { variables: { ids: '1' } })).toBe(1 + 1 + 1 + 1);
    const cancel = `mutation ($input: CancelTransfersInput!) {
      cancelTransfers(input: $input) { ... on CancelTransfersPayload { results { transfer { state } } } }
    }`;
    const cancellations = ['1', '2', '3'].map((id) => ({ id }));
    expect(await callsOf(cancel, { variables: { input: { cancellations } } })).toBe(1 + 2);
  });
});

describe('a request', () => {
  const text = `{ managedCards(first: 100) { nodes { id ${RULES} } } }`;

  it('is refused before any call when it is expected to cost more than it may', async () => {
    const { status, data, errors } = await stack.query(text);
    expect([status, data, stack.calls]).toEqual([400, undefined, []]);
    expect(errors).toEqual([
      {
        message:
          'This is expected to make 101 REST calls, and a request may make 50: "managedCards.nodes.spendRules" alone makes 100. Ask for fewer items with `first`, or for fewer links.',
        locations: [{ line: 1, column: 41 }],
        extensions: {
          code: 'QUERY_TOO_EXPENSIVE',
          expected: 101,
          limit: 50,
          field: 'managedCards.nodes.spendRules',
          calls: 100,
        },
      },
    ]);
  });

  it('says what it could have cost and did cost, where lists answer for many', async () => {
    const { data, extensions } = await stack.query(`{ managedCards(first: 100) { nodes { id ${PARENTS} } } }`);
    expect(data.managedCards.nodes).toHaveLength(100);
    expect(stack.calls).toEqual(['managedCardsGet', 'managedAccountsGet']);
    expect(extensions).toEqual({ cost: { estimated: 50, actual: 2, limit: 50, remaining: null } });
  });

  it('says so of a mutation, and of what costs nothing', async () => {
    const { id } = stack.sandbox.state.managedCards.all().find(({ state }) => state.state === 'ACTIVE')!;
    const block = await stack.query(
      `mutation { blockManagedCard(input: { id: "${id}" }) { ... on BlockManagedCardPayload { managedCard { state } } } }`,
    );
    expect(block.extensions).toEqual({ cost: { estimated: 2, actual: 2, limit: 50, remaining: null } });
    const { extensions } = await stack.query('{ __typename }');
    expect(extensions?.cost).toMatchObject({ estimated: 0, actual: 0 });
  });

  it('counts a call once, however often it is tried', async () => {
    stack.sandbox.faults.plan(
      { kind: 'STATUS', status: 503, effect: false },
      { operation: 'managedCardsGet', times: 1 },
    );
    const { extensions } = await stack.query('{ managedCards { totalCount } }');
    expect(stack.calls).toEqual(['managedCardsGet', 'managedCardsGet']);
    expect(extensions?.cost).toMatchObject({ estimated: 1, actual: 1 });
  });

  it('says what the rate limit leaves, where there is one', async () => {
    const limited = await startStack({ rateLimit: [{ limit: 10, ms: 60_000 }] });
    const { extensions } = await limited.query('{ managedCards { totalCount } }');
    expect(extensions?.cost).toMatchObject({ actual: 1, remaining: 9 });
    await limited.close();
  });
});
