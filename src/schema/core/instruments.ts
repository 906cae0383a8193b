import type { InstrumentBalances, InstrumentId, InstrumentState } from '../../weavr/core/shapes.js';
import { builder } from './builder.js';
import { enumType } from './enums.js';
import { inCurrency, Money } from './money.js';

export const InstrumentType = enumType<InstrumentId['type']>('InstrumentType', 'The two kinds of instrument.', {
  managed_accounts: 'A managed account.',
  managed_cards: 'A managed card.',
});

export const InstrumentIdInput = builder.inputType('InstrumentIdInput', {
  description: 'Names an account or a card.',
  fields: (t) => ({
    type: t.field({ type: InstrumentType, required: true, description: 'Which of the two it is.' }),
    id: t.id({ required: true, description: "Weavr's id." }),
  }),
});

export const InstrumentStateEnum = enumType<InstrumentState['state']>(
  'InstrumentState',
  'Whether an instrument can be used.',
  {
    ACTIVE: 'Can be used.',
    BLOCKED: 'Cannot be used until it is unblocked.',
    DESTROYED: 'Can never be used again.',
    NOT_ENABLED: 'Not in use yet.',
  },
);

export const BlockedReason = enumType<NonNullable<InstrumentState['blockedReason']>>(
  'BlockedReason',
  'Why an instrument is blocked.',
  {
    USER: 'A user blocked it, and a user can unblock it.',
    SYSTEM: 'Weavr or the programme blocked it.',
    LOST: 'Reported lost.',
    SINGLE_SPEND: 'A single-spend card that has been spent.',
  },
);

export const DestroyedReason = enumType<NonNullable<InstrumentState['destroyedReason']>>(
  'DestroyedReason',
  'Why an instrument is destroyed.',
  {
    SYSTEM: 'Weavr or the programme destroyed it.',
    USER: 'A user removed it.',
    LOST: 'Lost.',
    STOLEN: 'Reported stolen.',
    EXPIRED: 'Expired and not renewed.',
    COMPROMISED: 'Compromised.',
    SINGLE_SPEND: 'A single-spend card that has been spent.',
  },
);

/** Balances with the currency of their instrument, which Weavr leaves out. */
export const Balances = builder.objectRef<InstrumentBalances & { currency: string }>('Balances').implement({
  description: "What an instrument holds, in the instrument's currency.",
  fields: (t) => ({
    available: t.field({
      type: Money,
      nullable: true,
      description: 'What can be spent: the actual balance without what is held.',
      resolve: ({ currency, availableBalance }) => inCurrency(currency, availableBalance),
    }),
    actual: t.field({
      type: Money,
      nullable: true,
      description: 'What is there, held amounts included.',
      resolve: ({ currency, actualBalance }) => inCurrency(currency, actualBalance),
    }),
  }),
});

/** An account or a card, as its own row's object. */
export interface AnyInstrument {
  id: string;
  profileId: string;
  tag?: string;
  friendlyName: string;
  currency: string;
  state: InstrumentState;
  creationTimestamp: number;
}

export const Instrument = builder.interfaceRef<AnyInstrument>('Instrument').implement({
  // Cards have a mode and accounts have none; a mode of tomorrow still tells by its parent account.
  resolveType: (instrument) =>
    !('mode' in instrument) ? 'ManagedAccount' : 'parentManagedAccountId' in instrument ? 'DebitCard' : 'PrepaidCard',
  description: 'Something that money is spent from or kept on: a managed account or a managed card.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id." }),
    profileId: t.exposeID('profileId', { description: "The programme's profile it was created under." }),
    tag: t.exposeString('tag', { nullable: true, description: "The caller's own label." }),
    friendlyName: t.exposeString('friendlyName', { description: 'Its name for people.' }),
    currency: t.expose('currency', { type: 'Currency', description: 'ISO 4217 code.' }),
    state: t.field({
      type: InstrumentStateEnum,
      description: 'Whether it can be used.',
      resolve: ({ state }) => state.state,
    }),
    blockedReason: t.field({
      type: BlockedReason,
      nullable: true,
      description: 'Why it is blocked, if it is.',
      resolve: ({ state }) => state.blockedReason,
    }),
    destroyedReason: t.field({
      type: DestroyedReason,
      nullable: true,
      description: 'Why it is destroyed, if it is.',
      resolve: ({ state }) => state.destroyedReason,
    }),
    createdAt: t.expose('creationTimestamp', { type: 'DateTime', description: 'When it was created.' }),
  }),
});
