import {
  defaultFieldResolver,
  type GraphQLEnumType,
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { Context } from './builder.js';
import { memberName, refuseUnrecognized, UNRECOGNIZED } from './enums.js';

type Leaf = (value: unknown, context: Context) => unknown;

/** Makes the schema bear what Weavr may send: blank text for absent, enum values of tomorrow, and what is no value at all. */
export function tolerate(schema: GraphQLSchema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isEnumType(type)) refuseUnrecognized(type);
    if (isObjectType(type)) for (const field of Object.values(type.getFields())) tolerateField(field, type.name);
  }
  return schema;
}

function tolerateField(field: GraphQLField<unknown, Context>, parent: string) {
  const { resolve = defaultFieldResolver } = field;
  Object.assign(field.extensions, { untolerated: resolve });
  const leaf = leafOf(field.type, `${parent}.${field.name}`);
  field.resolve = (source, args, context, info) => {
    const value = resolve(source, args, context, info);
    return value instanceof Promise ? value.then((late) => leaf(late, context)) : leaf(value, context);
  };
}

/** What resolves a field where nothing has to be tolerated. */
export const untolerated = ({ extensions }: GraphQLFieldConfig<unknown, Context>) =>
  (extensions as { untolerated: GraphQLFieldResolver<unknown, Context> }).untolerated; // as every field has it

/** The executor would lose the code of an error that is made while a value is written, so values are tried before. */
const unusable = (what: string) =>
  new GraphQLError(`Weavr sent ${what}.`, { extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } });

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;
const isBlank = (value: unknown) => typeof value === 'string' && !value.trim();

/** What becomes of a field's value, or of a list's item; `blank` says whether empty text is a value there. */
function leafOf(type: GraphQLOutputType, where: string, blank = false): Leaf {
  if (isNonNullType(type)) {
    const leaf = leafOf(type.ofType, where, true);
    return (value, context) => {
      const given = leaf(value, context);
      if (isAbsent(given)) throw unusable(`nothing for ${where}`);
      return given;
    };
  }
  if (isListType(type)) return listOf(leafOf(type.ofType, where), where);
  if (isEnumType(type)) return known(type, blank);
  return isScalarType(type) ? sound(type, blank) : (value) => value;
}

function listOf(item: Leaf, where: string): Leaf {
  return (value, context) => {
    if (isAbsent(value)) return value;
    if (!Array.isArray(value)) throw unusable(`no list for ${where}`);
    return value.map((one) => item(one, context));
  };
}

function sound(type: GraphQLScalarType, blank: boolean): Leaf {
  return (value) => {
    if (isAbsent(value) || (!blank && isBlank(value))) return null;
    try {
      return isAbsent(type.serialize(value)) ? null : value;
    } catch {
      throw unusable(`something that is no ${type.name}`);
    }
  };
}

function known(type: GraphQLEnumType, blank: boolean): Leaf {
  const values = new Set(type.getValues().map(({ value }) => value));
  return (value, context) => {
    if (isAbsent(value) || values.has(value)) return value;
    if (!blank && isBlank(value)) return null;
    // Weavr spells some values differently from place to place: MANAGED_CARDS, managed_cards.
    const spelled = type.getValue(memberName(String(value)));
    if (spelled && spelled.name !== UNRECOGNIZED) return spelled.value;
    context.unrecognized.add(`${type.name}.${value}`);
    return UNRECOGNIZED;
  };
}
