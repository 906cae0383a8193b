import type { CurrencyAmount } from '../src/weavr/core/shapes.js';
import type { ManagedCard, ManagedCardPage } from '../src/weavr/managed-cards.js';
import type { Statement, StatementEntry } from '../src/weavr/statements.js';

const card = (of: ManagedCard) => ({
  id: of.id,
  friendlyName: of.friendlyName,
  state: of.state.state,
  currency: of.currency,
  mode: of.mode,
  type: of.type,
  cardBrand: of.cardBrand,
  cardNumberFirstSix: of.cardNumberFirstSix,
  cardNumberLastFour: of.cardNumberLastFour,
  nameOnCard: of.nameOnCard,
  startMmyy: of.startMmyy,
  expiryMmyy: of.expiryMmyy,
  createdAt: of.creationTimestamp,
  renewalType: of.renewalType,
  tag: of.tag,
});

const money = (of: CurrencyAmount | undefined) =>
  of ? { value: (of.amount / 100).toFixed(2), currency: of.currency } : null;

const entry = (of: StatementEntry) => ({
  entryId: of.entryId,
  executedAt: of.timestamp,
  description: of.description ?? null,
  transaction: of.transaction,
  balanceAdjustment: money(of.balanceAdjustment),
  balanceAfter: money(of.balanceAfter),
  counterparty: of.counterparty ? { __typename: 'MerchantCounterparty' } : null,
  fee: of.fee ? { amount: money(of.fee.amount) } : null,
});

/** What a query would answer of an answer of Weavr's, written out by hand, with less care than is due. */
export function pick(body: ManagedCard | ManagedCardPage | Statement): unknown {
  if ('cards' in body) return { data: { managedCards: { totalCount: body.count, nodes: body.cards?.map(card) } } };
  if (!('entries' in body)) return { data: { managedCard: card(body as ManagedCard) } }; // the third that there is
  const { count, openingBalance, closingBalance, entries } = body;
  const ends = { openingBalance: money(openingBalance), closingBalance: money(closingBalance) };
  return { data: { managedAccount: { statement: { totalCount: count, ...ends, nodes: entries?.map(entry) } } } };
}
