import type { CredentialId } from './access.js';
import type { Weavr } from './core/client.js';
import { UpstreamError } from './core/errors.js';
import { op, operations } from './core/operation.js';
import type { ById, IdentityId } from './core/shapes.js';
import { CHANGE_REFUSALS, type RENEWAL_TYPES } from './managed-cards.js';

/** The token is nested, unlike Multi's. */
export interface DelegatedToken {
  token?: { token?: string };
  identity?: IdentityId;
  credentials?: CredentialId;
}

export interface RenewalChange extends ById {
  renewalType: (typeof RENEWAL_TYPES)[number];
}

// biome-ignore format: a table reads best as a table
export const backOffice = operations({
  requestAccessToken:           op<{ identity: IdentityId }, DelegatedToken>('POST /multi/backoffice/access_token').anonymous().backOffice().refusing('UNRESOLVED_IDENTITY', 'ALREADY_IMPERSONATED'),
  impersonateIdentityLogin:     op<{ identity: IdentityId }, DelegatedToken>('POST /multi/backoffice/impersonate_identity_login').anonymous().backOffice().refusing('UNRESOLVED_IDENTITY', 'ALREADY_IMPERSONATED'),
  managedCardRenewalTypeUpdate: op.empty<RenewalChange>                     ('PATCH /multi/backoffice/managed_cards/{id}/renewal').needsBody().backOffice().idempotent('BACK_OFFICE').refusing(...CHANGE_REFUSALS),
});

export const BACK_OFFICE_LOGINS = ['access_token', 'impersonate'] as const;
/** Some Weavr accounts still have the older of the two routes alone. */
export type BackOfficeLogin = (typeof BACK_OFFICE_LOGINS)[number];

/** Obtains an identity's token with the api-key alone. */
export function obtainWith(weavrFor: () => Weavr, login: BackOfficeLogin = 'access_token') {
  const operation = login === 'impersonate' ? backOffice.impersonateIdentityLogin : backOffice.requestAccessToken;
  return async (identity: IdentityId) => {
    const { token } = await weavrFor().call(operation, { identity });
    if (token?.token) return token.token;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', { operation: operation.id });
  };
}
