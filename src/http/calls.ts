import {
  type ArgumentNode,
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from 'graphql';
import { type Length, type Price, pricedAs } from '../schema/core/upstream.js';

/** A field of an operation that calls Weavr or leads to one that does, wherever else the same is asked. */
export interface Caller {
  /** From the root, without indices: `managedCards.nodes.spendRules`. */
  path: string;
  node: FieldNode;
  /** One, or one for each type that has the field: an object is of one of them. */
  prices: readonly Price[];
  /** Whether all that is asked of it, anywhere, is answered without a call. */
  free: boolean;
  /** For each place that asks for it, what must be true for it to be asked there. */
  uses: readonly (readonly Condition[])[];
  /** How many objects it leads to from one: itself, a page, or a list that is none. */
  length: 'ONE' | 'PAGE' | Length;
  /** The size of the page that it answers, if it does. */
  first?: Given;
  /** The `input` of a mutation. */
  input?: Given;
  callers: readonly Caller[];
}

export interface Condition {
  variable: string;
  wanted: boolean;
}

/** An argument as the document has it, and what it is where the document has none. */
export interface Given {
  value?: ValueNode;
  fallback: unknown;
}

/** Whether what a caller costs is known only with the variables of a request. */
export function dependsOnVariables({ uses, first, input, callers }: Caller): boolean {
  const isOpen = (given?: Given) => given?.value !== undefined && hasVariable(given.value);
  return uses.some(({ length }) => length > 0) || isOpen(first) || isOpen(input) || callers.some(dependsOnVariables);
}

function hasVariable(value: ValueNode) {
  let found = false;
  visit(value, {
    [Kind.VARIABLE]: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}

interface Place {
  type: GraphQLNamedType;
  selectionSet: SelectionSetNode;
  conditions: readonly Condition[];
}

interface Asked {
  type: GraphQLNamedType;
  node: FieldNode;
  conditions: readonly Condition[];
}

type Field = GraphQLField<unknown, unknown>;

/** Where an operation calls Weavr, as far as its document tells; the rest are its variables. */
export function callersOf(schema: GraphQLSchema, { definitions }: DocumentNode, operation: OperationDefinitionNode) {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  const type = schema.getRootType(operation.operation)!; // as validation has made sure
  const places = [{ type, selectionSet: operation.selectionSet, conditions: [] }];
  const isWrite = operation.operation === OperationTypeNode.MUTATION;
  return callersAt({ schema, fragments }, places, { isWrite });
}

interface Source {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** What a selection stands under. */
interface Above {
  /** Absent at the root. */
  path?: string;
  isWrite?: boolean;
  isPage?: boolean;
}

function callersAt(source: Source, places: readonly Place[], above: Above): Caller[] {
  const groups = new Map<string, Asked[]>();
  for (const asked of places.flatMap((place) => [...fieldsAt(source, place)])) {
    // A loader asks the same once under whatever name; a write is sent for each.
    const key = above.isWrite ? nameOf(asked.node) : keyOf(asked.node);
    groups.set(key, [...(groups.get(key) ?? []), asked]);
  }
  return [...groups.values()].flatMap((group) => callerOf(source, group, above));
}

function* fieldsAt(source: Source, { type, selectionSet, conditions }: Place): Generator<Asked> {
  for (const selection of selectionSet.selections) {
    const own = conditionsOf(selection);
    if (!own) continue;
    const all = [...conditions, ...own];
    if (selection.kind === Kind.FIELD) {
      yield { type, node: selection, conditions: all };
      continue;
    }
    const inner = selection.kind === Kind.FRAGMENT_SPREAD ? source.fragments[selection.name.value]! : selection;
    const narrowed = inner.typeCondition && source.schema.getType(inner.typeCondition.name.value);
    yield* fieldsAt(source, { type: narrowed ?? type, selectionSet: inner.selectionSet, conditions: all });
  }
}

/** Nothing where neither the field nor what is under it calls. */
function callerOf(source: Source, group: readonly Asked[], above: Above): Caller[] {
  const { node } = group[0]!;
  const fields = group.flatMap((asked) => definitionsOf(source, asked));
  const [field] = fields;
  if (!field) return []; // __typename, and introspection
  const path = above.path ? `${above.path}.${nameOf(node)}` : nameOf(node);
  const first = givenTo(node, field, 'first');
  const callers = callersAt(source, group.flatMap(placeUnder), { path, isPage: first !== undefined });
  const prices = [...new Set(fields.flatMap((one) => pricedAs(one).price ?? []))];
  if (!prices.length && !callers.length) return [];
  const free = group.every((asked) => isFree(source, asked));
  const uses = group.map(({ conditions }) => conditions);
  const input = givenTo(node, field, 'input');
  return [{ path, node, prices, free, uses, length: lengthOf(field, above), first, input, callers }];
}

/** What a field is on the objects that may stand there. */
function definitionsOf({ schema }: Source, { type, node }: Asked): Field[] {
  const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  return objects.flatMap((object) => object.getFields()[node.name.value] ?? []);
}

function placeUnder({ type, node, conditions }: Asked): Place[] {
  if (!node.selectionSet || !(isObjectType(type) || isInterfaceType(type))) return [];
  const field = type.getFields()[node.name.value];
  return field ? [{ type: getNamedType(field.type), selectionSet: node.selectionSet, conditions }] : [];
}

function isFree(source: Source, asked: Asked) {
  const { fragments } = source;
  return definitionsOf(source, asked).every((field) => {
    const { price } = pricedAs(field);
    return !price || price.free?.({ fieldNodes: [asked.node], fragments, returnType: field.type });
  });
}

const nameOf = ({ alias, name }: FieldNode) => (alias ?? name).value;

/** The same for fields that ask the same. */
const keyOf = ({ name, arguments: given = [] }: FieldNode) =>
  given.length ? `${name.value}(${given.map((node: ArgumentNode) => print(node)).sort()})` : name.value;

/** Nothing where a directive takes a selection out whatever the variables are. */
function conditionsOf({ directives = [] }: SelectionNode): Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const { name, arguments: given } of directives) {
    const condition = given?.find((argument) => argument.name.value === 'if')?.value;
    const wanted = name.value === 'include';
    if (condition?.kind === Kind.VARIABLE) conditions.push({ variable: condition.name.value, wanted });
    else if (condition?.kind === Kind.BOOLEAN && condition.value !== wanted) return undefined;
  }
  return conditions;
}

function givenTo(node: FieldNode, { args }: Field, name: string): Given | undefined {
  const argument = args.find((one) => one.name === name);
  const value = node.arguments?.find((one) => one.name.value === name)?.value;
  return argument && { value, fallback: argument.defaultValue };
}

function lengthOf(field: Field, { isPage }: Above): Caller['length'] {
  if (!isListType(getNullableType(field.type))) return 'ONE';
  return isPage ? 'PAGE' : (pricedAs(field).length ?? 'ONE');
}
