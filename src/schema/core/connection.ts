import type { ArgBuilder, ObjectRef, OutputRef } from '@pothos/core';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Weavr } from '../../weavr/core/client.js';
import { type ItemOf, type Operation, pagingIn } from '../../weavr/core/operation.js';
import type { Counted, Nullish } from '../../weavr/core/shapes.js';
import { builder, type Types } from './builder.js';
import { asksFor } from './selection.js';

/** Some items of one of Weavr's offset lists, with the answer they came in. */
export interface Slice<Item, Body = unknown> {
  nodes: readonly Item[];
  totalCount: number;
  offset: number;
  body: Body;
}

type SliceFields<Item, Body> = PothosSchemaTypes.ObjectFieldBuilder<Types, Slice<Item, Body>>;

export const DEFAULT_PAGE = 20;

/** `first` and `after`, for a list whose pages hold at most `most`. */
export const pageArgs = (t: ArgBuilder<Types>, most = 100) => ({
  first: t.int({ required: true, defaultValue: DEFAULT_PAGE, description: `How many items, 1 to ${most}.` }),
  after: t.string({ description: 'The `endCursor` of the page before. Absent: from the start.' }),
});

export interface PageArgs {
  first: number;
  after?: string | null;
}

const refused = (argument: string, expected: string) =>
  new GraphQLError(`Argument "${argument}": expected ${expected}.`, {
    extensions: { code: 'BAD_USER_INPUT', argument, expected },
  });

const cursorOf = (offset: number) => Buffer.from(`offset:${offset}`).toString('base64url');

function offsetAfter(cursor: string) {
  const [, digits] = /^offset:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (digits === undefined || cursorOf(Number(digits)) !== cursor) throw refused('after', 'a cursor of this list');
  return Number(digits) + 1;
}

/** What a page shows of its items; what else it tells, a page of one tells too. */
const OF_ITEMS = ['nodes', 'edges', 'pageInfo'];

/** One page of a list: always with `limit` and `offset`, because Weavr's defaults are not documented. */
export async function readPage<In extends object, Body extends Partial<Counted>>(
  weavr: Weavr,
  operation: Operation<In, Body>,
  { first, after }: PageArgs,
  filters: Omit<Nullish<In>, 'offset' | 'limit' | 'statementLimit'>,
  info: GraphQLResolveInfo,
): Promise<Slice<ItemOf<Body>, Body>> {
  const paging = pagingIn(operation, weavr.session.api);
  if (!paging) throw new TypeError(`${operation.id} is no list`);
  if (!Number.isInteger(first) || first < 1 || first > paging.size) throw refused('first', `1 to ${paging.size}`);
  const offset = after ? offsetAfter(after) : 0;
  const limit = asksFor(info, ...OF_ITEMS) ? first : 1;
  // The two omitted parameters are put back here, under the list's own names.
  const body = await weavr.load(operation, { ...filters, offset, [paging.limit]: limit } as unknown as Nullish<In>);
  // The row's items are of the row's answer, which may be longer if a longer page was asked for at the same time.
  const nodes = paging.items(body as never).slice(0, limit) as ItemOf<Body>[];
  return { nodes, totalCount: Number(body.count ?? offset + nodes.length), offset, body };
}

const PageInfo = builder.objectRef<Slice<unknown>>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether more items follow.',
      resolve: ({ nodes, offset, totalCount }) => offset + nodes.length < totalCount,
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether items stand before this page.',
      resolve: ({ offset }) => offset > 0,
    }),
    startCursor: t.string({
      nullable: true,
      description: 'Cursor of the first item; null on an empty page.',
      resolve: ({ nodes, offset }) => (nodes.length ? cursorOf(offset) : null),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Cursor of the last item, to be passed as `after`; null on an empty page.',
      resolve: ({ nodes, offset }) => (nodes.length ? cursorOf(offset + nodes.length - 1) : null),
    }),
  }),
});

/** `connection('ManagedCardConnection', ManagedCard)`; `more` adds what the list's answer says besides its items. */
export function connection<Item extends object, Body = unknown>(
  name: string,
  node: OutputRef<Item>,
  more?: {
    description?: string;
    fields: (t: SliceFields<Item, Body>) => Record<string, PothosSchemaTypes.FieldRef<Types>>;
  },
): ObjectRef<Types, Slice<Item, Body>> {
  const edge = builder.objectRef<{ node: Item; cursor: string }>(`${name.replace(/Connection$/, '')}Edge`).implement({
    description: 'An item and its place in the list.',
    fields: (t) => ({
      // Pothos cannot see that a ref of Item takes an Item once Item is generic.
      node: t.field({ type: node, description: 'The item.', resolve: (item) => item.node as never }),
      cursor: t.exposeString('cursor', { description: 'Its place, to be passed as `after`.' }),
    }),
  });
  return builder.objectRef<Slice<Item, Body>>(name).implement({
    description: more?.description ?? 'One page of a list.',
    fields: (t) => ({
      nodes: t.field({ type: [node], description: 'The items.', resolve: ({ nodes }) => nodes as never }),
      edges: t.field({
        type: [edge],
        description: 'The items with their cursors.',
        resolve: ({ nodes, offset }) => nodes.map((item, index) => ({ node: item, cursor: cursorOf(offset + index) })),
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: (slice) => slice }),
      totalCount: t.exposeInt('totalCount', { description: 'How many items match, ignoring paging.' }),
      ...more?.fields(t),
    }),
  });
}
