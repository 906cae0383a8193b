import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { schema } from '../src/schema/index.js';

/** An argument, or an input field inside one, that takes an id. */
export interface IdPlace {
  /** The field's place in the schema: `Query.managedAccounts`. */
  field: string;
  argument: GraphQLArgument;
  /** From the argument to the id: `['filter', 'profileId']`; a number where a list is. */
  path: (string | number)[];
  /** A whole document around the field, whose arguments are given as text. */
  document: (argumentsText: string, variables?: string) => string;
}

const SAMPLES: Record<string, unknown> = {
  ID: '1',
  String: 'text',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-01-01T00:00:00.000Z',
  LocalDate: '2026-01-01',
  SafeInt: 1,
  MinorUnits: 1,
  Currency: 'EUR',
  CountryCode: 'MT',
  EmailAddress: 'a@b.example',
  Secret: 'secret',
  URL: 'https://a.example',
};

/** The least that a type takes, with one value put at a path. */
export function sampleOf(
  declared: GraphQLInputType,
  [step, ...path]: (string | number)[] = [],
  value?: unknown,
): unknown {
  const type = getNullableType(declared);
  if (isListType(type)) return [sampleOf(type.ofType, path, value)];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (!isInputObjectType(type)) return value === undefined ? SAMPLES[type.name] : value;
  const fields = Object.values(type.getFields());
  const needed = type.isOneOf && step === undefined ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
  const given = new Set([...needed, ...fields.filter(({ name }) => name === step)]);
  return Object.fromEntries(
    [...given].map(({ name, type: inner }) => [name, name === step ? sampleOf(inner, path, value) : sampleOf(inner)]),
  );
}

/** JSON as a GraphQL literal of a type, which knows what is an enum. */
export function literalOf(declared: GraphQLInputType, value: unknown): string {
  const type = getNullableType(declared);
  if (isListType(type) && Array.isArray(value))
    return `[${value.map((item) => literalOf(type.ofType, item)).join(', ')}]`;
  if (isEnumType(type)) return String(value);
  if (!isInputObjectType(type)) return JSON.stringify(value);
  const fields = type.getFields();
  const parts = Object.entries(value as object).map(
    ([name, inner]) => `${name}: ${literalOf(fields[name]!.type, inner)}`,
  );
  return `{ ${parts.join(', ')} }`;
}

/** Every path to an id within an input type. */
function idPaths(declared: GraphQLInputType, seen: readonly GraphQLNamedType[] = []): (string | number)[][] {
  const type = getNullableType(declared);
  if (isListType(type)) return idPaths(type.ofType, seen).map((path) => [0, ...path]);
  if (type.name === 'ID') return [[]];
  if (!isInputObjectType(type) || seen.includes(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    idPaths(field.type, [...seen, type]).map((path) => [field.name, ...path]),
  );
}

type Around = (selection: string) => string;
type Field = GraphQLField<unknown, unknown>;

const requiredArguments = (field: Field, except?: GraphQLArgument) =>
  field.args
    .filter((argument) => argument !== except && isRequiredArgument(argument))
    .map(({ name, type }) => `${name}: ${literalOf(type, sampleOf(type))}`);

const inParentheses = (texts: string[]) => (texts.length ? `(${texts.join(', ')})` : '');

/** A root type's field with the least that it takes. */
export const least = (field: Field) =>
  field.name +
  inParentheses(requiredArguments(field)) +
  (isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '');

/** The shortest way from a root field to each type, as text around a selection of it. */
function waysToTypes() {
  const ways = new Map<string, { root: 'query' | 'mutation'; around: Around }>([
    ['Query', { root: 'query', around: (selection) => selection }],
    ['Mutation', { root: 'mutation', around: (selection) => selection }],
  ]);
  for (const [name, { root, around }] of ways) {
    const reach = (to: GraphQLNamedType, through: Around) => {
      if (isCompositeType(to) && !ways.has(to.name))
        ways.set(to.name, { root, around: (inner) => around(through(inner)) });
    };
    const type = schema.getType(name);
    if (isAbstractType(type))
      for (const member of schema.getPossibleTypes(type))
        reach(member, (inner) => `... on ${member.name} { ${inner} }`);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()))
      reach(
        getNamedType(field.type),
        (inner) => `${field.name}${inParentheses(requiredArguments(field))} { ${inner} }`,
      );
  }
  return ways;
}

/** Every place of the schema where a caller may put an id. */
export const idPlaces: IdPlace[] = [...waysToTypes()].flatMap(([name, { root, around }]) => {
  const type = schema.getType(name);
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.flatMap((argument) =>
      idPaths(argument.type).map((inside) => ({
        field: `${name}.${field.name}`,
        argument,
        path: [argument.name, ...inside],
        document: (text: string, variables = '') =>
          `${root} ${variables} { ${around(
            `${field.name}${inParentheses([...requiredArguments(field, argument), text])}${
              isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''
            }`,
          )} }`,
      })),
    ),
  );
});
