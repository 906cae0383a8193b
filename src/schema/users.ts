import { consumers } from '../weavr/consumers.js';
import { corporates } from '../weavr/corporates.js';
import { managedCards } from '../weavr/managed-cards.js';
import * as rest from '../weavr/users.js';
import { builder } from './core/builder.js';
import { connection, pageArgs, readPage } from './core/connection.js';
import { enumType } from './core/enums.js';
import { link } from './core/link.js';
import { asksOnlyId } from './core/selection.js';
import { upstream, upstreamOn } from './core/upstream.js';
import { type AnyIdentity, Identity, Mobile } from './identities.js';
import { ManagedCard, ManagedCardConnection } from './managed-cards.js';

const api = rest.users;

export const UserRole = enumType<rest.UserRole>(
  'UserRole',
  'What a user may do, where the programme tells roles apart.',
  {
    CARD_ASSIGNEE: "Use the cards that are the user's own.",
    CARDS_MANAGEMENT_ROLE: 'Manage cards.',
    FUNDS_MANAGEMENT_ROLE: 'Move money.',
    ACCESS_MANAGEMENT_ROLE: 'Manage users and their roles.',
    ADMIN: 'All of it.',
  },
);

export const User = builder.objectRef<rest.User>('User').implement({
  description: 'Somebody who may act for an identity besides its root user.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id." }),
    identity: t.field({
      ...upstreamOn({ free: asksOnlyId }, corporates.corporateGet, consumers.consumerGet),
      type: Identity,
      nullable: true,
      description: 'The identity the user acts for: the one of the session. Free for `id` and `__typename` alone.',
      resolve: ({ identity }, _args, { weavr }, info) => {
        if (asksOnlyId(info)) return { id: identity } as AnyIdentity; // nothing but the id will be read
        return identity.type === 'CONSUMER'
          ? weavr.follow(consumers.consumerGet, {})
          : weavr.follow(corporates.corporateGet, {});
      },
    }),
    name: t.exposeString('name', { description: 'First name.' }),
    surname: t.exposeString('surname', { description: 'Last name.' }),
    email: t.expose('email', { type: 'EmailAddress', description: 'The address to sign in with.' }),
    mobile: t.expose('mobile', {
      type: Mobile,
      nullable: true,
      description: 'The phone that one-time codes go to, once enrolled.',
    }),
    active: t.exposeBoolean('active', { description: 'False: cannot sign in.' }),
    dateOfBirth: t.expose('dateOfBirth', { type: 'LocalDate', nullable: true, description: 'Day of birth.' }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    countryOfResidence: t.expose('countryOfResidence', {
      type: 'CountryCode',
      nullable: true,
      description: 'Where the user lives: an ISO 3166-1 alpha-2 code.',
    }),
    locale: t.exposeString('locale', {
      nullable: true,
      description: 'Language of messages to the user, as a BCP 47 tag: `en` or `en-GB`.',
    }),
    brand: t.exposeString('brand', {
      nullable: true,
      description: "Which of the programme's message designs is used.",
    }),
    roles: t.field({
      type: [UserRole],
      description: 'What the user may do; empty where the programme does not tell roles apart.',
      resolve: ({ roles = [] }) => roles,
    }),
    cards: t.field({
      ...upstream(managedCards.managedCardsGet),
      type: ManagedCardConnection,
      nullable: true,
      description: 'The cards linked to the user. One REST call per user, or fewer for many.',
      args: pageArgs(t.arg),
      resolve: ({ id }, page, { weavr }, info) =>
        readPage(weavr, managedCards.managedCardsGet, page, { userId: id }, info),
    }),
  }),
});

builder.interfaceField(ManagedCard, 'user', (t) =>
  t.field(
    link(api.userGetById, {
      type: User,
      description: 'The user it is linked to, who confirms its online purchases. A root user may come as null.',
      id: ({ userId }) => userId,
    }),
  ),
);

const UserConnection = connection('UserConnection', User);

const UserFilter = builder.inputType('UserFilter', {
  description: 'Which users. All given conditions must hold.',
  fields: (t) => ({
    active: t.boolean({ description: 'True: those who can sign in. False: those who cannot.' }),
    email: t.field({ type: 'EmailAddress', description: 'Exactly this address.' }),
    tag: t.string({ description: 'Exactly this label.' }),
    roles: t.field({ type: [UserRole], description: 'With one of these roles.' }),
  }),
});

builder.queryFields((t) => ({
  user: t.field({
    ...upstream(api.userGetById),
    type: User,
    nullable: true,
    description: 'One authorised user; null if there is none.',
    args: { id: t.arg.id({ required: true, description: "Weavr's id." }) },
    resolve: (_root, { id }, { weavr }) => weavr.find(api.userGetById, { user_id: id }),
  }),
  users: t.field({
    ...upstream(api.usersGet),
    type: UserConnection,
    nullable: true,
    description: "The identity's authorised users.",
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: UserFilter, description: 'Which users; absent: all.' }),
    },
    resolve: (_root, { filter, ...page }, { weavr }, info) => readPage(weavr, api.usersGet, page, { ...filter }, info),
  }),
}));
