import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let root: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  root = stack.sandbox.signIn('root@acme.example');
});
afterAll(() => stack.close());

const idOf = (email: string) => credentialsOf(stack.sandbox.state, email)!.id;

/** Runs a mutation; what it answers, or the code of its GraphQL error. */
const run = async (mutation: string, input: object, selection: string, token: string | null = root) => {
  const title = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const { data, errors } = await stack.query(
    `mutation ($input: ${title}Input!) {
      result: ${mutation}(input: $input) {
        ... on ${title}Payload { ${selection} }
        ... on MutationError { code }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input }, token },
  );
  return errors ? errors[0]!.extensions.code : data.result;
};

/** A session that may create users. */
const stepUp = async (email = 'root@acme.example') => {
  const token = stack.sandbox.signIn(email);
  await run('startStepUpOtp', {}, 'channel', token);
  await run('verifyStepUpOtp', { verificationCode: '123456' }, 'channel', token);
  return token;
};

let created = 0;
const newcomer = () => ({ name: 'Nina', surname: 'New', email: `nina-${++created}@acme.example` });
const newUser = async (more: object = {}, creator = 'root@acme.example') => {
  const input = { ...newcomer(), ...more };
  const { user } = await run('createUser', input, 'user { id }', await stepUp(creator));
  return { id: user.id as string, email: input.email };
};

const login = (email: string, password: string) => run('loginWithPassword', { email, password }, 'token', null);

/** Invited and welcome, with a session of their own. */
const joined = async (more: object = {}, creator = 'root@acme.example') => {
  const user = await newUser(more, creator);
  await run('inviteUser', { id: user.id }, 'user { id }', stack.sandbox.signIn(creator));
  const consumed = { id: user.id, inviteCode: '123456', password: 'F1rstOne' };
  return { ...user, ...(await run('consumeUserInvite', consumed, 'token', null)) };
};

describe('reading users', () => {
  it('answers every field of a user', async () => {
    const { users } = await stack.data(
      `{ users(filter: { email: "ben@acme.example" }) { totalCount nodes {
        id name surname email mobile { countryCode number } active dateOfBirth tag countryOfResidence locale brand roles
        identity { __typename id }
      } } }`,
      { token: root },
    );
    expect(users).toEqual({
      totalCount: 1,
      nodes: [
        {
          id: idOf('ben@acme.example'),
          name: 'Ben',
          surname: 'Bolt',
          email: 'ben@acme.example',
          mobile: { countryCode: '+356', number: '79000003' },
          active: true,
          dateOfBirth: '1992-06-30',
          tag: 'ben',
          countryOfResidence: 'MT',
          locale: 'en-GB',
          brand: 'acme',
          roles: ['CARDS_MANAGEMENT_ROLE', 'FUNDS_MANAGEMENT_ROLE'],
          identity: {
            __typename: 'Corporate',
            id: credentialsOf(stack.sandbox.state, 'ben@acme.example')!.identities[0]!.id,
          },
        },
      ],
    });
    expect(stack.calls).toEqual(['usersGet']);
  });

  it.each([
    ['tag: "ben"', ['Ben']],
    ['roles: [ADMIN]', ['Cleo']],
    ['roles: [ADMIN, FUNDS_MANAGEMENT_ROLE]', ['Cleo', 'Ben']],
    ['active: false', []],
    ['active: true, tag: "ben", roles: [CARDS_MANAGEMENT_ROLE], email: "ben@acme.example"', ['Ben']],
    ['active: true, tag: "ben", roles: [ADMIN]', []],
  ])('filters by %s', async (filter, names) => {
    const { users } = await stack.data(`{ users(filter: { ${filter} }) { nodes { name } } }`, { token: root });
    expect(users.nodes.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it('answers one user, and null for none and for somebody else’s', async () => {
    const id = idOf('ben@acme.example');
    expect(await stack.data(`{ user(id: "${id}") { name } }`, { token: root })).toEqual({ user: { name: 'Ben' } });
    expect(stack.calls).toEqual(['userGetById']);
    const ada = stack.sandbox.signIn('ada@consumer.example');
    expect(await stack.data(`{ user(id: "${id}") { name } }`, { token: ada })).toEqual({ user: null });
  });

  it('reads the identity of all users once', async () => {
    const { users } = await stack.data(
      '{ users { nodes { identity { id ... on Corporate { company { name } } } } } }',
      { token: root },
    );
    for (const { identity } of users.nodes) expect(identity.company.name).toBe('Acme Ltd');
    expect(stack.calls).toEqual(['usersGet', 'corporateGet']);
  });

  it('reads the users of many cards from one page of their list, and nothing for their ids', async () => {
    const page = '{ managedCards(first: 100, filter: { mode: DEBIT_MODE }) { nodes { userId user';
    const { managedCards } = await stack.data(`${page} { name } } } }`, { token: root });
    const names = new Set(managedCards.nodes.map(({ user }: { user: { name: string } | null }) => user?.name));
    expect(names).toEqual(new Set([undefined, 'Ben', 'Cleo']));
    expect(stack.calls).toEqual(['managedCardsGet', 'usersGet']);
    const ids = await stack.data(`${page} { __typename id } } } }`, { token: root });
    for (const { userId, user } of ids.managedCards.nodes) expect(user?.id ?? null).toBe(userId);
    expect(stack.calls).toEqual(['managedCardsGet']);
  });

  it('answers the cards of a user, by pages', async () => {
    const id = idOf('cleo@acme.example');
    const { user } = await stack.data(
      `{ user(id: "${id}") { cards(first: 2) { totalCount nodes { userId } pageInfo { hasNextPage } } } }`,
      { token: root },
    );
    expect(user.cards).toMatchObject({ nodes: [{ userId: id }, { userId: id }], pageInfo: { hasNextPage: true } });
    expect(user.cards.totalCount).toBeGreaterThan(2);
    expect(stack.calls).toEqual(['userGetById', 'managedCardsGet']);
  });

  it('answers the roles of the programme', async () => {
    const { roles } = await stack.data('{ roles { id name description } }', { token: root });
    expect(roles).toHaveLength(5);
    expect(roles[0]).toEqual({
      id: expect.stringMatching(/^\d{18}$/),
      name: 'Card assignee',
      description: expect.any(String),
    });
    expect(stack.calls).toEqual(['rolesGet']);
  });
});

describe('creating users', () => {
  it('needs a session that is stepped up', async () => {
    const input = newcomer();
    expect(await run('createUser', input, 'user { id }')).toBe('STEP_UP_REQUIRED');
    const { users } = await stack.data(`{ users(filter: { email: "${input.email}" }) { totalCount } }`, {
      token: root,
    });
    expect(users.totalCount).toBe(0);
  });

  it('answers the user, active and as given, and creates nobody twice under one key', async () => {
    const token = await stepUp();
    const details = {
      mobile: { countryCode: '+44', number: '7900123456' },
      dateOfBirth: '2000-02-29',
      tag: 'new',
      countryOfResidence: 'GB',
      locale: 'en',
      brand: 'acme',
      roles: ['CARD_ASSIGNEE'],
    };
    const input = { ...newcomer(), ...details, idempotencyKey: 'nina' };
    const selection =
      'user { id name surname email mobile { countryCode number } dateOfBirth tag countryOfResidence locale brand roles active }';
    const { idempotencyKey, ...given } = input;
    const { user } = await run('createUser', input, selection, token);
    expect(user).toEqual({ ...given, id: expect.stringMatching(/^\d{18}$/), active: true });
    expect(stack.calls).toEqual(['userCreate']);
    expect(await run('createUser', input, 'user { id } idempotencyKey', token)).toEqual({
      user: { id: user.id },
      idempotencyKey,
    });
  });

  it('creates users of a consumer too', async () => {
    const { id } = await newUser({}, 'ada@consumer.example');
    const token = stack.sandbox.signIn('ada@consumer.example');
    const { user } = await stack.data(`{ user(id: "${id}") { identity { ... on Consumer { rootUser { name } } } } }`, {
      token,
    });
    expect(user.identity.rootUser.name).toBe('Ada');
    expect(stack.calls).toEqual(['userGetById', 'consumerGet']);
  });

  it.each([
    [{ email: 'Ben@acme.example' }, 'EMAIL_NOT_UNIQUE'],
    [{ email: 'nina@refused.example' }, 'EMAIL_DOMAIN_NOT_ALLOWED'],
    [{ mobile: { countryCode: '+44', number: '1' } }, 'MOBILE_OR_COUNTRY_CODE_INVALID'],
  ])('is declined for %j', async (wrong, code) => {
    expect(await run('createUser', { ...newcomer(), ...wrong }, 'user { id }', await stepUp())).toEqual({ code });
  });

  it('answers ValidationError, with the paths of the input', async () => {
    const wrong = { name: 'N'.repeat(51), mobile: { countryCode: '44', number: '7900123456' }, locale: 'English' };
    expect(await run('createUser', { ...newcomer(), ...wrong }, 'user { id }', await stepUp())).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [
        { path: ['input', 'name'], rule: 'SIZE' },
        { path: ['input', 'mobile', 'countryCode'], rule: 'REGEX' },
        { path: ['input', 'locale'], rule: 'REGEX' },
      ],
    });
  });
});

describe('changing users', () => {
  it('changes what is given and leaves the rest', async () => {
    const { id, email } = await newUser({ tag: 'before', roles: ['CARD_ASSIGNEE', 'ADMIN'] });
    const change = { id, surname: 'Newer', roles: ['ADMIN', 'FUNDS_MANAGEMENT_ROLE'] };
    const { user } = await run('updateUser', change, 'user { name surname email tag roles }');
    expect(user).toEqual({ name: 'Nina', surname: 'Newer', email, tag: 'before', roles: change.roles });
    expect(stack.calls).toEqual(['userUpdate']);
  });

  it('lets a user sign in with the new address, and has a new phone enrolled again', async () => {
    const { id } = await joined();
    const change = { id, email: 'nina-renamed@acme.example', mobile: { countryCode: '+44', number: '7900123457' } };
    await run('updateUser', change, 'user { id }');
    const { token } = await login(change.email, 'F1rstOne');
    expect(await stack.data('{ authenticationFactors { channel } }', { token })).toEqual({ authenticationFactors: [] });
    expect(await run('startOtpEnrolment', {}, 'expiresInSeconds', token)).toEqual({ expiresInSeconds: 300 });
  });

  it('lets nobody change their own roles, and only the root user take an admin’s', async () => {
    const cleo = { id: idOf('cleo@acme.example'), roles: [] };
    const asCleo = stack.sandbox.signIn('cleo@acme.example');
    expect(await run('updateUser', cleo, 'user { id }', asCleo)).toEqual({ code: 'CANNOT_MODIFY_OWN_ROLES' });
    const asBen = stack.sandbox.signIn('ben@acme.example');
    expect(await run('updateUser', cleo, 'user { id }', asBen)).toEqual({ code: 'ADMIN_ROLE_REMOVAL_NOT_ALLOWED' });
    const { id } = await newUser({ roles: ['ADMIN'] });
    expect(await run('updateUser', { id, roles: [] }, 'user { roles }')).toEqual({ user: { roles: [] } });
  });

  it('refuses an address that is taken, and not the user’s own', async () => {
    const { id, email } = await newUser();
    expect(await run('updateUser', { id, email: 'ada@consumer.example' }, 'user { id }')).toEqual({
      code: 'EMAIL_NOT_UNIQUE',
    });
    expect(await run('updateUser', { id, email }, 'user { email }')).toEqual({ user: { email } });
  });

  it('answers NotFoundError for a user of somebody else', async () => {
    const { id } = await newUser();
    const ada = stack.sandbox.signIn('ada@consumer.example');
    for (const [mutation, input] of [
      ['updateUser', { tag: 'no' }],
      ['deactivateUser'],
      ['activateUser'],
      ['inviteUser'],
    ] as const)
      expect(await run(mutation, { id, ...input }, 'user { id }', ada)).toEqual({ code: 'NOT_FOUND' });
  });
});

describe('activating and deactivating users', () => {
  it('ends their sessions and their signing in, until they are active again', async () => {
    const { id, email, token } = await joined();
    expect(await run('deactivateUser', { id }, 'user { active }')).toEqual({ user: { active: false } });
    expect(stack.calls).toEqual(['userDeactivate', 'userGetById']);
    const { errors } = await stack.query('{ users { totalCount } }', { token });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await login(email, 'F1rstOne')).toEqual({ code: 'INVALID_CREDENTIALS' });
    const { users } = await stack.data('{ users(filter: { active: false }) { nodes { id } } }', { token: root });
    expect(users.nodes).toEqual([{ id }]);
    expect(await run('activateUser', { id }, 'user { active }')).toEqual({ user: { active: true } });
    expect(stack.calls).toEqual(['userActivate', 'userGetById']);
    expect(await login(email, 'F1rstOne')).toEqual({ token: expect.any(String) });
  });

  it('lets a user in again whom wrong passwords have locked out', async () => {
    const { id, email } = await joined();
    for (let attempt = 0; attempt < 5; attempt += 1) await login(email, 'Wr0ngOne');
    expect(await login(email, 'F1rstOne')).toEqual({ code: 'ACCOUNT_LOCKED' });
    await run('activateUser', { id }, '__typename');
    expect(stack.calls).toEqual(['userActivate']);
    expect(await login(email, 'F1rstOne')).toEqual({ token: expect.any(String) });
  });
});
