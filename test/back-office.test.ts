import { getDirective } from '@graphql-tools/utils';
import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';
import { acmeOf, act, as, identityOf, KEY } from './acting.js';
import { type Stack, startStack } from './harness.js';
import { least } from './inputs.js';
import { TRANSFER_PROFILE } from './transferring.js';

const OLD_KEY = 'another-back-office-key-that-is-being-rotated-out';

let stack: Stack;
let acme: string;
let ada: string;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [KEY, OLD_KEY] });
  acme = acmeOf(stack);
  ada = identityOf(stack, 'ada@consumer.example');
});
afterAll(() => stack.close());

/** The oldest account of an identity. */
const accountOf = (identity: string) => stack.sandbox.state.managedAccounts.of(identity.split(':')[1]!).at(-1)!.id;

describe('a server that acts for an identity', () => {
  it('sends the same queries, with a token that the gateway obtains once', async () => {
    const query = `{ managedAccount(id: "${accountOf(acme)}") { friendlyName balances { available { currency } } } }`;
    const { managedAccount } = await stack.data(query, as(acme));
    expect(managedAccount).toEqual({ friendlyName: 'Main account', balances: { available: { currency: 'EUR' } } });
    expect(stack.calls).toEqual(['requestAccessToken', 'managedAccountGet']);
    await stack.data(query, as(acme));
    expect(stack.calls).toEqual(['managedAccountGet']);
  });

  it('may have several keys, so that one can be rotated out', async () => {
    const query = '{ transfers { totalCount } }';
    expect(await stack.data(query, as(acme, { 'x-back-office-key': OLD_KEY }))).toEqual({
      transfers: { totalCount: 130 },
    });
  });

  it('sees its identity and no other', async () => {
    const [acmes, adas] = [accountOf(acme), accountOf(ada)];
    const query = `{ a: managedAccount(id: "${acmes}") { id } b: managedAccount(id: "${adas}") { id } }`;
    expect(await stack.data(query, as(acme))).toEqual({ a: { id: acmes }, b: null });
    expect(await stack.data(query, as(ada))).toEqual({ a: null, b: { id: adas } });
  });

  it('reads several ids one by one: Back Office has no list of them', async () => {
    const [a, b, c] = stack.sandbox.state.managedAccounts.of(acme.split(':')[1]!).map(({ id }) => id);
    await stack.data(
      `{ a: managedAccount(id: "${a}") { tag } b: managedAccount(id: "${b}") { tag } c: managedAccount(id: "${c}") { tag } }`,
      as(acme),
    );
    expect(stack.calls).toEqual(['managedAccountGet', 'managedAccountGet', 'managedAccountGet']);
  });

  it('reads several transfers from their list: Back Office has that one', async () => {
    const { transfers } = await stack.data('{ transfers(first: 2) { nodes { id } } }', as(acme));
    const [a, b] = transfers.nodes;
    await stack.data(`{ a: transfer(id: "${a.id}") { state } b: transfer(id: "${b.id}") { state } }`, as(acme));
    expect(stack.calls).toEqual(['transfersGet']);
  });
});

describe('what only one of the two APIs has', () => {
  const lacking = (type: GraphQLObjectType) =>
    Object.values(type.getFields()).filter(
      (field) => getDirective(schema, field, 'upstream')?.[0]?.backOffice === false,
    );
  const codesOf = async (document: string, session: object) =>
    (await stack.query(document, session)).errors?.map(({ extensions }) => extensions.code);

  it('is NOT_IN_BACK_OFFICE for every query that Multi alone answers, before any call', async () => {
    const fields = lacking(schema.getQueryType()!);
    expect(fields.length).toBeGreaterThan(20);
    const { data, errors } = await stack.query(`{ ${fields.map(least).join(' ')} }`, as(acme));
    expect(data).toEqual(Object.fromEntries(fields.map(({ name }) => [name, null])));
    expect(errors?.every(({ extensions }) => extensions.code === 'NOT_IN_BACK_OFFICE')).toBe(true);
    expect(stack.calls).toEqual([]);
  });

  it('is NOT_IN_BACK_OFFICE for every mutation that Multi alone knows, before any call', async () => {
    const fields = lacking(schema.getMutationType()!);
    expect(fields.length).toBeGreaterThan(60);
    for (const field of fields) {
      const codes = await codesOf(`mutation { ${least(field)} }`, as(acme));
      expect([field.name, codes]).toEqual([field.name, ['NOT_IN_BACK_OFFICE']]);
      expect(stack.calls).toEqual([]);
    }
  });

  it('is BACK_OFFICE_ONLY to users and to nobody, before any call', async () => {
    const mutations = Object.values(schema.getMutationType()!.getFields());
    const theirs = mutations.filter(({ extensions }) => extensions.backOfficeOnly);
    expect(theirs.map(({ name }) => name)).toEqual(['updateManagedCardRenewalType']);
    for (const session of [{}, { token: null }]) {
      expect(await codesOf(`mutation { ${theirs.map(least)} }`, session)).toEqual(['BACK_OFFICE_ONLY']);
      expect(stack.calls).toEqual([]);
    }
  });

  it('is NOT_IN_BACK_OFFICE inside an object, too, which is answered without it', async () => {
    const id = accountOf(acme);
    const { data, errors } = await stack.query(
      `{ managedAccount(id: "${id}") { id iban { state } statement { totalCount } } }`,
      as(acme),
    );
    expect(data).toEqual({ managedAccount: { id, iban: null, statement: null } });
    expect(errors?.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual([
      ['iban', 'NOT_IN_BACK_OFFICE'],
      ['statement', 'NOT_IN_BACK_OFFICE'],
    ]);
    expect(stack.calls).toEqual(['managedAccountGet']);
  });
});

describe('an invalid input', () => {
  const transfer = (more: object) => ({
    profileId: TRANSFER_PROFILE,
    source: { type: 'MANAGED_ACCOUNTS', id: accountOf(acme) },
    destination: { type: 'MANAGED_ACCOUNTS', id: accountOf(acme) },
    amount: { currency: 'EUR', amount: 1 },
    idempotencyKey: 'invalid-1',
    ...more,
  });
  const user = { name: 'Nina', surname: 'n'.repeat(51), email: 'nina@acme.example' };

  it.each([
    ['its older routes', 'createTransfer', transfer, { tag: 'not a tag!' }, [['tag', 'REGEX']]],
    ['its older routes, of a length', 'createTransfer', transfer, { tag: 't'.repeat(51) }, [['tag', 'SIZE']]],
    ['its newer routes', 'createUser', () => user, {}, [['surname', 'SIZE']]],
  ])('is the same ValidationError in the words of %s', async (_routes, mutation, input, more, broken) => {
    const fields = broken.map(([name, rule]) => ({ path: ['input', name], rule }));
    expect(await act(stack, acme, mutation, input(more))).toMatchObject({ code: 'VALIDATION_FAILED', fields });
  });

  it.each([
    ['RANGE', 'description', 'SIZE'],
    ['RANGE', 'destinationAmount.amount', 'RANGE'],
    ['DEPENDS_ON', 'description', 'REQUIRES'],
    ['RANGE', 'scheduledTimestamp', 'RANGE'],
    ['FUTURE', 'scheduledTimestamp', 'FUTURE'],
  ])('breaks the rule that Multi names for it: %s of %s', async (error, fieldName, rule) => {
    const body = { validationErrors: [{ fieldName, error, message: 'no', params: ['1', '2'] }] };
    stack.sandbox.faults.plan({ kind: 'STATUS', status: 400, effect: false, body }, { operation: 'transferCreate' });
    const { fields } = await act(stack, acme, 'createTransfer', transfer({ description: 'Rent' }));
    expect(fields).toEqual([expect.objectContaining({ rule })]);
  });
});

describe('the sandbox’s Back Office', () => {
  const call = async (path: string, { token = '', body }: { token?: string; body?: object } = {}) => {
    const response = await fetch(`${stack.sandbox.url}/multi${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        'api-key': stack.sandbox.apiKey,
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
  const obtain = async () => {
    const [type, id] = acme.split(':');
    return (await call('/backoffice/access_token', { body: { identity: { type, id } } })).body.token.token as string;
  };

  it('nests its tokens, which open that API and no other', async () => {
    const token = await obtain();
    expect((await call('/backoffice/transfers', { token })).status).toBe(200);
    expect((await call('/transfers', { token })).status).toBe(401);
    expect((await call('/backoffice/transfers', { token: stack.token })).status).toBe(401);
  });

  it.each(['managed_accounts', 'managed_cards', 'users', 'corporates'])('has no list of %s', async (list) => {
    expect(await call(`/backoffice/${list}`, { token: await obtain() })).toMatchObject({ status: 404 });
  });

  it('has two ways to say that a body is wrong', async () => {
    const token = await obtain();
    expect(await call('/backoffice/transfers', { token, body: { tag: 't'.repeat(51) } })).toMatchObject({
      status: 400,
      body: {
        validationErrors: expect.arrayContaining([expect.objectContaining({ fieldName: 'tag', error: 'RANGE' })]),
      },
    });
    expect(await call('/backoffice/users', { token, body: { name: 'n'.repeat(51) } })).toMatchObject({
      status: 400,
      body: {
        syntaxErrors: {
          invalidFields: expect.arrayContaining([expect.objectContaining({ fieldName: 'name', error: 'SIZE' })]),
        },
      },
    });
  });
});
