import type { Stack } from './harness.js';
import { euros } from './paying.js';
import { run } from './registering.js';

/** A bookshop in Malta. */
const SHOP = { merchantName: 'Book Barn', merchantCategoryCode: '5942', country: 'MLT' };

interface Card {
  id: string;
}

/** Mutations of the Simulator, and what they lead to, as Acme's root user. */
export function simulating(stack: () => Stack) {
  /** The clock may have outlived any other. */
  const token = () => stack().sandbox.signIn('root@acme.example');

  /** What a mutation answers, of the Simulator or another. */
  const act = (name: string, input: object, selection = 'outcome', as: string | null = token()) =>
    run(stack(), name, input, selection, as);

  const withCard = (name: string) => (card: Card, input?: object, selection?: string) =>
    act(name, { cardId: card.id, ...SHOP, amount: euros(10_00), ...input }, selection);

  /** What is known of the newest payment of a card. */
  async function paymentOf({ id }: Card, selection: string) {
    const text = `{ cardPayments(first: 1, filter: { cardId: "${id}" }) { nodes { ${selection} } } }`;
    return (await stack().data(text, { token: token() })).cardPayments.nodes[0];
  }

  return {
    act,
    /** A purchase of ten euros in the bookshop, unless told otherwise. */
    buy: withCard('simulateCardPurchase'),
    /** The same, back. */
    refund: withCard('simulateMerchantRefund'),
    paymentOf,
    read: (text: string) => stack().data(text, { token: token() }),
  };
}
