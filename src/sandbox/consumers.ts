import { type ConsumerChange, type consumers, KYC_LEVELS, type NewConsumer } from '../weavr/consumers.js';
import type { IdentityId } from '../weavr/core/shapes.js';
import { credentialsOf } from './access.js';
import { type Call, forbidden, type Handlers } from './core/handlers.js';
import { identityOf, type Session } from './core/sessions.js';
import type { State } from './core/state.js';
import { check, country, currency, id, oneOf, postCode, type Rules, required, size } from './core/validation.js';
import {
  addRootCredentials,
  BASE_CURRENCIES,
  changeIdentity,
  changeRefusal,
  changeRules,
  given,
  NEW_IDENTITY,
  programmeRefusal,
  sendEmailCode,
  verifyEmail,
  word,
} from './identities.js';

/** The programme's only profile for consumers. */
export const CONSUMER_PROFILE = '100000000000000002';

/** What the due diligence has found to be true. */
const VERIFIED: (keyof ConsumerChange)[] = ['name', 'surname', 'email', 'mobile', 'dateOfBirth', 'address'];

/** The consumer that a session acts for; a corporate's session is refused. */
export function consumerIdOf(session: Session) {
  const { type, id } = identityOf(session);
  if (type !== 'CONSUMER') throw forbidden('INSUFFICIENT_PERMISSIONS');
  return id;
}

const consumerOf = ({ state, session }: Pick<Call, 'state' | 'session'>) => {
  const consumerId = consumerIdOf(session);
  return state.consumers.find(consumerId, consumerId);
};

/** Of a consumer's address only the country must be there. */
const detailsAt = (under = ''): Rules => ({
  [`${under}address.postCode`]: postCode,
  [`${under}address.state`]: size(50),
  [`${under}occupation`]: word,
  [`${under}nationality`]: country,
});

const NEW_CONSUMER: Rules = {
  ...NEW_IDENTITY,
  ...detailsAt('rootUser.'),
  profileId: required(id),
  baseCurrency: currency,
  'rootUser.dateOfBirth': required(),
  'rootUser.address.country': required(country),
};

function register(state: State, { rootUser, ...fields }: NewConsumer, now: number) {
  const identity: IdentityId = { type: 'CONSUMER', id: state.nextId() };
  const { id: userId } = addRootCredentials(state, identity, rootUser.email);
  const verified = { emailVerified: false, mobileNumberVerified: false };
  state.kyc.set(identity.id, {
    fullDueDiligence: 'NOT_STARTED',
    kycLevel: 'KYC_LEVEL_2',
    ongoingFullDueDiligence: 'NOT_STARTED',
    ongoingKycLevel: 'KYC_LEVEL_2',
  });
  return state.consumers.add(identity.id, identity.id, {
    ...fields,
    id: identity,
    rootUser: { ...rootUser, id: { type: 'CONSUMER', id: userId }, active: true, ...verified },
    creationTimestamp: now,
  });
}

export const consumerHandlers: Handlers<typeof consumers> = {
  consumerCreate: (input, { state, now, refuse }) => {
    check(input, NEW_CONSUMER);
    if (input.profileId !== CONSUMER_PROFILE) refuse('PROFILE_NOT_FOUND');
    const { rootUser, feeGroup, baseCurrency } = input;
    if (baseCurrency && !BASE_CURRENCIES.includes(baseCurrency)) refuse('CURRENCY_UNSUPPORTED');
    const refusal = programmeRefusal({ ...rootUser, feeGroup, countries: [rootUser.address.country] });
    if (refusal) refuse(refusal);
    if (credentialsOf(state, rootUser.email)) refuse('ROOT_EMAIL_NOT_UNIQUE');
    return register(state, input, now);
  },

  consumerGet: (_input, call) => consumerOf(call),

  consumerUpdate: (change, call) => {
    const { state, refuse } = call;
    const { address, occupation, placeOfBirth, nationality } = change;
    const where: Rules = address ? { 'address.country': required(country) } : {};
    check(change, { ...changeRules(change), ...detailsAt(), ...where, baseCurrency: oneOf(BASE_CURRENCIES) });
    const consumer = consumerOf(call);
    const refusal = programmeRefusal({ ...change, countries: [address?.country] });
    if (refusal) refuse(refusal);
    if (state.isVerified(consumer.id) && VERIFIED.some((field) => change[field] !== undefined))
      refuse('CONSUMER_VERIFIED');
    const declined = changeRefusal(state, consumer, change);
    if (declined) refuse(declined);
    changeIdentity(state, consumer, change);
    Object.assign(consumer.rootUser, given({ address, occupation, placeOfBirth, nationality }));
    return consumer;
  },

  consumerRootUserEmailVerificationCodeSend: (input, call) => sendEmailCode(call.state.consumers.all(), input, call),

  consumerRootUserEmailVerify: (input, call) => verifyEmail(call.state.consumers.all(), input, call),

  consumerKycStart: ({ kycLevel = 'KYC_LEVEL_2', ...input }, call) => {
    const { state, refuse } = call;
    check({ kycLevel, ...input }, { kycLevel: oneOf(KYC_LEVELS) });
    const consumer = consumerOf(call);
    const { fullDueDiligence } = state.kyc.get(consumer.id.id)!; // every consumer has one
    if (!consumer.rootUser.emailVerified) refuse('EMAIL_UNVERIFIED');
    if (fullDueDiligence === 'APPROVED') refuse('KYC_ALREADY_APPROVED');
    if (fullDueDiligence === 'PENDING_REVIEW') refuse('KYC_PENDING_REVIEW');
    if (fullDueDiligence === 'REJECTED') refuse('KYC_REJECTED');
    state.kyc.set(consumer.id.id, {
      fullDueDiligence: 'INITIATED',
      kycLevel,
      ongoingFullDueDiligence: 'INITIATED',
      ongoingKycLevel: kycLevel,
    });
    return { reference: state.nextId(), kycLevel };
  },

  consumerKycGet: (_input, { state, session }) => ({ ...state.kyc.get(consumerIdOf(session)) }),
};
