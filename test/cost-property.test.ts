import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pricedAs } from '../src/schema/core/upstream.js';
import { schema } from '../src/schema/index.js';
import { type Stack, startStack } from './harness.js';

type Field = GraphQLField<unknown, unknown>;

const QUERY = schema.getQueryType()!;
const fieldsOf = (type: GraphQLObjectType): Field[] => Object.values(type.getFields());
const objectsOf = (type: GraphQLNamedType) =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
const objectsAt = (field: Field) => objectsOf(getNamedType(field.type));
const isPaged = ({ args }: Field) => args.some(({ name }) => name === 'first');
const nameOf = (type: GraphQLObjectType, field: Field) => `${type.name}.${field.name}`;
const itemsOf = (field: Field) => objectsAt(field).flatMap((page) => objectsAt(page.getFields().nodes!));

/** Types with fields that call, or that lead to such types. */
const leading = new Set<GraphQLObjectType>();
const leads = (field: Field) =>
  field.extensions.price !== undefined || objectsAt(field).some((type) => leading.has(type));
const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
for (let known = -1; known < leading.size; ) {
  known = leading.size;
  for (const type of objects) if (fieldsOf(type).some(leads)) leading.add(type);
}

const fieldsWhere = (is: (field: Field) => boolean) =>
  objects.flatMap((type) => fieldsOf(type).flatMap((field) => (is(field) ? nameOf(type, field) : [])));

let stack: Stack;
/** By type, some that there are. */
const ids = new Map<string, string[]>();
beforeAll(async () => {
  stack = await startStack({ maxUpstreamCalls: Number.MAX_SAFE_INTEGER }, { watched: () => false });
  const lists = fieldsOf(QUERY).filter(
    (field) => isPaged(field) && itemsOf(field).every((type) => type.getFields().id),
  );
  for (const { name } of lists) {
    const { data } = await stack.query(`{ list: ${name}(first: 30) { nodes { __typename id } } }`);
    for (const { __typename: type, id } of data.list?.nodes ?? []) ids.set(type, [...(ids.get(type) ?? []), id]);
  }
});
afterAll(() => stack.close());

/** So many objects at most at any place, and so many fields, so that a query takes milliseconds. */
const MOST = 30;
const LONGEST = 16;

/** A query while it is written. */
interface Draft {
  oneOf: <T>(all: readonly T[]) => T;
  chance: (percent: number) => boolean;
  deepest: number;
  length: number;
  lists: Set<string>;
  /** The lists of the queries before: the others are rather chosen. */
  before: ReadonlySet<string>;
}

/** Where in a query a field is written: under so many others, for so many objects at most. */
interface Place {
  depth: number;
  most: number;
}

/** A query by chance, of fields that call and of what leads to them. */
function write(draw: fc.GeneratorValue, before: ReadonlySet<string>) {
  const oneOf = <T>(all: readonly T[]) => all[draw(fc.nat, { max: all.length - 1 })]!;
  const chance = (percent: number) => draw(fc.nat, { max: 99 }) < percent;
  const draft: Draft = { oneOf, chance, deepest: oneOf([3, 3, 5, 9]), length: 0, lists: new Set(), before };
  const root = { depth: 0, most: MOST };
  const first = fieldIn(draft, QUERY, oneOf(fieldsOf(QUERY).filter(leads)), root);
  return { text: `{ ${first} ${fieldsIn(draft, QUERY, root)} }`, lists: draft.lists };
}

function fieldIn(draft: Draft, type: GraphQLObjectType, field: Field, { depth, most }: Place) {
  draft.length++;
  const called = depth ? field.name : `f${draft.length}: ${field.name}`; // a root may be asked for twice
  if (!isPaged(field)) {
    const given = field.args.some(({ name }) => name === 'id') ? `(id: "${idFor(draft, field)}")` : '';
    return `${called}${given} ${selectionAt(draft, field, { depth: depth + 1, most })}`;
  }
  draft.lists.add(nameOf(type, field));
  const first = Math.min(most, draft.oneOf([1, 2, 5, 20, 30]));
  const given = first === 20 ? '' : `(first: ${first})`;
  return `${called}${given} ${selectionAt(draft, field, { depth: depth + 1, most: Math.floor(most / first) })}`;
}

function idFor({ oneOf }: Draft, field: Field) {
  const known = objectsAt(field).flatMap((type) => ids.get(type.name) ?? []);
  return oneOf(known.length ? known : [...ids.values()].flat());
}

/** Of several types one: others may have other fields under the same names. */
function selectionAt(draft: Draft, field: Field, place: Place): string {
  const types = objectsAt(field);
  const type = draft.oneOf(types);
  const selected = `__typename ${fieldsIn(draft, type, place)}`;
  return types.length > 1 ? `{ ... on ${type.name} { ${selected} } }` : `{ ${selected} }`;
}

function fieldsIn(draft: Draft, type: GraphQLObjectType, place: Place) {
  const { chance, before, deepest } = draft;
  const leaf = fieldsOf(type).find(({ type, args }) => !args.length && isLeafType(getNamedType(type)) && chance(40));
  const calling = fieldsOf(type).filter(leads);
  const isNew = (field: Field) => isPaged(field) && !before.has(nameOf(type, field));
  const percent = (field: Field) => (place.depth === 0 ? 4 : isNew(field) ? 90 : 150 / calling.length);
  const selections = leaf ? [leaf.name] : [];
  for (const field of calling) {
    if (draft.length < LONGEST && place.depth < deepest && chance(percent(field)))
      selections.push(fieldIn(draft, type, field, place));
  }
  return selections.join(' ');
}

it('never estimates fewer calls than a query makes', async () => {
  const asked = new Set<string>();
  const figures: { estimated: number; actual: number }[] = [];
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const { text, lists } = write(draw, asked);
      const { data, errors, extensions } = await stack.query(text);
      expect(data, `${text} ${JSON.stringify(errors)}`).toBeDefined();
      const { estimated, actual } = extensions!.cost;
      expect(estimated, text).toBeGreaterThanOrEqual(actual);
      figures.push({ estimated, actual });
      for (const list of lists) asked.add(list);
    }),
    { numRuns: 100, seed: 1, endOnFailure: true },
  );
  const lists = fieldsWhere(isPaged);
  const unasked = lists.filter((list) => !asked.has(list));
  expect(unasked, 'lists that no query asked for').toEqual([]);
  expect(Math.max(...figures.map(({ actual }) => actual))).toBeGreaterThanOrEqual(20);
  const tight = figures.filter(({ estimated, actual }) => actual >= 10 && actual > estimated / 2);
  expect(tight.length, 'queries that half of the estimate would be too little for').toBeGreaterThan(5);
});

it('knows the length of every list that leads to calls', () => {
  const isBare = (field: Field) =>
    isListType(getNullableType(field.type)) &&
    !['nodes', 'edges'].includes(field.name) &&
    objectsAt(field).some((type) => leading.has(type));
  expect(fieldsWhere(isBare)).toContain('CardPayment.events');
  expect(fieldsWhere((field) => isBare(field) && !pricedAs(field).length)).toEqual([]);
});
