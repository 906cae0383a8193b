import { getDirective } from '@graphql-tools/utils';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { routes } from '../src/sandbox/index.js';
import { schema } from '../src/schema/index.js';
import { literalOf, sampleOf } from './inputs.js';

type Field = GraphQLField<unknown, unknown>;

/** One query of everything that a field of Query tells, or that one sub-resource of it does. */
export interface Question {
  field: string;
  /** Takes `$id`, or `$after`, or nothing. */
  text: string;
  takes: 'ID' | 'CURSOR' | 'NOTHING';
  /** The objects it answers, by type name: what its id may be the id of. */
  targets: string[];
  /** Types of what it looks up inside of that object, by `$inner`. */
  inner?: string[];
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

/** The operations that a field's directive names. */
export const upstreamOf = (field: Field): string[] => getDirective(schema, field, 'upstream')?.[0]?.operations ?? [];

const queries = fieldsOf(schema.getQueryType()!);
const roots = new Set(queries.flatMap(targetsOf));
const operationsOfQueries = new Set(queries.flatMap(upstreamOf));

/** Calls what a query of its own calls, and not for what such a query tells of no object. */
const isLink = (field: Field) =>
  upstreamOf(field).length > 0 &&
  upstreamOf(field).every((id) => operationsOfQueries.has(id)) &&
  targetsOf(field).some((target) => roots.has(target) || target.getFields().id);
/** Takes calls of its own, which no query makes. */
const isSubresource = (field: Field) => upstreamOf(field).length > 0 && !isLink(field);

/** What a link tells without a call; a connection never does. */
function ofLink(field: Field) {
  if (nodesOf(getNamedType(field.type))) return '';
  return targetsOf(field).every((target) => target.getFields().id)
    ? `${field.name} { id }`
    : `${field.name} { __typename }`;
}

/** Made by the gateway, and another at every look. */
const NOT_OF_WEAVR = ['StatementDocument', 'PaymentConfirmation'];

/** A field with everything under it, down to links and to types that stand above it already. */
function whole(field: Field, above: readonly string[], prefix: string): string {
  const type = getNamedType(field.type);
  if (NOT_OF_WEAVR.includes(type.name)) return '';
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
  return Math.max(1, ...operations.map(({ paging }) => paging?.size ?? 0));
};

/** The largest page, the id, the cursor, any member of a required enum; the rest is left out, as it may be. */
function argumentsOf(field: Field, variables = false) {
  const given = field.args.flatMap((argument) => {
    if (argument.name === 'first') return [`first: ${largestPage(field)}`];
    if (variables && (argument.name === 'id' || argument.name === 'after'))
      return [`${argument.name}: $${argument.name}`];
    if (argument.name === 'id') return ['id: $inner'];
    const type = getNamedType(argument.type);
    if (isRequiredArgument(argument) && isEnumType(type)) return [`${argument.name}: ${type.getValues()[0]!.name}`];
    if (isRequiredArgument(argument)) throw new TypeError(`nobody knows what to give ${field.name}(${argument.name}:)`);
    return [];
  });
  return given.length ? `(${given.join(', ')})` : '';
}

function questionsOf(field: Field): Question[] {
  const type = getNamedType(field.type);
  const takes = takesId(field) ? 'ID' : nodesOf(type) ? 'CURSOR' : 'NOTHING';
  const variables = { ID: ['$id: ID!'], CURSOR: ['$after: String'], NOTHING: [] }[takes];
  const question = (only?: Field): Question => {
    const inner = only && takesId(only) ? targetsOf(only).map(({ name }) => name) : undefined;
    const declared = [...variables, ...(inner ? ['$inner: ID!'] : [])].join(', ');
    const selection = selectionOf(type, [type.name], only?.name);
    return {
      field: field.name,
      text: `query ${declared && `(${declared})`} { ${field.name}${argumentsOf(field, true)} ${selection} }`,
      takes,
      targets: targetsOf(field).map(({ name }) => name),
      inner,
    };
  };
  // A list would ask once for each of its items; a lookup of the same object asks once.
  if (takes === 'CURSOR') return [question()];
  const subresources = targetsOf(field).flatMap(fieldsOf).filter(isSubresource);
  return [question(), ...new Map(subresources.map((one) => [one.name, question(one)])).values()];
}

const takesId = ({ args }: Field) => args.some(({ name }) => name === 'id');

/** Everything that the schema can tell, by the fields of Query. */
export const questions = queries.flatMap(questionsOf);

/** A value with everything that an input type takes. */
function fullest(declared: GraphQLInputType): unknown {
  const type = getNullableType(declared);
  if (isListType(type)) return [fullest(type.ofType)];
  if (!isInputObjectType(type)) return sampleOf(type);
  return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, fullest(field.type)]));
}

/** A field with every argument but its page's. */
function narrowed({ name, args }: Field) {
  const given = args.filter((argument) => !['first', 'after', 'id'].includes(argument.name));
  return `${name}(${given.map((argument) => `${argument.name}: ${literalOf(argument.type, fullest(argument.type))}`)})`;
}

const canBeNarrowed = (field: Field) => field.args.some(({ name }) => !['first', 'after', 'id'].includes(name));

/** Every list, and every sub-resource, under all of its conditions at once. */
export const narrowQuestions: Question[] = [
  ...queries.filter(canBeNarrowed).map((field) => ({
    field: field.name,
    text: `{ ${narrowed(field)} { __typename } }`,
    takes: 'NOTHING' as const,
    targets: [],
  })),
  ...queries.filter(takesId).flatMap((lookup) =>
    targetsOf(lookup).flatMap((target) =>
      fieldsOf(target)
        .filter((field) => canBeNarrowed(field) && upstreamOf(field).length)
        .map((field) => ({
          field: lookup.name,
          text: `query ($id: ID!) { ${lookup.name}(id: $id) { ... on ${target.name} { ${narrowed(field)} { __typename } } } }`,
          takes: 'ID' as const,
          targets: [target.name],
        })),
    ),
  ),
];

/** The operations that any field may call. */
export const operationsOfFields = [
  ...new Set(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => fieldsOf(type).flatMap(upstreamOf)),
  ),
];
