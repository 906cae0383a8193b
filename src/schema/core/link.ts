import type { OutputRef } from '@pothos/core';
import { type GraphQLResolveInfo, getNamedType, isAbstractType, Kind } from 'graphql';
import type { Operation } from '../../weavr/core/operation.js';
import type { ById, InstrumentId, Nullish } from '../../weavr/core/shapes.js';
import { managedAccounts } from '../../weavr/managed-accounts.js';
import { managedCards } from '../../weavr/managed-cards.js';
import type { Context } from './builder.js';
import { type AnyInstrument, Instrument } from './instruments.js';
import { type Asked, asksFor, asksOnly, asksOnlyId } from './selection.js';
import { upstreamOn } from './upstream.js';

/** Whether the names given are all that is asked for. Of an interface, the object's type must not be asked either. */
function suffice(asked: Asked, ...names: string[]) {
  if (!isAbstractType(getNamedType(asked.returnType))) return asksOnly(asked, '__typename', ...names);
  const fields = asked.fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return fields.every(({ kind }) => kind === Kind.FIELD) && asksOnly(asked, ...names);
}

/** Whether an id answers all that is asked. */
const idSuffices = (asked: Asked) => suffice(asked, 'id');

/** What Weavr has under an object's own id, and what tells by itself that there is no such object. */
const BELOW = ['statement', 'legacyStatement'];

/** Whether an object is only asked for what is below it, so that it need not be read itself. */
export const asksOnlyBelow = (asked: Asked) => asksFor(asked, ...BELOW) && suffice(asked, 'id', ...BELOW);

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
  ...upstreamOn({ free: idSuffices }, operation),
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
  ...upstreamOn({ oneOf: true, free: idSuffices }, managedAccounts.managedAccountGet, managedCards.managedCardGet),
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
    return asksOnlyId(info) ? ({ id } as AnyInstrument) : weavr.follow(managedAccounts.managedAccountGet, { id });
  },
});
