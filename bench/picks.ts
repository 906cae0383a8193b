/** As much of Weavr's answers as the queries of the bench ask for. */
interface Card {
  state: { state: string };
  creationTimestamp: number;
  [property: string]: unknown;
}

interface Amount {
  currency: string;
  amount: number;
}

interface Entry {
  entryId: string;
  timestamp: number;
  description?: string;
  transaction: { id: string; type: string; subtype: string };
  balanceAdjustment: Amount;
  balanceAfter: Amount;
  transactionFee?: Amount;
}

interface Statement {
  count: number;
  openingBalance: Amount;
  closingBalance: Amount;
  entries: Entry[];
}

const card = (of: Card) => ({
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

const value = ({ amount }: Amount) => ({ value: (amount / 100).toFixed(2) });

const entry = (of: Entry) => ({
  entryId: of.entryId,
  executedAt: of.timestamp,
  description: of.description ?? null,
  transaction: of.transaction,
  balanceAdjustment: { ...value(of.balanceAdjustment), currency: of.balanceAdjustment.currency },
  balanceAfter: value(of.balanceAfter),
  counterparty: { __typename: 'MerchantCounterparty' },
  fee: of.transactionFee ? { amount: value(of.transactionFee) } : null,
});

/** What a query would answer of an answer of Weavr's, written out by hand. */
export function pick(body: object): unknown {
  if ('cards' in body) {
    const { count, cards } = body as { count: number; cards: Card[] };
    return { data: { managedCards: { totalCount: count, nodes: cards.map(card) } } };
  }
  if ('entries' in body) {
    const { count, openingBalance, closingBalance, entries } = body as Statement;
    const nodes = entries.map(entry);
    const ends = { openingBalance: value(openingBalance), closingBalance: value(closingBalance) };
    return { data: { managedAccount: { statement: { totalCount: count, ...ends, nodes } } } };
  }
  return { data: { managedCard: card(body as Card) } };
}
