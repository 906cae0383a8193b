import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
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
  },
});
