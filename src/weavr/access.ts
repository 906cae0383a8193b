import { op, operations } from './core/operation.js';
import type { Counted, IdentityId, NoInput, Page } from './core/shapes.js';

/** AUTH tokens open only `/identities` and `/access_token`; NO_TYPE comes from programmes without the distinction. */
export const TOKEN_TYPES = ['NO_TYPE', 'AUTH', 'ACCESS'] as const;
export const CREDENTIAL_TYPES = ['ROOT', 'USER', 'API_CLIENT'] as const;
export const TOKEN_STATUSES = ['STANDARD', 'STEPPED_UP'] as const;

export interface CredentialId {
  type: (typeof CREDENTIAL_TYPES)[number];
  id: string;
}

/** In clear, or the token of a browser SDK. */
export interface SensitivePassword {
  value: string;
}

export interface Login {
  token?: string;
  tokenType?: (typeof TOKEN_TYPES)[number];
  identity?: IdentityId;
  credentials?: CredentialId;
}

export interface AccessToken {
  token?: string;
  identity?: IdentityId;
  credentials?: CredentialId;
  status?: (typeof TOKEN_STATUSES)[number];
}

export interface UserIdentity {
  id: IdentityId;
  name: string;
}

export interface UserIdentityPage extends Counted {
  identities?: UserIdentity[];
}

export interface LoginInput {
  email: string;
  password: SensitivePassword;
}

export interface BiometricLoginInput {
  email: string;
  identity?: IdentityId;
}

export interface AccessTokenInput {
  identity: IdentityId;
  clientAssertion?: string;
  token?: string;
}

const SIGN_IN = { 403: 'INVALID_CREDENTIALS', 423: 'ACCOUNT_LOCKED' };

// biome-ignore format: a table reads best as a table
export const access = operations({
  loginWithPassword:  op<LoginInput, Login>                              ('POST /multi/login_with_password').anonymous().bare(SIGN_IN),
  loginViaBiometrics: op<BiometricLoginInput, { challengeId?: string }>  ('POST /multi/login_via_biometrics').anonymous().bare(SIGN_IN).refusing('CHANNEL_NOT_REGISTERED', 'CHANNEL_NOT_SUPPORTED'),
  requestAccessToken: op<AccessTokenInput, AccessToken>                  ('POST /multi/access_token').either().bare(SIGN_IN),
  userIdentities:     op<Page, UserIdentityPage>                         ('GET /multi/identities').either().pages('identities').refusing('IDENTITY_TYPE_NOT_SUPPORTED'),
  logout:             op<NoInput, { url?: string }>                      ('POST /multi/logout').orEmpty(),
});
