import { collectFields } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';

type Fragments = Record<string, FragmentDefinitionNode>;

function fragmentsOf({ definitions }: DocumentNode) {
  const fragments: Fragments = Object.create(null);
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  return fragments;
}

/** Refuses a document that could ask for a sensitive mutation and for anything else, whatever its variables decide. */
export function assertSensitiveAlone(schema: GraphQLSchema, document: DocumentNode) {
  const mutations = schema.getMutationType()?.getFields() ?? {};
  const fragments = fragmentsOf(document);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  for (const { operation, selectionSet } of operations) {
    const roots = operation === OperationTypeNode.MUTATION ? rootFields(selectionSet, fragments, new Set()) : [];
    const sensitive = roots.find(({ name }) => mutations[name.value]?.extensions.sensitive);
    if (sensitive && (roots.length > 1 || operations.length > 1)) throw notAlone(sensitive);
  }
}

const notAlone = (node: FieldNode) =>
  new GraphQLError(`"${node.name.value}" must be the only field of the only operation.`, {
    nodes: node,
    extensions: { code: 'SENSITIVE_NOT_ALONE', http: { status: 400 } },
  });

/** All fields of a root selection, also those that a directive may take out; each fragment once. */
function rootFields({ selections }: SelectionSetNode, fragments: Fragments, seen: Set<string>): FieldNode[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return node;
    if (node.kind === Kind.INLINE_FRAGMENT) return rootFields(node.selectionSet, fragments, seen);
    const fragment = fragments[node.name.value];
    if (!fragment || seen.has(node.name.value)) return [];
    seen.add(node.name.value);
    return rootFields(fragment.selectionSet, fragments, seen);
  });
}

/** Refuses two fields under one key: the second would be taken for a repetition of the first, or pay twice. */
export function assertKeysDiffer({ schema, document, variableValues }: ExecutionArgs, node: OperationDefinitionNode) {
  const mutation = schema.getMutationType();
  if (node.operation !== OperationTypeNode.MUTATION || !mutation) return;
  const { coerced = {} } = getVariableValues(schema, node.variableDefinitions ?? [], variableValues ?? {});
  const { fields } = collectFields(
    schema,
    fragmentsOf(document),
    { coerced, sources: {} },
    mutation,
    node.selectionSet,
  );
  const seen = new Set<string>();
  for (const [field] of fields.values()) {
    const key = field && fields.size > 1 ? keyOf(mutation, field, coerced) : undefined;
    if (key !== undefined && seen.has(key)) throw keyTwice(field!);
    if (key !== undefined) seen.add(key);
  }
}

function keyOf(mutation: GraphQLObjectType, node: FieldNode, variables: Record<string, unknown>) {
  const field = mutation.getFields()[node.name.value];
  if (!field?.args.length) return undefined;
  const { input } = getArgumentValues(field, node, variables) as { input?: { idempotencyKey?: string | null } };
  return input?.idempotencyKey ?? undefined;
}

const keyTwice = (node: FieldNode) => {
  const expected = 'a key that no other field of the request has';
  return new GraphQLError(`Argument "input" of "${node.name.value}" at "input.idempotencyKey": expected ${expected}.`, {
    nodes: node,
    extensions: {
      code: 'BAD_USER_INPUT',
      argument: 'input.idempotencyKey',
      expected,
      http: { status: 400 },
    },
  });
};
