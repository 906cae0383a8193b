import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../src/http/limits.js';
import { routes } from '../src/sandbox/index.js';
import { ACCOUNT_PROFILE } from '../src/sandbox/managed-accounts.js';
import type { Operation } from '../src/weavr/core/operation.js';
import { queryParameters } from './exchanges.js';
import { type Answer, type Stack, startStack } from './harness.js';
import { type Documented, documents, leavesOf, NO_DOCUMENTS, placeOf } from './openapi.js';
import { type Alteration, type Recording, recordReads } from './recording.js';
import { narrowQuestions, operationsOfFields, type Question, questions } from './selection.js';

type Exceptions = [property: RegExp, reason: string][];

/** What Weavr answers and the schema does not tell, as `operation path`. */
const NOT_TOLD: Exceptions = [
  [/[ .]responseCount$/, 'the length of the list says it'],
  [/ rootUser\.id\.type$/, 'the type of the object says it'],
  [/[ .](card|fee|sourceInstrument)\.type$/, 'it has one value alone'],
  [/^managedCardSpendRulesGet (?!\w+LevelSpendRules\.)/, 'the flat rules are a deprecated copy of the card’s own'],
];

/** What is documented and never answered by the sandbox, as `operation path`. */
const NOT_ANSWERED: Exceptions = [
  [/^\w*[tT]ransactions?Get .*\btransaction\./, 'a copy of what is held against its own document where it is read'],
  [/ entries\[\]\.counterparty\.bankCode$/, 'another name of `bic`'],
  [/^managedCardStatement .*\.(iban|bic|sortCode|accountNumber|reference|handle)$/, 'no card has bank details'],
  [/\.destination\.accountReference\.accountDescriptor$/, 'every account here has an IBAN or a sort code'],
  [/ profileLevelSpendRules\.allowed\w+\[\]$/, 'the only profile with rules blocks, and what blocks does not allow'],
];

/** Parameters that are documented and never sent, as `operation name`. */
const NOT_SENT: Exceptions = [
  [/^sendsGet (id|type)$/, 'flat names of the source, which has `source.id` and `source.type`'],
  [/^outgoingWireTransfersGet (id|type)$/, 'deprecated names of `sourceInstrument.id` and `sourceInstrument.type`'],
];

/** What a question may fail with: not every caller sees everything, and without an id there is no way on. */
const HANDLED = ['FORBIDDEN', 'UPSTREAM_INVALID_RESPONSE', 'BAD_USER_INPUT'];

interface Asked {
  text: string;
  variables: object;
  token: string;
  data: string;
}

const recorder = recordReads();
const asked: Asked[] = [];
/** What answers a file alone: its bytes are passed on as they are. */
const FILES = ['outgoingWireTransferPaymentConfirmation'];

/** Whether what is asked has been asked before, and its exchanges been held against the documents. */
let again = false;
const failures = new Set<string>();
let met: Thing[] = [];
let stack: Stack;

beforeAll(async () => {
  // Compiled, an altered answer would be executed twice; another test holds compiled queries against these.
  const options = { onAnswer: recorder.onAnswer, execution: { executor: 'graphql-js' } } as const;
  stack = await startStack(options, { watched: () => !again });
  const root = stack.sandbox.signIn('root@acme.example');
  await showAll(root);
  lift(); // everything at once is more than a caller may ask
  met = await crawl(root);
  await askForPin(root);
  await crawl(stack.sandbox.signIn('ada@consumer.example'));
}, 60_000);
afterAll(async () => {
  restore();
  await stack.close();
});

const limits = Object.entries(LIMITS).map(([name, { maximum }]) => [name as keyof typeof LIMITS, maximum] as const);
function lift() {
  for (const [name] of limits) LIMITS[name].maximum = Number.POSITIVE_INFINITY;
}
function restore() {
  for (const [name, maximum] of limits) LIMITS[name].maximum = maximum;
}

/** Steps up, because some properties are shown to such sessions alone, and leaves a trace of what is not seeded. */
async function showAll(token: string) {
  await stack.data('mutation { startStepUpOtp(input: {}) { __typename } }', { token });
  await stack.data('mutation { verifyStepUpOtp(input: { verificationCode: "123456" }) { __typename } }', { token });
  const { createManagedAccount } = await stack.data(
    `mutation {
      createManagedAccount(input: { profileId: "${ACCOUNT_PROFILE}", friendlyName: "Gone", currency: "EUR" }) {
        ... on CreateManagedAccountPayload { managedAccount { id } }
      }
    }`,
    { token },
  );
  const { id } = createManagedAccount.managedAccount;
  await stack.data(`mutation { removeManagedAccount(input: { id: "${id}" }) { __typename } }`, { token });
}

/** Asks for the PIN of the seed's physical card, which no query tells. */
async function askForPin(token: string) {
  const { id } = stack.sandbox.state.managedCards.all().find(({ secrets }) => secrets.pin)!;
  const field = 'revealPhysicalCardPin';
  const text = `mutation ($id: ID!) { ${field}(input: { id: $id }) { ... on RevealPhysicalCardPinPayload { pin } } }`;
  await ask({ field, text, takes: 'ID', targets: [] }, { id }, token);
}

/** An object of an answer, and which of its fields had a value. */
interface Thing {
  type: string;
  id: string;
  shape: string;
}

function* thingsIn(value: unknown): Generator<Thing> {
  if (typeof value !== 'object' || value === null) return;
  const { __typename: type, id } = value as { __typename?: string; id?: string };
  if (type && id) yield { type, id, shape: shapeOf(value) };
  for (const inner of Object.values(value)) yield* thingsIn(inner);
}

const shapeOf = (value: unknown): string =>
  typeof value !== 'object' || value === null
    ? String(value === null)
    : Object.entries(value)
        .map(([key, inner]) => `${Array.isArray(value) ? '' : key}{${shapeOf(inner)}}`)
        .join();

const ENOUGH = 15;

/** Some objects of a type: one of each shape, then those whose statements tell of the most kinds of movement. */
function mostVarious(things: Thing[], type: string) {
  const kinds = kindsOfMovement();
  const all = [...new Map(things.filter((thing) => thing.type === type).map((thing) => [thing.id, thing])).values()];
  all.sort((a, b) => (kinds.get(b.id)?.size ?? 0) - (kinds.get(a.id)?.size ?? 0));
  const various = new Map(all.toReversed().map((thing) => [thing.shape, thing]));
  return [...new Set([...various.values(), ...all])].slice(0, ENOUGH);
}

/** What moved money on each account and with each card. */
function kindsOfMovement() {
  const { managedAccounts, ledger } = stack.sandbox.state;
  const kinds = new Map<string, Set<string>>();
  for (const { movement, account } of managedAccounts.all().flatMap(({ id }) => ledger.entriesOf(id)))
    for (const id of [account, movement.cardId ?? ''])
      kinds.set(id, (kinds.get(id) ?? new Set()).add(`${movement.legacyType} ${Object.keys(movement)}`));
  return kinds;
}

async function ask({ text, field }: Question, variables: object, token: string): Promise<Answer> {
  recorder.ask(asked.length);
  const answer = await stack.query(text, { variables, token });
  asked.push({ text, variables, token, data: JSON.stringify(answer.data) });
  // Corporates have no consumer's fields, and consumers no corporate's.
  for (const { message, path, extensions } of answer.errors ?? [])
    if (extensions.code !== 'FORBIDDEN')
      failures.add(
        `${(path ?? [field]).filter((step) => typeof step === 'string').join('.')}: ${extensions.code} ${message}`,
      );
  return answer;
}

/** Asks all that one caller may see: lists to their end, then the objects that were met. */
async function crawl(token: string) {
  const things: Thing[] = [];
  const taking = (what: Question['takes']) => questions.filter(({ takes }) => takes === what);
  for (const question of taking('NOTHING')) things.push(...thingsIn((await ask(question, {}, token)).data));
  for (const question of taking('CURSOR')) {
    let after: string | null = null;
    do {
      const { data }: Answer = await ask(question, { after }, token);
      things.push(...thingsIn(data));
      const { pageInfo } = data?.[question.field] ?? {};
      after = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
  }
  for (const id of new Set(taking('ID').flatMap(({ targets }) => targets.flatMap((type) => mostVarious(things, type)))))
    await lookUp(id, token);
  return things;
}

/** Asks everything of one object, at last what is looked up inside of it. */
async function lookUp({ type, id }: Thing, token: string) {
  const inside: Thing[] = [];
  const about = questions.filter(({ takes, targets }) => takes === 'ID' && targets.includes(type));
  for (const question of about.filter(({ inner }) => !inner))
    inside.push(...thingsIn((await ask(question, { id }, token)).data));
  for (const question of about)
    for (const thing of question.inner?.flatMap((of) => mostVarious(inside, of)) ?? [])
      await ask(question, { id, inner: thing.id }, token);
}

/** Asks a question again while one property has another value. */
async function askAgain(number: number, alteration: Alteration) {
  again = true;
  recorder.alter(alteration);
  const { text, variables, token } = asked[number]!;
  return stack.query(text, { variables, token });
}

const other = (value: unknown) =>
  typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${value}1`;

/** Whether anybody reads the copy of a property: then another value makes another answer. */
async function isToldFromCopy(operation: string, path: string) {
  const number = recorder.recordings.get(operation)?.copied.get(path);
  if (number === undefined) return false;
  const { data } = await askAgain(number, { operation, path, change: other });
  return JSON.stringify(data) !== asked[number]?.data;
}

/** What was answered and not read by name, as `operation path`. */
const unread = ([operation, { answered, read }]: [string, Recording]) =>
  [...answered.keys()].filter((path) => !read.has(path)).map((path) => `${operation} ${path}`);

/** The documented properties of a success, and those of them that no answer had. */
function unanswered([id, { answered }]: [string, Recording]) {
  const { responses } = documentedAs(id);
  const { schema } = responses.find(({ status }) => status === '200') ?? {};
  const isAnswered = (leaf: string) =>
    answered.has(leaf) ||
    (leaf.endsWith('.*') && [...answered.keys()].some((one) => one.startsWith(leaf.slice(0, -1))));
  return schema
    ? leavesOf(schema)
        .filter((leaf) => !isAnswered(leaf))
        .map((leaf) => `${id} ${leaf}`)
    : [];
}

function documentedAs(id: string): Documented {
  const { method, path } = operationOf(id);
  const place = placeOf(path);
  return documents![place.api].operation(method, place.path)!;
}

const operationOf = (id: string): Operation => routes.find(({ operation }) => operation.id === id)!.operation;

const except = (properties: string[], exceptions: Exceptions) =>
  properties.filter((property) => !exceptions.some(([pattern]) => pattern.test(property)));

const needless = (properties: string[], exceptions: Exceptions) =>
  exceptions.filter(([pattern]) => !properties.some((property) => pattern.test(property)));

describe('what Weavr answers', () => {
  it('can all be asked for', () => {
    expect([...failures]).toEqual([]);
    const reads = operationsOfFields.filter((id) => operationOf(id)?.method === 'GET');
    expect(reads.filter((id) => !recorder.recordings.has(id))).toEqual(FILES);
  });

  it('is told by the schema, property by property', async () => {
    const all = [...recorder.recordings].flatMap(unread);
    const left: string[] = [];
    for (const property of except(all, NOT_TOLD)) {
      const [operation = '', path = ''] = property.split(' ');
      if (!(await isToldFromCopy(operation, path))) left.push(property);
    }
    expect(left).toEqual([]);
    expect(needless(all, NOT_TOLD)).toEqual([]);
  }, 60_000);

  it('may lack any one value: no answer breaks', async () => {
    const broken: string[] = [];
    for (const [operation, { answered }] of recorder.recordings)
      for (const [path, number] of answered) {
        const { status, data, errors = [] } = await askAgain(number, { operation, path, change: () => undefined });
        const isHandled = errors.every(({ extensions }) => HANDLED.includes(extensions.code));
        const isSound = !/undefined|\[object/.test(JSON.stringify(data));
        if (status !== 200 || !isHandled || !isSound) broken.push(`${operation} ${path}: ${JSON.stringify(errors)}`);
      }
    expect(broken).toEqual([]);
  }, 60_000);

  it.skipIf(!documents)(documents ? 'is all that is documented' : `skipped: ${NO_DOCUMENTS}`, () => {
    const all = [...recorder.recordings].flatMap(unanswered);
    expect(except(all, NOT_ANSWERED)).toEqual([]);
    expect(needless(all, NOT_ANSWERED)).toEqual([]);
  });

  it.skipIf(!documents)('can be narrowed by everything that is documented', async () => {
    const own = await startStack(); // the same seed: what was there first is there again
    for (const { text, takes, targets } of narrowQuestions) {
      const { id } = (takes === 'ID' && met.findLast(({ type }) => targets.includes(type))) || {};
      await own.query(text, { variables: { id } });
    }
    const isSent = (id: string, name: string) =>
      [stack, own].some(({ exchanges }) => exchanges.parameters.get(id)?.has(name));
    const left = [...recorder.recordings.keys()].flatMap((id) =>
      queryParameters(documentedAs(id))
        .filter(({ name }) => !isSent(id, name))
        .map(({ name }) => `${id} ${name}`),
    );
    expect(except(left, NOT_SENT)).toEqual([]);
    expect(needless(left, NOT_SENT)).toEqual([]);
    own.exchanges.problems.clear(); // the values were made up
    await own.close();
  });
});
