import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { type Stack, startStack } from './harness.js';
import { ADDRESS, CORPORATE_PROFILE, corporateInput, type Given, newCorporate, run } from './registering.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const state = () => stack.sandbox.state;

describe('registering a corporate', () => {
  const create = (input: object, selection = 'corporate { id }') => run(stack, 'createCorporate', input, selection);

  it('keeps all it is given, and waits for everything to be verified', async () => {
    const deprecated = { industry: 'RETAIL_WHOLESALE', sourceOfFunds: 'OTHER', sourceOfFundsOther: 'Lottery' };
    const fields = { tag: 'fresh', feeGroup: 'DEFAULT', acceptedTerms: true, ...deprecated };
    const user = { dateOfBirth: '1980-02-29', tag: 'nina', locale: 'en-GB', brand: 'fresh' };
    const company = { registrationNumber: 'C77', businessAddress: { ...ADDRESS, addressLine2: '3B', state: 'Malta' } };
    const { profileId, ...input } = corporateInput({ ...fields, rootUser: user, company });
    const created = await create(
      { profileId, ...input },
      `passwordAlreadySet
      corporate {
        id createdAt retailQualifier profileId ipAddress baseCurrency tag feeGroup acceptedTerms industry sourceOfFunds sourceOfFundsOther
        company {
          name type countryOfRegistration registrationNumber registeredAddress { city }
          businessAddress { addressLine1 addressLine2 city postCode state country }
        }
        rootUser {
          name surname email mobile { countryCode number } companyPosition dateOfBirth tag locale brand
          active emailVerified mobileNumberVerified
        }
      }`,
    );
    expect(created).toEqual({
      passwordAlreadySet: false,
      corporate: {
        id: expect.stringMatching(/^\d{18}$/),
        createdAt: expect.any(String),
        retailQualifier: 'UNKNOWN',
        profileId: CORPORATE_PROFILE,
        ...input,
        company: { ...input.company, registeredAddress: null },
        rootUser: { ...input.rootUser, active: true, emailVerified: false, mobileNumberVerified: false },
      },
    });
    expect(stack.calls).toEqual(['corporateCreate']);
  });

  it('creates nothing twice under one key', async () => {
    const input = { ...corporateInput(), idempotencyKey: 'corporate-1' };
    const first = await create(input, 'idempotencyKey corporate { id }');
    expect(first.idempotencyKey).toBe('corporate-1');
    expect(await create(input, 'idempotencyKey corporate { id }')).toEqual(first);
  });

  it.each<[code: string, action: string, input: Given]>([
    ['ROOT_EMAIL_NOT_UNIQUE', 'FIX_INPUT', { rootUser: { email: 'Root@acme.example' } }],
    ['EMAIL_DOMAIN_NOT_ALLOWED', 'FIX_INPUT', { rootUser: { email: 'nina@refused.example' } }],
    ['MOBILE_OR_COUNTRY_CODE_INVALID', 'FIX_INPUT', { rootUser: { mobile: { countryCode: '+356', number: '7' } } }],
    ['COUNTRY_UNSUPPORTED', 'FIX_INPUT', { company: { countryOfRegistration: 'US' } }],
    ['COUNTRY_UNSUPPORTED', 'FIX_INPUT', { company: { businessAddress: { ...ADDRESS, country: 'US' } } }],
    ['CURRENCY_UNSUPPORTED', 'FIX_INPUT', { baseCurrency: 'JPY' }],
    ['FEE_GROUP_INVALID', 'CONTACT_SUPPORT', { feeGroup: 'NONE' }],
    ['PROFILE_NOT_FOUND', 'CONTACT_SUPPORT', { profileId: '1' }],
  ])('is declined with %s, and registers nobody', async (code, action, input) => {
    const before = [state().corporates.all().length, state().credentials.size];
    expect(await create(corporateInput(input))).toEqual({ code, action });
    expect([state().corporates.all().length, state().credentials.size]).toEqual(before);
  });

  it('answers ValidationError, with the paths of the input', async () => {
    const company = { registrationNumber: 'C'.repeat(21), businessAddress: { ...ADDRESS, postCode: null } };
    expect(await create(corporateInput({ company }))).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [
        { path: ['input', 'company', 'registrationNumber'], rule: 'SIZE' },
        { path: ['input', 'company', 'businessAddress', 'postCode'], rule: 'REQUIRED' },
      ],
    });
  });

  it('translates the path of the country, which has another name in Weavr’s body', async () => {
    const invalidFields = [{ fieldName: 'company.registrationCountry', error: 'REGEX', params: [] }];
    const body = { message: 'Bad request', syntaxErrors: { invalidFields } };
    stack.sandbox.faults.plan({ kind: 'STATUS', status: 400, effect: false, body }, { operation: 'corporateCreate' });
    const { fields } = await create(corporateInput());
    expect(fields).toEqual([{ path: ['input', 'company', 'countryOfRegistration'], rule: 'REGEX' }]);
  });

  it('gives another one to a user of several identities, who is verified and keeps the password', async () => {
    const email = 'cleo@acme.example';
    const { id, identities } = credentialsOf(state(), email)!;
    const cleo = state().users.any(id)!;
    const add = () => create(corporateInput({ rootUser: { email } }), 'passwordAlreadySet corporate { id }');
    cleo.active = false;
    expect(await add()).toEqual({ code: 'ROOT_USER_INACTIVE', action: 'DO_FIRST' });
    cleo.active = true;
    cleo.onboarding.emailVerified = false;
    expect(await add()).toEqual({ code: 'ROOT_EMAIL_NOT_VERIFIED', action: 'DO_FIRST' });
    cleo.onboarding.emailVerified = true;
    expect(await add()).toEqual({ code: 'KYC_APPROVAL_MISSING', action: 'DO_FIRST' });
    cleo.onboarding.kyc = 'APPROVED';
    const { passwordAlreadySet, corporate } = await add();
    expect(passwordAlreadySet).toBe(true);
    expect(identities.at(-1)).toEqual({ type: 'CORPORATE', id: corporate.id });
  });
});

describe('verifying the address of a corporate', () => {
  const send = (email: string) => run(stack, 'sendCorporateEmailVerification', { email }, 'email');
  const verify = (email: string, code = '123456', token: string | null = null) =>
    run(
      stack,
      'verifyCorporateEmail',
      { email, verificationCode: code },
      'email corporate { rootUser { emailVerified } }',
      token,
    );
  const WRONG = { code: 'VERIFICATION_CODE_INVALID', action: 'FIX_INPUT' };

  it('needs no session, and shows the corporate to its own', async () => {
    const { email, token } = await newCorporate(stack);
    expect(await send(email)).toEqual({ email });
    expect(stack.calls).toEqual(['corporateRootUserEmailVerificationCodeSend']);
    expect(await verify(email, '123456', token)).toEqual({ email, corporate: { rootUser: { emailVerified: true } } });
    expect(stack.calls).toEqual(['corporateRootUserEmailVerify', 'corporateGet']);
  });

  it('shows no corporate without a session, and nobody another’s', async () => {
    const { email } = await newCorporate(stack);
    await send(email);
    expect(await verify(email)).toEqual({ email, corporate: null });
    expect(stack.calls).toEqual(['corporateRootUserEmailVerify']);
    const { email: other } = await newCorporate(stack);
    await send(other);
    expect(await verify(other, '123456', stack.token)).toEqual({ email: other, corporate: null });
  });

  it('is declined for an address that is nobody’s, and for one that is verified', async () => {
    expect(await send('nobody@new.example')).toEqual({ code: 'EMAIL_NOT_FOUND', action: 'FIX_INPUT' });
    expect(await send('root@acme.example')).toEqual({ code: 'ALREADY_VERIFIED', action: 'REFRESH' });
  });

  it('is declined with a code that was not sent, that is wrong or too late', async () => {
    const { email } = await newCorporate(stack);
    expect(await verify(email)).toEqual(WRONG);
    expect(await verify('nobody@new.example')).toEqual(WRONG);
    await send(email);
    expect(await verify(email, '000000')).toEqual(WRONG);
    stack.sandbox.clock.advance(5 * 60_000 + 1);
    expect(await verify(email)).toEqual(WRONG);
  });
});

describe('the due diligence of a corporate', () => {
  const start = (token: string) => run(stack, 'startCorporateKyb', undefined, 'reference', token);
  const statusOf = async (token: string) =>
    (await stack.data('{ corporate { kyb { status } } }', { token })).corporate.kyb;

  it('wants the address to be verified', async () => {
    const { token } = await newCorporate(stack);
    expect(await start(token)).toEqual({ code: 'EMAIL_UNVERIFIED', action: 'DO_FIRST' });
    expect(await statusOf(token)).toEqual({ status: 'NOT_STARTED' });
  });

  it('begins with a reference, as often as it is asked for before it is submitted', async () => {
    const { token, userId } = await newCorporate(stack);
    state().rootUsersOf(userId)[0]!.emailVerified = true;
    expect(await start(token)).toEqual({ reference: expect.stringMatching(/^\d+$/) });
    expect(stack.calls).toEqual(['corporateKybStart']);
    expect(await statusOf(token)).toEqual({ status: 'INITIATED' });
    expect(await start(token)).toEqual({ reference: expect.stringMatching(/^\d+$/) });
  });

  it.each([
    ['PENDING_REVIEW', 'KYB_PENDING_REVIEW'],
    ['REJECTED', 'KYB_PERMANENTLY_REJECTED'],
  ] as const)('is declined while it is %s', async (status, code) => {
    const { token, userId, id } = await newCorporate(stack);
    state().rootUsersOf(userId)[0]!.emailVerified = true;
    state().kyb.set(id, { kybStatus: status, ongoingKybStatus: status });
    expect(await start(token)).toEqual({ code, action: 'REFRESH' });
  });

  it('ends with everything verified', async () => {
    const { token, ...identity } = await newCorporate(stack);
    await run(stack, 'updateCorporate', { businessAddress: ADDRESS }, '__typename', token);
    state().approve(identity);
    const { corporate } = await stack.data(
      `{
        corporate {
          kyb { status ongoingStatus } rootUser { emailVerified mobileNumberVerified }
          company { registeredAddress { addressLine1 city postCode country } }
        }
      }`,
      { token },
    );
    expect(corporate).toEqual({
      company: { registeredAddress: ADDRESS },
      kyb: { status: 'APPROVED', ongoingStatus: 'APPROVED' },
      rootUser: { emailVerified: true, mobileNumberVerified: true },
    });
    expect(await start(token)).toEqual({ code: 'KYB_ALREADY_APPROVED', action: 'REFRESH' });
  });
});
