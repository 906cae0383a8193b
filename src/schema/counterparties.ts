import type { IdentityId } from '../weavr/core/shapes.js';
import type * as rest from '../weavr/statements.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { InstrumentType } from './core/instruments.js';
import { linkToInstrument } from './core/link.js';
import { IdentityType } from './identities.js';

const DigitalWalletType = enumType<NonNullable<rest.MerchantCounterparty['digitalWalletTypeUsed']>>(
  'DigitalWalletType',
  'How a card was presented from a wallet.',
  {
    GOOGLE_PAY: 'Google Pay.',
    APPLE_PAY: 'Apple Pay.',
    MERCHANT_TOKEN: 'A token that the merchant keeps.',
  },
);

const MerchantCounterparty = builder.objectRef<Partial<rest.MerchantCounterparty>>('MerchantCounterparty').implement({
  description: 'The merchant of a card payment.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Its name, as it stands on the receipt.' }),
    merchantId: t.exposeString('id', { nullable: true, description: "The acquirer's id of it." }),
    categoryCode: t.exposeString('categoryCode', {
      nullable: true,
      description: 'What it sells, as a merchant category code of ISO 18245: four digits.',
    }),
    country: t.expose('country', { type: 'CountryCode', nullable: true, description: 'Where its terminal is.' }),
    digitalWalletTypeUsed: t.field({
      type: DigitalWalletType,
      nullable: true,
      description: 'The wallet the card was in; null for the card itself.',
      resolve: ({ digitalWalletTypeUsed }) => digitalWalletTypeUsed,
    }),
  }),
});

const InstrumentCounterparty = builder.objectRef<rest.InstrumentCounterparty>('InstrumentCounterparty').implement({
  description: 'An account or a card at Weavr, of the same identity or another.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id of the account or card." }),
    type: t.field({
      type: InstrumentType,
      nullable: true,
      description: 'Which of the two it is.',
      resolve: ({ type }) => type,
    }),
    friendlyName: t.exposeString('friendlyName', { nullable: true, description: 'Its name for people.' }),
    owner: t.field({
      type: CounterpartyOwner,
      nullable: true,
      description: 'Whose it is.',
      resolve: ({ owner }) => owner,
    }),
    instrument: t.field(
      linkToInstrument("The account or card itself; null where it is not the caller's.", ({ type, id }) => ({
        type,
        id,
      })),
    ),
  }),
});

type Owner = NonNullable<rest.InstrumentCounterparty['owner']>;

const CounterpartyOwner = builder.objectRef<Owner>('CounterpartyOwner').implement({
  description: 'The identity that owns the other side of a movement.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id of the identity." }),
    type: t.field({
      type: IdentityType,
      nullable: true,
      description: 'Which kind of identity.',
      // `corporates` here is CORPORATE everywhere else; what is neither, the enum tells.
      resolve: ({ type }) => type?.toUpperCase().replace(/S$/, '') as IdentityId['type'] | undefined,
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its name.' }),
  }),
});

const isSortCode = (bankCode = '') => /^[\d-]+$/.test(bankCode);

const BankAccountCounterparty = builder.objectRef<rest.BankAccountCounterparty>('BankAccountCounterparty').implement({
  description: 'An account at another bank. Which numbers are there depends on the payment network.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Whose account it is.' }),
    iban: t.exposeString('iban', { nullable: true, description: 'The IBAN, for SEPA and SWIFT.' }),
    bic: t.string({
      nullable: true,
      description: 'The BIC of the bank, for SEPA and SWIFT.',
      resolve: ({ bic, bankCode }) => bic || (isSortCode(bankCode) ? null : bankCode),
    }),
    accountNumber: t.exposeString('accountNumber', {
      nullable: true,
      description: 'The account number, for Faster Payments.',
    }),
    sortCode: t.string({
      nullable: true,
      description: 'The sort code of the bank, for Faster Payments.',
      resolve: ({ sortCode, bankCode }) => sortCode || (isSortCode(bankCode) ? bankCode : null),
    }),
    reference: t.exposeString('reference', { nullable: true, description: 'What the payer wrote.' }),
  }),
});

const BANK_ACCOUNT = ['iban', 'bic', 'bankCode', 'sortCode', 'accountNumber', 'reference'];

export const Counterparty = builder.unionType('Counterparty', {
  description: 'Who stands on the other side of a movement.',
  types: [MerchantCounterparty, InstrumentCounterparty, BankAccountCounterparty],
  // Nothing names the variant. Only instruments have a type or an owner, only bank accounts one of the properties above.
  resolveType: (counterparty) => {
    const given = counterparty as Record<string, unknown>; // whichever of the three it is
    if (given.type || given.owner) return 'InstrumentCounterparty';
    return BANK_ACCOUNT.some((name) => given[name]) ? 'BankAccountCounterparty' : 'MerchantCounterparty';
  },
});
