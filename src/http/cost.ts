import {
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../schema/core/builder.js';
import { type Caller, callersOf } from './calls.js';
import { type Cost, costOf, NOTHING, sum } from './estimate.js';

/** By default: half of what Weavr allows all of a programme's callers in a minute. */
export const MAX_UPSTREAM_CALLS = 50;

export interface CostOptions {
  /** REST calls that a request may make. */
  limit: number;
  /** Calls that Weavr's rate limit leaves, where that is known. */
  remaining?: () => number | undefined;
}

/** Refuses what is expected to make too many REST calls, and says of the rest how many it could make and did. */
export function useCost({ limit, remaining }: CostOptions): Plugin<Context> {
  const known = new WeakMap<OperationDefinitionNode, readonly Caller[]>();
  const callersIn = ({ schema, document }: ExecutionArgs, operation: OperationDefinitionNode) => {
    const callers = known.get(operation) ?? callersOf(schema, document, operation);
    known.set(operation, callers);
    return callers;
  };
  return {
    onExecute({ args }) {
      const { weavr } = args.contextValue;
      const operation = getOperationAST(args.document, args.operationName);
      if (!operation) return undefined; // as the executor is going to say
      const cost = estimate(args, operation, callersIn(args, operation));
      if (cost.expected > limit) throw tooExpensive(cost, limit);
      // Reads stop at the limit, and writes do not.
      const estimated = operation.operation === OperationTypeNode.QUERY ? Math.min(cost.worst, limit) : cost.worst;
      return {
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result)) return;
          const figures = { estimated, actual: weavr.spent, limit, remaining: remaining?.() ?? null };
          setResult({ ...result, extensions: { ...result.extensions, cost: figures } });
        },
      };
    },
  };
}

/** After a write nothing is remembered, so that each field of a mutation has its own cost. */
function estimate(
  { variableValues, contextValue }: ExecutionArgs,
  operation: OperationDefinitionNode,
  callers: readonly Caller[],
): Cost {
  if (!callers.length) return NOTHING;
  const { api } = (contextValue as Context).weavr.session; // Yoga made it
  const variables = { ...defaultsOf(operation), ...variableValues };
  if (operation.operation === OperationTypeNode.QUERY) return costOf(callers, variables, api);
  return callers.map((caller) => costOf([caller], variables, api)).reduce(sum);
}

const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );

/** With the field that is expected to make the most calls by itself. */
function tooExpensive({ expected, dearest }: Cost, limit: number) {
  const { path, calls, node } = dearest!; // something makes the calls
  const most = `"${path}" alone makes ${calls}`;
  const message = `This is expected to make ${expected} REST calls, and a request may make ${limit}: ${most}. Ask for fewer items with \`first\`, or for fewer links.`;
  return new GraphQLError(message, {
    nodes: node,
    extensions: { code: 'QUERY_TOO_EXPENSIVE', expected, limit, field: path, calls, http: { status: 400 } },
  });
}
