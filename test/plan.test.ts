import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Weavr } from '../src/weavr/core/client.js';
import type { RestRequest, Transport } from '../src/weavr/core/transport.js';
import { managedCards } from '../src/weavr/managed-cards.js';

interface Card {
  id: string;
  parentManagedAccountId: string;
  /** The list leaves it out, as it does for callers who may see their own alone. */
  hidden: boolean;
}

/** A Weavr with cards and nothing else, that counts what it is asked; `move` is run after each page. */
function worldOf(cards: Card[], move: (cards: Card[]) => void = () => {}) {
  const asked: string[] = [];
  const answer = (status: number, body?: object) => ({
    status,
    headers: { 'content-type': 'application/json' },
    text: body ? JSON.stringify(body) : '',
  });
  const pageOf = (query: URLSearchParams) => {
    const parent = query.get('parentManagedAccountId');
    const listed = cards.filter((card) => !card?.hidden && (!parent || card.parentManagedAccountId === parent));
    const offset = Number(query.get('offset'));
    const page = listed.slice(offset, offset + Number(query.get('limit')));
    move(cards);
    return answer(200, { cards: page, count: listed.length, responseCount: page.length });
  };
  const send = async ({ path }: RestRequest) => {
    asked.push(path);
    const { pathname, searchParams } = new URL(path, 'http://weavr');
    const [, id] = /\/managed_cards\/(\d+)$/.exec(pathname) ?? [];
    if (!id) return pageOf(searchParams);
    const card = cards.find((one) => one.id === id);
    return card ? answer(200, card) : answer(404);
  };
  const transport: Transport = {
    send,
    stream: () => Promise.reject(new Error('no files here')),
    close: async () => {},
  };
  return { asked, weavr: new Weavr({ transport, apiKey: 'key', session: { api: 'MULTI', token: 'token' } }) };
}

const population = (hidden: fc.Arbitrary<boolean>) =>
  fc.array(fc.record({ parent: fc.nat(12), hidden }), { maxLength: 650 }).map((all) =>
    all.map(
      ({ parent, hidden }, index): Card => ({
        id: String(1000 + index),
        parentManagedAccountId: String(parent),
        hidden,
      }),
    ),
  );

/** Some of them exist and some do not. */
const someIds = fc.uniqueArray(fc.integer({ min: 950, max: 1700 }).map(String), { minLength: 1, maxLength: 40 });
const runs = { numRuns: 150, seed: 7 };

const read = (weavr: Weavr, ids: string[]) =>
  Promise.all(ids.map((id) => weavr.find(managedCards.managedCardGet, { id })));

describe('several objects by their ids', () => {
  it('cost one page and at most as many calls as there are misses or further pages, and one per id on no page', () =>
    fc.assert(
      fc.asyncProperty(population(fc.constant(false)), someIds, async (cards, ids) => {
        const { weavr, asked } = worldOf(cards);
        expect((await read(weavr, ids)).map((card) => card?.id)).toEqual(
          ids.map((id) => cards.find((card) => card.id === id)?.id),
        );
        const firstPage = cards.slice(0, 100).map(({ id }) => id);
        const misses = ids.filter((id) => !firstPage.includes(id)).length;
        const nowhere = ids.filter((id) => !cards.some((card) => card.id === id)).length;
        const furtherPages = Math.max(0, Math.ceil(cards.length / 100) - 1);
        const most = misses > furtherPages ? furtherPages + nowhere : misses;
        expect(asked.length).toBeLessThanOrEqual(ids.length === 1 ? 1 : 1 + most);
      }),
      runs,
    ));

  it('are found although the list moves between its pages, and hides some', () =>
    fc.assert(
      fc.asyncProperty(population(fc.boolean()), someIds, async (cards, ids) => {
        const all = [...cards];
        const { weavr } = worldOf(cards, (list) => list.push(...list.splice(0, 1)));
        expect((await read(weavr, ids)).map((card) => card?.id)).toEqual(
          ids.map((id) => all.find((card) => card.id === id)?.id),
        );
      }),
      runs,
    ));

  it('ask a list that hides them once, and never again', async () => {
    const cards = Array.from({ length: 6 }, (_, index) => ({
      id: String(index + 1),
      parentManagedAccountId: '1',
      hidden: true,
    }));
    const { weavr, asked } = worldOf(cards);
    await read(weavr, ['1', '2']);
    await read(weavr, ['3', '4']);
    await read(weavr, ['5', '6']);
    expect(asked.filter((path) => path.includes('?')).length).toBe(1);
    expect(asked.length).toBe(7);
  });

  it('are read by themselves where a page of their list is odd', async () => {
    const own = { id: '1', parentManagedAccountId: '1', hidden: false };
    const { weavr } = worldOf([null as unknown as Card, own], (cards) => cards.splice(0, 1));
    await weavr.load(managedCards.managedCardsGet, { offset: 0, limit: 20 });
    expect((await read(weavr, ['1', '2'])).map((card) => card?.id)).toEqual(['1', undefined]);
  });

  it('cost nothing where a page has shown them', async () => {
    const cards = Array.from({ length: 50 }, (_, index) => ({
      id: String(index + 1),
      parentManagedAccountId: '1',
      hidden: false,
    }));
    const { weavr, asked } = worldOf(cards);
    await weavr.load(managedCards.managedCardsGet, { offset: 0, limit: 20 });
    await read(weavr, ['1', '7', '20']);
    expect(asked.length).toBe(1);
    await read(weavr, ['21']);
    expect(asked.length).toBe(2);
  });
});

/** Every parent's own page, as a caller asks for the first of its cards. */
const pagesOf = (weavr: Weavr, parents: string[], limit: number) =>
  Promise.all(
    parents.map((parentManagedAccountId) =>
      weavr.load(managedCards.managedCardsGet, { parentManagedAccountId, offset: 0, limit }),
    ),
  );

const someParents = fc.uniqueArray(fc.nat(14).map(String), { minLength: 1, maxLength: 14 });

describe('the parts of a list that belong to several parents', () => {
  it('cost one page and at most as many calls as there are parents or further pages', () =>
    fc.assert(
      fc.asyncProperty(population(fc.constant(false)), someParents, fc.nat(5), async (cards, parents, more) => {
        const { weavr, asked } = worldOf(cards);
        const pages = await pagesOf(weavr, parents, 1 + more);
        for (const [index, { cards: part = [], count }] of pages.entries()) {
          const own = cards.filter((card) => card.parentManagedAccountId === parents[index]);
          expect(part.map(({ id }) => id)).toEqual(own.slice(0, 1 + more).map(({ id }) => id));
          expect(count).toBe(own.length);
        }
        const furtherPages = Math.max(0, Math.ceil(cards.length / 100) - 1);
        expect(asked.length).toBeLessThanOrEqual(parents.length === 1 ? 1 : 1 + Math.min(parents.length, furtherPages));
      }),
      runs,
    ));

  it('are asked for one by one when the list moves meanwhile', async () => {
    const cards = Array.from({ length: 150 }, (_, index) => ({
      id: String(index + 1),
      parentManagedAccountId: String(index % 5),
      hidden: false,
    }));
    const { weavr, asked } = worldOf(cards, (list) => list.length === 150 && list.shift());
    const pages = await pagesOf(weavr, ['0', '1', '2'], 100);
    expect(pages.map(({ count }) => count)).toEqual([29, 30, 30]);
    expect(asked.length).toBe(2 + 3);
  });
});

describe('pages of one list', () => {
  it('are one call where they differ only in their length', async () => {
    const { weavr, asked } = worldOf([]);
    const limits = [1, 20, 5];
    await Promise.all(limits.map((limit) => weavr.load(managedCards.managedCardsGet, { offset: 0, limit })));
    expect(asked).toEqual(['/multi/managed_cards?offset=0&limit=20']);
  });
});
