import { op, operations } from './core/operation.js';
import type { Address, CalendarDate, IdentityId, NoInput } from './core/shapes.js';
import {
  EMAIL_CODE_REFUSALS,
  EMAIL_VERIFY_REFUSALS,
  IDENTITY_CREATE_REFUSALS,
  IDENTITY_UPDATE_REFUSALS,
  type IdentityChange,
  type IdentityDetails,
  type KyiStatus,
  type NewRootUser,
  type RootUser,
} from './corporates.js';
import type { EmailVerification } from './users.js';

export const KYC_LEVELS = ['KYC_LEVEL_1', 'KYC_LEVEL_2'] as const;
export type KycLevel = (typeof KYC_LEVELS)[number];

export interface ConsumerRootUser extends RootUser {
  /** Deprecated by Weavr: an open set here. */
  occupation?: string;
  address?: Address;
  nationality?: string;
  placeOfBirth?: string;
}

export interface Consumer {
  id: IdentityId;
  profileId: string;
  tag?: string;
  rootUser: ConsumerRootUser;
  creationTimestamp: number;
  ipAddress?: string;
  acceptedTerms?: boolean;
  baseCurrency?: string;
  feeGroup?: string;
  /** Both deprecated by Weavr: open sets here. */
  sourceOfFunds?: string;
  sourceOfFundsOther?: string;
}

export interface ConsumerKyc {
  fullDueDiligence?: KyiStatus;
  /** Deprecated by Weavr, as is the ongoing one. */
  kycLevel?: KycLevel;
  ongoingFullDueDiligence?: KyiStatus;
  ongoingKycLevel?: KycLevel;
}

/** What may be said of the person, whether new or changed. */
interface PersonDetails {
  /** Deprecated by Weavr: an open set here. */
  occupation?: string;
  placeOfBirth?: string;
  nationality?: string;
}

export interface NewConsumer extends IdentityDetails {
  profileId: string;
  /** Of the address only the country must be there. */
  rootUser: NewRootUser & PersonDetails & { dateOfBirth: CalendarDate; address: Address };
  ipAddress: string;
  baseCurrency?: string;
  acceptedTerms?: boolean;
}

export interface ConsumerChange extends IdentityChange, PersonDetails {
  address?: Address;
}

export interface KycStart {
  /** Deprecated by Weavr. */
  kycLevel?: KycLevel;
  /** What the provider's component begins with, by the provider's names. */
  prefillDetails?: { name?: string; value?: string }[];
}

export interface StartedKyc {
  reference: string;
  kycLevel?: KycLevel;
}

// biome-ignore format: a table reads best as a table
export const consumers = operations({
  consumerCreate:   op<NewConsumer, Consumer>              ('POST /multi/consumers').anonymous().idempotent('MULTI').refusing(...IDENTITY_CREATE_REFUSALS, 'CONSUMER_ALREADY_EXISTS'),
  consumerGet:      op<NoInput, Consumer>                  ('GET /multi/consumers'),
  consumerUpdate:   op<ConsumerChange, Consumer>           ('PATCH /multi/consumers').needsBody().refusing(...IDENTITY_UPDATE_REFUSALS, 'CONSUMER_VERIFIED'),
  consumerRootUserEmailVerificationCodeSend: op.empty<{ email: string }>('POST /multi/consumers/verification/email/send').anonymous().refusing(...EMAIL_CODE_REFUSALS),
  consumerRootUserEmailVerify: op.empty<EmailVerification> ('POST /multi/consumers/verification/email/verify').anonymous().refusing(...EMAIL_VERIFY_REFUSALS),
  consumerKycStart: op<KycStart, StartedKyc>               ('POST /multi/consumers/kyc').refusing('KYC_ALREADY_APPROVED', 'KYC_PENDING_REVIEW', 'KYC_REJECTED', 'EMAIL_UNVERIFIED'),
  consumerKycGet:   op<NoInput, ConsumerKyc>               ('GET /multi/consumers/kyc'),
});
