import {
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Api } from '../weavr/core/operation.js';
import { type Caller, callersOf, dependsOnVariables } from './calls.js';
import { type Cost, costOf, NOTHING, sum } from './estimate.js';
import type { Execution, Step } from './steps.js';

/** By default: half of what Weavr allows all of a programme's callers in a minute. */
export const MAX_UPSTREAM_CALLS = 50;

export interface CostOptions {
  /** REST calls that a request may make. */
  limit: number;
  /** Calls that Weavr's rate limit leaves, where that is known. */
  remaining?: () => number | undefined;
}

/** Refuses what is expected to make too many REST calls, and says of the rest how many it could make and did. */
export function limitCost({ limit, remaining }: CostOptions): Step {
  const costIn = createEstimate();
  return (execution) => {
    const { weavr } = execution.contextValue;
    const operation = getOperationAST(execution.document, execution.operationName);
    if (!operation) return undefined; // as the executor is going to say
    const cost = costIn(execution, operation);
    if (cost.expected > limit) throw tooExpensive(cost, limit);
    // Reads stop at the limit, and writes do not.
    const estimated = operation.operation === OperationTypeNode.QUERY ? Math.min(cost.worst, limit) : cost.worst;
    return (result) => {
      const figures = { estimated, actual: weavr.spent, limit, remaining: remaining?.() ?? null };
      result.extensions = { ...result.extensions, cost: figures };
    };
  };
}

/** What is known of an operation, with its costs where no variable decides on them. */
interface Known {
  callers: readonly Caller[];
  fixed?: Partial<Record<Api, Cost>>;
}

/** Looks at each operation once. */
function createEstimate() {
  const known = new WeakMap<OperationDefinitionNode, Known>();
  return ({ schema, document, variableValues, contextValue }: Execution, operation: OperationDefinitionNode) => {
    let entry = known.get(operation);
    if (!entry) {
      const callers = callersOf(schema, document, operation);
      entry = { callers, fixed: callers.some(dependsOnVariables) ? undefined : {} };
      known.set(operation, entry);
    }
    const { api } = contextValue.weavr.session;
    const { callers, fixed } = entry;
    const cost = fixed?.[api] ?? estimate(operation, callers, variableValues, api);
    if (fixed) fixed[api] = cost;
    return cost;
  };
}

/** After a write nothing is remembered, so that each field of a mutation has its own cost. */
function estimate(
  operation: OperationDefinitionNode,
  callers: readonly Caller[],
  variableValues: ExecutionArgs['variableValues'],
  api: Api,
): Cost {
  if (!callers.length) return NOTHING;
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
