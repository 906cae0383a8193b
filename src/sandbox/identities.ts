import type { Consumer } from '../weavr/consumers.js';
import type { IdentityId, Mobile } from '../weavr/core/shapes.js';
import type { Corporate, IdentityChange } from '../weavr/corporates.js';
import type { EmailVerification } from '../weavr/users.js';
import { credentialsOf } from './access.js';
import type { Call } from './core/handlers.js';
import type { Credentials, State } from './core/state.js';
import {
  check,
  code,
  currency,
  email,
  matches,
  name,
  type Rule,
  type Rules,
  range,
  required,
  size,
  tag,
} from './core/validation.js';

type Identity = Corporate | Consumer;

/** What the programme's profiles allow. */
export const BASE_CURRENCIES = ['EUR', 'GBP', 'USD'];
const FEE_GROUP = 'DEFAULT';
const EEA_AND_GB = 'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK';
const COUNTRIES = EEA_AND_GB.split(' ');
const MOBILE_CHANGES = 3;
/** No user may have an address there. */
const REFUSED_DOMAIN = '@refused.example';

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** A member of an enum that Weavr deprecates; which ones there are is not checked. */
export const word: Rule = (value) => size(50)(value) ?? matches(/^[A-Z_]+$/)(value);
const changedName: Rule = (value) => size(20, 1)(value) ?? matches(/^[^0-9~!@#$%^*()_+={}|:;,<>/?]*$/)(value);

export const mobileAt = (path: string): Rules => ({
  [`${path}.countryCode`]: required(matches(/^\+[0-9]{1,3}$/)),
  [`${path}.number`]: required(matches(/^[0-9]{1,12}$/)),
});

/** What may be said of any user; `under` is where: `rootUser.`, or nothing. */
export const personAt = (under = ''): Rules => ({
  [`${under}dateOfBirth.year`]: range(1900, 2100),
  [`${under}dateOfBirth.month`]: range(1, 12),
  [`${under}dateOfBirth.day`]: range(1, 31),
  [`${under}tag`]: tag,
  [`${under}locale`]: matches(/^[a-z]{2}(-[A-Z]{2})?$/),
  [`${under}brand`]: matches(/^[a-zA-Z0-9]{1,25}$/),
});

/** What has to be said of any new identity. */
export const NEW_IDENTITY: Rules = {
  tag,
  sourceOfFunds: word,
  ipAddress: required(size(45, 5)),
  'rootUser.name': required(name),
  'rootUser.surname': required(name),
  'rootUser.email': required(email),
  ...mobileAt('rootUser.mobile'),
  ...personAt('rootUser.'),
};

/** What may be said when any identity is changed. */
export const changeRules = ({ mobile }: IdentityChange): Rules => ({
  ...personAt(),
  userTag: tag,
  sourceOfFunds: word,
  baseCurrency: currency,
  name: changedName,
  surname: changedName,
  email,
  ...(mobile && mobileAt('mobile')),
});

/** What the programme does not take of a user's contacts; undefined if it takes all. */
export function contactRefusal({ email: address, mobile }: { email?: string; mobile?: Mobile }) {
  if (address?.endsWith(REFUSED_DOMAIN)) return 'EMAIL_DOMAIN_NOT_ALLOWED' as const;
  return mobile && mobile.number.length < 5 ? ('MOBILE_OR_COUNTRY_CODE_INVALID' as const) : undefined;
}

function countryRefusal(countries: (string | undefined)[]) {
  const refused = countries
    .filter((country) => country !== undefined)
    .filter((country) => !COUNTRIES.includes(country));
  if (refused.length === 0) return undefined;
  return refused.every((country) => regions.of(country))
    ? ('COUNTRY_UNSUPPORTED' as const)
    : ('COUNTRY_INVALID' as const);
}

interface Terms {
  feeGroup?: string;
  countries: (string | undefined)[];
  email?: string;
  mobile?: Mobile;
}

/** What the programme does not take of an identity, new or changed; undefined if it takes all. */
export const programmeRefusal = ({ feeGroup = FEE_GROUP, countries, ...contacts }: Terms) =>
  feeGroup === FEE_GROUP ? (countryRefusal(countries) ?? contactRefusal(contacts)) : ('FEE_GROUP_INVALID' as const);

/** Credentials for the root user of an identity: without a password until the user sets one. */
export function addRootCredentials(state: State, identity: IdentityId, address: string): Credentials {
  const id = state.nextId();
  const empty = { smsEnrolled: false, failedSignIns: 0, lockedUntil: 0 };
  const known: Credentials = { id, type: 'ROOT', email: address, identities: [identity], ...empty };
  state.credentials.set(id, known);
  return known;
}

const credentialsFor = (state: State, { rootUser }: Identity) => state.credentials.get(rootUser.id.id)!; // whoever made it made those

/** Why a root user cannot be changed like this; undefined if they can. */
export function changeRefusal(
  state: State,
  identity: Identity,
  { email: address, mobile, resetMobileCounter }: IdentityChange,
) {
  const known = credentialsFor(state, identity);
  const taken = address === undefined ? undefined : credentialsOf(state, address);
  if (taken && taken !== known) return 'EMAIL_NOT_UNIQUE' as const;
  const changes = resetMobileCounter ? 0 : (known.mobileChanges ?? 0);
  return mobile && changes >= MOBILE_CHANGES ? ('MOBILE_NO_CHANGE_LIMIT_EXCEEDED' as const) : undefined;
}

/** The properties that are there. */
export const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>; // the same ones

/** Changes what both kinds of identity have; a new address and a new phone must be verified again. */
export function changeIdentity(state: State, identity: Identity, change: IdentityChange) {
  const { tag: label, feeGroup, baseCurrency, sourceOfFunds, sourceOfFundsOther } = change;
  const { name: first, surname, email: address, mobile, dateOfBirth, userTag, locale, brand } = change;
  const { rootUser } = identity;
  const known = credentialsFor(state, identity);
  if (address && address !== rootUser.email) {
    known.email = address;
    rootUser.emailVerified = false;
  }
  if (change.resetMobileCounter) known.mobileChanges = 0;
  if (mobile) {
    Object.assign(known, { smsEnrolled: false, mobileChanges: (known.mobileChanges ?? 0) + 1 });
    rootUser.mobileNumberVerified = false;
  }
  Object.assign(identity, given({ tag: label, feeGroup, baseCurrency, sourceOfFunds, sourceOfFundsOther }));
  Object.assign(
    rootUser,
    given({ name: first, surname, email: address, mobile, dateOfBirth, tag: userTag, locale, brand }),
  );
}

const rootUserWith = (identities: Identity[], address: string) =>
  identities.map(({ rootUser }) => rootUser).find((rootUser) => rootUser.email.toLowerCase() === address.toLowerCase());

/** Sends the root user of one of these identities a code. */
export function sendEmailCode(
  identities: Identity[],
  input: { email: string },
  { state, refuse }: Call<'EMAIL_NOT_FOUND' | 'ALREADY_VERIFIED'>,
) {
  check(input, { email: required(email) });
  const rootUser = rootUserWith(identities, input.email) ?? refuse('EMAIL_NOT_FOUND');
  if (rootUser.emailVerified) refuse('ALREADY_VERIFIED');
  state.challenges.issue(`email ${rootUser.id.id}`); // too soon after another, that other code still serves
}

export function verifyEmail(
  identities: Identity[],
  input: EmailVerification,
  { state, refuse }: Call<'VERIFICATION_CODE_INVALID'>,
) {
  check(input, { email: required(email), verificationCode: required(code) });
  const rootUser = rootUserWith(identities, input.email) ?? refuse('VERIFICATION_CODE_INVALID');
  if (state.challenges.verify(`email ${rootUser.id.id}`, input.verificationCode)) refuse('VERIFICATION_CODE_INVALID');
  rootUser.emailVerified = true;
}
