import { readdirSync } from 'node:fs';
import { getDirective } from '@graphql-tools/utils';
import { isEnumType, isIntrospectionType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { routes } from '../src/sandbox/index.js';
import { UNRECOGNIZED } from '../src/schema/core/enums.js';
import { schema } from '../src/schema/index.js';
import type { Operation } from '../src/weavr/core/operation.js';
import { watchExchanges } from './exchanges.js';
import {
  type Documented,
  type DocumentedApi,
  documents,
  NO_DOCUMENTS,
  placeOf,
  REQUIRED_BUT_UNDECLARED,
} from './openapi.js';

/** Where the table knowingly differs from the documents. */
const EXCEPTIONS: Record<string, string> = {
  'userKyc auth': 'documented with the api-key alone, and acts for the user all the same',
  'managedCardPhysicalReplaceLostOrStolen auth': 'the same',
  'managedAccountStatement inBackOffice': 'Back Office answers the first form on the path of the current one',
  'managedCardStatement inBackOffice': 'the same',
  'impersonateIdentityLogin auth': 'documented with a session, which only its answer can open',
  'requestAccessToken inBackOffice':
    'Back Office exchanges its key for a token in another form, before there is a session',
};

const operations = routes.map(({ operation }) => operation);

/** An operation as one of the APIs documents it. */
function documentedIn(api: DocumentedApi, { method, path, backOfficeForm }: Operation): Documented | undefined {
  const place = placeOf((api === 'BACK_OFFICE' && backOfficeForm?.path) || path);
  return documents?.[api].operation(method, place.path);
}

const documentedAt = (operation: Operation) => documentedIn(placeOf(operation.path).api, operation);

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

function documentedAuth({ security }: Documented) {
  const open = security.some((schemes) => !schemes.includes('auth_token') && !schemes.includes('Auth_Token'));
  if (!open) return 'SESSION';
  return security.length > 1 ? 'EITHER' : 'API_KEY';
}

const takesReference = (documented: Documented | undefined) =>
  documented?.parameters.some(({ name }) => name === 'idempotency-ref') ?? false;

/** The codes of an operation's 409, in every API that it is offered in. */
function documentedRefusals(operation: Operation) {
  const inBackOffice = operation.inBackOffice ? documentedIn('BACK_OFFICE', operation) : undefined;
  const responses = [documentedAt(operation), inBackOffice].flatMap(
    (documented) => documented?.responses.filter(({ status }) => status === '409') ?? [],
  );
  return sorted(responses.flatMap(({ schema }) => schema?.properties?.errorCode?.enum ?? []).map(String));
}

function documentedBody({ responses }: Documented): Operation['body'] {
  const successes = responses.filter(({ status }) => status.startsWith('2'));
  const withBody = successes.filter(({ schema }) => schema).length;
  return withBody === 0 ? 'NEVER' : withBody === successes.length ? 'ALWAYS' : 'MAYBE';
}

/** Its paging parameter and that parameter's bound. */
function documentedPaging(documented: Documented | undefined) {
  const limit = documented?.parameters.find(({ name }) => name === 'limit' || name === 'statementLimit');
  return limit && `${limit.name} ${limit.schema.maximum}`;
}

const paged = (paging: Operation['paging']) => paging && `${paging.limit} ${paging.size}`;

/** What the table says of an operation beside what the documents say: equal, or on the list of exceptions. */
function claims(operation: Operation, documented: Documented): Record<string, [unknown, unknown]> {
  const { id, path, auth, inBackOffice, idempotentIn, refusals, body, paging, commaJoined, backOfficeForm } = operation;
  const inApis = (['MULTI', 'BACK_OFFICE'] as const).filter((api) => takesReference(documentedIn(api, operation)));
  const inOther = documentedIn('BACK_OFFICE', operation);
  const comma = documented.parameters.filter(({ schema, explode }) => schema.items && explode === false);
  const placed = documented.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  return {
    id: [id, documented.id],
    parameters: [sorted([...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)), sorted(placed)],
    auth: [auth, documentedAuth(documented)],
    inBackOffice: [inBackOffice, inOther !== undefined],
    idempotentIn: [sorted(idempotentIn), sorted(inApis)],
    refusals: [sorted(refusals), documentedRefusals(operation)],
    body: [body, documentedBody(documented)],
    paging: [paged(paging), documentedPaging(documented)],
    backOfficePaging: [
      inBackOffice && paged(backOfficeForm?.paging ?? paging),
      inBackOffice && documentedPaging(inOther),
    ],
    commaJoined: [sorted(commaJoined), sorted(comma.map(({ name }) => name))],
  };
}

const difference = ([ours, theirs]: [unknown, unknown]) => {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return `${ours}, documented: ${theirs}`;
  const extra = ours.filter((one) => !theirs.includes(one)).map((one) => `+${one}`);
  return [...extra, ...theirs.filter((one) => !ours.includes(one)).map((one) => `-${one}`)].join(' ');
};

/** The claims of the table that the documents deny, as `operation claim: how`. */
function disagreements(operation: Operation) {
  const documented = documentedAt(operation);
  if (!documented) return [];
  return Object.entries(claims(operation, documented))
    .filter(([, [ours, theirs]]) => JSON.stringify(ours) !== JSON.stringify(theirs))
    .map(([claim, pair]) => `${operation.id} ${claim}: ${difference(pair)}`);
}

/** Lists of members that no enum of the documents has. */
const OTHER_MEMBERS: Record<string, string> = {
  BACK_OFFICE_LOGINS: 'made here, of two routes',
  RETRY_WRITES: 'a setting',
  ConflictAction: 'made here, of all the codes',
  CONFLICT_ACTIONS: 'the same',
  TOKEN_STATUSES: 'documented as text',
  StatementFormat: 'made here, of media types',
  RequiredAction: 'made here, of states',
  PayeeMatch: 'of two checks, each with a word of its own for a match',
  UNFILTERABLE_LEGACY_TYPES: 'the rest of an enum, beside LEGACY_TRANSACTION_TYPES',
};

const isMembers = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((member) => typeof member === 'string');

/** Every list of enum members that the contract exports, and the wire's values of every enum of the schema. */
async function memberLists(): Promise<[string, readonly string[]][]> {
  const folder = new URL('../src/weavr/', import.meta.url);
  const files = readdirSync(folder, { recursive: true }).map(String);
  const contract = files.filter((file) => file.endsWith('.ts'));
  const modules: object[] = await Promise.all(contract.map((file) => import(new URL(file, folder).href)));
  const exported = modules.flatMap((module) => Object.entries(module)).filter(([name]) => !name.endsWith('_REFUSALS'));
  const enums = Object.values(schema.getTypeMap()).filter((type) => isEnumType(type) && !isIntrospectionType(type));
  return [
    ...exported.filter((list): list is [string, readonly string[]] => isMembers(list[1])),
    ...enums.filter(isEnumType).map((type): [string, string[]] => [
      type.name,
      type
        .getValues()
        .map(({ value }) => String(value))
        .filter((value) => value !== UNRECOGNIZED),
    ]),
  ];
}

/** How a list differs from the enum of the documents that is nearest to it. */
function nearest(members: readonly string[], enums: string[][]) {
  const missing = (all: readonly string[], from: readonly string[]) => all.filter((one) => !from.includes(one));
  const distances = enums.map((documented) => [
    ...missing(members, documented).map((one) => `+${one}`),
    ...missing(documented, members).map((one) => `-${one}`),
  ]);
  return distances.sort((a, b) => a.length - b.length)[0]!.join(' ');
}

/** The fields of Query and Mutation that call an operation, by its id. */
function rootFields(id: string) {
  const roots = [schema.getQueryType(), schema.getMutationType()].filter(isObjectType);
  return roots
    .flatMap((root) => Object.values(root.getFields()))
    .filter((field) => getDirective(schema, field, 'upstream')?.[0]?.operations[0] === id);
}

describe.skipIf(!documents)(documents ? 'the contract' : `skipped: ${NO_DOCUMENTS}`, () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))(
    'has %s as documented',
    (_id, operation) => {
      expect(documentedAt(operation), `${operation.method} ${operation.path} is not documented`).toBeDefined();
      expect(disagreements(operation).filter((wrong) => !EXCEPTIONS[wrong.split(':')[0]!])).toEqual([]);
    },
  );

  it('needs every exception it makes', () => {
    const needed = operations.flatMap(disagreements).map((wrong) => wrong.split(':')[0]!);
    const known = Object.keys(EXCEPTIONS).filter((claim) => operations.some(({ id }) => claim.startsWith(`${id} `)));
    expect(known.filter((claim) => !needed.includes(claim))).toEqual([]);
  });

  it('deprecates what the documents deprecate, and nothing else', () => {
    const wrong = operations.flatMap((operation) =>
      rootFields(operation.id)
        .filter(({ deprecationReason }) => (deprecationReason != null) !== documentedAt(operation)!.deprecated)
        .map(({ name }) => `${name} calls ${operation.id}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has every member of every enum', async () => {
    const enums = Object.values(documents!).flatMap((document) => document.enums());
    const wrong = (await memberLists())
      .map(([name, members]) => [name, nearest(members, enums)])
      .filter(([name = '', difference]) => difference && !OTHER_MEMBERS[name])
      .map(([name, difference]) => `${name}: ${difference}`);
    expect(wrong).toEqual([]);
  });

  it('knows every property that the documents require and do not declare', () => {
    const all = Object.values(documents!).flatMap((document) => {
      for (const route of document.routes) document.operation(...(route.split(' ') as [string, string])); // as it prints them
      return [...document.slips];
    });
    expect(sorted(all)).toEqual(Object.keys(REQUIRED_BUT_UNDECLARED).sort());
  });

  it('finds what is wrong with an exchange', () => {
    const { problems, onExchange } = watchExchanges();
    const operation = operations.find(({ id }) => id === 'managedAccountsGet')!;
    onExchange!({
      operation,
      path: '/multi/managed_accounts',
      query: new URLSearchParams('limit=101&state=ACTIVE&state=LOST&colour=red'),
      headers: {},
      status: 200,
      mediaType: 'application/json',
      responseBody: { accounts: [{ id: 1, typo: true }], count: 1 },
    });
    expect([...problems]).toEqual(
      expect.arrayContaining([
        'managedAccountsGet: query: colour is not documented',
        'managedAccountsGet: query: limit=101: the whole must be <= 100',
        expect.stringContaining('managedAccountsGet: query: state=ACTIVE&LOST: [] must be equal to one of'),
        'managedAccountsGet: response 200: /accounts[] must NOT have additional properties typo',
        "managedAccountsGet: response 200: /accounts[] must have required property 'balances'",
        'managedAccountsGet: response 200: /accounts[]/id must be string',
      ]),
    );
  });
});
