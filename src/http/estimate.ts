import { type FieldNode, valueFromASTUntyped } from 'graphql';
import type { Price } from '../schema/core/upstream.js';
import type { Api, Operation } from '../weavr/core/operation.js';
import type { Caller, Condition, Given } from './calls.js';

/** What some fields cost in REST calls. */
export interface Cost {
  /** Never less than what they make. */
  worst: number;
  /** Where a list answers for many objects, two calls: its first page, and one more. */
  expected: number;
  /** The field that is expected to make the most by itself. */
  dearest?: { path: string; node: FieldNode; calls: number };
}

type Variables = Readonly<Record<string, unknown>>;

export const NOTHING: Cost = { worst: 0, expected: 0 };

/** The cost of fields whose reads are remembered together: all of a query, or one write with its payload. */
export function costOf(callers: readonly Caller[], variables: Variables, api: Api): Cost {
  const charges = callers.flatMap((caller) => [...chargesOf(caller, 1, {}, variables)]);
  const demand = new Map<Operation, number>();
  for (const { operation, objects } of charges.flatMap(wanted))
    demand.set(operation, (demand.get(operation) ?? 0) + objects);
  const asked = new Set<Operation>();
  return charges.map((charge) => priceOf(charge, { api, demand, asked })).reduce(sum, NOTHING);
}

export const sum = (one: Cost, other: Cost): Cost => ({
  worst: one.worst + other.worst,
  expected: one.expected + other.expected,
  dearest: (other.dearest?.calls ?? 0) > (one.dearest?.calls ?? 0) ? other.dearest : one.dearest,
});

/** A field that is asked of so many objects. */
interface Charge {
  caller: Caller;
  objects: number;
}

/** What a field knows from those around it. */
interface Around {
  first?: number;
  input?: unknown;
}

function* chargesOf(caller: Caller, parents: number, around: Around, variables: Variables): Generator<Charge> {
  const { uses, prices, free, callers } = caller;
  const isAsked = ({ variable, wanted }: Condition) => variables[variable] !== !wanted;
  if (!uses.some((conditions) => conditions.every(isAsked))) return;
  const items = parents * itemsPer(caller, around);
  const objects = prices.some(({ perItem }) => perItem) ? items : parents;
  if (!free) yield { caller, objects };
  const first = Math.max(0, Number(argumentOf(caller.first, variables) ?? 0));
  const input = caller.input ? argumentOf(caller.input, variables) : around.input;
  for (const inner of callers) yield* chargesOf(inner, items, { first, input }, variables);
}

const argumentOf = (given: Given | undefined, variables: Variables) =>
  (given?.value && valueFromASTUntyped(given.value, variables)) ?? given?.fallback;

function itemsPer({ length }: Caller, { first = 0, input }: Around) {
  if (length === 'ONE') return 1;
  if (length === 'PAGE') return first;
  if ('atMost' in length) return length.atMost;
  const list = (input as Variables | undefined)?.[length.asManyAs] ?? []; // an input is an object, as its type says
  return Array.isArray(list) ? list.length : 1;
}

const wanted = ({ caller, objects }: Charge) =>
  caller.prices.flatMap(({ operations }) => operations.map((operation) => ({ operation, objects })));

interface Market {
  api: Api;
  /** How many objects want an operation, wherever they stand. */
  demand: ReadonlyMap<Operation, number>;
  /** What has been charged already of that which is asked once. */
  asked: Set<Operation>;
}

/** Of several prices the highest: each object is of one type. */
function priceOf({ caller: { prices, path, node }, objects }: Charge, market: Market): Cost {
  const all = prices.map((price) => callsFor(price, objects, market));
  const worst = Math.max(...all.map((cost) => cost.worst));
  const expected = Math.max(...all.map((cost) => cost.expected));
  return { worst, expected, dearest: { path, node, calls: expected } };
}

function callsFor({ operations, oneOf, together }: Price, objects: number, market: Market): Cost {
  const all = operations.map((operation) => callsOf(operation, objects, market));
  const expected = total(all.map((cost) => (together ? Math.min(cost.expected, PLANNED) : cost.expected)));
  const worst = all.map((cost) => cost.worst * (together?.atMost ?? 1));
  return oneOf
    ? { worst: Math.max(...worst), expected: Math.min(objects, expected) }
    : { worst: total(worst), expected };
}

/** What many objects are expected to take where one call may serve them all. */
const PLANNED = 2;

function callsOf(operation: Operation, objects: number, { api, demand, asked }: Market): Cost {
  if (dependsOnNothing(operation)) {
    const calls = asked.has(operation) ? 0 : Math.min(objects, 1);
    asked.add(operation);
    return { worst: calls, expected: calls };
  }
  if (!servesMany(operation, api)) return { worst: objects, expected: objects };
  // At worst the list is read in vain, almost as many pages as there are objects, and then each object.
  const worst = (demand.get(operation) ?? 0) > 1 ? 2 * objects : objects;
  return { worst, expected: Math.min(objects, PLANNED) };
}

const dependsOnNothing = ({ path, paging }: Operation) => !paging && !path.includes('{');

const servesMany = ({ list, edges }: Operation, api: Api) =>
  edges.length > 0 || (list !== undefined && (api === 'MULTI' || list.inBackOffice));

const total = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
