export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type Route = `${Method} /${string}`;

/** The two of Weavr's APIs that hold the same operations: a user's, and a server's on behalf of an identity. */
export type Api = 'MULTI' | 'BACK_OFFICE';

/** What a call proves besides the api-key: nothing, a session, or a session where there is one. */
export type Auth = 'API_KEY' | 'SESSION' | 'EITHER';

/** How a list pages: where its items are, how many a page may hold, and what Weavr calls that number. */
export interface Paging {
  readonly items: (page: never) => readonly unknown[];
  readonly size: number;
  readonly limit: 'limit' | 'statementLimit';
  /** Where the items are, if that is one property of the page. */
  readonly key?: string;
  /** An item's id, where that is not its `id`. */
  readonly idOf?: (item: never) => string;
}

/** Filters that lead from one parent to its items in a list, with what an item says of each. */
export type Edge<Item = never> = Readonly<Record<string, (item: Item) => string | undefined>>;

/** One row of Weavr's REST contract: what it takes, what it answers, what it may refuse with. */
export interface Operation<In = never, Out = unknown, Refusal extends string = string> {
  /** Weavr's own operationId. */
  readonly id: string;
  readonly method: Method;
  /** Parameters in braces, as Weavr prints it. */
  readonly path: string;
  readonly auth: Auth;
  readonly inBackOffice: boolean;
  /** Belongs to the Simulator, which has a key of its own and is never in production. */
  readonly inSimulator: boolean;
  /** Where Back Office has it elsewhere than under the same path, and pages it otherwise. */
  readonly backOfficeForm?: { readonly path: string; readonly paging?: Paging };
  readonly idempotentIn: readonly Api[];
  /** A repetition could pay twice: the caller must bring an idempotency key. */
  readonly movesMoney: boolean;
  readonly refusals: readonly Refusal[];
  /** Codes for the statuses that Weavr answers without a body. */
  readonly bareStatuses: Readonly<Record<number, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Array parameters that travel as `a,b`; all others are repeated. */
  readonly commaJoined: readonly string[];
  readonly paging?: Paging;
  /** The ways from a parent to its items in this list: the items of many parents may be read as one list. */
  readonly edges: readonly Edge[];
  /** The list whose items are the same objects, for reading several at once. */
  readonly list?: Operation;
  /** Weavr wants a JSON object even where there is nothing to say. */
  readonly needsBody: boolean;
  /** A bulk: its body is the bare list that its input calls `items`, and its success is 201. */
  readonly submitsItems: boolean;
  /** Whether a success has a body, has none, or may have either. */
  readonly body: 'ALWAYS' | 'NEVER' | 'MAYBE';
  /** Only types: the client, the schema and the sandbox infer from it, nothing sets it. */
  readonly types?: (input: In) => Out;
}

type PagingDetails = Partial<Omit<Paging, 'items' | 'key'>>;

/** What the lists in a page hold. */
export type ItemOf<Page> = {
  [K in keyof Page]-?: NonNullable<Page[K]> extends readonly (infer Item)[] ? Item : never;
}[keyof Page];

interface Row<In, Out, Refusal extends string> {
  readonly operation: Operation<In, Out, Refusal>;
  readonly listName?: string;
  /** The api-key alone opens it (`anonymous`), or a session may come along (`either`). */
  anonymous(): Row<In, Out, Refusal>;
  either(): Row<In, Out, Refusal>;
  /** Back Office has it too: under `/multi/backoffice` at the same path, or in the form that is told. */
  backOffice(form?: { path: string; pages?: PagingDetails }): Row<In, Out, Refusal>;
  /** The Simulator's: its key takes the place of the api-key. */
  simulator(): Row<In, Out, Refusal>;
  /** Takes `idempotency-ref`, in both APIs unless told. */
  idempotent(...apis: Api[]): Row<In, Out, Refusal>;
  movesMoney(): Row<In, Out, Refusal>;
  /** All that its body holds may be absent, and the body may not. */
  needsBody(): Row<In, Out, Refusal>;
  /** Its body is the bare list that its input calls `items`, and its success is 201. */
  submitsItems(): Row<In, Out, Refusal>;
  /** The `errorCode`s of its 409 answers. */
  refusing<C extends string>(...codes: C[]): Row<In, Out, Refusal | C>;
  /** Names statuses that come without a body. */
  bare(codes: Record<number, string>): Row<In, Out, Refusal>;
  with(headers: Record<string, string>): Row<In, Out, Refusal>;
  commas(...parameters: string[]): Row<In, Out, Refusal>;
  /** It is a list: where its items are, and how it pages if not by `limit` up to 100. */
  pages(items: keyof Out | ((page: Out) => readonly unknown[]), how?: PagingDetails): Row<In, Out, Refusal>;
  /** Filters that lead from a parent to its items; several belong together when they are told together. */
  foundBy(edge: Edge<ItemOf<Out>>): Row<In, Out, Refusal>;
  /** The list of the same table that holds the same objects. */
  listedBy(name: string): Row<In, Out, Refusal>;
  /** May answer 204 instead of its body. */
  orEmpty(): Row<In, Out | undefined, Refusal>;
}

const formOf = ({ paging }: { paging?: Paging }, { path, pages }: { path: string; pages?: PagingDetails }) => ({
  path,
  paging: paging && { ...paging, ...pages },
});

/** Where an operation is in an API. */
export const pathIn = ({ path, backOfficeForm }: Operation, api: Api) =>
  api === 'MULTI' ? path : (backOfficeForm?.path ?? path.replace(/^\/multi\/(backoffice\/)?/, '/multi/backoffice/'));

/** How a list pages in an API. */
export const pagingIn = ({ paging, backOfficeForm }: Operation, api: Api) =>
  api === 'MULTI' ? paging : (backOfficeForm?.paging ?? paging);

/** Absent where a page says that it is empty. */
const whereItems = <Out>(items: keyof Out | ((page: Out) => readonly unknown[])): Pick<Paging, 'items' | 'key'> => {
  if (typeof items === 'function') return { items };
  return { key: String(items), items: (page: Out) => (page[items] ?? []) as readonly unknown[] }; // the key of a list
};

const row = <In, Out, Refusal extends string>(
  operation: Operation<In, Out, Refusal>,
  listName?: string,
): Row<In, Out, Refusal> => {
  const but = (change: Partial<Operation<In, Out, Refusal>>) => row({ ...operation, ...change }, listName);
  return {
    operation,
    listName,
    anonymous: () => but({ auth: 'API_KEY' }),
    either: () => but({ auth: 'EITHER' }),
    backOffice: (form) => but({ inBackOffice: true, ...(form && { backOfficeForm: formOf(operation, form) }) }),
    simulator: () => but({ inSimulator: true }),
    idempotent: (...apis) => but({ idempotentIn: apis.length ? apis : ['MULTI', 'BACK_OFFICE'] }),
    movesMoney: () => but({ movesMoney: true }),
    needsBody: () => but({ needsBody: true }),
    submitsItems: () => but({ submitsItems: true }),
    refusing: (...codes) => row({ ...operation, refusals: [...operation.refusals, ...codes] }, listName),
    bare: (bareStatuses) => but({ bareStatuses }),
    with: (headers) => but({ headers }),
    commas: (...commaJoined) => but({ commaJoined }),
    pages: (items, how) => but({ paging: { ...whereItems(items), size: 100, limit: 'limit', ...how } }),
    foundBy: (edge) => but({ edges: [...operation.edges, edge as Edge] }), // the items are of the row's answer
    listedBy: (name) => row(operation, name),
    orEmpty: () => row<In, Out | undefined, Refusal>({ ...operation, body: 'MAYBE' }, listName),
  };
};

const start = <In, Out>(route: Route, body: Operation['body']) => {
  const [method, path] = route.split(' ') as [Method, string]; // a Route is exactly that
  return row<In, Out, never>({
    id: '',
    method,
    path,
    auth: 'SESSION',
    inBackOffice: false,
    inSimulator: false,
    idempotentIn: [],
    movesMoney: false,
    refusals: [],
    bareStatuses: {},
    headers: {},
    commaJoined: [],
    edges: [],
    needsBody: false,
    submitsItems: false,
    body,
  });
};

/** `op<In, Out>('GET /multi/things/{id}')`: In is path parameters and query or body, Out the body of a success. */
export const op = <In, Out>(route: Route) => start<In, Out>(route, 'ALWAYS');

/** An operation whose success is a bare 204. */
op.empty = <In>(route: Route) => start<In, void>(route, 'NEVER');

type Operations<T> = { [K in keyof T]: T[K] extends Row<infer In, infer Out, infer C> ? Operation<In, Out, C> : never };

/** Stamps each row with its key, which is Weavr's operationId, and joins it to the list that holds its objects. */
export function operations<T extends Record<string, { operation: unknown; listName?: string }>>(rows: T) {
  const table: Record<string, Operation> = {};
  for (const [id, { operation }] of Object.entries(rows)) table[id] = { ...(operation as Operation), id };
  for (const [id, { listName }] of Object.entries(rows)) {
    if (!listName) continue;
    const list = table[listName];
    if (!list?.paging) throw new TypeError(`${id}: ${listName} is no list of this table`);
    table[id] = { ...(table[id] as Operation), list };
  }
  return table as Operations<T>; // the loops above keep every key and its types
}
