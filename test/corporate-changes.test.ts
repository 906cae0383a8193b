import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './harness.js';
import { ADDRESS, newCorporate, PASSWORD, run } from './registering.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const state = () => stack.sandbox.state;

describe('changing a corporate', () => {
  const change = (input: object, token: string, selection = 'corporate { tag }') =>
    run(stack, 'updateCorporate', input, selection, token);

  it('changes what is given, and wants a new address and a new phone to be verified', async () => {
    const { token, userId } = await newCorporate(stack);
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
    };
    const fields = { tag: 'newer', feeGroup: 'DEFAULT', baseCurrency: 'GBP', industry: 'FREELANCER' };
    const { corporate } = await change(
      { ...fields, businessAddress: ADDRESS, rootUser },
      token,
      `corporate {
        tag feeGroup baseCurrency industry company { name businessAddress { addressLine1 city postCode country } }
        rootUser {
          name surname email mobile { countryCode number } dateOfBirth tag locale brand companyPosition
          emailVerified mobileNumberVerified
        }
      }`,
    );
    expect(corporate).toEqual({
      ...fields,
      company: { name: 'Fresh Ltd', businessAddress: ADDRESS },
      rootUser: { ...rootUser, companyPosition: 'DIRECTOR', emailVerified: false, mobileNumberVerified: false },
    });
    expect(stack.calls).toEqual(['corporateUpdate']);
    const login = { email: address, password: PASSWORD };
    expect(await run(stack, 'loginWithPassword', login, 'tokenType')).toEqual({ tokenType: 'ACCESS' });
  });

  it.each([
    { rootUser: { name: 'Nora' } },
    { rootUser: { surname: 'Newer' } },
    { rootUser: { email: 'nora@new.example' } },
    { rootUser: { mobile: { countryCode: '+44', number: '7900000001' } } },
    { rootUser: { dateOfBirth: '1991-12-31' } },
    { businessAddress: ADDRESS },
  ])('is declined for what the due diligence has verified: %j', async (input) => {
    const token = stack.sandbox.signIn('root@acme.example');
    expect(await change(input, token)).toEqual({ code: 'ROOT_USER_ALREADY_VERIFIED', action: 'REFRESH' });
    expect(await change({ tag: 'acme', rootUser: { tag: 'root' } }, token)).toEqual({ corporate: { tag: 'acme' } });
  });

  it('counts the changes of a phone, and forgets them when it is told to', async () => {
    const { token } = await newCorporate(stack);
    const mobile = { countryCode: '+44', number: '7900000001' };
    for (const tag of ['1', '2', '3'])
      expect(await change({ tag, rootUser: { mobile } }, token)).toHaveProperty('corporate');
    const limit = { code: 'MOBILE_NO_CHANGE_LIMIT_EXCEEDED', action: 'RETRY_LATER' };
    expect(await change({ tag: '4', rootUser: { mobile } }, token)).toEqual(limit);
    const rootUser = { mobile, resetMobileCounter: true };
    expect(await change({ tag: '5', rootUser }, token)).toEqual({ corporate: { tag: '5' } });
  });

  it.each<[code: string, input: object]>([
    ['EMAIL_NOT_UNIQUE', { rootUser: { email: 'ben@acme.example' } }],
    ['EMAIL_DOMAIN_NOT_ALLOWED', { rootUser: { email: 'nina@refused.example' } }],
    ['MOBILE_OR_COUNTRY_CODE_INVALID', { rootUser: { mobile: { countryCode: '+356', number: '7' } } }],
    ['COUNTRY_UNSUPPORTED', { businessAddress: { ...ADDRESS, country: 'US' } }],
    ['FEE_GROUP_INVALID', { feeGroup: 'NONE' }],
    ['UNSUPPORTED_CURRENCY', { baseCurrency: 'JPY' }],
  ])('is declined with %s', async (code, input) => {
    const { token } = await newCorporate(stack);
    expect(await change(input, token)).toMatchObject({ code });
  });

  it('answers ValidationError, with the paths of the input', async () => {
    const { token } = await newCorporate(stack);
    const input = { businessAddress: { country: 'MT', city: 'Valletta', postCode: 'VLT1011' } };
    expect(await change({ ...input, rootUser: { name: 'R2D2', tag: 'not a tag' } }, token)).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [
        { path: ['input', 'rootUser', 'tag'], rule: 'REGEX' },
        { path: ['input', 'rootUser', 'name'], rule: 'REGEX' },
        { path: ['input', 'businessAddress', 'addressLine1'], rule: 'REQUIRED' },
      ],
    });
  });

  it('is refused to a consumer, and to nobody', async () => {
    expect(await change({ tag: 'mine' }, stack.sandbox.signIn('ada@consumer.example'))).toBe('FORBIDDEN');
    expect(await run(stack, 'updateCorporate', { tag: 'mine' }, 'corporate { tag }')).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
  });
});
