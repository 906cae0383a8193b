import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  getOperationAST,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { LIMITS, tooLarge } from './limits.js';
import { assertKeysDiffer } from './mutations.js';
import type { Step } from './steps.js';
import { faultsOf, json, variableError } from './values.js';

/** As many as validation reports of a document. */
const MAX_ERRORS = 5;

/** Checks what depends on a request and not on its document: the size, the types and the keys in its variables. */
export const checkVariables: Step = (args) => {
  assertBounded(args.variableValues);
  const operation = getOperationAST(args.document, args.operationName);
  if (!operation) return undefined; // as the executor is going to say
  assertTypes(args, operation);
  assertKeysDiffer(args, operation);
  return undefined;
};

/** Names that mean something to JavaScript: no input of the schema has them. */
const REFUSED = ['__proto__', 'constructor', 'prototype'];

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
function assertTypes({ schema, variableValues }: ExecutionArgs, operation: OperationDefinitionNode) {
  const errors: GraphQLError[] = [];
  for (const node of operation.variableDefinitions ?? []) {
    const name = node.variable.name.value;
    const type = typeFromAST(schema, node.type) as GraphQLInputType; // as validation has made sure
    const value = variableValues && Object.hasOwn(variableValues, name) ? variableValues[name] : undefined;
    if (value === undefined && (node.defaultValue || !isNonNullType(type))) continue;
    for (const fault of faultsOf(json, type, value, name)) {
      if (errors.push(variableError(name, fault, { nodes: node })) === MAX_ERRORS) throw new AggregateError(errors);
    }
  }
  if (errors.length) throw new AggregateError(errors);
}
