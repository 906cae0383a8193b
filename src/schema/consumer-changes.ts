import * as rest from '../weavr/consumers.js';
import { Consumer, KycLevel } from './consumers.js';
import { AddressInput } from './core/address.js';
import { builder } from './core/builder.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import {
  changedRootUser,
  DEPRECATED,
  identityDetails,
  newRootUser,
  type OfAddress,
  ofAddress,
  ROOT_USER_PATHS,
  readOwn,
  registration,
  rootUserAddress,
  verification,
} from './identity-changes.js';

const api = rest.consumers;

const ADDRESS = 'Where the person lives. Of all its lines only the country must be there.';
const BASE_CURRENCY = 'What the consumer reckons in.';

/** What may be said of the person, whether new or changed. */
const personDetails = (t: InputFields) => ({
  placeOfBirth: t.string({ description: 'Where the person was born.' }),
  nationality: t.field({ type: 'CountryCode', description: 'Nationality.' }),
  occupation: t.string({
    deprecationReason: DEPRECATED,
    description: 'What the person does for a living: `ACCOUNTING`, `STUDENT`, `OTHER`.',
  }),
});

const ConsumerRootUserInput = builder.inputType('ConsumerRootUserInput', {
  description: 'The person that a new consumer is.',
  fields: (t) => ({
    ...newRootUser(t),
    dateOfBirth: t.field({ type: 'LocalDate', required: true, description: 'Day of birth.' }),
    address: t.field({ type: AddressInput, required: true, description: ADDRESS }),
    ...personDetails(t),
  }),
});

const ConsumerRootUserChangeInput = builder.inputType('ConsumerRootUserChangeInput', {
  description: 'What is to change of the person; the rest stays.',
  fields: (t) => ({
    ...changedRootUser(t),
    address: t.field({ type: AddressInput, description: `${ADDRESS} Not after the due diligence.` }),
    ...personDetails(t),
  }),
});

mutation('createConsumer', api.consumerCreate, {
  description:
    'Registers a private person. Needs no session. `createPassword` comes next, then the e-mail address and the phone are verified, and `startConsumerKyc` opens the way to accounts and cards.',
  input: (t) => ({
    ...registration(t),
    rootUser: t.field({ type: ConsumerRootUserInput, required: true, description: 'The person.' }),
    baseCurrency: t.field({ type: 'Currency', description: BASE_CURRENCY }),
  }),
  resolve: async (input, call) => ({ consumer: await call(input) }),
  payload: (t) => ({ consumer: t.expose('consumer', { type: Consumer, description: 'The consumer.' }) }),
});

mutation('updateConsumer', api.consumerUpdate, {
  description:
    'Changes what is given of the consumer that the session acts for, and leaves the rest. What the due diligence has verified is declined with `CONSUMER_VERIFIED`: only support can change it.',
  input: (t) => ({
    ...identityDetails(t),
    rootUser: t.field({ type: ConsumerRootUserChangeInput, description: 'What is to change of the person.' }),
    baseCurrency: t.field({ type: 'Currency', description: BASE_CURRENCY }),
  }),
  renamed: {
    ...ROOT_USER_PATHS,
    address: 'rootUser.address',
    placeOfBirth: 'rootUser.placeOfBirth',
    nationality: 'rootUser.nationality',
    occupation: 'rootUser.occupation',
  },
  resolve: async ({ rootUser, ...input }, call) => {
    const { tag: userTag, ...person } = rootUser ?? {};
    return { consumer: await call({ ...input, ...person, userTag }) };
  },
  payload: (t) => ({ consumer: t.expose('consumer', { type: Consumer, description: 'The consumer.' }) }),
});

mutation('sendConsumerEmailVerification', api.consumerRootUserEmailVerificationCodeSend, {
  description:
    "Sends a code to a consumer's e-mail address, by which `verifyConsumerEmail` verifies it. Needs no session.",
  input: rootUserAddress,
  resolve: acknowledge,
  payload: ofAddress,
});

mutation('verifyConsumerEmail', api.consumerRootUserEmailVerify, {
  description: "Verifies a consumer's e-mail address with the code that was sent there. Needs no session.",
  sensitive: { tries: 'EMAIL_CODE', of: 'email' },
  input: verification,
  resolve: acknowledge,
  payload: (t: PayloadFields<OfAddress>) => ({
    ...ofAddress(t),
    consumer: t.field({
      ...upstream(api.consumerGet),
      type: Consumer,
      nullable: true,
      description: 'The consumer, where the session is theirs. Asking for it costs one read.',
      resolve: ({ email }, _args, { weavr }) => readOwn(weavr, api.consumerGet, email),
    }),
  }),
});

const PrefillDetailInput = builder.inputType('PrefillDetailInput', {
  description: 'One answer that the person need not give again.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The due diligence provider's name of the question." }),
    value: t.string({ required: true, description: 'The answer.' }),
  }),
});

mutation('startConsumerKyc', api.consumerKycStart, {
  description:
    'Starts the due diligence of the consumer that the session acts for, who must have verified their e-mail address.',
  input: (t) => ({
    prefillDetails: t.field({ type: [PrefillDetailInput], description: 'What is known of the person already.' }),
    kycLevel: t.field({
      type: KycLevel,
      deprecationReason: 'Weavr deprecates levels, without a successor.',
      description: 'How deep it is to go.',
    }),
  }),
  resolve: (input, call) => call(input),
  payload: (t) => ({
    reference: t.exposeString('reference', {
      description: "What the provider's component in the browser is begun with.",
    }),
    kycLevel: t.field({
      type: KycLevel,
      nullable: true,
      deprecationReason: 'Weavr deprecates levels, without a successor.',
      description: 'How deep it goes.',
      resolve: ({ kycLevel }) => kycLevel,
    }),
  }),
});
