import {
  GraphQLID,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNullableType,
  type GraphQLSchema,
  type GraphQLType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { Id } from './scalars.js';

/** Puts our ID, which takes Weavr's ids alone, in the place of graphql-js' own, which Pothos always uses. */
export function withOurIds(schema: GraphQLSchema) {
  const types = schema.getTypeMap();
  for (const type of Object.values(types)) {
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) field.type = ours(field.type);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      field.type = ours(field.type);
      for (const argument of field.args) argument.type = ours(argument.type);
    }
  }
  types[Id.name] = Id;
  return schema;
}

/** The same type around our ID: the casts hold because a scalar goes wherever another one went. */
function ours<Type extends GraphQLType>(type: Type): Type {
  if (isNonNullType(type)) return new GraphQLNonNull(ours<GraphQLNullableType>(type.ofType)) as GraphQLType as Type;
  if (isListType(type)) return new GraphQLList(ours<GraphQLType>(type.ofType)) as GraphQLType as Type;
  return type === GraphQLID ? (Id as GraphQLType as Type) : type;
}
