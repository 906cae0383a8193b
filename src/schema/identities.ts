import type { CredentialId } from '../weavr/access.js';
import { type Consumer, consumers } from '../weavr/consumers.js';
import type { Weavr } from '../weavr/core/client.js';
import type * as shapes from '../weavr/core/shapes.js';
import type { TokenFacts } from '../weavr/core/token-memory.js';
import { type Corporate, corporates, type KyiStatus, type RootUser as RestRootUser } from '../weavr/corporates.js';
import { builder, type Context } from './core/builder.js';
import { enumType } from './core/enums.js';
import { asksOnlyId } from './core/selection.js';
import { upstream } from './core/upstream.js';

export const IdentityType = enumType<shapes.IdentityId['type']>('IdentityType', 'The two kinds of identity.', {
  CORPORATE: 'A company.',
  CONSUMER: 'A private person.',
});

export const IdentityId = builder.objectRef<shapes.IdentityId>('IdentityId').implement({
  description: 'Names an identity: Weavr wants its kind with its id.',
  fields: (t) => ({
    type: t.field({ type: IdentityType, description: 'Which kind of identity.', resolve: ({ type }) => type }),
    id: t.exposeID('id', { description: "Weavr's id of the identity." }),
  }),
});

export const IdentityIdInput = builder.inputType('IdentityIdInput', {
  description: 'Names an identity: Weavr wants its kind with its id.',
  fields: (t) => ({
    type: t.field({ type: IdentityType, required: true, description: 'Which kind of identity.' }),
    id: t.id({ required: true, description: "Weavr's id of the identity." }),
  }),
});

export const KyiStatusEnum = enumType<KyiStatus>('KyiStatus', 'How far a due diligence is.', {
  NOT_STARTED: 'Nothing was submitted yet.',
  INITIATED: 'Begun, and not submitted yet.',
  PENDING_REVIEW: 'Submitted, and under review.',
  APPROVED: 'Passed.',
  REJECTED: 'Failed for good.',
});

export const Mobile = builder.objectRef<shapes.Mobile>('Mobile').implement({
  description: 'A mobile phone number in its two parts.',
  fields: (t) => ({
    countryCode: t.exposeString('countryCode', { description: 'With its plus sign: `+44`.' }),
    number: t.exposeString('number', { description: 'The rest, digits alone.' }),
  }),
});

export const MobileInput = builder.inputType('MobileInput', {
  description: 'A mobile phone number in its two parts.',
  fields: (t) => ({
    countryCode: t.string({ required: true, description: 'With its plus sign: `+44`.' }),
    number: t.string({ required: true, description: 'The rest, 1 to 12 digits.' }),
  }),
});

export const RootUser = builder.interfaceRef<RestRootUser>('RootUser').implement({
  description: 'The user whom an identity belongs to; all others of it are authorised users.',
  resolveType: ({ id }) => (id.type === 'CONSUMER' ? 'ConsumerRootUser' : 'CorporateRootUser'),
  fields: (t) => ({
    userId: t.id({ description: "Weavr's id of the user, not of the identity.", resolve: ({ id }) => id.id }),
    name: t.exposeString('name', { description: 'First name.' }),
    surname: t.exposeString('surname', { description: 'Last name.' }),
    email: t.expose('email', { type: 'EmailAddress', description: 'The address to sign in with.' }),
    mobile: t.expose('mobile', { type: Mobile, description: 'The phone that one-time codes go to, once enrolled.' }),
    active: t.exposeBoolean('active', { description: 'False: cannot sign in.' }),
    emailVerified: t.exposeBoolean('emailVerified', { description: 'Whether the e-mail address is verified.' }),
    mobileNumberVerified: t.exposeBoolean('mobileNumberVerified', {
      description: 'Whether the mobile number is verified.',
    }),
    dateOfBirth: t.expose('dateOfBirth', { type: 'LocalDate', nullable: true, description: 'Day of birth.' }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    locale: t.exposeString('locale', {
      nullable: true,
      description: 'Language of messages to the user, as a BCP 47 tag: `en` or `en-GB`.',
    }),
    brand: t.exposeString('brand', {
      nullable: true,
      description: "Which of the programme's message designs is used.",
    }),
  }),
});

/** A corporate or a consumer, as its own row's object. */
export type AnyIdentity = Corporate | Consumer;

export const Identity = builder.interfaceRef<AnyIdentity>('Identity').implement({
  description: 'A customer of the programme: a corporate or a consumer, who owns instruments.',
  resolveType: ({ id }) => (id.type === 'CONSUMER' ? 'Consumer' : 'Corporate'),
  fields: (t) => ({
    id: t.id({ description: "Weavr's id.", resolve: ({ id }) => id.id }),
    profileId: t.exposeID('profileId', { description: "The programme's profile it was created under." }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
    baseCurrency: t.expose('baseCurrency', {
      type: 'Currency',
      nullable: true,
      description: 'ISO 4217 code of the currency it reckons in.',
    }),
    feeGroup: t.exposeString('feeGroup', {
      nullable: true,
      description: "Which of the profile's groups of fees applies.",
    }),
    acceptedTerms: t.exposeBoolean('acceptedTerms', {
      nullable: true,
      description: 'Whether the root user accepted the terms and conditions.',
    }),
    ipAddress: t.exposeString('ipAddress', { nullable: true, description: 'Where the registration came from.' }),
    sourceOfFunds: t.exposeString('sourceOfFunds', {
      nullable: true,
      deprecationReason: 'Weavr deprecates it, without a successor.',
      description: 'Where its money comes from. An open set.',
    }),
    sourceOfFundsOther: t.exposeString('sourceOfFundsOther', {
      nullable: true,
      deprecationReason: 'Weavr deprecates it, without a successor.',
      description: 'Where its money comes from in words, if `sourceOfFunds` is `OTHER`.',
    }),
    rootUser: t.expose('rootUser', { type: RootUser, description: 'The user who owns it.' }),
  }),
});

const CredentialType = enumType<CredentialId['type']>('CredentialType', 'What kind of user signed in.', {
  ROOT: 'The root user of an identity.',
  USER: 'An authorised user.',
  API_CLIENT: 'A program that acts for identities.',
});

export const Credentials = builder.objectRef<CredentialId>('Credentials').implement({
  description: 'Who signed in.',
  fields: (t) => ({
    type: t.field({ type: CredentialType, description: 'What kind of user.', resolve: ({ type }) => type }),
    userId: t.exposeID('id', { description: "Weavr's id of the user." }),
  }),
});

/** Made of what the sign-in told; the rest is asked of Weavr. */
export const Viewer = builder.objectRef<TokenFacts>('Viewer').implement({
  description: "The caller, by its session's token.",
  fields: (t) => ({
    identity: t.field({
      ...upstream(corporates.corporateGet, consumers.consumerGet),
      type: Identity,
      nullable: true,
      description:
        'The identity that the session acts for. One read where the token came from this gateway, and none for `id` and `__typename` alone; for any other token the corporate is tried first, then the consumer: at most two.',
      resolve: ({ identity }, _args, { weavr }, info) =>
        identity && asksOnlyId(info)
          ? ({ id: identity } as AnyIdentity) // nothing but the id will be read
          : readIdentity(weavr, identity),
    }),
    credentials: t.expose('credentials', {
      type: Credentials,
      nullable: true,
      description: 'Who signed in; null where the token did not come from this gateway.',
    }),
  }),
});

/** A token does not tell whose it is: without a hint, a corporate's read that is refused means a consumer. */
async function readIdentity(weavr: Weavr, known: shapes.IdentityId | undefined): Promise<AnyIdentity> {
  if (known?.type === 'CONSUMER') return weavr.load(consumers.consumerGet, {});
  if (known?.type === 'CORPORATE') return weavr.load(corporates.corporateGet, {});
  return (await weavr.follow(corporates.corporateGet, {})) ?? weavr.load(consumers.consumerGet, {});
}

/** What is known of the caller, without a call; null for nobody. */
export const viewerOf = ({ weavr: { session }, tokens }: Context): TokenFacts | null =>
  session.token ? (tokens.recall(session.token) ?? {}) : null;

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'The caller; null without a session. By itself it makes no call and checks no token.',
    resolve: (_root, _args, context) => viewerOf(context),
  }),
);
