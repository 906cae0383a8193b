import {
  GraphQLError,
  type GraphQLErrorOptions,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  GraphQLString,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  typeFromAST,
  type ValidationRule,
  type ValueNode,
} from 'graphql';

/** Where a value is not what its type takes, and what is expected there; never the value, which may be a secret. */
export interface Fault {
  path: string;
  /** Ends the sentence "expected …". */
  expected: string;
}

/** How values are read: the JSON of a variable, or the nodes of a document. */
export interface Form<Value> {
  /** Whether it stands for a value that is checked elsewhere. */
  isVariable(value: Value): boolean;
  isNull(value: Value): boolean;
  items(value: Value): readonly Value[] | undefined;
  fields(value: Value): ReadonlyMap<string, Value> | undefined;
  parse(type: GraphQLLeafType, value: Value): unknown;
}

export const json: Form<unknown> = {
  isVariable: () => false,
  isNull: (value) => value === null || value === undefined,
  items: (value) => (Array.isArray(value) ? value : undefined),
  fields: (value) => (isObject(value) ? new Map(Object.entries(value)) : undefined),
  parse: (type, value) => type.parseValue(value),
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const literal: Form<ValueNode> = {
  isVariable: ({ kind }) => kind === Kind.VARIABLE,
  isNull: ({ kind }) => kind === Kind.NULL,
  items: (node) => (node.kind === Kind.LIST ? node.values : undefined),
  fields: (node) =>
    node.kind === Kind.OBJECT ? new Map(node.fields.map(({ name, value }) => [name.value, value])) : undefined,
  parse: (type, node) => type.parseLiteral(node, undefined),
};

/** Everything in a value that its type does not take. */
export function* faultsOf<Value>(
  form: Form<Value>,
  declared: GraphQLInputType,
  value: Value,
  path: string,
): Generator<Fault> {
  if (form.isVariable(value)) return;
  const type = getNullableType(declared);
  if (form.isNull(value)) {
    if (isNonNullType(declared)) yield { path, expected: String(declared) };
  } else if (isListType(type)) {
    const items = form.items(value);
    if (!items) yield* faultsOf(form, type.ofType, value, path);
    else for (const [index, item] of items.entries()) yield* faultsOf(form, type.ofType, item, `${path}[${index}]`);
  } else if (isInputObjectType(type)) {
    const fields = form.fields(value);
    if (fields) yield* faultsOfFields(form, type, fields, path);
    else yield { path, expected: String(declared) };
  } else {
    const expected = expectedInstead(form, type, value);
    if (expected !== undefined) yield { path, expected: expected || String(declared) };
  }
}

function* faultsOfFields<Value>(
  form: Form<Value>,
  type: GraphQLInputObjectType,
  given: ReadonlyMap<string, Value>,
  path: string,
): Generator<Fault> {
  const fields = type.getFields();
  for (const field of Object.values(fields)) {
    const value = given.get(field.name);
    if (value !== undefined) yield* faultsOf(form, field.type, value, `${path}.${field.name}`);
    else if (isRequiredInputField(field)) yield { path: `${path}.${field.name}`, expected: String(field.type) };
  }
  for (const name of given.keys()) {
    if (Object.hasOwn(fields, name)) continue;
    yield { path: NAME.test(name) ? `${path}.${name}` : path, expected: `a field of ${type.name}` };
  }
  const values = [...given.values()];
  if (type.isOneOf && (values.length !== 1 || values.some(form.isNull)))
    yield { path, expected: `exactly one field of ${type.name}, and no null` };
}

/** What may be shown of a caller's own field names: those that could be names. */
const NAME = /^[_A-Za-z]\w{0,63}$/;

/** What nobody sees and what turns the text around it: a payment's reference must read as it is. */
const UNSEEN = /[\p{Control}\p{Surrogate}\p{Bidi_Control}]/u;

/** What a leaf wants, as its scalar says it or '' where the type says enough; undefined where the value will do. */
function expectedInstead<Value>(form: Form<Value>, type: GraphQLLeafType, value: Value) {
  try {
    const parsed = form.parse(type, value);
    if (type === GraphQLString && UNSEEN.test(String(parsed))) return 'text without control characters';
    return parsed === undefined ? '' : undefined;
  } catch (error) {
    const said = error instanceof GraphQLError ? error.extensions.expected : undefined;
    return typeof said === 'string' ? said : '';
  }
}

/** Stands in for graphql-js' ValuesOfCorrectTypeRule, whose messages repeat the values. */
export const LiteralsRule: ValidationRule = (context) => ({
  Argument(node) {
    const argument = context.getArgument();
    const directive = context.getDirective();
    const owner = directive ? `@${directive.name}` : context.getFieldDef()?.name;
    if (!argument) return; // another rule says so
    for (const { path, expected } of faultsOf(literal, argument.type, node.value, argument.name)) {
      const at = path === argument.name ? '' : ` at "${path}"`;
      const message = `Argument "${argument.name}" of "${owner}"${at}: expected ${expected}.`;
      const extensions = { code: 'BAD_USER_INPUT', argument: path, expected };
      context.reportError(new GraphQLError(message, { nodes: node, extensions }));
    }
  },
  VariableDefinition(node) {
    const type = typeFromAST(context.getSchema(), node.type);
    if (!node.defaultValue || !isInputType(type)) return;
    const name = node.variable.name.value;
    for (const fault of faultsOf(literal, type, node.defaultValue, name))
      context.reportError(variableError(name, fault, { nodes: node }));
  },
});

/** `Variable "$input" at "input.friendlyName": expected String!.` */
export function variableError(name: string, { path, expected }: Fault, options: GraphQLErrorOptions) {
  const at = path === name ? '' : ` at "${path}"`;
  return new GraphQLError(`Variable "$${name}"${at}: expected ${expected}.`, {
    ...options,
    // `spec` lets application/json have the 200 that GraphQL over HTTP wants there.
    extensions: { code: 'BAD_USER_INPUT', variable: path, expected, http: { spec: true, status: 400 } },
  });
}
