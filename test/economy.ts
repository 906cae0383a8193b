import { execute, parse } from 'graphql';
import { schema } from '../src/schema/index.js';
import { Weavr, type WeavrOptions } from '../src/weavr/core/client.js';
import type { Operation } from '../src/weavr/core/operation.js';
import type { Nullish } from '../src/weavr/core/shapes.js';
import { createTokenMemory } from '../src/weavr/core/token-memory.js';
import { createTransport } from '../src/weavr/core/transport.js';
import { FIRST_SCREEN } from './first-screen.js';
import type { Stack } from './harness.js';

interface Documented {
  about: string;
  query: string;
  /** The fewest REST calls that could answer it, whoever asked them. */
  minimum: number;
}

const CARD = 'id friendlyName state cardNumberLastFour';
const NAME = '{ friendlyName }';

/** What frontends ask for, over a sandbox with 12 accounts, 120 cards and 130 transfers. */
export const DOCUMENTED: Documented[] = [
  { about: 'one card', query: `{ managedCard(id: "$card") { ${CARD} } }`, minimum: 1 },
  { about: '100 cards', query: `{ managedCards(first: 100) { nodes { ${CARD} } } }`, minimum: 1 },
  {
    about: '100 cards, the ids of their accounts',
    query: `{ managedCards(first: 100) { nodes { id ... on DebitCard { parentManagedAccount { id } } } } }`,
    minimum: 1,
  },
  {
    about: '100 cards and their accounts',
    query: `{ managedCards(first: 100) { nodes { id ... on DebitCard { parentManagedAccount ${NAME} } } } }`,
    minimum: 2,
  },
  {
    about: '100 cards, their accounts and their users',
    query: `{ managedCards(first: 100) { nodes { id user { name } ... on DebitCard { parentManagedAccount ${NAME} } } } }`,
    minimum: 3,
  },
  {
    about: '12 accounts and the cards of each (120 in all)',
    query: `{ managedAccounts(first: 12) { nodes { id cards(first: 20) { totalCount nodes { ${CARD} } } } } }`,
    minimum: 3,
  },
  {
    about: '12 accounts and the transfers from each (130 in all)',
    query: '{ managedAccounts(first: 12) { nodes { id outgoingTransfers { nodes { id state } } } } }',
    minimum: 3,
  },
  {
    about: '100 transfers, where from and where to',
    query: `{ transfers(first: 100) { nodes { id source ${NAME} destination ${NAME} } } }`,
    minimum: 3,
  },
  {
    about: '20 cards and their spend rules',
    query: '{ managedCards { nodes { id spendRules { card { allowContactless } } } } }',
    minimum: 21,
  },
  {
    about: 'a statement of 100 entries',
    query: '{ managedAccount(id: "$account") { statement(first: 100) { nodes { executedAt } } } }',
    minimum: 1,
  },
  {
    about: 'how many cards are blocked, destroyed, active',
    query: `{
      blocked: managedCards(filter: { state: [BLOCKED] }) { totalCount }
      destroyed: managedCards(filter: { state: [DESTROYED] }) { totalCount }
      active: managedCards(filter: { state: [ACTIVE] }) { totalCount }
    }`,
    minimum: 3,
  },
  { about: "a banking app's first screen", query: FIRST_SCREEN, minimum: 8 },
];

/** The same resolvers without a plan: a REST call for every field that needs one. */
class PlainWeavr extends Weavr {
  override load<In extends object, Out>(operation: Operation<In, Out>, input: Nullish<In>): Promise<Out> {
    return this.call(operation, input);
  }
}

const idsIn = ({ sandbox: { state } }: Stack, query: string) =>
  query.replace('$card', state.managedCards.all()[0]!.id).replace('$account', state.managedAccounts.all()[0]!.id);

/** How many REST calls each takes: through the gateway, and with one for every field. */
export async function measure(stack: Stack) {
  const { sandbox, token } = stack;
  const transport = createTransport({ baseUrl: sandbox.url });
  const options: WeavrOptions = { transport, apiKey: sandbox.apiKey, session: { api: 'MULTI', token } };
  const rows = [];
  for (const { about, query, minimum } of DOCUMENTED) {
    const text = idsIn(stack, query);
    await stack.data(text);
    const ours = stack.calls.length;
    const weavr = new PlainWeavr(options);
    const contextValue = { weavr, tokens: createTokenMemory(), unrecognized: new Set<string>() };
    const { errors } = await execute({ schema, document: parse(text), contextValue });
    if (errors) throw errors[0];
    rows.push({ about, ours, plain: weavr.calls.length, minimum });
  }
  await transport.close();
  return rows;
}
