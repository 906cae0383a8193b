import {
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getOperationAST,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { LIMITS, tooLarge } from './limits.js';
import { assertKeysDiffer } from './mutations.js';
import type { Step } from './steps.js';
import { faultsOf, json, variableError } from './values.js';

/** As many as validation reports of a document. */
const MAX_ERRORS = 5;

/** Checks what depends on a request and not on its document: the types and the keys in its variables. */
export function checkVariables(schema: GraphQLSchema): Step {
  const declarationsOf = createDeclarations(schema);
  return (args) => {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation) return undefined; // as the executor is going to say
    assertTypes(declarationsOf(operation), args.variableValues ?? {});
    assertKeysDiffer(args, operation);
    return undefined;
  };
}

interface Declaration {
  node: VariableDefinitionNode;
  name: string;
  type: GraphQLInputType;
}

/** The variables that an operation declares, looked up once. */
function createDeclarations(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, readonly Declaration[]>();
  const find = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
    variableDefinitions.map((node) => {
      const type = typeFromAST(schema, node.type) as GraphQLInputType; // as validation has made sure
      return { node, name: node.variable.name.value, type };
    });
  return (operation: OperationDefinitionNode) => {
    const declarations = known.get(operation) ?? find(operation);
    known.set(operation, declarations);
    return declarations;
  };
}

/** Names that mean something to JavaScript: no input of the schema has them. */
const REFUSED = ['__proto__', 'constructor', 'prototype'];

/** Refuses what is too large, or means something to JavaScript, before anything looks into it. */
export function assertBounds({ variables, extensions }: GraphQLParams) {
  if (variables) assertBounded(variables);
  if (extensions) assertBounded(extensions);
}

/** Without recursion: what is nested too deeply must not exhaust the stack that looks at it. */
function assertBounded(root: unknown) {
  const waiting = [{ value: root, depth: 0 }];
  let values = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    const inside = Object.values(value);
    values += inside.length;
    if (values > LIMITS.variableValues.maximum) throw tooLarge('variableValues');
    if (depth >= LIMITS.variableDepth.maximum && inside.length) throw tooLarge('variableDepth');
    if (REFUSED.some((name) => Object.hasOwn(value, name))) throw refusedName();
    for (const item of inside) waiting.push({ value: item, depth: depth + 1 });
  }
}

const refusedName = () =>
  new GraphQLError(`No variable may have a field named ${REFUSED.join(', ')}.`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/** Before the executor does the same with messages that repeat the values. */
function assertTypes(declarations: readonly Declaration[], variables: Readonly<Record<string, unknown>>) {
  const errors: GraphQLError[] = [];
  for (const { node, name, type } of declarations) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined && (node.defaultValue || !isNonNullType(type))) continue;
    for (const fault of faultsOf(json, type, value, name)) {
      if (errors.push(variableError(name, fault, { nodes: node })) === MAX_ERRORS) throw new AggregateError(errors);
    }
  }
  if (errors.length) throw new AggregateError(errors);
}
