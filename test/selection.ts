import { getDirective } from '@graphql-tools/utils';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { routes } from '../src/sandbox/index.js';
import { schema } from '../src/schema/index.js';

type Field = GraphQLField<unknown, unknown>;

/** One query of everything that a field of Query tells, or that one sub-resource of it does. */
export interface Question {
  field: string;
  /** Takes `$id`, or `$after`, or nothing. */
  text: string;
  takes: 'ID' | 'CURSOR' | 'NOTHING';
  /** The objects it answers, by type name: what its id may be the id of. */
  targets: string[];
}

const fieldsOf = (type: GraphQLObjectType): Field[] => Object.values(type.getFields());

const nodesOf = (type: GraphQLNamedType): Field | undefined =>
  isObjectType(type) ? type.getFields().nodes : undefined;

/** The objects that a field leads to, through lists, connections and interfaces. */
function targetsOf(field: Field): GraphQLObjectType[] {
  const type = getNamedType(field.type);
  if (isAbstractType(type)) return [...schema.getPossibleTypes(type)];
  if (!isObjectType(type)) return [];
  const nodes = nodesOf(type);
  return nodes ? targetsOf(nodes) : [type];
}

const queries = fieldsOf(schema.getQueryType()!);
const roots = new Set(queries.flatMap(targetsOf));

/** The operations that a field's directive names. */
export const upstreamOf = (field: Field): string[] => getDirective(schema, field, 'upstream')?.[0]?.operations ?? [];

/** Leads to what has a query of its own. */
const isLink = (field: Field) => upstreamOf(field).length > 0 && targetsOf(field).every((target) => roots.has(target));
/** Takes calls of its own, for what no query answers. */
const isSubresource = (field: Field) => upstreamOf(field).length > 0 && !isLink(field);

/** What a link tells without a call; a connection never does. */
function ofLink(field: Field) {
  if (nodesOf(getNamedType(field.type))) return '';
  return targetsOf(field).every((target) => target.getFields().id)
    ? `${field.name} { id }`
    : `${field.name} { __typename }`;
}

/** A field with everything under it, down to links and to types that stand above it already. */
function whole(field: Field, above: readonly string[], prefix: string): string {
  const type = getNamedType(field.type);
  if (isLink(field)) return ofLink(field);
  if (field.name === 'edges') return 'edges { cursor }';
  const called = prefix ? `${prefix}${field.name}: ${field.name}` : field.name;
  if (above.includes(type.name)) return `${called} { __typename }`;
  return `${called}${argumentsOf(field)} ${selectionOf(type, [...above, type.name])}`;
}

/** A selection of everything that a type tells; of what has a query of its own, `only` one sub-resource or none. */
function selectionOf(type: GraphQLNamedType, above: readonly string[], only?: string): string {
  if (!isAbstractType(type) && !isObjectType(type)) return '';
  const members = isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  const clashing = clashes(members);
  const fragments = members.map((member) => {
    const mine = (field: Field) => (only ? field.name === only : !roots.has(member) || !isSubresource(field));
    const selected = fieldsOf(member)
      .filter(mine)
      .map((field) => whole(field, above, clashing.has(field.name) ? `${member.name}_` : ''))
      .filter(Boolean);
    return selected.length ? `... on ${member.name} { ${selected.join(' ')} }` : '';
  });
  return `{ __typename ${fragments.join(' ')} }`;
}

/** Names that the members of an abstract type use for values of different types. */
function clashes(members: readonly GraphQLObjectType[]) {
  const types = new Map<string, string>();
  const clashing = new Set<string>();
  for (const { name, type } of members.flatMap(fieldsOf)) {
    if ((types.get(name) ?? String(type)) !== String(type)) clashing.add(name);
    types.set(name, String(type));
  }
  return clashing;
}

const largestPage = (field: Field) => {
  const operations = routes.map(({ operation }) => operation).filter(({ id }) => upstreamOf(field).includes(id));
  return Math.max(...operations.map(({ paging }) => paging?.size ?? 0));
};

/** The largest page, the id, the cursor, any member of a required enum; the rest is left out, as it may be. */
function argumentsOf(field: Field, variables = false) {
  const given = field.args.flatMap((argument) => {
    if (argument.name === 'first') return [`first: ${largestPage(field)}`];
    if (variables && (argument.name === 'id' || argument.name === 'after'))
      return [`${argument.name}: $${argument.name}`];
    const type = getNamedType(argument.type);
    if (isRequiredArgument(argument) && isEnumType(type)) return [`${argument.name}: ${type.getValues()[0]!.name}`];
    if (isRequiredArgument(argument)) throw new TypeError(`nobody knows what to give ${field.name}(${argument.name}:)`);
    return [];
  });
  return given.length ? `(${given.join(', ')})` : '';
}

function questionsOf(field: Field): Question[] {
  const type = getNamedType(field.type);
  const takes = field.args.some(({ name }) => name === 'id') ? 'ID' : nodesOf(type) ? 'CURSOR' : 'NOTHING';
  const variables = { ID: '($id: ID!)', CURSOR: '($after: String)', NOTHING: '' }[takes];
  const question = (selection: string): Question => ({
    field: field.name,
    text: `query ${variables} { ${field.name}${argumentsOf(field, true)} ${selection} }`,
    takes,
    targets: targetsOf(field).map(({ name }) => name),
  });
  const subresources = new Set(
    targetsOf(field)
      .flatMap(fieldsOf)
      .filter(isSubresource)
      .map(({ name }) => name),
  );
  const own = question(selectionOf(type, [type.name]));
  // A list would ask once for each of its items; a lookup of the same object asks once.
  if (takes === 'CURSOR') return [own];
  return [own, ...[...subresources].map((name) => question(selectionOf(type, [type.name], name)))];
}

/** Everything that the schema can tell, by the fields of Query. */
export const questions = queries.flatMap(questionsOf);

/** The operations that any field may call. */
export const operationsOfFields = [
  ...new Set(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => fieldsOf(type).flatMap(upstreamOf)),
  ),
];
