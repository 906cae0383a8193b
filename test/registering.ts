import type { Stack } from './harness.js';

export const CORPORATE_PROFILE = '100000000000000001';
export const CONSUMER_PROFILE = '100000000000000002';
export const PASSWORD = 'F1rstOne';
export const ADDRESS = { addressLine1: '2 Test Street', city: 'Valletta', postCode: 'VLT1011', country: 'MT' };

let registered = 0;

const person = () => ({
  name: 'Nina',
  surname: 'New',
  email: `nina-${++registered}@new.example`,
  mobile: { countryCode: '+356', number: '79123456' },
});

export interface Given {
  rootUser?: object;
  company?: object;
  [field: string]: unknown;
}

/** The least that a new corporate takes, under an address of its own, and what is given. */
export const corporateInput = ({ rootUser, company, ...more }: Given = {}) => ({
  profileId: CORPORATE_PROFILE,
  ipAddress: '203.0.113.9',
  baseCurrency: 'EUR',
  rootUser: { ...person(), companyPosition: 'DIRECTOR', ...rootUser },
  company: { name: 'Fresh Ltd', type: 'LLC', countryOfRegistration: 'MT', ...company },
  ...more,
});

/** The least that a new consumer takes, under an address of its own, and what is given. */
export const consumerInput = ({ rootUser, ...more }: Given = {}) => ({
  profileId: CONSUMER_PROFILE,
  ipAddress: '203.0.113.9',
  rootUser: { ...person(), dateOfBirth: '1990-01-31', address: { country: 'MT' }, ...rootUser },
  ...more,
});

/** Runs a mutation, as nobody unless told otherwise; what it answers, or the code of its GraphQL error. */
export async function run(
  { query }: Stack,
  mutation: string,
  input: object | undefined,
  selection: string,
  token: string | null = null,
) {
  const title = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const field = input ? `${mutation}(input: $input)` : mutation;
  const { data, errors } = await query(
    `mutation ${input ? `($input: ${title}Input!)` : ''} {
      result: ${field} {
        ... on ${title}Payload { ${selection} }
        ... on MutationError { code }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input }, token },
  );
  return errors?.[0]?.extensions.code ?? data.result;
}

/** A new identity whose root user has just set a password. */
async function signedUp(stack: Stack, id: string, { userId, email }: { userId: string; email: string }) {
  const { token } = await run(stack, 'createPassword', { userId, password: PASSWORD }, 'token');
  return { id, userId, email, token: token as string };
}

export async function newCorporate(stack: Stack) {
  const selection = 'corporate { id rootUser { userId email } }';
  const { corporate } = await run(stack, 'createCorporate', corporateInput(), selection);
  return { ...(await signedUp(stack, corporate.id, corporate.rootUser)), type: 'CORPORATE' as const };
}

export async function newConsumer(stack: Stack) {
  const selection = 'consumer { id rootUser { userId email } }';
  const { consumer } = await run(stack, 'createConsumer', consumerInput(), selection);
  return { ...(await signedUp(stack, consumer.id, consumer.rootUser)), type: 'CONSUMER' as const };
}
