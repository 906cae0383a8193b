import type { SensitivePassword } from './access.js';
import { op, operations } from './core/operation.js';
import type { CalendarDate, Counted, IdentityId, Mobile, NoInput, Page } from './core/shapes.js';

export const USER_ROLES = [
  'CARD_ASSIGNEE',
  'CARDS_MANAGEMENT_ROLE',
  'FUNDS_MANAGEMENT_ROLE',
  'ACCESS_MANAGEMENT_ROLE',
  'ADMIN',
] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** What may be set when a user is created and when it is changed, and need not be there. */
interface UserDetails {
  mobile?: Mobile;
  dateOfBirth?: CalendarDate;
  tag?: string;
  /** BCP 47: `en` or `en-GB`. */
  locale?: string;
  brand?: string;
  /** A change takes away the roles it does not name. */
  roles?: UserRole[];
}

export interface NewUser extends UserDetails {
  name: string;
  surname: string;
  email: string;
  countryOfResidence?: string;
}

export interface User extends NewUser {
  id: string;
  identity: IdentityId;
  active: boolean;
}

export interface ByUserId {
  user_id: string;
}

export interface UserChange extends UserDetails, ByUserId {
  name?: string;
  surname?: string;
  email?: string;
}

export interface UserFilter {
  active?: boolean;
  email?: string;
  tag?: string;
  /** Any of them. */
  roles?: UserRole[];
}

export interface UserPage extends Counted {
  users?: User[];
}

export interface Invite extends ByUserId {
  /** Six digits. */
  inviteCode: string;
}

export interface InviteConsumption extends Invite {
  password: SensitivePassword;
  /** Takes the place of the user's number, and is not verified. */
  mobile?: Mobile;
}

export interface EmailVerification {
  email: string;
  /** Six digits. */
  verificationCode: string;
}

// biome-ignore format: a table reads best as a table
export const users = operations({
  userCreate:         op<NewUser, User>                              ('POST /multi/users').backOffice().idempotent().refusing('EMAIL_NOT_UNIQUE', 'MOBILE_OR_COUNTRY_CODE_INVALID', 'EMAIL_DOMAIN_NOT_ALLOWED', 'COUNTRY_OF_RESIDENCE_INVALID', 'ROLE_NOT_FOUND', 'CANNOT_MODIFY_OWN_ROLES', 'ADMIN_ROLE_REMOVAL_NOT_ALLOWED'),
  usersGet:           op<Page & UserFilter, UserPage>                ('GET /multi/users').pages('users'),
  userGetById:        op<ByUserId, User>                             ('GET /multi/users/{user_id}').listedBy('usersGet'),
  userUpdate:         op<UserChange, User>                           ('PATCH /multi/users/{user_id}').needsBody().idempotent('MULTI').refusing('EMAIL_NOT_UNIQUE', 'MOBILE_OR_COUNTRY_CODE_INVALID', 'MOBILE_NO_CHANGE_LIMIT_EXCEEDED', 'TOO_FREQUENT_EMAIL_CHANGES', 'EMAIL_DOMAIN_NOT_ALLOWED', 'MOBILE_CHANGE_NOT_ALLOWED', 'UNSUPPORTED_CURRENCY', 'ROLE_NOT_FOUND', 'CANNOT_MODIFY_OWN_ROLES', 'ADMIN_ROLE_REMOVAL_NOT_ALLOWED'),
  userActivate:       op.empty<ByUserId>                             ('POST /multi/users/{user_id}/activate'),
  // Its refusal is Back Office's alone.
  userDeactivate:     op.empty<ByUserId>                             ('POST /multi/users/{user_id}/deactivate').backOffice().refusing('CARD_HAS_REMAINING_BALANCE'),
  userInviteSend:     op.empty<ByUserId>                             ('POST /multi/users/{user_id}/invite').backOffice().idempotent('MULTI').refusing('INVITE_ALREADY_CONSUMED'),
  userInviteValidate: op.empty<Invite>                               ('POST /multi/users/{user_id}/invite/validate').anonymous().refusing('INVITE_OR_INVITE_CODE_INVALID'),
  userInviteConsume:  op<InviteConsumption, { token?: string }>      ('POST /multi/users/{user_id}/invite/consume').anonymous().idempotent('MULTI').refusing('INVITE_OR_INVITE_CODE_INVALID', 'UNRESOLVED_IDENTITY', 'PASSWORD_ALREADY_USED', 'PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE', 'PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG', 'PASSWORD_TOO_SIMPLE', 'PASSWORD_KEY_ALREADY_IN_USE', 'PASSWORD_ALREADY_CREATED'),
  authorisedUserEmailVerificationCodeSend: op.empty<{ email: string }> ('POST /multi/users/verification/email/send').anonymous().idempotent('MULTI').refusing('EMAIL_NOT_FOUND'),
  authorisedUserEmailVerify: op.empty<EmailVerification>             ('POST /multi/users/verification/email/verify').anonymous().refusing('VERIFICATION_CODE_INVALID'),
  // Documented with the api-key alone, and acts for the user all the same: the session goes along.
  userKyc:            op<NoInput, { reference: string }>             ('POST /multi/users/kyc').either().refusing('EMAIL_NOT_VERIFIED', 'MOBILE_NOT_VERIFIED', 'KYC_ALREADY_APPROVED', 'KYC_PENDING_REVIEW', 'KYC_REJECTED', 'KYB_IDENTITY_NOT_APPROVED'),
});
