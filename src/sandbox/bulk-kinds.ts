import type { Operation } from '../weavr/core/operation.js';
import { managedCards } from '../weavr/managed-cards.js';
import { outgoingWireTransfers } from '../weavr/outgoing-wire-transfers.js';
import { sends } from '../weavr/sends.js';
import { spendRules } from '../weavr/spend-rules.js';
import { transfers } from '../weavr/transfers.js';
import { users } from '../weavr/users.js';
import type { Call } from './core/handlers.js';
import type { Handler } from './core/server.js';
import type { Rules } from './core/validation.js';
import { managedCardHandlers } from './managed-cards.js';
import { newWireRules, outgoingWireTransferHandlers } from './outgoing-wire-transfers.js';
import { newSendRules, sendHandlers } from './sends.js';
import { spendRuleHandlers, spendRuleRules } from './spend-rules.js';
import { NEW_TRANSFER, transferHandlers } from './transfers.js';
import { newUserRules, userHandlers } from './users.js';

/** What a bulk does many times. */
export interface BulkKind {
  /** The single operation: its path's parameter, in underscores, is what an item's path parameters have. */
  operation: Operation;
  /** What answers its REST call, too. */
  handle: Handler;
  /** What an item's body must be; absent where it has none. */
  rulesOf?: (body: object) => Rules;
}

/** The types of a row's handlers and rules end here: which item belongs to which kind, its submission has seen to. */
const kind = <In, Body extends object>(
  operation: Operation,
  handle: (input: In, call: Call<never>) => unknown,
  rulesOf?: (body: Body) => Rules,
) => ({ operation, handle, rulesOf }) as BulkKind;

/** Every kind of bulk, by its submission's operationId. */
export const BULK_KINDS = {
  bulksUserCreate: kind(users.userCreate, userHandlers.userCreate, newUserRules),
  bulksUserInviteSend: kind(users.userInviteSend, userHandlers.userInviteSend),
  bulksManagedCardBlock: kind(managedCards.managedCardBlock, managedCardHandlers.managedCardBlock),
  bulksManagedCardUnblock: kind(managedCards.managedCardUnblock, managedCardHandlers.managedCardUnblock),
  bulksManagedCardRemove: kind(managedCards.managedCardRemove, managedCardHandlers.managedCardRemove),
  bulksManagedCardSpendRulesUpdate: kind(
    spendRules.managedCardSpendRulesUpdate,
    spendRuleHandlers.managedCardSpendRulesUpdate,
    spendRuleRules,
  ),
  bulksTransferCreate: kind(transfers.transferCreate, transferHandlers.transferCreate, () => NEW_TRANSFER),
  bulksSendCreate: kind(sends.sendCreate, sendHandlers.sendCreate, newSendRules),
  bulksOutgoingWireTransferCreate: kind(
    outgoingWireTransfers.outgoingWireTransferCreate,
    outgoingWireTransferHandlers.outgoingWireTransferCreate,
    newWireRules,
  ),
};

export type BulkKindName = keyof typeof BULK_KINDS;

/** The single operation's path, as Weavr's answers print it. */
export const pathOf = ({ operation: { path } }: BulkKind) => path.replace(/^\/multi/, '');
