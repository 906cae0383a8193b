import * as rest from '../weavr/corporates.js';
import { Address } from './core/address.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { upstream } from './core/upstream.js';
import { Identity, KyiStatusEnum, RootUser } from './identities.js';

const api = rest.corporates;

export const CompanyPosition = enumType<NonNullable<rest.CorporateRootUser['companyPosition']>>(
  'CompanyPosition',
  "What a corporate's root user is to the company.",
  {
    DIRECTOR: 'A director.',
    AUTHORISED_REPRESENTATIVE: 'Somebody whom a director authorised.',
  },
);

const CorporateRootUser = builder.objectRef<rest.CorporateRootUser>('CorporateRootUser').implement({
  description: 'The root user of a corporate.',
  interfaces: [RootUser],
  fields: (t) => ({
    companyPosition: t.field({
      type: CompanyPosition,
      nullable: true,
      description: 'What the user is to the company.',
      resolve: ({ companyPosition }) => companyPosition,
    }),
  }),
});

export const CompanyType = enumType<NonNullable<rest.Company['type']>>('CompanyType', 'The legal form of a company.', {
  SOLE_TRADER: 'A sole trader.',
  LLC: 'A private company with limited liability.',
  PUBLIC_LIMITED_COMPANY: 'A public company with limited liability.',
  LIMITED_LIABILITY_PARTNERSHIP: 'A partnership with limited liability.',
  NON_PROFIT_ORGANISATION: 'An organisation without profit.',
});

const Company = builder.objectRef<rest.Company>('Company').implement({
  description: 'The company of a corporate, as registered.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Registered name.' }),
    type: t.field({
      type: CompanyType,
      nullable: true,
      description: 'Legal form.',
      resolve: ({ type }) => type,
    }),
    registrationNumber: t.exposeString('registrationNumber', {
      nullable: true,
      description: 'Number in its register.',
    }),
    registeredAddress: t.expose('registeredAddress', {
      type: Address,
      nullable: true,
      description: 'Its legal address, which comes out of the due diligence.',
    }),
    businessAddress: t.expose('businessAddress', { type: Address, nullable: true, description: 'Where it works.' }),
    countryOfRegistration: t.expose('countryOfRegistration', {
      type: 'CountryCode',
      nullable: true,
      description: 'Where it is registered.',
    }),
    incorporatedOn: t.expose('incorporatedOn', {
      type: 'LocalDate',
      nullable: true,
      description: 'The day of its incorporation.',
    }),
  }),
});

const RetailQualifier = enumType<NonNullable<rest.Corporate['retailQualifier']>>(
  'RetailQualifier',
  'Whether a corporate counts as a retail customer.',
  {
    RETAIL: 'It does.',
    NON_RETAIL: 'It does not.',
    UNKNOWN: 'Not determined.',
  },
);

const CorporateKyb = builder.objectRef<rest.CorporateKyb>('CorporateKyb').implement({
  description: "A corporate's due diligence (know your business).",
  fields: (t) => ({
    status: t.field({
      type: KyiStatusEnum,
      nullable: true,
      description: 'What is in effect now.',
      resolve: ({ kybStatus }) => kybStatus,
    }),
    ongoingStatus: t.field({
      type: KyiStatusEnum,
      nullable: true,
      description: 'How far the latest round is.',
      resolve: ({ ongoingKybStatus }) => ongoingKybStatus,
    }),
  }),
});

export const Corporate = builder.objectRef<rest.Corporate>('Corporate').implement({
  description: 'A company that is a customer of the programme.',
  interfaces: [Identity],
  fields: (t) => ({
    rootUser: t.expose('rootUser', { type: CorporateRootUser, description: 'The user who owns it.' }),
    company: t.expose('company', { type: Company, description: 'The company itself.' }),
    industry: t.exposeString('industry', {
      nullable: true,
      deprecationReason: 'Weavr deprecates it, without a successor.',
      description: 'What the company does. An open set.',
    }),
    retailQualifier: t.field({
      type: RetailQualifier,
      nullable: true,
      description: 'Whether it counts as a retail customer.',
      resolve: ({ retailQualifier }) => retailQualifier,
    }),
    kyb: t.field({
      ...upstream(api.corporateKybGet),
      type: CorporateKyb,
      nullable: true,
      description: 'Its due diligence.',
      resolve: (_corporate, _args, { weavr }) => weavr.load(api.corporateKybGet, {}),
    }),
  }),
});

builder.queryField('corporate', (t) =>
  t.field({
    ...upstream(api.corporateGet),
    type: Corporate,
    nullable: true,
    description: 'The corporate that the session acts for; `FORBIDDEN` for a consumer, whom `viewer` answers too.',
    resolve: (_root, _args, { weavr }) => weavr.find(api.corporateGet, {}),
  }),
);
