import fc from 'fast-check';
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, type GraphQLScalarType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskError } from '../src/http/errors.js';
import { createExecutor } from '../src/http/executor.js';
import { schema } from '../src/schema/index.js';
import { Weavr } from '../src/weavr/core/client.js';
import type { Operation } from '../src/weavr/core/operation.js';
import { createTokenMemory } from '../src/weavr/core/token-memory.js';
import { createTransport, type Transport } from '../src/weavr/core/transport.js';
import { type Stack, startStack } from './harness.js';
import { type Question, questions } from './selection.js';

type Alter = <T>(operation: Operation, body: T) => T;

const compiled = createExecutor(schema, { executor: 'jit', compileAfter: 0 });
const interpreted = createExecutor(schema, { executor: 'graphql-js' });
const documents = new Map<string, DocumentNode>();
const documentOf = ({ text }: Question) => {
  const document = documents.get(text) ?? parse(text);
  documents.set(text, document);
  return document;
};

let stack: Stack;
let transport: Transport;
/** By type, some that there are. */
const ids = new Map<string, string[]>();
beforeAll(async () => {
  stack = await startStack();
  transport = createTransport({ baseUrl: stack.sandbox.url });
  for (const question of questions.filter(({ takes }) => takes !== 'ID')) {
    const { answer } = await run(interpreted, question, {});
    for (const [type, id] of thingsIn(answer.data)) ids.set(type, [...(ids.get(type) ?? []).slice(-20), id]);
  }
});
afterAll(async () => {
  await transport.close();
  await stack.close();
});

function* thingsIn(value: unknown): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) return;
  const { __typename: type, id } = value as { __typename?: string; id?: string };
  if (type && id) yield [type, id];
  for (const inner of Object.values(value)) yield* thingsIn(inner);
}

async function run(
  execute: (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>,
  question: Question,
  variableValues: Record<string, unknown>,
  onAnswer?: Alter,
) {
  const { sandbox, token } = stack;
  const weavr = new Weavr({ transport, apiKey: sandbox.apiKey, session: { api: 'MULTI', token }, onAnswer });
  const unrecognized = new Set<string>();
  const linkTo = async () => ({ url: 'https://files.example', expiresAt: 0 });
  const contextValue = { weavr, tokens: createTokenMemory(), unrecognized, linkTo };
  const { data, errors } = await execute({ schema, document: documentOf(question), variableValues, contextValue });
  const answer = { data, errors: errors?.map((error) => maskError(error)), unrecognized: [...unrecognized].sort() };
  return { answer, calls: weavr.calls.length };
}

/** What no contract lets Weavr send, and now and then it does. */
const ODD: unknown[] = [
  undefined,
  null,
  '',
  '  ',
  'SOMETHING_NEW',
  '12',
  42,
  -1.5,
  2 ** 53,
  true,
  [],
  {},
  { toString: 1 },
];

interface Place {
  of: Record<string, unknown>;
  key: string;
}

function* placesIn(of: object): Generator<Place> {
  for (const [key, value] of Object.entries(of)) {
    yield { of: of as Record<string, unknown>, key };
    if (typeof value === 'object' && value !== null) yield* placesIn(value);
  }
}

/** The same change to the answers of every run: one value of each, by its place, is another. */
const alter =
  (place: number, odd: unknown): Alter =>
  (_operation, body) => {
    const places = [...placesIn(body as object)]; // answers are objects
    const { of, key } = places[place % places.length] ?? { of: {}, key: '' };
    of[key] = structuredClone(odd);
    return body;
  };

const asked = fc.record({
  question: fc.constantFrom(...questions),
  id: fc.nat(),
  place: fc.nat(),
  odd: fc.nat(ODD.length - 1),
  isAltered: fc.boolean(),
});

/** Each request has its own reference. */
const textOf = (answer: object) => JSON.stringify(answer).replaceAll(/sandbox-\d+/g, 'sandbox-n');

describe('a compiled query', () => {
  it('answers as graphql-js does, byte for byte, whatever Weavr sends', async () => {
    let faulty = 0;
    await fc.assert(
      fc.asyncProperty(asked, async ({ question, id, place, odd, isAltered }) => {
        const known = question.targets.flatMap((type) => ids.get(type) ?? []);
        const inner = question.inner?.flatMap((type) => ids.get(type) ?? []) ?? [];
        const variables = { id: known[id % known.length] ?? '1', inner: inner[place % inner.length] ?? '1' };
        const change = isAltered ? alter(place, ODD[odd]) : undefined;
        const theirs = await run(interpreted, question, variables, change);
        const ours = await run(compiled, question, variables, change);
        expect(textOf(ours.answer)).toBe(textOf(theirs.answer));
        if (theirs.answer.errors?.length) faulty += 1;
        // Compiled, links are followed before what is around them is found to be void.
        else expect(ours.calls).toBe(theirs.calls);
      }),
      { numRuns: Number(process.env.RUNS ?? 200), seed: 3, endOnFailure: true },
    );
    expect(faulty, 'answers with errors').toBeGreaterThan(20);
  });
});

describe('an instant', () => {
  it('is written as Date writes it', () => {
    const { serialize } = schema.getType('DateTime') as GraphQLScalarType; // it is one
    const instants = fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: 0, max: 4e12 }));
    fc.assert(
      fc.property(instants, (instant) => serialize(instant) === new Date(instant).toISOString()),
      { numRuns: 2_000 },
    );
  });
});
