import { op, operations } from './core/operation.js';
import type { Counted, NoInput, Page } from './core/shapes.js';
import type { NewOutgoingWireTransfer } from './outgoing-wire-transfers.js';
import type { NewSend } from './sends.js';
import type { SpendRulesChange } from './spend-rules.js';
import type { NewTransfer } from './transfers.js';
import type { NewUser } from './users.js';

export const BULK_PROCESS_STATUSES = [
  'SUBMITTED',
  'RUNNING',
  'PARTIALLY_COMPLETED',
  'COMPLETED',
  'FAILED',
  'PAUSED',
  'CANCELLED',
] as const;
export type BulkProcessStatus = (typeof BULK_PROCESS_STATUSES)[number];

export const BULK_PROCESS_MODES = ['ON_FAILURE_STOP', 'ON_FAILURE_CONTINUE'] as const;
export type BulkProcessMode = (typeof BULK_PROCESS_MODES)[number];

export const BULK_OPERATION_STATUSES = ['SUBMITTED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type BulkOperationStatus = (typeof BULK_OPERATION_STATUSES)[number];

export interface ByBulkId {
  bulk_id: string;
}

export interface BulkProcess {
  bulkId: string;
  /** Documented as text, with the members above. */
  status: BulkProcessStatus;
  submittedItemsCount?: number;
  executionStart?: number;
  executionFinish?: number;
  /** The path of the single operation. */
  operation?: string;
  mode?: BulkProcessMode;
}

export interface BulkStatusCount {
  status?: BulkOperationStatus;
  count?: number;
}

/** Lists leave the counts out. */
export interface BulkProcessDetails extends BulkProcess {
  operationStatusCounts?: BulkStatusCount[];
}

export interface BulkOperation {
  operationId?: string;
  sequence?: number;
  method?: string;
  path?: string;
  status?: BulkOperationStatus;
  /** JSON as text. */
  requestPayload?: string;
  responsePayload?: string;
}

export interface BulkPage extends Counted {
  bulkProcesses?: BulkProcess[];
}
export interface BulkOperationPage extends Counted {
  operations?: BulkOperation[];
}

export interface BulkOperationFilter extends ByBulkId {
  sequence?: number;
  status?: BulkOperationStatus;
}

export interface BulkExecution extends ByBulkId {
  mode?: BulkProcessMode;
  /** A webhook after so many operations, but never more than four in all. */
  webhookInterval?: number;
}

/** The body is the list itself: one to 10,000 items. Path parameters are in underscores, as in the path of the bulk. */
export interface Items<Item> {
  items: Item[];
}
export interface BodyItem<Body, Parameters = NoInput> {
  pathParams: Parameters;
  requestBody: Body;
}
interface CardItem {
  pathParams: { _id_: string };
}
interface UserItem {
  pathParams: { _user_id_: string };
}

export interface Submission {
  bulkId: string;
  operationCount?: number;
  path?: string;
}

const REFUSALS = [
  'VALIDATION_FAILED',
  'USER_VALIDATION_FAILED',
  'ALREADY_SUBMITTED',
  'DUPLICATE_OPERATION_TYPE',
  'NO_CONFIG_FOUND',
  'INVALID_STATE',
  'TOO_MANY_REQUESTS',
] as const;

// biome-ignore format: a table reads best as a table
export const bulks = operations({
  bulks:            op<Page & { status?: BulkProcessStatus }, BulkPage>('GET /multi/bulks').backOffice().refusing(...REFUSALS).pages('bulkProcesses'),
  bulkId:           op<ByBulkId, BulkProcessDetails>                   ('GET /multi/bulks/{bulk_id}').backOffice(),
  bulkIdOperations: op<Page & BulkOperationFilter, BulkOperationPage>  ('GET /multi/bulks/{bulk_id}/operations').backOffice().pages('operations'),
  bulkIdExecute:    op.empty<BulkExecution>                            ('POST /multi/bulks/{bulk_id}/execute').backOffice().needsBody().refusing(...REFUSALS),
  bulkIdPause:      op.empty<ByBulkId>                                 ('POST /multi/bulks/{bulk_id}/pause').backOffice().refusing(...REFUSALS),
  bulkIdResume:     op.empty<ByBulkId>                                 ('POST /multi/bulks/{bulk_id}/resume').backOffice().refusing(...REFUSALS),
  bulkIdCancel:     op.empty<ByBulkId>                                 ('POST /multi/bulks/{bulk_id}/cancel').backOffice().refusing(...REFUSALS),

  bulksUserCreate:                  op<Items<BodyItem<NewUser>>, Submission>                ('POST /multi/bulks/users').submitsItems().idempotent('MULTI'),
  bulksUserInviteSend:              op<Items<UserItem>, Submission>                         ('POST /multi/bulks/users/_user_id_/invite').submitsItems().idempotent('MULTI'),
  bulksManagedCardBlock:            op<Items<CardItem>, Submission>                         ('POST /multi/bulks/managed_cards/_id_/block').submitsItems().idempotent('MULTI'),
  bulksManagedCardUnblock:          op<Items<CardItem>, Submission>                         ('POST /multi/bulks/managed_cards/_id_/unblock').submitsItems().idempotent('MULTI'),
  bulksManagedCardRemove:           op<Items<CardItem>, Submission>                         ('POST /multi/bulks/managed_cards/_id_/remove').submitsItems(),
  bulksManagedCardSpendRulesUpdate: op<Items<BodyItem<Omit<SpendRulesChange, 'id'>, { _id_: string }>>, Submission>('PATCH /multi/bulks/managed_cards/_id_/spend_rules').needsBody().backOffice().submitsItems().idempotent(),
  bulksTransferCreate:              op<Items<BodyItem<NewTransfer>>, Submission>            ('POST /multi/bulks/transfers').backOffice().submitsItems().idempotent().movesMoney(),
  bulksSendCreate:                  op<Items<BodyItem<NewSend>>, Submission>                ('POST /multi/bulks/sends').submitsItems().idempotent('MULTI').movesMoney(),
  bulksOutgoingWireTransferCreate:  op<Items<BodyItem<NewOutgoingWireTransfer>>, Submission>('POST /multi/bulks/outgoing_wire_transfers').submitsItems().idempotent('MULTI').movesMoney(),
});
