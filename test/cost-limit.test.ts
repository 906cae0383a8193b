import { describe, expect, it } from 'vitest';
import { startStack } from './harness.js';

describe('a request that needs more calls than was expected', () => {
  /** A gateway over a Weavr whose lists of instruments are empty, so that each instrument takes a call. */
  const startHidden = (maxUpstreamCalls: number) =>
    startStack({ maxUpstreamCalls, onAnswer: (_operation, body) => ({ ...body, accounts: [], cards: [] }) });

  it('makes as many as was estimated: a list that is read in vain, and each object', async () => {
    const hidden = await startHidden(50);
    const [a, b] = hidden.sandbox.state.managedCards.all();
    const { data, extensions } = await hidden.query(
      `{ a: managedCard(id: "${a?.id}") { id } b: managedCard(id: "${b?.id}") { id } }`,
    );
    expect(data).toEqual({ a: { id: a?.id }, b: { id: b?.id } });
    expect(hidden.calls).toEqual(['managedCardsGet', 'managedCardsGet', 'managedCardGet', 'managedCardGet']);
    expect(extensions?.cost).toMatchObject({ estimated: 4, actual: 4 });
    await hidden.close();
  });

  it('reads as much as it may, and fails for the rest', async () => {
    const few = await startHidden(6);
    const { data, errors, extensions } = await few.query(
      '{ transfers(first: 100) { nodes { id destination { friendlyName } } } }',
    );
    expect(extensions).toEqual({ cost: { estimated: 6, actual: 6, limit: 6, remaining: null } });
    expect(few.calls).toHaveLength(6);
    const { nodes } = data.transfers as { nodes: { id: string; destination: object | null }[] };
    expect(nodes.filter(({ id }) => id)).toHaveLength(100);
    expect(nodes.filter(({ destination }) => destination).length).toBeGreaterThan(0);
    expect(errors?.[0]).toMatchObject({
      message: 'A request may make 6 REST calls, and this one has made them.',
      path: ['transfers', 'nodes', expect.any(Number), 'destination'],
      extensions: { code: 'QUERY_TOO_EXPENSIVE', retryable: false },
    });
    await few.close();
  });

  it('writes all the same, and fails for what the payload would read', async () => {
    const few = await startHidden(9);
    const [a, b] = few.sandbox.state.managedAccounts.all().filter(({ state }) => state.state === 'ACTIVE');
    const block = (id: string | undefined, selection: string) =>
      `blockManagedAccount(input: { id: "${id}" }) { ... on BlockManagedAccountPayload { managedAccount { ${selection} } } }`;
    const transfers = 'outgoingTransfers(first: 100) { nodes { destination { friendlyName } } }';
    const { data, errors, extensions } = await few.query(
      `mutation { a: ${block(a?.id, transfers)} b: ${block(b?.id, 'state')} }`,
    );
    expect(few.calls.at(-1)).toBe('managedAccountBlock');
    expect(extensions).toMatchObject({ cost: { actual: 10, limit: 9 } });
    expect(data.b).toEqual({ managedAccount: null });
    expect(errors?.at(-1)).toMatchObject({
      path: ['b', 'managedAccount'],
      extensions: { code: 'QUERY_TOO_EXPENSIVE' },
    });
    const blocked = few.sandbox.state.managedAccounts.all().find(({ id }) => id === b?.id);
    expect(blocked?.state.state).toBe('BLOCKED');
    await few.close();
  });
});
