export interface ListPage<T> {
  items: readonly T[];
  /** Of the whole list, ignoring paging. */
  count: number;
}

export interface Reads<T> {
  /** One page of the list, or nothing where this caller may not list. */
  page: (offset: number) => Promise<ListPage<T> | undefined>;
  point: (id: string) => Promise<T>;
  size: number;
  idOf: (item: T) => string;
}

/**
 * Reads several objects with the fewest calls: page 1 of their list, then the other pages or one read per missing
 * object, whichever is fewer. What no page had is read by itself, for lists move and hide.
 */
export async function scanOrPoint<T>(ids: readonly string[], { page, point, size, idOf }: Reads<T>) {
  const found = new Map<string, T>();
  const take = (list: ListPage<T> | undefined) => {
    for (const item of list?.items ?? []) found.set(idOf(item), item);
  };
  if (ids.length > 1) {
    const first = await page(0);
    take(first);
    const further = first ? Math.ceil(first.count / size) - 1 : 0;
    const missing = ids.filter((id) => !found.has(id)).length;
    if (further > 0 && missing > further) {
      const offsets = Array.from({ length: further }, (_, index) => (index + 1) * size);
      for (const list of await Promise.all(offsets.map(page))) take(list);
    }
  }
  return Promise.all(ids.map((id) => found.get(id) ?? point(id).catch((error: Error) => error)));
}
