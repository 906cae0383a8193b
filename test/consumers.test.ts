import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { ADDRESS, CONSUMER_PROFILE, consumerInput, type Given, newConsumer, PASSWORD, run } from './registering.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const state = () => stack.sandbox.state;

describe('registering a consumer', () => {
  const create = (input: object, selection = 'consumer { id }') => run(stack, 'createConsumer', input, selection);

  it('keeps all it is given, and waits for everything to be verified', async () => {
    const deprecated = { sourceOfFunds: 'OTHER', sourceOfFundsOther: 'Lottery', acceptedTerms: true };
    const person = {
      occupation: 'STUDENT',
      placeOfBirth: 'Gozo',
      nationality: 'MT',
      address: { ...ADDRESS, state: 'Malta' },
    };
    const { profileId, ...input } = consumerInput({
      ...deprecated,
      tag: 'fresh',
      feeGroup: 'DEFAULT',
      baseCurrency: 'GBP',
      rootUser: { ...person, tag: 'nina', locale: 'en-GB', brand: 'fresh' },
    });
    const { consumer } = await create(
      { profileId, ...input },
      `consumer {
        id createdAt profileId ipAddress baseCurrency tag feeGroup acceptedTerms sourceOfFunds sourceOfFundsOther
        rootUser {
          name surname email mobile { countryCode number } dateOfBirth tag locale brand occupation placeOfBirth nationality
          address { addressLine1 city postCode state country } active emailVerified mobileNumberVerified
        }
      }`,
    );
    expect(consumer).toEqual({
      id: expect.stringMatching(/^\d{18}$/),
      createdAt: expect.any(String),
      profileId: CONSUMER_PROFILE,
      ...input,
      rootUser: { ...input.rootUser, active: true, emailVerified: false, mobileNumberVerified: false },
    });
    expect(stack.calls).toEqual(['consumerCreate']);
  });

  it('creates nothing twice under one key', async () => {
    const input = { ...consumerInput(), idempotencyKey: 'consumer-1' };
    const first = await create(input, 'idempotencyKey consumer { id }');
    expect(first.idempotencyKey).toBe('consumer-1');
    expect(await create(input, 'idempotencyKey consumer { id }')).toEqual(first);
  });

  it.each<[code: string, action: string, input: Given]>([
    ['ROOT_EMAIL_NOT_UNIQUE', 'FIX_INPUT', { rootUser: { email: 'ada@consumer.example' } }],
    ['ROOT_EMAIL_NOT_UNIQUE', 'FIX_INPUT', { rootUser: { email: 'cleo@acme.example' } }],
    ['EMAIL_DOMAIN_NOT_ALLOWED', 'FIX_INPUT', { rootUser: { email: 'nina@refused.example' } }],
    ['MOBILE_OR_COUNTRY_CODE_INVALID', 'FIX_INPUT', { rootUser: { mobile: { countryCode: '+356', number: '7' } } }],
    ['COUNTRY_UNSUPPORTED', 'FIX_INPUT', { rootUser: { address: { country: 'US' } } }],
    ['CURRENCY_UNSUPPORTED', 'FIX_INPUT', { baseCurrency: 'JPY' }],
    ['FEE_GROUP_INVALID', 'CONTACT_SUPPORT', { feeGroup: 'NONE' }],
    ['PROFILE_NOT_FOUND', 'CONTACT_SUPPORT', { profileId: '1' }],
  ])('is declined with %s, and registers nobody', async (code, action, input) => {
    const before = [state().consumers.all().length, state().credentials.size];
    expect(await create(consumerInput(input))).toEqual({ code, action });
    expect([state().consumers.all().length, state().credentials.size]).toEqual(before);
  });

  it('answers ValidationError, with the paths of the input', async () => {
    const rootUser = { name: ' ', address: { postCode: 'VLT_1011' } };
    expect(await create(consumerInput({ ipAddress: '1', rootUser }))).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [
        { path: ['input', 'ipAddress'], rule: 'SIZE' },
        { path: ['input', 'rootUser', 'name'], rule: 'HAS_TEXT' },
        { path: ['input', 'rootUser', 'address', 'postCode'], rule: 'REGEX' },
        { path: ['input', 'rootUser', 'address', 'country'], rule: 'REQUIRED' },
      ],
    });
  });
});

describe('changing a consumer', () => {
  const change = (input: object, token: string, selection = 'consumer { tag }') =>
    run(stack, 'updateConsumer', input, selection, token);

  it('changes what is given, and wants a new address and a new phone to be verified', async () => {
    const { token, userId } = await newConsumer(stack);
    const address = `changed-${userId}@new.example`;
    Object.assign(state().rootUsersOf(userId)[0]!, { emailVerified: true, mobileNumberVerified: true });
    const rootUser = {
      name: 'Nora',
      surname: 'Newer',
      email: address,
      mobile: { countryCode: '+44', number: '7900000001' },
      dateOfBirth: '1991-12-31',
      tag: 'nora',
      locale: 'it',
      brand: 'newer',
      address: ADDRESS,
      placeOfBirth: 'Rome',
      nationality: 'IT',
      occupation: 'RETIRED',
    };
    const fields = { tag: 'newer', feeGroup: 'DEFAULT', baseCurrency: 'EUR', sourceOfFunds: 'RENT' };
    const { consumer } = await change(
      { ...fields, rootUser },
      token,
      `consumer {
        tag feeGroup baseCurrency sourceOfFunds
        rootUser {
          name surname email mobile { countryCode number } dateOfBirth tag locale brand placeOfBirth nationality occupation
          address { addressLine1 city postCode country } emailVerified mobileNumberVerified
        }
      }`,
    );
    expect(consumer).toEqual({
      ...fields,
      rootUser: { ...rootUser, emailVerified: false, mobileNumberVerified: false },
    });
    expect(stack.calls).toEqual(['consumerUpdate']);
    const login = { email: address, password: PASSWORD };
    expect(await run(stack, 'loginWithPassword', login, 'tokenType')).toEqual({ tokenType: 'ACCESS' });
  });

  it.each([
    { name: 'Nora' },
    { surname: 'Newer' },
    { email: 'nora@new.example' },
    { mobile: { countryCode: '+44', number: '7900000001' } },
    { dateOfBirth: '1991-12-31' },
    { address: ADDRESS },
  ])('is declined for what the due diligence has verified: %j', async (rootUser) => {
    const token = stack.sandbox.signIn('ada@consumer.example');
    expect(await change({ rootUser }, token)).toEqual({ code: 'CONSUMER_VERIFIED', action: 'REFRESH' });
    expect(await change({ tag: 'ada', rootUser: { tag: 'ada' } }, token)).toEqual({ consumer: { tag: 'ada' } });
  });

  it.each<[code: string, rootUser: object]>([
    ['EMAIL_NOT_UNIQUE', { email: 'ben@acme.example' }],
    ['EMAIL_DOMAIN_NOT_ALLOWED', { email: 'nina@refused.example' }],
    ['COUNTRY_UNSUPPORTED', { address: { country: 'US' } }],
  ])('is declined with %s', async (code, rootUser) => {
    const { token } = await newConsumer(stack);
    expect(await change({ rootUser }, token)).toMatchObject({ code });
  });

  it('answers ValidationError, with the paths of the input', async () => {
    const { token } = await newConsumer(stack);
    const rootUser = { surname: 'Newer'.repeat(5), tag: 'not a tag', occupation: 'nothing', address: { city: 'Rome' } };
    expect(await change({ baseCurrency: 'JPY', rootUser }, token)).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [
        { path: ['input', 'rootUser', 'tag'], rule: 'REGEX' },
        { path: ['input', 'baseCurrency'], rule: 'IN' },
        { path: ['input', 'rootUser', 'surname'], rule: 'SIZE' },
        { path: ['input', 'rootUser', 'occupation'], rule: 'REGEX' },
        { path: ['input', 'rootUser', 'address', 'country'], rule: 'REQUIRED' },
      ],
    });
  });

  it('is refused to a corporate, and to nobody', async () => {
    expect(await change({ tag: 'mine' }, stack.sandbox.signIn('root@acme.example'))).toBe('FORBIDDEN');
    expect(await run(stack, 'updateConsumer', { tag: 'mine' }, 'consumer { tag }')).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
  });
});

describe('verifying the address of a consumer', () => {
  const send = (email: string) => run(stack, 'sendConsumerEmailVerification', { email }, 'email');
  const verify = (email: string, verificationCode: string, token: string | null = null) =>
    run(
      stack,
      'verifyConsumerEmail',
      { email, verificationCode },
      'email consumer { rootUser { emailVerified } }',
      token,
    );

  it('needs no session, and shows the consumer to themselves alone', async () => {
    const { email, token } = await newConsumer(stack);
    expect(await send(email)).toEqual({ email });
    expect(stack.calls).toEqual(['consumerRootUserEmailVerificationCodeSend']);
    expect(await verify(email, '123456', token)).toEqual({ email, consumer: { rootUser: { emailVerified: true } } });
    expect(stack.calls).toEqual(['consumerRootUserEmailVerify', 'consumerGet']);
    const { email: other } = await newConsumer(stack);
    await send(other);
    expect(await verify(other, '123456')).toEqual({ email: other, consumer: null });
    expect(stack.calls).toEqual(['consumerRootUserEmailVerify']);
  });

  it('is declined for a corporate’s address, for one that is verified, and with a wrong code', async () => {
    expect(await send('root@newco.example')).toEqual({ code: 'EMAIL_NOT_FOUND', action: 'FIX_INPUT' });
    expect(await send('ada@consumer.example')).toEqual({ code: 'ALREADY_VERIFIED', action: 'REFRESH' });
    const { email } = await newConsumer(stack);
    await send(email);
    expect(await verify(email, '000000')).toEqual({ code: 'VERIFICATION_CODE_INVALID', action: 'FIX_INPUT' });
  });
});

describe('the due diligence of a consumer', () => {
  const start = (token: string, input: object = {}) =>
    run(stack, 'startConsumerKyc', input, 'reference kycLevel', token);

  it('wants the address to be verified', async () => {
    const { token } = await newConsumer(stack);
    expect(await start(token)).toEqual({ code: 'EMAIL_UNVERIFIED', action: 'DO_FIRST' });
  });

  it('begins with a reference, to the level that is asked for', async () => {
    const { token, userId } = await newConsumer(stack);
    state().rootUsersOf(userId)[0]!.emailVerified = true;
    const reference = expect.stringMatching(/^\d+$/);
    expect(await start(token)).toEqual({ reference, kycLevel: 'KYC_LEVEL_2' });
    expect(stack.calls).toEqual(['consumerKycStart']);
    const input = { kycLevel: 'KYC_LEVEL_1', prefillDetails: [{ name: 'employer', value: 'Acme' }] };
    expect(await start(token, input)).toEqual({ reference, kycLevel: 'KYC_LEVEL_1' });
    const { consumer } = await stack.data('{ consumer { kyc { status ongoingStatus level ongoingLevel } } }', {
      token,
    });
    const level = 'KYC_LEVEL_1';
    expect(consumer.kyc).toEqual({ status: 'INITIATED', ongoingStatus: 'INITIATED', level, ongoingLevel: level });
  });

  it.each([
    ['PENDING_REVIEW', 'KYC_PENDING_REVIEW'],
    ['REJECTED', 'KYC_REJECTED'],
  ] as const)('is declined while it is %s', async (status, code) => {
    const { token, userId, id } = await newConsumer(stack);
    state().rootUsersOf(userId)[0]!.emailVerified = true;
    state().kyc.get(id)!.fullDueDiligence = status;
    expect(await start(token)).toEqual({ code, action: 'REFRESH' });
  });

  it('ends with everything verified', async () => {
    const { token, ...identity } = await newConsumer(stack);
    state().approve(identity);
    const { consumer } = await stack.data(
      '{ consumer { kyc { status ongoingStatus } rootUser { emailVerified mobileNumberVerified } } }',
      { token },
    );
    expect(consumer).toEqual({
      kyc: { status: 'APPROVED', ongoingStatus: 'APPROVED' },
      rootUser: { emailVerified: true, mobileNumberVerified: true },
    });
    expect(await start(token)).toEqual({ code: 'KYC_ALREADY_APPROVED', action: 'REFRESH' });
  });
});
