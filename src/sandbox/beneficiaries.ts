import {
  BENEFICIARY_TRUST_LEVELS,
  type Beneficiary,
  type BeneficiaryDetails,
  type beneficiaries,
  type NewBeneficiary,
} from '../weavr/beneficiaries.js';
import type { Handlers } from './core/handlers.js';
import { instrumentAt, ownerOfInstrument } from './core/instruments.js';
import { many, pageOf } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import { country, has, matches, oneOf, type Rule, type Rules, required, size } from './core/validation.js';

const list: Rule = (value) => (Array.isArray(value) ? undefined : { error: 'INVALID_TYPE_OR_VALUE' });
const iban = matches(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/);
const bic = matches(/^[a-zA-Z0-9]{4}[a-zA-Z]{2}[a-zA-Z0-9]{2}([a-zA-Z0-9]{3})?$/);

/** What must hold of a beneficiary, by path within it: its variants are told apart by what is there. */
export function rulesOf(given: Partial<NewBeneficiary> | null): Rules {
  const { beneficiaryInformation: information, beneficiaryDetails: details } = given ?? {};
  const name = required(size(150, 1));
  return {
    trustLevel: required(oneOf(BENEFICIARY_TRUST_LEVELS)),
    externalRefs: list,
    group: size(150),
    ...(has(information, 'businessName')
      ? { 'beneficiaryInformation.businessName': name }
      : {
          'beneficiaryInformation.fullName': name,
          'beneficiaryInformation.nationality': country,
          'beneficiaryInformation.dateOfBirth': matches(/^\d{4}-\d\d-\d\d$/),
        }),
    ...(has(details, 'bankAccountDetails')
      ? bankAccountRules(details.bankAccountDetails)
      : instrumentAt('beneficiaryDetails.instrument')),
  };
}

function bankAccountRules(number: unknown): Rules {
  const inDetails = (rules: Rules) =>
    Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`beneficiaryDetails.${path}`, rule]));
  return inDetails({
    address: size(150, 1),
    bankAddress: size(150, 1),
    bankCountry: country,
    ...(has(number, 'iban')
      ? { 'bankAccountDetails.iban': required(iban), 'bankAccountDetails.bankIdentifierCode': bic }
      : {
          'bankAccountDetails.sortCode': required(matches(/^[0-9]{6}$/)),
          'bankAccountDetails.accountNumber': required(matches(/^[0-9]{8}$/)),
        }),
  });
}

/** Where a beneficiary is paid, as one text: nobody needs two for the same place. */
function placeOf(details: BeneficiaryDetails) {
  if ('instrument' in details) return `${details.instrument.type} ${details.instrument.id}`;
  const { bankAccountDetails: number } = details;
  return 'iban' in number ? number.iban : `${number.sortCode} ${number.accountNumber}`;
}

function failureOf(state: State, owner: string, { beneficiaryDetails: details }: NewBeneficiary) {
  const recipient = 'instrument' in details ? ownerOfInstrument(state, details.instrument) : '';
  if (recipient === undefined) return 'INSTRUMENT_DETAILS_NOT_FOUND';
  if (recipient === owner) return 'BENEFICIARY_BELONGS_TO_SAME_IDENTITY';
  const isKnown = state.beneficiaries
    .of(owner)
    .filter((known) => known.state === 'ACTIVE' || known.state === 'PENDING_CHALLENGE')
    .some((known) => placeOf(known.beneficiaryDetails) === placeOf(details));
  return isKnown ? 'BENEFICIARY_DETAILS_ALREADY_EXIST' : undefined;
}

/** A beneficiary of a new batch: it waits with its batch, unless something is wrong with it. */
export function addBeneficiary(state: State, owner: string, given: NewBeneficiary, batchId: string): Beneficiary {
  const beneficiaryId = state.nextId();
  const validationFailure = failureOf(state, owner, given);
  return state.beneficiaries.add(owner, beneficiaryId, {
    id: beneficiaryId,
    trustLevel: given.trustLevel,
    externalRefs: given.externalRefs,
    group: given.group,
    beneficiaryInformation: given.beneficiaryInformation,
    beneficiaryDetails: given.beneficiaryDetails,
    relatedOperationBatches: [{ batchId, operation: 'CREATE' }],
    state: validationFailure ? 'INVALID' : 'PENDING_CHALLENGE',
    validationFailure,
  });
}

export const beneficiaryHandlers: Handlers<typeof beneficiaries> = {
  beneficiariesGet: (query, { state, session }) => {
    const batches = many(query.batchId);
    // A group may have a comma in its name, so here it separates nothing.
    const groups = query.group && [query.group].flat();
    const found = state.beneficiaries
      .of(identityOf(session).id)
      .filter(({ relatedOperationBatches }) =>
        batches ? relatedOperationBatches.some(({ batchId }) => batches.includes(batchId)) : true,
      )
      .filter(({ group = '' }) => groups?.includes(group) ?? true);
    const { items, counts } = pageOf(found, query);
    return { beneficiaries: items, ...counts };
  },

  beneficiaryGet: ({ id }, { state, session }) => state.beneficiaries.find(identityOf(session).id, id),
};
