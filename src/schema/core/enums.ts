import type { EnumRef } from '@pothos/core';
import { type GraphQLEnumType, GraphQLError } from 'graphql';
import { builder } from './builder.js';

/** Stands for a value that Weavr added after this schema was written. */
export const UNRECOGNIZED = 'UNRECOGNIZED';

export const memberName = (wire: string) => wire.toUpperCase();

/**
 * `enumType<rest.CardType>('CardType', 'What it is.', { VIRTUAL: 'What that means.', … })`: a description for every
 * value that Weavr sends, whose upper-case spelling is the member's name.
 */
export function enumType<Value extends string>(name: string, description: string, members: Record<Value, string>) {
  const values = Object.entries<string>(members).map(
    ([value, about]) => [memberName(value), { value, description: about }] as const,
  );
  const unrecognized = { value: UNRECOGNIZED, description: 'A value newer than this schema. Never accepted as input.' };
  const ref = builder.enumType(name, {
    description,
    values: Object.fromEntries([...values, [UNRECOGNIZED, unrecognized]]),
  });
  // UNRECOGNIZED is made on the way out and refused on the way in, so resolvers see Weavr's values alone.
  return ref as unknown as EnumRef<never, Value, Value>;
}

/** Refuses the reserved member as input. */
export function refuseUnrecognized(type: GraphQLEnumType) {
  const { parseValue, parseLiteral } = type;
  const checked = (value: unknown) => {
    if (value === UNRECOGNIZED)
      throw new GraphQLError(`${UNRECOGNIZED} is never an input.`, { extensions: { code: 'BAD_USER_INPUT' } });
    return value;
  };
  type.parseValue = (value) => checked(parseValue.call(type, value));
  type.parseLiteral = (node, variables) => checked(parseLiteral.call(type, node, variables));
}
