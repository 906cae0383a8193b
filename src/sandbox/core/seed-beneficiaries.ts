import type { NewBeneficiary } from '../../weavr/beneficiaries.js';
import type { InstrumentId } from '../../weavr/core/shapes.js';
import { createBatch, passBatch, removalBatch } from '../beneficiary-batches.js';
import type { Seeded } from './seed.js';
import type { State } from './state.js';

const TRUSTED = { trustLevel: 'TRUSTED' as const };

/** At Weavr: Ada with every optional field set, and her card. */
const atWeavr = (account: InstrumentId, card: InstrumentId): NewBeneficiary[] => [
  {
    ...TRUSTED,
    group: 'partners',
    externalRefs: ['crm-1', 'erp-77'],
    beneficiaryInformation: { fullName: 'Ada Lovelace', nationality: 'GB', dateOfBirth: '1985-12-10' },
    beneficiaryDetails: { instrument: account },
  },
  {
    ...TRUSTED,
    group: 'partners',
    beneficiaryInformation: { fullName: 'Ada Lovelace' },
    beneficiaryDetails: { instrument: card },
  },
];

/** At other banks, by IBAN and by sort code, a business and a person. */
const AT_BANKS: NewBeneficiary[] = [
  {
    ...TRUSTED,
    group: 'suppliers',
    externalRefs: ['erp-12'],
    beneficiaryInformation: { businessName: 'Coyote Desert Supplies' },
    beneficiaryDetails: {
      address: '4 Canyon Road, Berlin',
      bankName: 'Desert Bank',
      bankAddress: '1 Main Street, Berlin',
      bankCountry: 'DE',
      bankAccountDetails: { iban: 'DE89370400440532013000', bankIdentifierCode: 'COBADEFFXXX' },
    },
  },
  {
    ...TRUSTED,
    group: 'landlords',
    beneficiaryInformation: { fullName: 'Grace Hopper', nationality: 'US', dateOfBirth: '1986-12-09' },
    beneficiaryDetails: {
      bankAccountDetails: { sortCode: '040004', accountNumber: '12345678', secondaryReference: 'FLAT 3' },
    },
  },
  {
    ...TRUSTED,
    group: 'suppliers',
    beneficiaryInformation: { businessName: 'Universal Exports' },
    beneficiaryDetails: { bankAccountDetails: { sortCode: '200052', accountNumber: '55779911' } },
  },
  {
    ...TRUSTED,
    beneficiaryInformation: { fullName: 'Jean Martin' },
    beneficiaryDetails: { bankAccountDetails: { iban: 'FR1420041010050500013M02606' } },
  },
];

/** Twice the same, and nobody's: neither can become a beneficiary. */
const UNSOUND: NewBeneficiary[] = [
  AT_BANKS[0]!,
  {
    ...TRUSTED,
    beneficiaryInformation: { businessName: 'Nowhere Ltd' },
    beneficiaryDetails: { instrument: { type: 'managed_cards', id: '1' } },
  },
];

const WAITING: NewBeneficiary = {
  ...TRUSTED,
  group: 'suppliers',
  beneficiaryInformation: { businessName: 'Road Runner Couriers' },
  beneficiaryDetails: { bankAccountDetails: { iban: 'MT84MALT011000012345MTLCAST001S' } },
};

/** Whom Acme and Ada pay: confirmed in batches, but for one of Acme's that waits; one beneficiary was removed again. */
export function seedBeneficiaries(state: State, { acme, ada, accounts, adaAccount }: Seeded) {
  const adaCard = state.managedCards.of(ada.id).find(({ mode }) => mode === 'PREPAID_MODE')!;
  const partners = atWeavr({ type: 'managed_accounts', id: adaAccount.id }, { type: 'managed_cards', id: adaCard.id });
  for (const [tag, beneficiaries] of [['partners', partners] as const, ['banks', AT_BANKS] as const])
    passBatch(state, acme.id, createBatch(state, acme.id, { tag, beneficiaries }));
  const { id: leaving } = state.beneficiaries.of(acme.id)[0]!;
  passBatch(state, acme.id, removalBatch(state, acme.id, [leaving]));
  createBatch(state, acme.id, { tag: 'unsound', beneficiaries: UNSOUND });
  createBatch(state, acme.id, { tag: 'couriers', beneficiaries: [WAITING] });
  const toAcme: NewBeneficiary = {
    ...TRUSTED,
    beneficiaryInformation: { businessName: 'Acme Ltd' },
    beneficiaryDetails: { instrument: { type: 'managed_accounts', id: accounts[RECEIVING]!.id } },
  };
  passBatch(state, ada.id, createBatch(state, ada.id, { beneficiaries: [toAcme] }));
}

/** The place of the account, in pounds, that Acme exchanges money with Ada by. */
export const RECEIVING = 8;
