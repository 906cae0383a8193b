import type { Weavr } from '../weavr/core/client.js';
import type { Operation } from '../weavr/core/operation.js';
import type { NoInput } from '../weavr/core/shapes.js';
import type { InputFields, PayloadFields } from './core/mutation.js';
import { type AnyIdentity, MobileInput } from './identities.js';

const TAG = 'Your own label: up to 50 of A-Z a-z 0-9 _ -.';
export const DEPRECATED = 'Weavr deprecates it, without a successor.';

/** What a root user may be given when the identity is created and when it is changed. */
const rootUserDetails = (t: InputFields) => ({
  tag: t.string({ description: TAG }),
  locale: t.string({ description: 'Language of messages to the user, as a BCP 47 tag: `en` or `en-GB`.' }),
  brand: t.string({ description: "Which of the programme's message designs is used: up to 25 letters and digits." }),
});

export const newRootUser = (t: InputFields) => ({
  name: t.string({ required: true, description: 'First name, up to 50 characters.' }),
  surname: t.string({ required: true, description: 'Last name, up to 50 characters.' }),
  email: t.field({
    type: 'EmailAddress',
    required: true,
    description: 'The e-mail address to sign in with, to be verified afterwards. No other user may have it.',
  }),
  mobile: t.field({
    type: MobileInput,
    required: true,
    description: 'The phone for one-time codes, to be enrolled afterwards.',
  }),
  ...rootUserDetails(t),
});

/** Whatever the due diligence has verified cannot be changed any more. */
export const changedRootUser = (t: InputFields) => ({
  name: t.string({ description: 'First name, up to 20 characters. Not after the due diligence.' }),
  surname: t.string({ description: 'Last name, up to 20 characters. Not after the due diligence.' }),
  email: t.field({
    type: 'EmailAddress',
    description: 'The e-mail address to sign in with, to be verified again. Not after the due diligence.',
  }),
  mobile: t.field({
    type: MobileInput,
    description: 'The phone for one-time codes, to be enrolled again. Not after the due diligence.',
  }),
  dateOfBirth: t.field({ type: 'LocalDate', description: 'Day of birth. Not after the due diligence.' }),
  resetMobileCounter: t.boolean({ description: 'True: forgets how often the phone was changed, which is limited.' }),
  ...rootUserDetails(t),
});

/** What an identity may be given when it is created and when it is changed. */
export const identityDetails = (t: InputFields) => ({
  tag: t.string({ description: TAG }),
  feeGroup: t.string({ description: "Which of the profile's groups of fees applies, if it has any." }),
  sourceOfFunds: t.string({
    deprecationReason: DEPRECATED,
    description: 'Where its money comes from: `RENT`, `DIVIDENDS`, `OTHER`.',
  }),
  sourceOfFundsOther: t.string({
    deprecationReason: DEPRECATED,
    description: 'Where its money comes from in words, if `sourceOfFunds` is `OTHER`.',
  }),
});

/** What is said of an identity when it is created, and never again but for its details. */
export const registration = (t: InputFields) => ({
  profileId: t.id({ required: true, description: "The programme's profile for this kind of identity." }),
  ipAddress: t.string({ required: true, description: "The end user's IP address, not your server's." }),
  acceptedTerms: t.boolean({
    deprecationReason: DEPRECATED,
    description: 'Whether the root user accepted the terms and conditions.',
  }),
  ...identityDetails(t),
});

/** A change names the root user's values beside the identity's own; here they stand below `rootUser`. */
export const ROOT_USER_PATHS = {
  name: 'rootUser.name',
  surname: 'rootUser.surname',
  email: 'rootUser.email',
  mobile: 'rootUser.mobile',
  dateOfBirth: 'rootUser.dateOfBirth',
  resetMobileCounter: 'rootUser.resetMobileCounter',
  userTag: 'rootUser.tag',
  locale: 'rootUser.locale',
  brand: 'rootUser.brand',
};

export const rootUserAddress = (t: InputFields) => ({
  email: t.field({ type: 'EmailAddress', required: true, description: "The root user's e-mail address." }),
});

export const verification = (t: InputFields) => ({
  ...rootUserAddress(t),
  verificationCode: t.field({ type: 'Secret', required: true, description: 'The six digits that were sent there.' }),
});

export interface OfAddress {
  email: string;
}

export const ofAddress = (t: PayloadFields<OfAddress>) => ({
  email: t.expose('email', { type: 'EmailAddress', description: 'The address.' }),
});

/** The identity that the session acts for, if the address is its root user's; null without a session. */
export async function readOwn<T extends AnyIdentity>(weavr: Weavr, operation: Operation<NoInput, T>, address: string) {
  const identity = weavr.session.token ? await weavr.follow(operation, {}) : null;
  return identity?.rootUser.email.toLowerCase() === address.toLowerCase() ? identity : null;
}
