import {
  defaultFieldResolver,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { Context } from './builder.js';
import { memberName, refuseUnrecognized, UNRECOGNIZED } from './enums.js';

type Leaf = (value: unknown, context: Context) => unknown;

/** Makes every leaf of the schema bear what Weavr may send: blank text for absent, and enum values of tomorrow. */
export function tolerate(schema: GraphQLSchema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isEnumType(type)) refuseUnrecognized(type);
    if (isObjectType(type)) for (const field of Object.values(type.getFields())) tolerateField(field);
  }
  return schema;
}

function tolerateField(field: GraphQLField<unknown, Context>) {
  const type = getNamedType(field.type);
  const nullable = !isNonNullType(field.type);
  if (isEnumType(type)) wrap(field, known(type, nullable));
  else if (isScalarType(type) && nullable) wrap(field, presentOnly);
}

function wrap(field: GraphQLField<unknown, Context>, leaf: Leaf) {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info) => {
    const value = resolve(source, args, context, info);
    return value instanceof Promise ? value.then((late) => leaf(late, context)) : leaf(value, context);
  };
}

const presentOnly: Leaf = (value) => (typeof value === 'string' && !value.trim() ? null : value);

function known(type: GraphQLEnumType, nullable: boolean): Leaf {
  const values = new Set(type.getValues().map(({ value }) => value));
  const one = (value: unknown, context: Context): unknown => {
    if (value === null || value === undefined || values.has(value)) return value;
    if (nullable && !String(value).trim()) return null;
    // Weavr spells some values differently from place to place: MANAGED_CARDS, managed_cards.
    const spelled = type.getValue(memberName(String(value)));
    if (spelled && spelled.name !== UNRECOGNIZED) return spelled.value;
    context.unrecognized.add(`${type.name}.${value}`);
    return UNRECOGNIZED;
  };
  return (value, context) => (Array.isArray(value) ? value.map((item) => one(item, context)) : one(value, context));
}
