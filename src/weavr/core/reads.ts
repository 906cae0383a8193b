import DataLoader from 'dataloader';
import { nullIfHidden } from './errors.js';
import { type Api, type Edge, type Operation, pagingIn } from './operation.js';
import { type List, scanOrPoint, scanWhole } from './plan.js';
import type { ById } from './shapes.js';

type Input = Readonly<Record<string, unknown>>;
type Send = (operation: Operation, input: object) => Promise<unknown>;
type Loader = DataLoader<object, unknown, string>;

/** Parts of one list that belong to different parents: alike but for the filters of an edge, and for their place. */
interface Family {
  edge?: Edge;
  /** What all of them filter by. */
  shared: Input;
  members: Input[];
}

/** The reads of one request: the same is asked once, and what is asked in one tick is answered by the cheapest plan. */
export class Reads {
  readonly #api: Api;
  readonly #send: Send;
  readonly #loaders = new Map<string, Loader>();
  /** By list: the pages that have been asked for, for the objects that they hold. */
  readonly #pages = new Map<string, Promise<unknown>[]>();
  /** Lists that this caller may not have, or that hide what it may. */
  readonly #useless = new Set<string>();

  constructor(api: Api, send: Send) {
    this.#api = api;
    this.#send = send;
  }

  load(operation: Operation, input: object) {
    return this.#loader(operation).load(input);
  }

  /** After a write, nothing that was read before it holds. */
  forget() {
    this.#loaders.clear();
    this.#pages.clear();
  }

  #loader(operation: Operation): Loader {
    const known = this.#loaders.get(operation.id);
    if (known) return known;
    const loader: Loader = new DataLoader((inputs) => this.#readAll(operation, inputs as readonly Input[]), {
      cacheKeyFn: JSON.stringify,
    });
    this.#loaders.set(operation.id, loader);
    return loader;
  }

  #readAll(operation: Operation, inputs: readonly Input[]): Promise<unknown[]> {
    const { list } = operation;
    if (inputs.length === 1 && !operation.paging && !(list && this.#pages.has(list.id)))
      return alone(this.#send(operation, inputs[0]!));
    if (operation.paging) return this.#readPages(operation, inputs);
    if (list && (this.#api === 'MULTI' || list.inBackOffice)) return this.#readObjects(operation, list, inputs);
    return settled(inputs.map((input) => this.#send(operation, input)));
  }

  /** Objects of a kind that has a list, by their ids. */
  async #readObjects(operation: Operation, list: Operation, inputs: readonly Input[]) {
    const [, parameter = 'id'] = /\{(\w+)\}/.exec(operation.path) ?? [];
    const { items, idOf } = this.#pagingOf(list);
    const pages = (await settled(this.#pages.get(list.id) ?? [])).filter((page) => !(page instanceof Error));
    const known = new Map(pages.flatMap((page) => items(page).map((item) => [idOf(item), item])));
    const ids = inputs.map((input) => String(input[parameter])); // it takes an id and nothing else
    const missing = ids.filter((id) => !known.has(id));
    const point = (id: string) => this.#send(operation, { [parameter]: id });
    const hidden = () => this.#useless.add(list.id);
    const read = this.#useless.has(list.id)
      ? await settled(missing.map(point))
      : await scanOrPoint(missing, { ...this.#listOf(list), point, hidden });
    missing.forEach((id, index) => void known.set(id, read[index]));
    return ids.map((id) => known.get(id));
  }

  /** Pages of one list: those that differ only in their length are one, and the parts of many parents may be one scan. */
  async #readPages(list: Operation, inputs: readonly Input[]) {
    if (inputs.length === 1) return alone(this.#sendPage(list, inputs[0]!));
    const { limit } = this.#pagingOf(list);
    const keyOf = (input: Input) => JSON.stringify({ ...input, [limit]: undefined });
    const longest = new Map<string, Input>();
    for (const input of [...inputs].sort((a, b) => Number(a[limit]) - Number(b[limit])))
      longest.set(keyOf(input), input);
    const answers = new Map<string, Promise<unknown>>();
    for (const family of familiesOf(list, [...longest.values()], [limit, 'offset'])) {
      const scan = this.#scan(list, family);
      for (const input of family.members) {
        const alone = () => this.#sendPage(list, input);
        answers.set(keyOf(input), scan?.then((partOf) => partOf?.(input) ?? alone()) ?? alone());
      }
    }
    return settled(inputs.map((input) => answers.get(keyOf(input))!));
  }

  #sendPage(list: Operation, input: Input) {
    const page = this.#send(list, input);
    const pages = this.#pages.get(list.id);
    if (pages) pages.push(page);
    else this.#pages.set(list.id, [page]);
    return page;
  }

  /** The parts of a family, cut out of their whole list if that takes fewer calls than asking for each. */
  async #scan(list: Operation, { edge, shared, members }: Family) {
    if (!edge || members.length < 2 || this.#useless.has(list.id)) return undefined;
    const { limit, key = '' } = this.#pagingOf(list);
    const all = await scanWhole(this.#listOf(list, shared), members.length).catch(() => undefined);
    if (!all) return undefined;
    const filters = Object.entries(edge);
    return (input: Input) => {
      const own = all.filter((item) => filters.every(([filter, sayOf]) => sayOf(item as never) === input[filter]));
      const offset = Number(input.offset);
      const part = own.slice(offset, offset + Number(input[limit]));
      return { [key]: part, count: own.length, responseCount: part.length };
    };
  }

  #listOf(list: Operation, filters: Input = {}): List<unknown> {
    const { items, idOf, size, limit } = this.#pagingOf(list);
    const page = async (offset: number) => {
      const body = await this.load(list, { ...filters, offset, [limit]: size }).catch(nullIfHidden);
      if (body) return { items: items(body), count: countOf(body) };
      this.#useless.add(list.id);
      return undefined;
    };
    return { page, size, idOf };
  }

  #pagingOf(list: Operation) {
    const { idOf = ({ id }: ById) => id, ...paging } = pagingIn(list, this.#api)!; // only lists come here
    return {
      ...paging,
      items: (page: unknown) => objectsIn(paging.items(page as never)), // a row's items are of the row's answer
      idOf: idOf as (item: unknown) => string,
    };
  }
}

const settled = (reads: readonly Promise<unknown>[]) =>
  Promise.all(reads.map((read) => read.catch((error: Error) => error)));

/** The only one of a batch. */
const alone = (read: Promise<unknown>) =>
  read.then(
    (answer) => [answer],
    (error: Error) => [error],
  );

/** What a plan can go by: where an answer is odd, it costs a call more, and nobody's read. */
const objectsIn = (items: unknown) =>
  Array.isArray(items) ? items.filter((item) => typeof item === 'object' && item !== null) : [];

function countOf(page: unknown) {
  const { count } = page as { count?: number };
  return count === undefined ? undefined : Number(count);
}

/** Inputs of one list by the edge that they follow, those of one edge by what else they filter by. */
function familiesOf({ edges }: Operation, inputs: readonly Input[], paging: readonly string[]): Family[] {
  const families = new Map<string, Family>();
  for (const input of inputs) {
    const edge = edges.find((filters) => Object.keys(filters).every((filter) => input[filter] != null));
    const own = edge ? [...Object.keys(edge), ...paging] : [];
    const shared = Object.fromEntries(Object.entries(input).filter(([name]) => !own.includes(name)));
    const key = JSON.stringify([edge ? edges.indexOf(edge) : input, shared]);
    const family = families.get(key) ?? { edge, shared, members: [] };
    families.set(key, family);
    family.members.push(input);
  }
  return [...families.values()];
}
