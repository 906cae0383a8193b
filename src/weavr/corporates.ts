import { op, operations } from './core/operation.js';
import type { Address, CalendarDate, IdentityId, Mobile, NoInput } from './core/shapes.js';
import type { EmailVerification } from './users.js';

export const COMPANY_TYPES = [
  'SOLE_TRADER',
  'LLC',
  'PUBLIC_LIMITED_COMPANY',
  'LIMITED_LIABILITY_PARTNERSHIP',
  'NON_PROFIT_ORGANISATION',
] as const;
export const COMPANY_POSITIONS = ['DIRECTOR', 'AUTHORISED_REPRESENTATIVE'] as const;
export const RETAIL_QUALIFIERS = ['RETAIL', 'NON_RETAIL', 'UNKNOWN'] as const;
export const KYI_STATUSES = ['NOT_STARTED', 'INITIATED', 'PENDING_REVIEW', 'APPROVED', 'REJECTED'] as const;
export type KyiStatus = (typeof KYI_STATUSES)[number];

/** What root users of corporates and consumers have in common. */
export interface RootUser {
  /** Looks like an identity's id; its inner `id` is the user's. */
  id: IdentityId;
  name: string;
  surname: string;
  email: string;
  mobile: Mobile;
  active: boolean;
  emailVerified: boolean;
  mobileNumberVerified: boolean;
  dateOfBirth?: CalendarDate;
  tag?: string;
  locale?: string;
  brand?: string;
}

export interface CorporateRootUser extends RootUser {
  companyPosition?: (typeof COMPANY_POSITIONS)[number];
}

export interface Company {
  name: string;
  type?: (typeof COMPANY_TYPES)[number];
  registrationNumber?: string;
  registeredAddress?: Address;
  businessAddress?: Address;
  countryOfRegistration?: string;
  incorporatedOn?: CalendarDate;
}

export interface Corporate {
  id: IdentityId;
  profileId: string;
  tag?: string;
  rootUser: CorporateRootUser;
  company: Company;
  /** Deprecated by Weavr, as are both sources of funds: open sets here. */
  industry?: string;
  sourceOfFunds?: string;
  sourceOfFundsOther?: string;
  acceptedTerms?: boolean;
  ipAddress?: string;
  baseCurrency?: string;
  feeGroup?: string;
  creationTimestamp: number;
  retailQualifier?: (typeof RETAIL_QUALIFIERS)[number];
}

/** As corporateCreate answers it. */
export interface CreatedCorporate extends Corporate {
  /** A user with several identities has a password already. */
  rootUser: CorporateRootUser & { passwordAlreadySet?: boolean };
}

export interface CorporateKyb {
  kybStatus?: KyiStatus;
  ongoingKybStatus?: KyiStatus;
}

export interface NewRootUser {
  name: string;
  surname: string;
  email: string;
  mobile: Mobile;
  tag?: string;
  /** BCP 47: `en` or `en-GB`. */
  locale?: string;
  brand?: string;
}

/** What may be set when an identity is created and when it is changed. */
export interface IdentityDetails {
  tag?: string;
  feeGroup?: string;
  /** Both deprecated by Weavr: open sets here. */
  sourceOfFunds?: string;
  sourceOfFundsOther?: string;
}

export interface NewCorporate extends IdentityDetails {
  profileId: string;
  rootUser: NewRootUser & {
    companyPosition: (typeof COMPANY_POSITIONS)[number];
    dateOfBirth?: CalendarDate;
  };
  company: {
    type: (typeof COMPANY_TYPES)[number];
    name: string;
    registrationNumber?: string;
    /** Answered as `countryOfRegistration`. */
    registrationCountry: string;
    businessAddress?: Address;
  };
  ipAddress: string;
  baseCurrency: string;
  industry?: string;
  acceptedTerms?: boolean;
}

/** The root user's fields stand beside the identity's own: `tag` is the identity's, `userTag` the user's. */
export interface IdentityChange extends IdentityDetails {
  baseCurrency?: string;
  name?: string;
  surname?: string;
  email?: string;
  mobile?: Mobile;
  dateOfBirth?: CalendarDate;
  resetMobileCounter?: boolean;
  userTag?: string;
  locale?: string;
  brand?: string;
}

export interface CorporateChange extends IdentityChange {
  companyBusinessAddress?: Address;
  industry?: string;
}

const IDENTITY_REFUSALS = [
  'FEE_GROUP_INVALID',
  'COUNTRY_INVALID',
  'COUNTRY_UNSUPPORTED',
  'MOBILE_OR_COUNTRY_CODE_INVALID',
  'EMAIL_DOMAIN_NOT_ALLOWED',
] as const;
/** What both kinds of identity may be refused with: when created, when changed, and while their address is verified. */
export const IDENTITY_CREATE_REFUSALS = [
  ...IDENTITY_REFUSALS,
  'PAYMENT_MODEL_CONSTRAINTS_VIOLATED',
  'PROFILE_NOT_FOUND',
  'PROFILE_INACTIVE',
  'ROOT_EMAIL_NOT_UNIQUE',
  'CURRENCY_UNSUPPORTED',
] as const;
export const IDENTITY_UPDATE_REFUSALS = [
  ...IDENTITY_REFUSALS,
  'EMAIL_NOT_UNIQUE',
  'MOBILE_NO_CHANGE_LIMIT_EXCEEDED',
  'TOO_FREQUENT_EMAIL_CHANGES',
  'MOBILE_CHANGE_NOT_ALLOWED',
  'TERMINATION_DATE_IN_PAST',
] as const;
export const EMAIL_CODE_REFUSALS = ['EMAIL_NOT_FOUND', 'ALREADY_VERIFIED', 'EMAIL_NOT_UNIQUE'] as const;
export const EMAIL_VERIFY_REFUSALS = ['VERIFICATION_CODE_INVALID', 'EMAIL_NOT_UNIQUE'] as const;

// biome-ignore format: a table reads best as a table
export const corporates = operations({
  corporateCreate:   op<NewCorporate, CreatedCorporate>     ('POST /multi/corporates').anonymous().idempotent('MULTI').refusing(...IDENTITY_CREATE_REFUSALS, 'COMPANY_NOT_FOUND', 'COMPANY_LOOKUP_FAILED', 'ROOT_USER_INACTIVE', 'ROOT_EMAIL_NOT_VERIFIED', 'KYC_APPROVAL_MISSING', 'PROFILE_MISMATCH', 'COMPANY_TYPE_UNSUPPORTED'),
  corporateGet:      op<NoInput, Corporate>                 ('GET /multi/corporates'),
  corporateUpdate:   op<CorporateChange, Corporate>         ('PATCH /multi/corporates').needsBody().idempotent('MULTI').refusing(...IDENTITY_UPDATE_REFUSALS, 'ROOT_USER_ALREADY_VERIFIED', 'UNSUPPORTED_CURRENCY'),
  corporateRootUserEmailVerificationCodeSend: op.empty<{ email: string }>('POST /multi/corporates/verification/email/send').anonymous().idempotent('MULTI').refusing(...EMAIL_CODE_REFUSALS),
  corporateRootUserEmailVerify: op.empty<EmailVerification> ('POST /multi/corporates/verification/email/verify').anonymous().refusing(...EMAIL_VERIFY_REFUSALS),
  corporateKybStart: op<NoInput, { reference: string }>     ('POST /multi/corporates/kyb').refusing('KYB_ALREADY_APPROVED', 'KYB_PERMANENTLY_REJECTED', 'KYB_PENDING_REVIEW', 'EMAIL_UNVERIFIED', 'MANAGED_ONBOARDING_PENDING'),
  corporateKybGet:   op<NoInput, CorporateKyb>              ('GET /multi/corporates/kyb'),
});
