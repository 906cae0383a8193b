import type { SensitivePassword } from './access.js';
import { op, operations } from './core/operation.js';
import type { IdentityId } from './core/shapes.js';
import type { ByUserId } from './users.js';

export interface PasswordInfo {
  identityId: IdentityId;
  /** 0: it never expires. */
  expiryDate?: number;
}

/** The token begins a session, in place of the one before. */
export interface PasswordSet {
  passwordInfo?: PasswordInfo;
  token?: string;
}

export interface NewPassword extends ByUserId {
  password: SensitivePassword;
}

export interface PasswordChange {
  oldPassword: SensitivePassword;
  newPassword: SensitivePassword;
}

export interface LostPassword {
  email: string;
  /** The six digits that were sent. */
  nonce: string;
  newPassword: SensitivePassword;
}

const RULES = ['PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG', 'PASSWORD_TOO_SIMPLE'] as const;

// biome-ignore format: a table reads best as a table
export const passwords = operations({
  passwordCreate:       op<NewPassword, PasswordSet>                 ('POST /multi/passwords/{user_id}/create').anonymous().refusing(...RULES, 'UNRESOLVED_IDENTITY', 'PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE', 'PASSWORD_KEY_ALREADY_IN_USE', 'PASSWORD_ALREADY_CREATED'),
  passwordUpdate:       op<PasswordChange, PasswordSet>              ('POST /multi/passwords/update').refusing(...RULES, 'PASSWORD_ALREADY_USED', 'PASSWORD_INCORRECT'),
  passwordValidate:     op.empty<{ password: SensitivePassword }>    ('POST /multi/passwords/validate').anonymous().refusing(...RULES, 'UNRESOLVED_IDENTITY', 'PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE'),
  lostPasswordInitiate: op.empty<{ email: string }>                  ('POST /multi/passwords/lost_password/start').anonymous().refusing('MULTIPLE_ACCOUNTS_FOUND', 'ACCOUNT_NOT_FOUND'),
  lostPasswordResume:   op<LostPassword, { token?: string }>         ('POST /multi/passwords/lost_password/resume').anonymous().refusing(...RULES, 'INVALID_NONCE_OR_EMAIL', 'PASSWORD_ALREADY_USED', 'PASSWORD_INCORRECT', 'PASSWORD_NOT_SET'),
});
