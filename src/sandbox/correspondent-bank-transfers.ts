import {
  BUSINESS_DOCUMENT_TYPES,
  type CorrespondentBankTransfer,
  type CorrespondentBankTransferFilter,
  type correspondentBankTransfers,
  INDIVIDUAL_DOCUMENT_TYPES,
  type NewCorrespondentBankTransfer,
} from '../weavr/correspondent-bank-transfers.js';
import type { Handlers } from './core/handlers.js';
import { is, pageOf } from './core/lists.js';
import { identityOf } from './core/sessions.js';
import type { State } from './core/state.js';
import {
  check,
  country,
  id,
  matches,
  moneyAt,
  oneOf,
  type Rule,
  type Rules,
  required,
  size,
  tag,
} from './core/validation.js';
import { type BankAccount, bankAccountOf, descriptionRule, destinationRules } from './core/wire-destinations.js';
import {
  activityIn,
  amountRefusal,
  cancelWire,
  checkReason,
  confirmableIn,
  isSelected,
  passNameCheck,
  sourceRefusal,
  startWire,
} from './core/wires.js';
import { sourceAccount } from './outgoing-wire-transfers.js';

/** The programme's only profile for correspondent bank transfers. */
export const CORRESPONDENT_BANK_PROFILE = '160000000000000001';

const LIMITS = { name: 35, address: required(size(105, 1)) };

const list: Rule = (value) => (Array.isArray(value) ? undefined : { error: 'INVALID_TYPE_OR_VALUE' });

function originatorRules({ originator: given }: { originator?: unknown }): Rules {
  const originator: object = Object(given); // a body may hold anything in its place
  const isBusiness = 'registrationAddress' in originator;
  const [address, where] = isBusiness ? ['registrationAddress', 'registrationCountry'] : ['address', 'country'];
  return {
    originator: required(),
    'originator.tag': tag,
    'originator.name': required(size(140, 1)),
    [`originator.${address}`]: required(size(255, 1)),
    [`originator.${where}`]: required(country),
    'originator.bankAccountDetails.account': required(matches(/^[a-zA-Z0-9]{1,34}$/)),
    'originator.bankAccountDetails.financialInstitution': required(matches(/^[a-zA-Z0-9]{8,11}$/)),
    ...('supplementaryInformation' in originator && supplementRules(isBusiness, originator.supplementaryInformation)),
  };
}

function supplementRules(isBusiness: boolean, given: unknown): Rules {
  const path = 'originator.supplementaryInformation';
  if (!isBusiness && typeof given === 'object' && given && 'dateOfBirth' in given) {
    return {
      [`${path}.dateOfBirth`]: matches(/^\d{4}-\d\d-\d\d$/),
      [`${path}.placeOfBirth`]: required(size(140, 1)),
    };
  }
  return {
    [`${path}.documentType`]: required(oneOf(isBusiness ? BUSINESS_DOCUMENT_TYPES : INDIVIDUAL_DOCUMENT_TYPES)),
    [`${path}.documentNumber`]: required(size(35, 1)),
  };
}

function externalDataRules({ externalData }: NewCorrespondentBankTransfer): Rules {
  const rules = (externalData ?? []).flatMap((_, index) => [
    [`externalData.${index}.name`, required(size(50, 1))],
    [`externalData.${index}.value`, required(size(255))],
  ]);
  return Object.fromEntries(rules);
}

const orderRules = (input: NewCorrespondentBankTransfer): Rules => ({
  profileId: required(id),
  tag,
  ...sourceAccount,
  ...moneyAt('amount'),
  ...originatorRules(input),
  beneficiary: required(),
  ...destinationRules('beneficiary', input.beneficiary, LIMITS),
  purpose: required(size(255, 1)),
  externalData: list,
  scheduledTimestamp: matches(/^[0-9]{1,16}$/),
});

function refusalOf(state: State, owner: string, wire: CorrespondentBankTransfer, account?: BankAccount) {
  const source = sourceRefusal(state, owner, wire);
  if (source) return source;
  // The travel rule: an originator is named with a document or a birth.
  if (!wire.originator.supplementaryInformation) return 'ORIGINATOR_DETAILS_INVALID';
  return account ? amountRefusal(state, wire, account) : 'BENEFICIARY_BANK_DETAILS_INVALID';
}

const find = ({ correspondentBankTransfers: table }: State, owner: string, wireId: string) => table.find(owner, wireId);

export const correspondentBankTransferConfirmable = confirmableIn((state) => state.correspondentBankTransfers);
export const correspondentBankTransferActivity = activityIn(
  'correspondent_bank_transfers',
  (state) => state.correspondentBankTransfers,
);

/** A transfer that nothing has happened to yet. */
export const draftCorrespondent = (
  state: State,
  order: NewCorrespondentBankTransfer,
  now: number,
): CorrespondentBankTransfer => ({ id: state.nextId(), ...order, state: 'INVALID', creationTimestamp: now });

const isOriginatedBy = (query: CorrespondentBankTransferFilter, { originator }: CorrespondentBankTransfer) =>
  originator.name.toLowerCase().includes(query['originator.name']?.toLowerCase() ?? '') &&
  is(query['originator.type'], 'registrationAddress' in originator ? 'BUSINESS' : 'INDIVIDUAL') &&
  is(query['originator.tag'], originator.tag);

export const correspondentBankTransferHandlers: Handlers<typeof correspondentBankTransfers> = {
  correspondentBankTransferCreate: (input, { state, session, now, refuse }) => {
    const { beneficiary, scheduledTimestamp } = input;
    check(input, orderRules(input));
    const owner = identityOf(session).id;
    const account = bankAccountOf(state, owner, beneficiary);
    check(input, { description: descriptionRule(account), ...externalDataRules(input) });
    if (input.profileId !== CORRESPONDENT_BANK_PROFILE) refuse('PROFILE_NOT_FOUND');
    const wire = draftCorrespondent(state, input, now);
    const refusal = refusalOf(state, owner, wire, account);
    if (refusal) refuse(refusal);
    if (scheduledTimestamp && Number(scheduledTimestamp) <= now) refuse('SCHEDULED_TIMESTAMP_INVALID');
    return startWire(state, state.correspondentBankTransfers.add(owner, wire.id, wire), now);
  },

  correspondentBankTransfersGet: (query, { state, session }) => {
    const found = state.correspondentBankTransfers
      .of(identityOf(session).id)
      .filter((wire) => isSelected(state, query, wire) && isOriginatedBy(query, wire));
    const { items, counts } = pageOf(found, query);
    return { transfer: items, ...counts };
  },

  correspondentBankTransferGet: ({ id: wireId }, { state, session }) => find(state, identityOf(session).id, wireId),

  correspondentBankTransferConfirm: ({ id: wireId }, { state, session, now, refuse }) => {
    const wire = find(state, identityOf(session).id, wireId);
    if (wire.state !== 'PENDING_CONFIRMATION') refuse('INVALID_STATE');
    passNameCheck(state, wire, now);
    return wire;
  },

  correspondentBankTransferCancel: (input, { state, session, refuse }) => {
    checkReason(input);
    const wire = find(state, identityOf(session).id, input.id);
    return cancelWire(state, wire, input) ? wire : refuse('INVALID_STATE');
  },
};
