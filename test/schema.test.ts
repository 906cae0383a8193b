import { printSchemaWithDirectives } from '@graphql-tools/utils';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  lexicographicSortSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !['String', 'Boolean', 'Int', 'Float'].includes(type.name),
);

it('is the schema.graphql of the repository (npm test -- -u writes it)', async () => {
  await expect(`${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n`).toMatchFileSnapshot(
    '../schema.graphql',
  );
});

it('describes every type, field, argument and enum member', () => {
  const bare: string[] = [];
  const look = (name: string, { description }: { description?: string | null }) => {
    if (!description) bare.push(name);
  };
  for (const type of types) {
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field);
      for (const argument of field.args) look(`${type.name}.${field.name}(${argument.name}:)`, argument);
    }
  }
  expect(bare).toEqual([]);
});
