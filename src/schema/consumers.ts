import * as rest from '../weavr/consumers.js';
import { Address } from './core/address.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { upstream } from './core/upstream.js';
import { Identity, KyiStatusEnum, RootUser } from './identities.js';

const api = rest.consumers;

const ConsumerRootUser = builder.objectRef<rest.ConsumerRootUser>('ConsumerRootUser').implement({
  description: 'The person that a consumer is.',
  interfaces: [RootUser],
  fields: (t) => ({
    occupation: t.exposeString('occupation', {
      nullable: true,
      deprecationReason: 'Weavr deprecates it, without a successor.',
      description: 'What the person does for a living. An open set.',
    }),
    address: t.expose('address', { type: Address, nullable: true, description: 'Where the person lives.' }),
    nationality: t.expose('nationality', { type: 'CountryCode', nullable: true, description: 'Nationality.' }),
    placeOfBirth: t.exposeString('placeOfBirth', { nullable: true, description: 'Where the person was born.' }),
  }),
});

export const KycLevel = enumType<NonNullable<rest.ConsumerKyc['kycLevel']>>(
  'KycLevel',
  'How much a due diligence asks of a consumer.',
  {
    KYC_LEVEL_1: 'The basics.',
    KYC_LEVEL_2: 'Everything.',
  },
);

const ConsumerKyc = builder.objectRef<rest.ConsumerKyc>('ConsumerKyc').implement({
  description: "A consumer's due diligence (know your customer).",
  fields: (t) => ({
    status: t.field({
      type: KyiStatusEnum,
      nullable: true,
      description: 'What is in effect now.',
      resolve: ({ fullDueDiligence }) => fullDueDiligence,
    }),
    ongoingStatus: t.field({
      type: KyiStatusEnum,
      nullable: true,
      description: 'How far the latest round is.',
      resolve: ({ ongoingFullDueDiligence }) => ongoingFullDueDiligence,
    }),
    level: t.field({
      type: KycLevel,
      nullable: true,
      deprecationReason: 'Weavr deprecates levels, without a successor.',
      description: 'How deep the one in effect went.',
      resolve: ({ kycLevel }) => kycLevel,
    }),
    ongoingLevel: t.field({
      type: KycLevel,
      nullable: true,
      deprecationReason: 'Weavr deprecates levels, without a successor.',
      description: 'How deep the latest round goes.',
      resolve: ({ ongoingKycLevel }) => ongoingKycLevel,
    }),
  }),
});

export const Consumer = builder.objectRef<rest.Consumer>('Consumer').implement({
  description: 'A private person who is a customer of the programme.',
  interfaces: [Identity],
  fields: (t) => ({
    rootUser: t.expose('rootUser', { type: ConsumerRootUser, description: 'The person.' }),
    kyc: t.field({
      ...upstream(api.consumerKycGet),
      type: ConsumerKyc,
      nullable: true,
      description: 'The due diligence.',
      resolve: (_consumer, _args, { weavr }) => weavr.load(api.consumerKycGet, {}),
    }),
  }),
});

builder.queryField('consumer', (t) =>
  t.field({
    ...upstream(api.consumerGet),
    type: Consumer,
    nullable: true,
    description: 'The consumer that the session acts for; `FORBIDDEN` for a corporate, which `viewer` answers too.',
    resolve: (_root, _args, { weavr }) => weavr.find(api.consumerGet, {}),
  }),
);
