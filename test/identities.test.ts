import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
let root: string;
let ada: string;
beforeAll(async () => {
  stack = await startStack();
  root = stack.sandbox.signIn('root@acme.example');
  ada = stack.sandbox.signIn('ada@consumer.example');
});
afterAll(() => stack.close());

/** A token that the gateway has seen being made. */
const login = async (email: string): Promise<string> => {
  const { loginWithPassword } = await stack.data(
    `mutation ($email: EmailAddress!) {
      loginWithPassword(input: { email: $email, password: "Passw0rd!" }) { ... on LoginWithPasswordPayload { token } }
    }`,
    { variables: { email }, token: null },
  );
  return loginWithPassword.token;
};

const userOf = (email: string) => credentialsOf(stack.sandbox.state, email)!;
const WHO = '{ viewer { credentials { type userId } identity { __typename id } } }';

describe('the viewer', () => {
  it('is nobody without a session', async () => {
    expect(await stack.data('{ viewer { identity { id } } }', { token: null })).toEqual({ viewer: null });
    expect(stack.calls).toEqual([]);
  });

  it('costs nothing where the gateway saw the sign-in and only ids are asked', async () => {
    const { id, identities } = userOf('ada@consumer.example');
    expect(await stack.data(WHO, { token: await login('ada@consumer.example') })).toEqual({
      viewer: {
        credentials: { type: 'ROOT', userId: id },
        identity: { __typename: 'Consumer', id: identities[0]?.id },
      },
    });
    expect(stack.calls).toEqual([]);
  });

  it('costs one read where the gateway saw the sign-in', async () => {
    const query = '{ viewer { identity { profileId ... on Consumer { rootUser { name } } } } }';
    const { viewer } = await stack.data(query, { token: await login('ada@consumer.example') });
    expect(viewer.identity.rootUser).toEqual({ name: 'Ada' });
    expect(stack.calls).toEqual(['consumerGet']);
    await stack.data(query, { token: await login('root@acme.example') });
    expect(stack.calls).toEqual(['corporateGet']);
  });

  it('of any other token is looked for, a corporate first', async () => {
    const { viewer } = await stack.data(WHO, { token: root });
    expect(viewer).toEqual({
      credentials: null,
      identity: { __typename: 'Corporate', id: userOf('root@acme.example').identities[0]?.id },
    });
    expect(stack.calls).toEqual(['corporateGet']);
    expect((await stack.data(WHO, { token: ada })).viewer.identity.__typename).toBe('Consumer');
    expect(stack.calls).toEqual(['corporateGet', 'consumerGet']);
  });

  it('is the user without an identity, as long as none is chosen', async () => {
    const token = await login('cleo@acme.example');
    const { data, errors } = await stack.query(WHO, { token });
    const { id: userId, identities } = userOf('cleo@acme.example');
    expect(data.viewer).toEqual({ credentials: { type: 'USER', userId }, identity: null });
    expect(errors?.[0]).toMatchObject({
      path: ['viewer', 'identity'],
      extensions: { code: 'ACCESS_TOKEN_REQUIRED' },
    });
    const { requestAccessToken } = await stack.data(
      `mutation ($input: RequestAccessTokenInput!) {
        requestAccessToken(input: $input) { ... on RequestAccessTokenPayload { token } }
      }`,
      { variables: { input: { identity: identities[1] } }, token },
    );
    expect((await stack.data(WHO, { token: requestAccessToken.token })).viewer).toEqual({
      credentials: { type: 'USER', userId },
      identity: { __typename: 'Corporate', id: identities[1]?.id },
    });
    expect(stack.calls).toEqual([]);
  });

  it('is never somebody else, however many ask at once', async () => {
    const emails = ['root@acme.example', 'ada@consumer.example', 'root@newco.example', 'ben@acme.example'];
    const tokens = [...emails.map((email) => stack.sandbox.signIn(email))];
    for (const email of emails) tokens.push(await login(email));
    const query = '{ viewer { identity { id rootUser { userId email } } } }';
    const answers = await Promise.all(tokens.map((token) => stack.data(query, { token })));
    const expected = emails.map((email) => userOf(email).identities[0]?.id);
    expect(answers.map(({ viewer }) => viewer.identity.id)).toEqual([...expected, ...expected]);
  });
});

describe('a corporate', () => {
  it('answers every field, and reads each of its two objects once', async () => {
    const { viewer, corporate } = await stack.data(
      `{
        viewer { identity { ... on Corporate { company { name } } } }
        corporate {
          id profileId tag createdAt baseCurrency feeGroup acceptedTerms ipAddress sourceOfFunds sourceOfFundsOther
          industry retailQualifier kyb { status ongoingStatus }
          company {
            name type registrationNumber countryOfRegistration incorporatedOn
            registeredAddress { addressLine1 addressLine2 city postCode state country } businessAddress { city }
          }
          rootUser {
            userId name surname email mobile { countryCode number } active emailVerified mobileNumberVerified
            dateOfBirth tag locale brand companyPosition
          }
        }
      }`,
      { token: root },
    );
    expect(viewer.identity.company.name).toBe('Acme Ltd');
    expect(corporate).toEqual({
      id: userOf('root@acme.example').identities[0]?.id,
      profileId: expect.stringMatching(/^\d{18}$/),
      tag: 'acme',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      baseCurrency: 'EUR',
      feeGroup: 'DEFAULT',
      acceptedTerms: true,
      ipAddress: '203.0.113.7',
      sourceOfFunds: 'OTHER',
      sourceOfFundsOther: 'Sale of anvils',
      industry: 'INFORMATIONAL_TECHNOLOGIES',
      retailQualifier: 'NON_RETAIL',
      kyb: { status: 'APPROVED', ongoingStatus: 'APPROVED' },
      company: {
        name: 'Acme Ltd',
        type: 'LLC',
        registrationNumber: 'C12345',
        countryOfRegistration: 'MT',
        incorporatedOn: '2001-05-04',
        registeredAddress: {
          addressLine1: '1 Harbour Street',
          addressLine2: 'Floor 2',
          city: 'Valletta',
          postCode: 'VLT1010',
          state: 'Malta',
          country: 'MT',
        },
        businessAddress: { city: 'Valletta' },
      },
      rootUser: {
        userId: userOf('root@acme.example').id,
        name: 'Rita',
        surname: 'Root',
        email: 'root@acme.example',
        mobile: { countryCode: '+356', number: '79000001' },
        active: true,
        emailVerified: true,
        mobileNumberVerified: true,
        dateOfBirth: '1980-02-29',
        tag: 'root',
        locale: 'en-GB',
        brand: 'acme',
        companyPosition: 'DIRECTOR',
      },
    });
    expect([...stack.calls].sort()).toEqual(['corporateGet', 'corporateKybGet']);
  });

  it('is refused to a consumer', async () => {
    const { data, errors } = await stack.query('{ corporate { id } }', { token: ada });
    expect(data).toEqual({ corporate: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', weavr: { operation: 'corporateGet' } });
    expect(stack.calls).toEqual(['corporateGet']);
  });

  it('bears a status that is newer than the schema', async () => {
    stack.sandbox.faults.plan(
      { kind: 'REWRITE', rewrite: () => ({ kybStatus: 'PAUSED' }) },
      { operation: 'corporateKybGet' },
    );
    const { corporate } = await stack.data('{ corporate { kyb { status ongoingStatus } } }', { token: root });
    expect(corporate.kyb).toEqual({ status: 'UNRECOGNIZED', ongoingStatus: null });
  });

  it('loses its due diligence alone when that cannot be read', async () => {
    const fault = { kind: 'STATUS', status: 503, effect: false } as const;
    stack.sandbox.faults.plan(fault, { operation: 'corporateKybGet', times: 3 });
    const { data, errors } = await stack.query('{ corporate { company { name } kyb { status } } }', { token: root });
    expect(data.corporate).toEqual({ company: { name: 'Acme Ltd' }, kyb: null });
    expect(errors?.[0]).toMatchObject({ path: ['corporate', 'kyb'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } });
  });
});

describe('a consumer', () => {
  it('answers every field, and reads each of its two objects once', async () => {
    const { consumer } = await stack.data(
      `{
        consumer {
          id tag baseCurrency feeGroup acceptedTerms ipAddress sourceOfFunds sourceOfFundsOther
          kyc { status ongoingStatus level ongoingLevel }
          rootUser {
            userId name surname email mobile { countryCode number } active dateOfBirth locale
            occupation nationality placeOfBirth address { addressLine1 country }
          }
        }
      }`,
      { token: ada },
    );
    expect(consumer).toEqual({
      id: userOf('ada@consumer.example').identities[0]?.id,
      tag: 'ada',
      baseCurrency: 'GBP',
      feeGroup: 'DEFAULT',
      acceptedTerms: true,
      ipAddress: '203.0.113.8',
      sourceOfFunds: 'OTHER',
      sourceOfFundsOther: 'Analytical engines',
      kyc: { status: 'APPROVED', ongoingStatus: 'APPROVED', level: 'KYC_LEVEL_2', ongoingLevel: 'KYC_LEVEL_2' },
      rootUser: {
        userId: userOf('ada@consumer.example').id,
        name: 'Ada',
        surname: 'Lovelace',
        email: 'ada@consumer.example',
        mobile: { countryCode: '+44', number: '7900000002' },
        active: true,
        dateOfBirth: '1985-12-10',
        locale: 'en-GB',
        occupation: 'OTHER',
        nationality: 'GB',
        placeOfBirth: 'London',
        address: { addressLine1: '1 Harbour Street', country: 'GB' },
      },
    });
    expect([...stack.calls].sort()).toEqual(['consumerGet', 'consumerKycGet']);
  });

  it('is refused to a corporate, and sent for by nobody without a session', async () => {
    const refused = await stack.query('{ consumer { id } }', { token: root });
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const anonymous = await stack.query('{ consumer { id } }', { token: null });
    expect(anonymous.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
  });
});
