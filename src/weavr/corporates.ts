import { op, operations } from './core/operation.js';
import type { Address, CalendarDate, IdentityId, Mobile, NoInput } from './core/shapes.js';

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

export interface CorporateKyb {
  kybStatus?: KyiStatus;
  ongoingKybStatus?: KyiStatus;
}

// biome-ignore format: a table reads best as a table
export const corporates = operations({
  corporateGet:    op<NoInput, Corporate>    ('GET /multi/corporates'),
  corporateKybGet: op<NoInput, CorporateKyb> ('GET /multi/corporates/kyb'),
});
