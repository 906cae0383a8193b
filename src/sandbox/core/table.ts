import { notFound } from './handlers.js';

/** Rows of many owners, by id, in the order they were made. One owner never sees another's. */
export class Table<Row extends object> {
  readonly #rows = new Map<string, { owner: string; row: Row }>();

  /** Keeps a copy: what is stored is nobody else's, a seed's constants least of all. */
  add(owner: string, id: string, given: Row): Row {
    const row = structuredClone(given);
    this.#rows.set(id, { owner, row });
    return row;
  }

  /** An owner's row, or Weavr's 404. */
  find(owner: string, id: string): Row {
    const found = this.#rows.get(id);
    if (found?.owner !== owner) throw notFound();
    return found.row;
  }

  /** Anybody's row: for effects that cross identities. */
  any(id: string): Row | undefined {
    return this.#rows.get(id)?.row;
  }

  ownerOf(id: string): string | undefined {
    return this.#rows.get(id)?.owner;
  }

  /** An owner's rows, newest first. */
  of(owner: string): Row[] {
    const own: Row[] = [];
    for (const entry of this.#rows.values()) if (entry.owner === owner) own.push(entry.row);
    return own.reverse();
  }

  all(): Row[] {
    return [...this.#rows.values()].map(({ row }) => row);
  }
}
