import * as rest from '../weavr/bulks.js';
import { reread } from './bulks.js';
import { builder } from './core/builder.js';
import { type InputFields, mutation, type PayloadFields } from './core/mutation.js';
import {
  newOutgoingWireTransfer,
  OUTGOING_WIRE_TRANSFER_NAMES,
  toOutgoingWireTransfer,
} from './outgoing-wire-transfer-changes.js';
import { newSend, SEND_NAMES, toSend } from './sends.js';
import { SPEND_RULE_NAMES, spendRulesChange, toSpendRules } from './spend-rule-changes.js';
import { newTransfer, TRANSFER_NAMES, toTransfer } from './transfers.js';
import { newUser } from './user-changes.js';

const api = rest.bulks;

const HOW_MANY = 'One to 10,000';
const NOTHING_YET = 'Nothing happens before `executeBulk`.';

/** What Weavr puts around each item, and we do not. */
const AROUND = { requestBody: '', pathParams: '', _id_: '', _user_id_: '' };
const within = () => ['items'];

/** The bulk, and what Weavr answered of it. */
const submitted = (t: PayloadFields<rest.Submission>) => ({
  ...reread(t),
  operationCount: t.exposeInt('operationCount', { nullable: true, description: 'How many operations it is made of.' }),
  path: t.exposeString('path', {
    nullable: true,
    description: 'What is to be done many times, as the path of the single REST call.',
  }),
});

const bodies = <Body>(items: readonly Body[]) => items.map((requestBody) => ({ pathParams: {}, requestBody }));
const cards = (ids: readonly string[]) => ids.map((id) => ({ pathParams: { _id_: id } }));

const BulkTransferInput = builder.inputType('BulkTransferInput', {
  description: 'One transfer of a bulk.',
  fields: newTransfer,
});

mutation('submitBulkTransfers', api.bulksTransferCreate, {
  description: `Submits transfers to be made in turn. ${NOTHING_YET}`,
  input: (t) => ({
    items: t.field({ type: [BulkTransferInput], required: true, description: `${HOW_MANY} transfers.` }),
  }),
  renamed: { ...TRANSFER_NAMES, ...AROUND },
  within,
  resolve: ({ items }, call) => call({ items: bodies(items.map(toTransfer)) }),
  payload: submitted,
});

const BulkSendInput = builder.inputType('BulkSendInput', { description: 'One send of a bulk.', fields: newSend });

mutation('submitBulkSends', api.bulksSendCreate, {
  description: `Submits sends to be made in turn. ${NOTHING_YET}`,
  input: (t) => ({
    items: t.field({ type: [BulkSendInput], required: true, description: `${HOW_MANY} sends.` }),
  }),
  renamed: { ...SEND_NAMES, ...AROUND },
  within,
  resolve: ({ items }, call) => call({ items: bodies(items.map(toSend)) }),
  payload: submitted,
});

const BulkOutgoingWireTransferInput = builder.inputType('BulkOutgoingWireTransferInput', {
  description: 'One outgoing wire transfer of a bulk.',
  fields: newOutgoingWireTransfer,
});

mutation('submitBulkOutgoingWireTransfers', api.bulksOutgoingWireTransferCreate, {
  description: `Submits outgoing wire transfers to be made in turn. ${NOTHING_YET}`,
  input: (t) => ({
    items: t.field({ type: [BulkOutgoingWireTransferInput], required: true, description: `${HOW_MANY} transfers.` }),
  }),
  renamed: { ...OUTGOING_WIRE_TRANSFER_NAMES, ...AROUND },
  within,
  resolve: ({ items }, call) => call({ items: bodies(items.map(toOutgoingWireTransfer)) }),
  payload: submitted,
});

const BulkUserInput = builder.inputType('BulkUserInput', { description: 'One user of a bulk.', fields: newUser });

mutation('submitBulkUserCreate', api.bulksUserCreate, {
  description: `Submits users to be created in turn. ${NOTHING_YET}`,
  input: (t) => ({
    items: t.field({ type: [BulkUserInput], required: true, description: `${HOW_MANY} users.` }),
  }),
  renamed: AROUND,
  within,
  resolve: ({ items }, call) => call({ items: bodies(items) }),
  payload: submitted,
});

mutation('submitBulkUserInvites', api.bulksUserInviteSend, {
  description: `Submits users to be invited in turn. ${NOTHING_YET}`,
  input: (t) => ({
    userIds: t.idList({ required: true, description: `${HOW_MANY} of Weavr's ids of users.` }),
  }),
  renamed: AROUND,
  within: () => ['userIds'],
  resolve: ({ userIds }, call) => call({ items: userIds.map((id) => ({ pathParams: { _user_id_: id } })) }),
  payload: submitted,
});

const BulkSpendRulesInput = builder.inputType('BulkSpendRulesInput', {
  description: "A change of one card's rules, in a bulk.",
  fields: spendRulesChange,
});

mutation('submitBulkSpendRulesUpdate', api.bulksManagedCardSpendRulesUpdate, {
  description: `Submits changes of cards' rules, to be made in turn. ${NOTHING_YET}`,
  input: (t) => ({
    items: t.field({ type: [BulkSpendRulesInput], required: true, description: `${HOW_MANY} changes.` }),
  }),
  renamed: { ...SPEND_RULE_NAMES, ...AROUND, _id_: 'cardId' },
  within,
  resolve: ({ items }, call) =>
    call({
      items: items.map((item) => {
        const { id, ...requestBody } = toSpendRules(item);
        return { pathParams: { _id_: id }, requestBody };
      }),
    }),
  payload: submitted,
});

const cardIds = (t: InputFields) => ({
  cardIds: t.idList({ required: true, description: `${HOW_MANY} of Weavr's ids of cards.` }),
});
const ofCards = { input: cardIds, renamed: AROUND, within: () => ['cardIds'], payload: submitted };

mutation('submitBulkCardBlock', api.bulksManagedCardBlock, {
  ...ofCards,
  description: `Submits cards to be blocked in turn. ${NOTHING_YET}`,
  resolve: ({ cardIds: ids }, call) => call({ items: cards(ids) }),
});

mutation('submitBulkCardUnblock', api.bulksManagedCardUnblock, {
  ...ofCards,
  description: `Submits cards to be unblocked in turn. ${NOTHING_YET}`,
  resolve: ({ cardIds: ids }, call) => call({ items: cards(ids) }),
});

mutation('submitBulkCardRemove', api.bulksManagedCardRemove, {
  ...ofCards,
  description: `Submits cards to be removed in turn, for good. ${NOTHING_YET}`,
  resolve: ({ cardIds: ids }, call) => call({ items: cards(ids) }),
});
