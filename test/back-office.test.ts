import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDelegation } from '../src/weavr/core/delegation.js';
import { type Stack, startStack } from './harness.js';

const KEY = 'a-back-office-key-of-more-than-32-characters';
const OLD_KEY = 'another-back-office-key-that-is-being-rotated-out';

let stack: Stack;
let acme: string;
let ada: string;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY, OLD_KEY] });
});
beforeEach(async () => {
  const idOf = async (email: string) =>
    (await stack.data('{ viewer { identity { id } } }', { token: stack.sandbox.signIn(email) })).viewer.identity.id;
  acme ??= await idOf('root@acme.example');
  ada ??= await idOf('ada@consumer.example');
});
afterAll(() => stack.close());

const as = (actAs: string, headers: Record<string, string> = {}) => ({
  token: null,
  headers: { 'x-back-office-key': KEY, 'x-act-as': actAs, ...headers },
});
const accountOf = async (email: string) => {
  const token = stack.sandbox.signIn(email);
  const { managedAccounts } = await stack.data('{ managedAccounts(first: 100) { nodes { id currency } } }', { token });
  return managedAccounts.nodes.at(-1).id as string;
};

describe('a server that acts for an identity', () => {
  it('sends the same queries, with a token that the gateway obtains once', async () => {
    const id = await accountOf('root@acme.example');
    const query = `{ managedAccount(id: "${id}") { friendlyName balances { available { currency } } } }`;
    const { managedAccount } = await stack.data(query, as(`CORPORATE:${acme}`));
    expect(managedAccount).toEqual({ friendlyName: 'Main account', balances: { available: { currency: 'EUR' } } });
    expect(stack.calls).toEqual(['requestAccessToken', 'managedAccountGet']);
    await stack.data(query, as(`CORPORATE:${acme}`, { 'x-back-office-key': KEY }));
    expect(stack.calls).toEqual(['managedAccountGet']);
  });

  it('sees its identity and no other', async () => {
    const [acmes, adas] = [await accountOf('root@acme.example'), await accountOf('ada@consumer.example')];
    const query = `{ a: managedAccount(id: "${acmes}") { id } b: managedAccount(id: "${adas}") { id } }`;
    expect(await stack.data(query, as(`CORPORATE:${acme}`))).toEqual({ a: { id: acmes }, b: null });
    expect(await stack.data(query, as(`CONSUMER:${ada}`))).toEqual({ a: null, b: { id: adas } });
  });

  it('reads several ids one by one: Back Office has no list of them', async () => {
    const { managedAccounts } = await stack.data('{ managedAccounts(first: 3) { nodes { id } } }');
    const [a, b, c] = managedAccounts.nodes.map(({ id }: { id: string }) => id);
    await stack.data(
      `{ a: managedAccount(id: "${a}") { tag } b: managedAccount(id: "${b}") { tag } c: managedAccount(id: "${c}") { tag } }`,
      as(`CORPORATE:${acme}`),
    );
    expect(stack.calls).toEqual(['managedAccountGet', 'managedAccountGet', 'managedAccountGet']);
  });

  it('gets NOT_IN_BACK_OFFICE for what Back Office lacks, before any call', async () => {
    const { errors } = await stack.query('{ managedAccounts { totalCount } }', as(`CORPORATE:${acme}`));
    expect(errors?.[0]?.extensions.code).toBe('NOT_IN_BACK_OFFICE');
    expect(stack.calls).toEqual([]);
  });

  it('reads the first form of statements, the only one there', async () => {
    const id = await accountOf('root@acme.example');
    const { managedAccount } = await stack.data(
      `{ managedAccount(id: "${id}") { legacyStatement(first: 2) { totalCount nodes { transactionId { type } } } } }`,
      as(`CORPORATE:${acme}`),
    );
    expect(managedAccount.legacyStatement.totalCount).toBe(250);
  });

  it('gets the same ValidationError, whichever words Back Office has for it', async () => {
    const id = await accountOf('root@acme.example');
    const { data } = await stack.query(
      `mutation ($input: CreateTransferInput!) {
        createTransfer(input: $input) { ... on ValidationError { fields { path rule } } ... on MutationError { code } }
      }`,
      {
        ...as(`CORPORATE:${acme}`),
        variables: {
          input: {
            profileId: '130000000000000001',
            source: { type: 'MANAGED_ACCOUNTS', id },
            destination: { type: 'MANAGED_ACCOUNTS', id },
            amount: { currency: 'EUR', amount: 1 },
            tag: 'not a tag!',
            idempotencyKey: 'bo-1',
          },
        },
      },
    );
    expect(data.createTransfer).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', 'tag'], rule: 'REGEX' }],
    });
  });

  it('is given another token once, when Weavr no longer takes the one it had', async () => {
    const id = await accountOf('root@acme.example');
    const query = `{ managedAccount(id: "${id}") { id } }`;
    await stack.data(query, as(`CORPORATE:${acme}`));
    stack.sandbox.clock.advance(6 * 60_000);
    expect(await stack.data(query, as(`CORPORATE:${acme}`))).toEqual({ managedAccount: { id } });
    expect(stack.calls).toEqual(['managedAccountGet', 'requestAccessToken', 'managedAccountGet']);
  });

  it('makes 10 token calls for 100 requests for 10 identities at once', async () => {
    const fresh = await startStack({ backOfficeKeys: [KEY] });
    try {
      const { credentials } = fresh.sandbox.state;
      const ids = Array.from({ length: 10 }, (_, index) => `90000000000000000${index}`);
      for (const id of ids) {
        credentials.set(id, {
          ...[...credentials.values()][0]!,
          id,
          type: 'ROOT',
          identities: [{ type: 'CORPORATE', id }],
        });
      }
      const seen: string[] = [];
      const query = async (id: string) => {
        const response = await fetch(`${fresh.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-back-office-key': KEY, 'x-act-as': `CORPORATE:${id}` },
          body: JSON.stringify({ query: '{ transfers { totalCount } }' }),
        });
        seen.push(JSON.stringify(await response.json()));
      };
      fresh.calls.length = 0;
      await Promise.all(Array.from({ length: 100 }, (_, index) => query(ids[index % 10]!)));
      expect(new Set(seen)).toEqual(
        new Set(['{"data":{"transfers":{"totalCount":0}},"extensions":{"cost":{"actual":1}}}']),
      );
      expect(fresh.calls.filter((call) => call === 'requestAccessToken')).toHaveLength(10);
    } finally {
      await fresh.close();
    }
  });
});

describe('the keys', () => {
  const ask = (headers: Record<string, string>) =>
    stack.query('{ transfers { totalCount } }', { token: null, headers });

  it('may be several, so that one can be rotated out', async () => {
    expect((await ask({ 'x-back-office-key': OLD_KEY, 'x-act-as': `CORPORATE:${acme}` })).errors).toBeUndefined();
  });

  it('are refused when they are none of the gateway’s', async () => {
    const { status, errors } = await ask({ 'x-back-office-key': `${KEY}x`, 'x-act-as': `CORPORATE:${acme}` });
    expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(stack.calls).toEqual([]);
  });

  it.each([{ origin: 'same' }, { 'sec-fetch-site': 'same-origin' }])(
    'are refused from a browser: %j',
    async (header) => {
      const own = Object.fromEntries(
        Object.entries(header).map(([name, value]) => [name, value === 'same' ? stack.url : value]),
      );
      const { status, errors } = await ask({ 'x-back-office-key': KEY, 'x-act-as': `CORPORATE:${acme}`, ...own });
      expect([status, errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
      expect(JSON.stringify(errors)).not.toContain(KEY);
    },
  );

  it.each(['', 'CORPORATE', 'CORPORATE:', 'COMPANY:1', 'CORPORATE:../users', 'corporate:1', 'CORPORATE:1 ,CONSUMER:2'])(
    'need an identity to act for, which "%s" is not',
    async (actAs) => {
      const { status, errors } = await ask({ 'x-back-office-key': KEY, 'x-act-as': actAs });
      expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(stack.calls).toEqual([]);
    },
  );

  it('never come with a user’s token', async () => {
    const { status } = await stack.query('{ transfers { totalCount } }', {
      headers: { 'x-back-office-key': KEY, 'x-act-as': `CORPORATE:${acme}` },
    });
    expect(status).toBe(400);
  });

  it('open nothing where the gateway has none', async () => {
    const closed = await startStack();
    try {
      const headers = { 'x-back-office-key': KEY, 'x-act-as': `CORPORATE:${acme}` };
      expect((await closed.query('{ transfers { totalCount } }', { token: null, headers })).status).toBe(401);
    } finally {
      await closed.close();
    }
  });
});

describe('delegated tokens', () => {
  const identity = { type: 'CORPORATE' as const, id: '1' };

  it('are obtained anew when they have rested for almost five minutes', async () => {
    let now = 0;
    let issued = 0;
    const delegation = createDelegation(async () => `token-${++issued}`, { now: () => now });
    expect(await delegation.tokenOf(KEY, identity)).toBe('token-1');
    now += 4 * 60_000;
    expect(await delegation.tokenOf(KEY, identity)).toBe('token-1');
    now += 4.6 * 60_000;
    expect(await delegation.tokenOf(KEY, identity)).toBe('token-2');
  });

  it('are renewed once however many find them stale at the same time', async () => {
    let issued = 0;
    const delegation = createDelegation(async () => `token-${++issued}`);
    const stale = await delegation.tokenOf(KEY, identity);
    const renewed = await Promise.all(Array.from({ length: 20 }, () => delegation.renew(KEY, identity, stale)));
    expect(new Set(renewed)).toEqual(new Set(['token-2']));
  });

  it('are not remembered when they could not be obtained', async () => {
    let attempts = 0;
    const delegation = createDelegation(async () => {
      if (++attempts === 1) throw new Error('not now');
      return 'token';
    });
    await expect(delegation.tokenOf(KEY, identity)).rejects.toThrow('not now');
    expect(await delegation.tokenOf(KEY, identity)).toBe('token');
  });

  it('are apart for each gateway key', async () => {
    let issued = 0;
    const delegation = createDelegation(async () => `token-${++issued}`);
    expect(await delegation.tokenOf(KEY, identity)).not.toBe(await delegation.tokenOf(OLD_KEY, identity));
  });
});
