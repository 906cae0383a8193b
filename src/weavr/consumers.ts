import { op, operations } from './core/operation.js';
import type { Address, IdentityId, NoInput } from './core/shapes.js';
import type { KyiStatus, RootUser } from './corporates.js';

export const KYC_LEVELS = ['KYC_LEVEL_1', 'KYC_LEVEL_2'] as const;

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
  kycLevel?: (typeof KYC_LEVELS)[number];
  ongoingFullDueDiligence?: KyiStatus;
  ongoingKycLevel?: (typeof KYC_LEVELS)[number];
}

// biome-ignore format: a table reads best as a table
export const consumers = operations({
  consumerGet:    op<NoInput, Consumer>    ('GET /multi/consumers'),
  consumerKycGet: op<NoInput, ConsumerKyc> ('GET /multi/consumers/kyc'),
});
