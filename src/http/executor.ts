import {
  type DocumentNode,
  type ExecutionArgs,
  execute,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { strictly } from '../schema/core/strictness.js';
import { fieldsIn } from './limits.js';

export const EXECUTORS = ['jit', 'graphql-js'] as const;
export type Executor = (typeof EXECUTORS)[number];

export interface ExecutorOptions {
  executor: Executor;
  /** How often a document must have come before it is worth being compiled; a second time when absent. */
  compileAfter?: number;
}

type Run = CompiledQuery['query'];
type Compile = (document: DocumentNode, operationName?: string) => Run | undefined;

/**
 * Compiles the queries that come again. Where a compiled query answers with any error, graphql-js executes it once more
 * out of what the request has read: so an error, and an answer that needs tolerance, is always graphql-js' own.
 */
export function createExecutor(schema: GraphQLSchema, { executor, compileAfter = 1 }: ExecutorOptions) {
  if (executor === 'graphql-js') return execute;
  const runFor = createCompilation(schema, compileAfter);
  return async (args: ExecutionArgs) => {
    const run = await runFor(args);
    const result = run && (await run(args.rootValue, args.contextValue, args.variableValues));
    return result && !result.errors ? result : execute(args);
  };
}

/** How many bytes of heap all compiled documents may occupy together; the least recently used ones are dropped. */
const COMPILED_BYTES = 32 * 1024 * 1024;
/** Compiled code and its closures occupy 4 to 6 KB of heap per field, as measured over documents of several shapes. */
const BYTES_PER_FIELD = 6 * 1024;

/** What is remembered of one document: how often it has come, and its compiled operations by name. */
interface Compilation {
  times: number;
  runs: Map<string, Run | undefined>;
}

/** Finds the compiled form of an operation, if there is one or it is time to make it. */
function createCompilation(schema: GraphQLSchema, compileAfter: number) {
  const known = new LRUCache<DocumentNode, Compilation>({
    maxSize: COMPILED_BYTES,
    sizeCalculation: (_, document) => Math.max(1, fieldsIn(document)) * BYTES_PER_FIELD,
  });
  let compiler: Promise<Compile> | undefined;
  return ({ document, operationName }: ExecutionArgs): Run | undefined | Promise<Run | undefined> => {
    const entry = known.get(document) ?? { times: 0, runs: new Map() };
    if (!entry.times) known.set(document, entry);
    const name = operationName ?? '';
    if (entry.runs.has(name)) return entry.runs.get(name);
    entry.times += 1;
    if (entry.times <= compileAfter) return undefined;
    compiler ??= compilerOf(schema).catch(() => () => undefined); // graphql-js needs nothing more
    return compiler.then((compile) => {
      if (!entry.runs.has(name)) entry.runs.set(name, compile(document, name || undefined));
      return entry.runs.get(name);
    });
  };
}

/** Loaded when it is first needed: the compiler takes longer to load than all the rest. */
async function compilerOf(schema: GraphQLSchema): Promise<Compile> {
  const { compileQuery, isCompiledQuery } = await import('graphql-jit');
  const strict = strictly(schema);
  return (document, operationName) => {
    if (!isCompilable(document, operationName)) return undefined;
    const compiled = compileQuery(strict, document, operationName, { disablingCapturingStackErrors: true });
    return isCompiledQuery(compiled) ? compiled.query : undefined;
  };
}

/** The compiler writes text of the document into code, some of it unescaped: only text that can mean nothing there. */
const HARMLESS = /^[A-Za-z0-9 .:@+-]*$/;

/**
 * Decides alone what is compiled: queries without a condition. Under `@skip` and `@include` the compiler loses fields of
 * a fragment that is used twice, and answers fields that are excluded. Writes and introspection are not compiled either:
 * writes are not worth a risk, and introspection is rare.
 */
function isCompilable(document: DocumentNode, operationName: string | undefined) {
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return false;
  let compilable = true;
  visit(document, {
    [Kind.DIRECTIVE]: () => {
      compilable = false;
    },
    [Kind.STRING]: ({ value }) => {
      compilable &&= HARMLESS.test(value);
    },
    [Kind.FIELD]: ({ name, alias }) => {
      compilable &&= name.value !== '__schema' && name.value !== '__type';
      compilable &&= alias?.value !== '__proto__'; // which compiled code would not answer but obey
    },
  });
  return compilable;
}
