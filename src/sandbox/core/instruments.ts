import { INSTRUMENT_TYPES, type InstrumentId } from '../../weavr/core/shapes.js';
import type { State, StoredAccount, StoredCard } from './state.js';
import { id, oneOf, type Rules, required } from './validation.js';

export type StoredInstrument = StoredAccount | StoredCard;
export type Side = 'SOURCE' | 'DESTINATION';

/** `{ type, id }` at a path of a body. */
export const instrumentAt = (path: string): Rules => ({
  [`${path}.type`]: required(oneOf(INSTRUMENT_TYPES)),
  [`${path}.id`]: required(id),
});

/** An owner's account or card; undefined for what is somebody else's, or nowhere. */
export function instrumentOf(state: State, owner: string, { type, id }: InstrumentId): StoredInstrument | undefined {
  const table = type === 'managed_cards' ? state.managedCards : state.managedAccounts;
  return table.ownerOf(id) === owner ? table.any(id) : undefined;
}

/** Whose account or card it is; undefined for what is nowhere. */
export const ownerOfInstrument = ({ managedAccounts, managedCards }: State, { type, id }: InstrumentId) =>
  (type === 'managed_cards' ? managedCards : managedAccounts).ownerOf(id);

/** Debit cards hold no money: payments from and to instruments refuse them. */
export const isDebitCard = (instrument: StoredInstrument) => 'mode' in instrument && instrument.mode === 'DEBIT_MODE';

/** Why money can neither leave nor reach an instrument as it is; undefined if it can. */
export function stateRefusal<S extends Side>(side: S, { state: { state } }: StoredInstrument) {
  if (state === 'ACTIVE') return undefined;
  return state === 'DESTROYED' ? (`${side}_INSTRUMENT_DESTROYED` as const) : (`${side}_INSTRUMENT_BLOCKED` as const);
}
