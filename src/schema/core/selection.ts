import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** What is asked of a field's result. */
export type Asked = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'returnType'>;

/** The names of the fields that a resolver's result is asked for, through fragments. */
export function selectedFields({ fieldNodes, fragments }: Asked) {
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
export const asksOnly = (asked: Asked, ...known: string[]) =>
  [...selectedFields(asked)].every((name) => known.includes(name));

/** Whether what names an object, its id and its type, tells all that is asked of it. */
export const asksOnlyId = (asked: Asked) => asksOnly(asked, 'id', '__typename');

/** Whether any of the names given is asked for. */
export const asksFor = (asked: Asked, ...names: string[]) => {
  const selected = selectedFields(asked);
  return names.some((name) => selected.has(name));
};
