import type { IdentityId } from '../weavr/core/shapes.js';
import {
  COMPANY_POSITIONS,
  COMPANY_TYPES,
  type CorporateChange,
  type corporates,
  type NewCorporate,
} from '../weavr/corporates.js';
import { credentialsOf } from './access.js';
import { type Call, forbidden, type Handlers } from './core/handlers.js';
import { identityOf, type Session } from './core/sessions.js';
import type { Credentials, State } from './core/state.js';
import { addressAt, check, country, currency, id, oneOf, required, size } from './core/validation.js';
import {
  addRootCredentials,
  BASE_CURRENCIES,
  changeIdentity,
  changeRefusal,
  changeRules,
  given,
  NEW_IDENTITY,
  programmeRefusal,
  sendEmailCode,
  verifyEmail,
  word,
} from './identities.js';

/** The programme's only profile for corporates. */
export const CORPORATE_PROFILE = '100000000000000001';

/** What the due diligence has found to be true. */
const VERIFIED: (keyof CorporateChange)[] = [
  'name',
  'surname',
  'email',
  'mobile',
  'dateOfBirth',
  'companyBusinessAddress',
];

/** The corporate that a session acts for; a consumer's session is refused. */
export function corporateIdOf(session: Session) {
  const { type, id } = identityOf(session);
  if (type !== 'CORPORATE') throw forbidden('INSUFFICIENT_PERMISSIONS');
  return id;
}

const corporateOf = ({ state, session }: Pick<Call, 'state' | 'session'>) => {
  const corporateId = corporateIdOf(session);
  return state.corporates.find(corporateId, corporateId);
};

const newCorporateRules = ({ company }: Partial<NewCorporate>) => ({
  ...NEW_IDENTITY,
  profileId: required(id),
  baseCurrency: required(currency),
  industry: word,
  'rootUser.companyPosition': required(oneOf(COMPANY_POSITIONS)),
  'company.type': required(oneOf(COMPANY_TYPES)),
  'company.name': required(size(100, 1)),
  'company.registrationNumber': size(20, 1),
  'company.registrationCountry': required(country),
  ...(company?.businessAddress && addressAt('company.businessAddress')),
});

type Refusal = (typeof corporates.corporateCreate.refusals)[number];

/** Who already acts for several identities may own one more, and has a password; any other address must be new. */
function existingRoot(address: string, { state, refuse }: Call<Refusal>): Credentials | undefined {
  const known = credentialsOf(state, address);
  if (!known) return undefined;
  if (known.identities.length < 2) refuse('ROOT_EMAIL_NOT_UNIQUE');
  if (!state.isActive(known.id)) refuse('ROOT_USER_INACTIVE');
  const { emailVerified, kyc } = state.users.any(known.id)?.onboarding ?? {};
  if (!emailVerified) refuse('ROOT_EMAIL_NOT_VERIFIED');
  if (kyc !== 'APPROVED') refuse('KYC_APPROVAL_MISSING');
  return known;
}

function register(state: State, input: NewCorporate, existing: Credentials | undefined, now: number) {
  const { rootUser, company, ...fields } = input;
  const { registrationCountry: countryOfRegistration, ...registered } = company;
  const identity: IdentityId = { type: 'CORPORATE', id: state.nextId() };
  const { id: userId } = existing ?? addRootCredentials(state, identity, rootUser.email);
  existing?.identities.push(identity);
  const verified = { emailVerified: !!existing, mobileNumberVerified: existing?.smsEnrolled ?? false };
  state.kyb.set(identity.id, { kybStatus: 'NOT_STARTED', ongoingKybStatus: 'NOT_STARTED' });
  return state.corporates.add(identity.id, identity.id, {
    ...fields,
    id: identity,
    rootUser: { ...rootUser, id: { type: 'CORPORATE', id: userId }, active: true, ...verified },
    company: { ...registered, countryOfRegistration },
    creationTimestamp: now,
    retailQualifier: 'UNKNOWN',
  });
}

export const corporateHandlers: Handlers<typeof corporates> = {
  corporateCreate: (input, call) => {
    const { state, now, refuse } = call;
    check(input, newCorporateRules(input));
    if (input.profileId !== CORPORATE_PROFILE) refuse('PROFILE_NOT_FOUND');
    if (!BASE_CURRENCIES.includes(input.baseCurrency)) refuse('CURRENCY_UNSUPPORTED');
    const countries = [input.company.registrationCountry, input.company.businessAddress?.country];
    const refusal = programmeRefusal({ ...input.rootUser, feeGroup: input.feeGroup, countries });
    if (refusal) refuse(refusal);
    const existing = existingRoot(input.rootUser.email, call);
    const { rootUser, ...corporate } = register(state, input, existing, now);
    return { ...corporate, rootUser: { ...rootUser, passwordAlreadySet: !!existing } };
  },

  corporateGet: (_input, call) => corporateOf(call),

  corporateUpdate: (change, call) => {
    const { state, refuse } = call;
    const { companyBusinessAddress: businessAddress, industry } = change;
    check(change, {
      ...changeRules(change),
      industry: word,
      ...(businessAddress && addressAt('companyBusinessAddress')),
    });
    const corporate = corporateOf(call);
    const refusal = programmeRefusal({ ...change, countries: [businessAddress?.country] });
    if (refusal) refuse(refusal);
    if (state.isVerified(corporate.id) && VERIFIED.some((field) => change[field] !== undefined))
      refuse('ROOT_USER_ALREADY_VERIFIED');
    const declined = changeRefusal(state, corporate, change);
    if (declined) refuse(declined);
    if (change.baseCurrency && !BASE_CURRENCIES.includes(change.baseCurrency)) refuse('UNSUPPORTED_CURRENCY');
    changeIdentity(state, corporate, change);
    Object.assign(corporate, given({ industry }));
    Object.assign(corporate.company, given({ businessAddress }));
    return corporate;
  },

  corporateRootUserEmailVerificationCodeSend: (input, call) => sendEmailCode(call.state.corporates.all(), input, call),

  corporateRootUserEmailVerify: (input, call) => verifyEmail(call.state.corporates.all(), input, call),

  corporateKybStart: (_input, call) => {
    const { state, refuse } = call;
    const corporate = corporateOf(call);
    const { kybStatus } = state.kyb.get(corporate.id.id)!; // every corporate has one
    if (!corporate.rootUser.emailVerified) refuse('EMAIL_UNVERIFIED');
    if (kybStatus === 'APPROVED') refuse('KYB_ALREADY_APPROVED');
    if (kybStatus === 'PENDING_REVIEW') refuse('KYB_PENDING_REVIEW');
    if (kybStatus === 'REJECTED') refuse('KYB_PERMANENTLY_REJECTED');
    state.kyb.set(corporate.id.id, { kybStatus: 'INITIATED', ongoingKybStatus: 'INITIATED' });
    return { reference: state.nextId() };
  },

  corporateKybGet: (_input, { state, session }) => ({ ...state.kyb.get(corporateIdOf(session)) }),
};
