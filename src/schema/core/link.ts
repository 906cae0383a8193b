import type { OutputRef } from '@pothos/core';
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { Operation } from '../../weavr/core/operation.js';
import type { ById, Nullish } from '../../weavr/core/shapes.js';
import type { Context } from './builder.js';
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

interface Link<Parent, Target> {
  type: OutputRef<Target>;
  description: string;
  id: (parent: Parent) => string | null | undefined;
}

/**
 * A field that follows an id to its object: null where the caller may not see it, free where only `id` is asked.
 * Spread into `t.field(link(api.managedAccountGet, { … }))`.
 */
export const link = <Parent, Target extends ById>(
  operation: Operation<ById, Target>,
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
    if (asksOnly(info, 'id', '__typename')) return { id: target } as Target; // nothing but the id will be read
    return weavr.follow(operation, { id: target } as Nullish<ById>);
  },
});
