import fc from 'fast-check';
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isRequiredArgument,
  isUnionType,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskError } from '../src/http/errors.js';
import { createExecutor } from '../src/http/executor.js';
import { schema } from '../src/schema/index.js';
import { Weavr } from '../src/weavr/core/client.js';
import { createTokenMemory } from '../src/weavr/core/token-memory.js';
import { createTransport, type RestAnswer, type Transport } from '../src/weavr/core/transport.js';
import { type Answer, type Stack, startStack } from './harness.js';

const compiled = createExecutor(schema, { executor: 'jit', compileAfter: 0 });
const interpreted = createExecutor(schema, { executor: 'graphql-js' });

let stack: Stack;
let transport: Transport;
beforeAll(async () => {
  stack = await startStack();
  transport = rememberReads(createTransport({ baseUrl: stack.sandbox.url }));
});
afterAll(async () => {
  await transport.close();
  await stack.close();
});

/** The sandbox answers each read once; the many documents of the property are answered from memory. */
function rememberReads(inner: Transport): Transport {
  const answers = new Map<string, Promise<RestAnswer>>();
  return {
    ...inner,
    send: (request) => {
      const answer = answers.get(request.path) ?? inner.send(request);
      answers.set(request.path, answer);
      return answer;
    },
  };
}

async function run(execute: typeof compiled, document: DocumentNode, variableValues: Record<string, unknown>) {
  const { sandbox, token } = stack;
  const weavr = new Weavr({ transport, apiKey: sandbox.apiKey, session: { api: 'MULTI', token } });
  const contextValue = { weavr, tokens: createTokenMemory(), unrecognized: new Set<string>() };
  const { data, errors } = await execute({ schema, document, variableValues, contextValue });
  const text = JSON.stringify({ data, errors: errors?.map((error) => maskError(error)) });
  return {
    text: text.replaceAll(/sandbox-\d+/g, 'sandbox-n'),
    calls: weavr.calls.map(({ operation }) => operation).sort(),
  };
}

/** Draws numbers below a bound, so that fast-check's seed decides on the whole document. */
type Draw = (below: number) => number;

const CONDITIONS = ['true', 'false', '$a', '$b', '$n'];
const ROOTS = ['managedAccounts(first: 1)', 'managedCards(first: 2)', 'transactions(first: 2)', 'transfers(first: 1)'];

const isPlain = (field: GraphQLField<unknown, unknown>) => !field.args.some(isRequiredArgument);

/** Writes a document over the real schema: few names, so that fields and fragments meet and have to be merged. */
function writeDocument(draw: Draw) {
  const fragments: { name: string; type: string; text: string }[] = [];
  const isConditional = draw(3) > 0; // the others are compiled
  const condition = () =>
    !isConditional || draw(3) ? '' : ` @${draw(2) ? 'include' : 'skip'}(if: ${CONDITIONS[draw(5)]})`;
  const pick = <T>(all: readonly T[]) => all[draw(all.length)]!;

  function selectionOf(type: GraphQLCompositeType, depth: number): string {
    const length = 1 + draw(3);
    return `{ ${Array.from({ length }, () => entryOf(type, depth)).join(' ')} }`;
  }

  function entryOf(type: GraphQLCompositeType, depth: number): string {
    const kind = depth > 0 ? draw(8) : 7;
    if (kind === 0) return `...${condition()} ${selectionOf(type, depth - 1)}`;
    if (kind === 1)
      return `... on ${narrowed(type)}${condition()} ${selectionOf(typeNamed(narrowed(type)), depth - 1)}`;
    if (kind <= 3) return `...${fragmentOn(narrowed(type), depth - 1)}${condition()}`;
    return fieldOf(type, depth);
  }

  /** The same each time that a fragment is asked for, so that it is spread in several places. */
  function narrowed(type: GraphQLCompositeType) {
    if (!isAbstractType(type)) return type.name;
    return pick([type.name, ...schema.getPossibleTypes(type).map(({ name }) => name)]);
  }

  function fragmentOn(type: string, depth: number) {
    const known = fragments.filter((fragment) => fragment.type === type);
    if (known.length && draw(3)) return pick(known).name;
    const text = selectionOf(typeNamed(type), Math.min(depth, 2)); // before it is known, so that it cannot hold itself
    const name = `F${fragments.length}`;
    fragments.push({ name, type, text: `fragment ${name} on ${type} ${text}` });
    return name;
  }

  function fieldOf(type: GraphQLCompositeType, depth: number): string {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields()).filter(isPlain);
    const inner = fields.filter((field) => isCompositeType(getNamedType(field.type)));
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    if (depth > 0 && inner.length && draw(2)) {
      const field = pick(inner.slice(0, 4));
      return `${field.name}${condition()} ${selectionOf(getNamedType(field.type) as GraphQLCompositeType, depth - 1)}`; // inner ones are composite
    }
    if (!leaves.length || !draw(5)) return `__typename${condition()}`;
    const leaf = pick(leaves.slice(0, 5));
    return `${draw(5) ? '' : `${leaf.name}2: `}${leaf.name}${condition()}`;
  }

  const root = pick(ROOTS);
  const [, name = ''] = /^(\w+)/.exec(root) ?? [];
  const connection = getNamedType(schema.getQueryType()!.getFields()[name]!.type) as GraphQLObjectType; // as all roots are
  const item = getNamedType(connection.getFields().nodes!.type) as GraphQLCompositeType; // as nodes are
  const page = () => `${condition()} { nodes${condition()} ${selectionOf(item, 3)} }`;
  const body = `{ ${root}${page()} b: ${root}${page()} ${root}${page()} }`;
  const all = [body, ...fragments.map(({ text }) => text)].join(' ');
  const used = ['a', 'b', 'n'].filter((variable) => all.includes(`$${variable}`));
  const declared = used.map((variable) => DECLARED[variable as keyof typeof DECLARED].text).join(', '); // as used are
  return { text: `query${declared && `(${declared})`} ${all}`, used };
}

const DECLARED = {
  a: { text: '$a: Boolean!', values: [true, false] },
  b: { text: '$b: Boolean! = true', values: [undefined, true, false] },
  n: { text: '$n: Boolean = false', values: [undefined, null, true, false] },
};

/** Every combination of values for the variables that are used. */
function* valuesFor([variable, ...others]: string[]): Generator<Record<string, unknown>> {
  if (!variable) return yield {};
  for (const value of DECLARED[variable as keyof typeof DECLARED].values) // as used are
    for (const rest of valuesFor(others)) yield value === undefined ? rest : { [variable]: value, ...rest };
}

const typeNamed = (name: string) => schema.getType(name) as GraphQLCompositeType; // names come from selections

const drawn = fc.infiniteStream(fc.nat(1_000_000)).map((numbers): Draw => {
  return (below) => numbers.next().value! % below; // the stream does not end
});

describe('a query with conditions and fragments', () => {
  it('is answered as graphql-js answers it, in the same order, for all values of its conditions', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    const counts = { documents: 0, conditional: 0, answers: 0 };
    await fc.assert(
      fc.asyncProperty(drawn, async (draw) => {
        const { text, used } = writeDocument(draw);
        const document = parse(text);
        fc.pre(validate(schema, document).length === 0);
        counts.documents += 1;
        if (text.includes('(if:')) counts.conditional += 1;
        const { variableDefinitions = [] } = document.definitions[0] as OperationDefinitionNode; // it stands first
        for (const values of valuesFor(used)) {
          const { coerced } = getVariableValues(schema, variableDefinitions, values);
          const ours = await run(compiled, document, coerced!); // all values are of their types
          expect(ours, `${text}\nwith ${JSON.stringify(values)}`).toEqual(await run(interpreted, document, coerced!));
          counts.answers += 1;
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 300), seed, maxSkipsPerRun: 1_000, endOnFailure: true },
    );
    expect(counts.conditional, 'documents with a condition').toBeGreaterThan(counts.documents / 4);
    expect(counts.documents - counts.conditional, 'documents without one, which are compiled').toBeGreaterThan(0);
  }, 1_800_000);

  it.each([
    ['a fragment that is excluded in one place and spread in another', EXCLUDED_ONCE(), [{}]],
    ['a fragment twice in one selection', TWICE(), [{ c: true }, { c: false }]],
    ['an inline fragment in a field that is skipped here and not there', SKIPPED_INLINE(), [{ c: true }, { c: false }]],
    ['a fragment in a field that is excluded here and not there', LEAK(), [{ c: true }, { c: false }]],
    ['a condition that is null', NULL_CONDITION(), [{ c: null }, { c: true }, {}]],
  ])('answers the same each time it comes: %s', async (_, text, all) => {
    for (const variables of all) {
      const document = parse(text);
      const { variableDefinitions = [] } = document.definitions[0] as OperationDefinitionNode; // it stands first
      const { coerced } = getVariableValues(schema, variableDefinitions, variables);
      const expected = await run(interpreted, document, coerced!); // all values are of their types
      for (let time = 0; time < 3; time++) {
        const { data, errors } = await stack.query(text, { variables });
        const { data: wanted, errors: failures }: Answer = JSON.parse(expected.text);
        expect(JSON.stringify(data ?? undefined)).toBe(JSON.stringify(wanted ?? undefined));
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(
          failures?.map(({ extensions }) => extensions.code),
        );
      }
    }
  });
});

function EXCLUDED_ONCE() {
  return `{ a: managedAccounts(first: 1) { nodes { id ...F @include(if: false) } }
    b: managedAccounts(first: 1) { nodes { id ...F } } }
    fragment F on ManagedAccount { friendlyName }`;
}

function TWICE() {
  return `query ($c: Boolean!) { managedAccounts(first: 1) { nodes { ...F @skip(if: $c) ...F ... @include(if: $c) { ...F } } } }
    fragment F on ManagedAccount { friendlyName }`;
}

function SKIPPED_INLINE() {
  return `query ($c: Boolean!) { managedAccounts(first: 1) { nodes {
    balances @skip(if: $c) { __typename ... { __typename actual { currency } } } ... { balances { __typename } } } } }`;
}

function LEAK() {
  return `query ($c: Boolean!) { managedAccounts(first: 1) { nodes {
    balances @include(if: $c) { ...Z } balances { available { value } } } } }
    fragment Z on Balances { actual { value } }`;
}

function NULL_CONDITION() {
  return `query ($c: Boolean = true) { managedAccounts(first: 1) { nodes { id friendlyName @include(if: $c) } } }`;
}
