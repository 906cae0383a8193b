import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';

/** What a request may have at most, before anything of it is executed. */
export const LIMITS = {
  characters: { maximum: 20_000, of: 'characters' },
  tokens: { maximum: 1_500, of: 'words and signs' },
  depth: { maximum: 12, of: 'levels of fields' },
  aliases: { maximum: 30, of: 'aliases, counted at every use of their fragment' },
  directives: { maximum: 10, of: 'directives, counted at every use of their fragment' },
  fields: { maximum: 500, of: 'fields, counted at every use of their fragment' },
  variableDepth: { maximum: 20, of: 'levels of variables' },
  variableValues: { maximum: 50_000, of: 'values in its variables' },
};

/** A refusal with HTTP 400, also as application/json: `extensions.limit` names what there is too much of. */
export function tooLarge(limit: keyof typeof LIMITS) {
  const { maximum, of } = LIMITS[limit];
  return new GraphQLError(`A request may have at most ${maximum} ${of}.`, {
    extensions: { code: 'QUERY_TOO_LARGE', limit, maximum, http: { status: 400 } },
  });
}

const COUNTED = ['depth', 'aliases', 'directives', 'fields'] as const;
type Extent = Record<(typeof COUNTED)[number], number>;
type Node = OperationDefinitionNode | FragmentDefinitionNode | SelectionNode;

const NOTHING: Extent = { depth: 0, aliases: 0, directives: 0, fields: 0 };

/** Refuses a document one of whose definitions is too large. */
export function assertWithinLimits({ definitions }: DocumentNode) {
  const extentOf = measure(fragmentsIn(definitions));
  for (const node of definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) assertSmall(extentOf(node));
    // Validation reads unused fragments too; depth is for the operations, because introspection has deep fragments.
    if (node.kind === Kind.FRAGMENT_DEFINITION) assertSmall({ ...extentOf(node), depth: 0 });
  }
}

/** The number of fields in all operations of a document; a fragment's fields count at every use. */
export function fieldsIn({ definitions }: DocumentNode) {
  const extentOf = measure(fragmentsIn(definitions));
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return operations.reduce((fields, operation) => fields + extentOf(operation).fields, 0);
}

function fragmentsIn(definitions: DocumentNode['definitions']) {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return fragments;
}

/** Measures each fragment once, however often fragments multiply each other. */
function measure(fragments: Map<string, FragmentDefinitionNode>) {
  const known = new Map<string, Extent>();
  const ofFragment = (name: string): Extent => {
    const fragment = fragments.get(name);
    const extent = known.get(name);
    if (extent || !fragment) return extent ?? NOTHING;
    known.set(name, NOTHING); // where a cycle ends; validation refuses it
    const measured = ofNode(fragment);
    known.set(name, measured);
    return measured;
  };
  const ofNode = (node: Node): Extent => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return around(node, ofFragment(node.name.value));
    return around(node, (node.selectionSet?.selections ?? []).map(ofNode).reduce(together, NOTHING));
  };
  return ofNode;
}

/** What a node adds to what is inside it. */
function around(node: Node, inside: Extent): Extent {
  const directives = inside.directives + (node.directives?.length ?? 0);
  if (node.kind !== Kind.FIELD) return { ...inside, directives };
  return {
    // Introspection is deep by nature: a rule of graphql-js bounds it.
    depth: /^__(schema|type)$/.test(node.name.value) ? 1 : inside.depth + 1,
    aliases: inside.aliases + (node.alias ? 1 : 0),
    directives,
    fields: inside.fields + 1,
  };
}

function assertSmall(extent: Extent) {
  for (const limit of COUNTED) if (extent[limit] > LIMITS[limit].maximum) throw tooLarge(limit);
}

const together = (a: Extent, b: Extent): Extent => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  fields: a.fields + b.fields,
});
