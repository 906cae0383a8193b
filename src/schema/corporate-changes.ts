import * as rest from '../weavr/corporates.js';
import { AddressInput } from './core/address.js';
import { builder } from './core/builder.js';
import { acknowledge, type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { CompanyPosition, CompanyType, Corporate } from './corporates.js';
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

const api = rest.corporates;

const BUSINESS_ADDRESS = 'Where it works. Only the second line and the state may be left out.';

const industry = (t: InputFields) => ({
  industry: t.string({
    deprecationReason: DEPRECATED,
    description: 'What it does: `CONSTRUCTION_REPAIR`, `FREELANCER`.',
  }),
});

const CorporateRootUserInput = builder.inputType('CorporateRootUserInput', {
  description: 'The root user of a new corporate.',
  fields: (t) => ({
    ...newRootUser(t),
    companyPosition: t.field({
      type: CompanyPosition,
      required: true,
      description: 'What the user is to the company.',
    }),
    dateOfBirth: t.field({ type: 'LocalDate', description: 'Day of birth.' }),
  }),
});

const CompanyInput = builder.inputType('CompanyInput', {
  description: 'The company of a new corporate, as registered.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Registered name, up to 100 characters.' }),
    type: t.field({ type: CompanyType, required: true, description: 'Legal form.' }),
    registrationNumber: t.string({ description: 'Number in its register, up to 20 characters.' }),
    countryOfRegistration: t.field({ type: 'CountryCode', required: true, description: 'Where it is registered.' }),
    businessAddress: t.field({ type: AddressInput, description: BUSINESS_ADDRESS }),
  }),
});

const CorporateRootUserChangeInput = builder.inputType('CorporateRootUserChangeInput', {
  description: "What is to change of a corporate's root user; the rest stays.",
  fields: changedRootUser,
});

mutation('createCorporate', api.corporateCreate, {
  description:
    'Registers a company and its root user. Needs no session. `createPassword` comes next, then the e-mail address and the phone are verified, and `startCorporateKyb` opens the way to accounts and cards.',
  input: (t) => ({
    ...registration(t),
    rootUser: t.field({ type: CorporateRootUserInput, required: true, description: 'The user who is to own it.' }),
    company: t.field({ type: CompanyInput, required: true, description: 'The company itself.' }),
    baseCurrency: t.field({ type: 'Currency', required: true, description: 'What it reckons in.' }),
    ...industry(t),
  }),
  renamed: { registrationCountry: 'countryOfRegistration' },
  resolve: async ({ company: { countryOfRegistration, ...company }, ...input }, call) => {
    const corporate = await call({ ...input, company: { ...company, registrationCountry: countryOfRegistration } });
    return { corporate, passwordAlreadySet: corporate.rootUser.passwordAlreadySet };
  },
  payload: (t) => ({
    corporate: t.expose('corporate', { type: Corporate, description: 'The corporate.' }),
    passwordAlreadySet: t.exposeBoolean('passwordAlreadySet', {
      nullable: true,
      description: 'True: the root user acts for other identities too, and signs in with the password they have.',
    }),
  }),
});

mutation('updateCorporate', api.corporateUpdate, {
  description:
    'Changes what is given of the corporate that the session acts for, and leaves the rest. What the due diligence has verified is declined with `ROOT_USER_ALREADY_VERIFIED`: only support can change it.',
  input: (t) => ({
    ...identityDetails(t),
    rootUser: t.field({ type: CorporateRootUserChangeInput, description: 'What is to change of its root user.' }),
    businessAddress: t.field({ type: AddressInput, description: `${BUSINESS_ADDRESS} Not after the due diligence.` }),
    baseCurrency: t.field({ type: 'Currency', description: 'What it reckons in.' }),
    ...industry(t),
  }),
  renamed: { ...ROOT_USER_PATHS, companyBusinessAddress: 'businessAddress' },
  resolve: async ({ rootUser, businessAddress, ...input }, call) => {
    const { tag: userTag, ...person } = rootUser ?? {};
    return { corporate: await call({ ...input, ...person, userTag, companyBusinessAddress: businessAddress }) };
  },
  payload: (t) => ({ corporate: t.expose('corporate', { type: Corporate, description: 'The corporate.' }) }),
});

mutation('sendCorporateEmailVerification', api.corporateRootUserEmailVerificationCodeSend, {
  description:
    "Sends a code to the e-mail address of a corporate's root user, by which `verifyCorporateEmail` verifies it. Needs no session.",
  input: rootUserAddress,
  resolve: acknowledge,
  payload: ofAddress,
});

mutation('verifyCorporateEmail', api.corporateRootUserEmailVerify, {
  description:
    "Verifies the e-mail address of a corporate's root user with the code that was sent there. Needs no session.",
  sensitive: { tries: 'EMAIL_CODE', of: 'email' },
  input: verification,
  resolve: acknowledge,
  payload: (t: PayloadFields<OfAddress>) => ({
    ...ofAddress(t),
    corporate: t.field({
      ...upstream(api.corporateGet),
      type: Corporate,
      nullable: true,
      description: 'The corporate, where the session is of its root user. Asking for it costs one read.',
      resolve: ({ email }, _args, { weavr }) => readOwn(weavr, api.corporateGet, email),
    }),
  }),
});

mutation('startCorporateKyb', api.corporateKybStart, {
  description:
    'Starts the due diligence of the corporate that the session acts for. Its root user must have verified their e-mail address.',
  resolve: (_input, call) => call({}),
  payload: (t) => ({
    reference: t.exposeString('reference', {
      description: "What the provider's component in the browser is begun with.",
    }),
  }),
});
