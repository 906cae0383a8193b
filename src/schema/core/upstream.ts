import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { Operation } from '../../weavr/core/operation.js';

/** Shown in schema.graphql on every field that makes a REST call. */
export const upstreamDirective = new GraphQLDirective({
  name: 'upstream',
  description: "The operations of Weavr's REST APIs that a field may call, by operationId.",
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    operations: {
      description: 'Each is called at most once per object, and once for many objects where Weavr allows it.',
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
    },
    backOffice: {
      description: 'Whether a back office session can ask for the field too.',
      type: new GraphQLNonNull(GraphQLBoolean),
    },
  },
});

/** Spread into a field: names the operations its resolver calls, and the lists that may answer for them. */
export const upstream = (...operations: Operation[]) => ({
  extensions: {
    directives: {
      upstream: {
        operations: operations.flatMap(({ id, list }) => (list ? [id, list.id] : [id])),
        backOffice: operations.every(({ inBackOffice }) => inBackOffice),
      },
    },
    backOfficeOnly: operations.every(isTheirsAlone),
    simulates: operations.some(({ inSimulator }) => inSimulator),
  },
});

/** The schema for a gateway that cannot simulate: it has neither those fields nor the types that they alone use. */
export function withoutSimulator(schema: GraphQLSchema) {
  const { mutation, types, ...config } = schema.toConfig();
  const { fields, ...rest } = mutation!.toConfig(); // Weavr takes writes
  const left = Object.entries(fields).filter(([, { extensions }]) => !extensions?.simulates);
  return new GraphQLSchema({
    ...config,
    mutation: new GraphQLObjectType({ ...rest, fields: Object.fromEntries(left) }),
    // What no field names is found by the interface that it implements.
    types: types.filter((type) => isObjectType(type) && type.getInterfaces().length > 0),
  });
}

const isTheirsAlone = ({ path }: Operation) => path.startsWith('/multi/backoffice/');

/** Says in the description of every field that calls Weavr which sessions cannot ask for it. */
export function sayWhere(schema: GraphQLSchema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { directives, backOfficeOnly } = field.extensions as { directives?: object; backOfficeOnly?: boolean };
      const { upstream: called } = (directives ?? {}) as { upstream?: { backOffice: boolean } };
      if (backOfficeOnly) field.description += '\n\nFor back office sessions only.';
      else if (called && !called.backOffice) field.description += '\n\nNot for back office sessions.';
    }
  }
  return schema;
}
