import type { OutputRef } from '@pothos/core';
import { type GraphQLResolveInfo, getNamedType, isAbstractType, Kind, type SelectionSetNode } from 'graphql';
import type { Operation } from '../../weavr/core/operation.js';
import type { ById, InstrumentId, Nullish } from '../../weavr/core/shapes.js';
import { managedAccounts } from '../../weavr/managed-accounts.js';
import { managedCards } from '../../weavr/managed-cards.js';
import type { Context } from './builder.js';
import { type AnyInstrument, Instrument } from './instruments.js';
import { upstream } from './upstream.js';

/** The names of the fields that a resolver's result is asked for, through fragments. */
export function selectedFields({ fieldNodes, fragments }: GraphQLResolveInfo) {
  const names = new Set<string>();
  const add = ({ selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet);
      else if (fragments[selection.name.value]) add(fragments[selection.name.value]!.selectionSet);
    }
  };
  for (const { selectionSet } of fieldNodes) if (selectionSet) add(selectionSet);
  return names;
}

/** Whether nothing is asked for that the names given do not already tell. */
export const asksOnly = (info: GraphQLResolveInfo, ...known: string[]) =>
  [...selectedFields(info)].every((name) => known.includes(name));

/** Whether an id answers all that is asked. Of an interface it tells no type, so any fragment needs the object. */
function idSuffices(info: GraphQLResolveInfo) {
  if (!isAbstractType(getNamedType(info.returnType))) return asksOnly(info, 'id', '__typename');
  return info.fieldNodes.every(({ selectionSet }) =>
    selectionSet?.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value === 'id'),
  );
}

interface Link<Parent, Target> {
  type: OutputRef<Target>;
  description: string;
  id: (parent: Parent) => string | null | undefined;
}

/**
 * A field that follows an id to its object: null where the caller may not see it, free where only `id` is asked.
 * Spread into `t.field(link(api.managedAccountGet, { … }))`.
 */
export const link = <Parent, Parameter extends string, Target extends ById>(
  operation: Operation<Record<Parameter, string>, Target>,
  { type, description, id }: Link<Parent, Target>,
) => ({
  ...upstream(operation),
  type,
  description,
  nullable: true as const,
  resolve: (
    parent: Parent,
    _args: object,
    { weavr }: Context,
    info: GraphQLResolveInfo,
  ): Promise<Target | null> | Target | null => {
    const target = id(parent);
    if (!target) return null;
    if (idSuffices(info)) return { id: target } as Target; // nothing but the id will be read
    const [, parameter = 'id'] = /\{(\w+)\}/.exec(operation.path) ?? [];
    return weavr.follow(operation, { [parameter]: target } as Nullish<Record<Parameter, string>>); // it takes that alone
  },
});

/**
 * A field that follows `{ type, id }` to an account or a card. Free where only the id is asked; the type name of a card
 * is not known before it is read.
 */
export const linkToInstrument = <Parent>(description: string, of: (parent: Parent) => InstrumentId | undefined) => ({
  ...upstream(managedAccounts.managedAccountGet, managedCards.managedCardGet),
  type: Instrument,
  description,
  nullable: true as const,
  resolve: (
    parent: Parent,
    _args: object,
    { weavr }: Context,
    info: GraphQLResolveInfo,
  ): Promise<AnyInstrument | null> | AnyInstrument | null => {
    const { type, id } = of(parent) ?? {};
    if (!id) return null;
    if (type === 'managed_cards') {
      return idSuffices(info)
        ? ({ id, mode: '' } as unknown as AnyInstrument)
        : weavr.follow(managedCards.managedCardGet, { id });
    }
    return asksOnly(info, 'id', '__typename')
      ? ({ id } as AnyInstrument)
      : weavr.follow(managedAccounts.managedAccountGet, { id });
  },
});
