import type { NewTransfer, Transfer } from '../../weavr/transfers.js';
import { submitBulk } from '../bulks.js';
import type { Seeded } from './seed.js';
import type { State } from './state.js';

/** What made a transfer. */
const orderOf = ({ profileId, tag, source, destination, destinationAmount, description }: Transfer): NewTransfer => ({
  profileId,
  tag,
  source,
  destination,
  destinationAmount,
  description,
});

const toItem = (transfer: Transfer) => ({ pathParams: {}, requestBody: orderOf(transfer) });

/** Two bulks of Acme's: by one its latest transfer was made, the other repeats it and waits to be executed. */
export function seedBulks(state: State, { acme }: Seeded) {
  const latest = state.transfers.of(acme.id).find((transfer) => transfer.state === 'COMPLETED');
  if (!latest) return;
  const { process, operations } = submitBulk(state, acme.id, 'bulksTransferCreate', [toItem(latest)]);
  const at = Number(latest.executionTimestamp);
  Object.assign(process, { status: 'COMPLETED', mode: 'ON_FAILURE_CONTINUE', executionStart: at, executionFinish: at });
  Object.assign(operations[0]!, { status: 'COMPLETED', responsePayload: JSON.stringify(latest) });
  submitBulk(state, acme.id, 'bulksTransferCreate', [toItem(latest), toItem(latest)]);
}
