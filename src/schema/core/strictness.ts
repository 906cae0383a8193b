import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLFieldConfig,
  GraphQLInterfaceType,
  type GraphQLLeafType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
  GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  GraphQLUnionType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Maybe } from 'graphql/jsutils/Maybe.js';
import type { Context } from './builder.js';
import { memberName, UNRECOGNIZED } from './enums.js';
import { untolerated } from './tolerance.js';

/**
 * The schema for answers that need no tolerance, which are nearly all: it writes them with less work, and fails where
 * the tolerant schema has something to decide.
 */
export function strictly(schema: GraphQLSchema): GraphQLSchema {
  const leaves = new Map<string, GraphQLScalarType>();
  const strict = (type: GraphQLOutputType, always = false): GraphQLOutputType => {
    if (isNonNullType(type)) return new GraphQLNonNull(strict(type.ofType, true)) as GraphQLOutputType; // of one that is nullable
    if (isListType(type)) return new GraphQLList(strict(type.ofType));
    if (!isLeafType(type)) return type;
    const leaf = leaves.get(`${type.name} ${always}`) ?? strictLeaf(type, always);
    leaves.set(`${type.name} ${always}`, leaf);
    return leaf;
  };
  const mapField = (config: GraphQLFieldConfig<unknown, Context>) => {
    const resolve = untolerated(config);
    const resolver = resolve === defaultFieldResolver ? undefined : resolve; // what is not resolved is read in place
    return { ...config, type: strict(config.type), resolve: resolver };
  };
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: mapField,
    [MapperKind.INTERFACE_FIELD]: mapField,
    [MapperKind.INTERFACE_TYPE]: (type) => new GraphQLInterfaceType(unthrowing(type.toConfig())),
    [MapperKind.UNION_TYPE]: (type) => new GraphQLUnionType(unthrowing(type.toConfig())),
  });
}

/** Where a type cannot be told, the answer fails: an exception here would leave a compiled query without an end. */
function unthrowing<Config extends { resolveType?: Maybe<GraphQLTypeResolver<unknown, Context>> }>(config: Config) {
  const { resolveType } = config;
  const resolved: GraphQLTypeResolver<unknown, Context> = (...of) => {
    try {
      return resolveType?.(...of);
    } catch {
      return undefined;
    }
  };
  return { ...config, resolveType: resolved };
}

/** A leaf that writes what is in order, null for blank text where null may be, and throws for anything else. */
function strictLeaf(type: GraphQLLeafType, always: boolean) {
  const write = isEnumType(type) ? memberOf(type.getValues()) : (value: unknown) => type.serialize(value);
  const sound = (value: unknown) => {
    const written = write(value);
    if (written === null || written === undefined) throw new TypeError(`no ${type.name}`);
    return written;
  };
  return new GraphQLScalarType({
    name: `${type.name}${always ? 'Always' : 'OrNull'}`,
    serialize: always ? sound : (value) => (isBlank(value) ? null : (write(value) ?? null)),
  });
}

const isBlank = (value: unknown) => value === '' || (typeof value === 'string' && !value.trim());

function memberOf(members: readonly { name: string; value: unknown }[]) {
  const names = new Map(members.map(({ name, value }) => [value, name]));
  const known = new Set(members.map(({ name }) => name));
  return (value: unknown) => {
    const name = names.get(value) ?? memberName(String(value));
    if (name === UNRECOGNIZED || !known.has(name)) throw new TypeError('a member that this schema does not know');
    return name;
  };
}
