import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  type GraphQLField,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { Operation } from '../../weavr/core/operation.js';
import type { Asked } from './selection.js';

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

/** On what terms a field calls its operations, where that is not each of them once per object. */
export interface Terms {
  /** Each object calls one of them. */
  oneOf?: boolean;
  /** One call serves many objects, though nothing in the operation says so; one object may take so many at most. */
  together?: { atMost: number };
  /** Each item that it answers takes a call, not the object that it is of. */
  perItem?: boolean;
  /** Whether a selection is answered without a call; the resolver goes by the same rule. */
  free?: (asked: Asked) => boolean;
}

/** What the price of a field is made of. */
export interface Price extends Terms {
  operations: readonly Operation[];
}

/** How many items a list has that is no page: a bound that is reckoned with, or the name of an input's list. */
export type Length = { atMost: number } | { asManyAs: string };

/** Spread into a field: names the operations its resolver calls, and the lists that may answer for them. */
export const upstream = (...operations: Operation[]) => upstreamOn({}, ...operations);

/** `upstream` on other terms. */
export const upstreamOn = ({ length, ...terms }: Terms & { length?: Length }, ...operations: Operation[]) => ({
  extensions: {
    ...(length && lasting(length).extensions),
    price: { operations, ...terms } satisfies Price,
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

/** Spread into a list that is no page, and whose items lead to calls. */
export const lasting = (length: Length) => ({ extensions: { length } });

/** What `upstream` and `lasting` have said of a field. */
export const pricedAs = ({ extensions }: GraphQLField<unknown, unknown>) =>
  extensions as { price?: Price; length?: Length }; // nobody else uses these names

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
