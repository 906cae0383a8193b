export interface ListPage<T> {
  items: readonly T[];
  /** Of the whole list, ignoring paging; absent where the answer does not tell. */
  count?: number;
}

/** A list that is read page by page; nothing where this caller may not list. */
export interface List<T> {
  page: (offset: number) => Promise<ListPage<T> | undefined>;
  size: number;
  idOf: (item: T) => string;
}

export interface Points<T> extends List<T> {
  point: (id: string) => Promise<T>;
  /** Told when the list had none of the ids and reads of them found some: it hides what this caller may read. */
  hidden: () => void;
}

/**
 * Reads several objects with the fewest calls: page 1 of their list, then the other pages or one read per missing
 * object, whichever is fewer. What no page had is read by itself, for lists move and hide.
 */
export async function scanOrPoint<T>(ids: readonly string[], { point, hidden, ...list }: Points<T>) {
  const found = new Map<string, T>();
  const take = ({ items }: ListPage<T>) => {
    for (const item of items) found.set(list.idOf(item), item);
  };
  const first = ids.length > 1 ? await list.page(0) : undefined;
  if (first) {
    take(first);
    const missing = ids.filter((id) => !found.has(id)).length;
    if (missing > pagesAfter(first, list)) for (const page of await theRest(first, list)) take(page);
  }
  const listed = ids.some((id) => found.has(id));
  const read = await Promise.all(ids.map((id) => found.get(id) ?? point(id).catch((error: Error) => error)));
  if (first && !listed && read.some((item) => !(item instanceof Error))) hidden();
  return read;
}

/**
 * Every item of a list, if that takes fewer calls than so many reads; nothing if it takes more, or if the list has
 * moved meanwhile.
 */
export async function scanWhole<T>(list: List<T>, reads: number) {
  const first = await list.page(0);
  if (!first || first.count === undefined || pagesAfter(first, list) >= reads) return undefined;
  const pages = [first, ...(await theRest(first, list))];
  const items = new Map(pages.flatMap((page) => page.items.map((item) => [list.idOf(item), item] as const)));
  return pages.every(({ count }) => count === items.size) ? [...items.values()] : undefined;
}

const pagesAfter = ({ count = 0 }: ListPage<unknown>, { size }: { size: number }) => Math.ceil(count / size) - 1;

/** The pages after the first, all at once; those that fail are as if they were empty. */
async function theRest<T>(first: ListPage<T>, { page, size }: List<T>): Promise<ListPage<T>[]> {
  const offsets = Array.from({ length: Math.max(0, pagesAfter(first, { size })) }, (_, index) => (index + 1) * size);
  const pages = await Promise.all(offsets.map((offset) => page(offset).catch(() => undefined)));
  return pages.map((one) => one ?? { items: [] });
}
