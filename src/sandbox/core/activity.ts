import type { InstrumentId } from '../../weavr/core/shapes.js';
import type { FeeSummary } from '../../weavr/statements.js';
import type { TransactionActivity } from '../../weavr/transactions.js';
import { instrumentOf } from './instruments.js';
import type { State } from './state.js';

/** What a transaction means to one instrument; who answers for one instrument alone leaves its name out. */
export type Activity = TransactionActivity & { instrument: InstrumentId };

/** What one kind of transaction adds to an owner's feeds: its row exports one, and `transactions.ts` collects them. */
export type ActivitySource = (state: State, owner: string) => Activity[];

type Status = TransactionActivity['status'];

/** The states of all kinds in the words that the feeds have for them. */
const STATUSES: Record<string, Status> = {
  PENDING_CONFIRMATION: 'DRAFT',
  PENDING_CHALLENGE: 'DRAFT',
  INITIALISED: 'SUBMITTED',
  SUBMITTED: 'SUBMITTED',
  SCHEDULED: 'SUBMITTED',
  PENDING: 'PROCESSING',
  APPROVED: 'PROCESSING',
  SETTLEMENT_IN_PROGRESS: 'PROCESSING',
  COMPLETED: 'COMPLETED',
  SETTLED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
  DECLINED: 'CANCELLED',
  EXPIRED: 'CANCELLED',
  FAILED: 'CANCELLED',
  INVALID: 'CANCELLED',
  REJECTED: 'CANCELLED',
  RETURNED: 'RETURNED',
};

export const statusOf = (state: string): Status => STATUSES[state] ?? 'PROCESSING';

type Ends = Partial<Record<'source' | 'destination', InstrumentId>>;

/** A transaction as its source and its destination see it, as far as they are instruments of the owner's. */
export function sidesOf(
  state: State,
  owner: string,
  { source, destination }: Ends,
  row: Omit<Activity, 'direction' | 'instrument'>,
): Activity[] {
  const side = (direction: Activity['direction'], instrument: InstrumentId | undefined) =>
    instrument && instrumentOf(state, owner, instrument)
      ? [{ ...row, direction, instrument, fee: row.fee ?? feeOn(state, instrument, row.id) }]
      : [];
  return [...side('DEBIT', source), ...side('CREDIT', destination)];
}

/** What was charged to an instrument for the movement that has a transaction's id. */
function feeOn({ ledger }: State, instrument: InstrumentId, id: string): FeeSummary | undefined {
  const fee = ledger
    .entriesOf(instrument.id)
    .find(({ movement }) => movement.legacyType === 'CHARGE_FEE' && movement.relatedMovementId === id);
  if (!fee) return undefined;
  const { currency, amount, movement } = fee;
  const { subtype, id: feeId } = movement.transaction;
  return { id: feeId, type: 'fees', subtype, amount: { currency, amount: Math.abs(amount) } };
}
