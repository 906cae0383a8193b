import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Exchange } from '../src/sandbox/core/server.js';
import {
  type Documented,
  type DocumentedResponse,
  documents,
  type Parameter,
  placeOf,
  type Schema,
} from './openapi.js';

/** Answers that Weavr gives without documenting them for each operation. */
const UNDOCUMENTED: { status: number; errorCode?: string; reason: string }[] = [
  { status: 422, reason: 'an idempotency key of another request: documented for the whole API, in prose' },
  { status: 409, errorCode: 'IDEMPOTENT_REQUEST_IN_PROGRESS', reason: 'the same, while its request is running' },
  { status: 403, errorCode: 'ACCESS_TOKEN_REQUIRED', reason: 'what AUTH tokens open is documented with the token' },
];

const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false });
// The package is CommonJS: its default is the module where Node loads it, and the function where a bundler does.
const addFormats = ('default' in formats ? formats.default : formats) as unknown as (target: Ajv2020) => void;
addFormats(ajv);

/** What is wrong with a value by its schema, in a line each; where a value may have several shapes, by the nearest. */
function faultsOf(schema: Schema, value: unknown): string[] {
  const validate = ajv.compile(schema); // ajv keeps what it has compiled, by object
  if (validate(value)) return [];
  return nearest(validate.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = params.additionalProperty ?? params.allowedValues ?? params.allowedValue ?? '';
    return `${instancePath.replace(/\/\d+/g, '[]') || 'the whole'} ${message} ${detail}`.trim();
  });
}

/** Of every union only the errors of one branch: of the variant that is meant, or else of that with the fewest. */
function nearest(errors: ErrorObject[]): ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  const [union] = unions.sort((a, b) => a.schemaPath.length - b.schemaPath.length);
  if (!union) return errors;
  const { schemaPath, instancePath } = union;
  const isInside = (error: ErrorObject) =>
    error.schemaPath.startsWith(`${schemaPath}/`) && `${error.instancePath}/`.startsWith(`${instancePath}/`);
  const branches = new Map<string, ErrorObject[]>();
  for (const error of errors.filter(isInside)) {
    const [branch = ''] = error.schemaPath.slice(schemaPath.length + 1).split('/');
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  // Another discriminator, however little else is wrong, is another variant.
  const distance = (branch: ErrorObject[]) =>
    branch.length + (branch.some(({ keyword }) => keyword === 'const') ? 1000 : 0);
  const [best = []] = [...branches.values()].sort((a, b) => distance(a) - distance(b));
  return nearest([...errors.filter((error) => error !== union && !isInside(error)), ...best]);
}

/** A value of a query string as its schema's type; what is not of that type stays text, and fails there. */
function typed(text: string, { type }: Schema): unknown {
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return /^(integer|number)$/.test(type ?? '') && text.trim() !== '' && !Number.isNaN(Number(text))
    ? Number(text)
    : text;
}

/** The query's parameters by name; an object without a style travels as its properties. */
export function queryParameters({ parameters }: Documented): Parameter[] {
  return parameters
    .filter((one) => one.in === 'query')
    .flatMap((one) =>
      one.schema.properties
        ? Object.entries(one.schema.properties).map(([name, schema]) => ({ ...one, name, schema }))
        : [one],
    );
}

function queryFaults(documented: Documented, query: URLSearchParams, mayBeWrong: boolean): string[] {
  const known = new Map(queryParameters(documented).map((one) => [one.name, one]));
  return [...new Set(query.keys())].flatMap((name) => {
    const parameter = known.get(name);
    if (!parameter) return [`query: ${name} is not documented`];
    if (mayBeWrong) return [];
    const { items } = parameter.schema;
    const texts = query.getAll(name);
    const parts = items && parameter.explode === false ? texts.flatMap((text) => text.split(',')) : texts;
    const value = items ? parts.map((text) => typed(text, items)) : typed(texts.join(), parameter.schema);
    return faultsOf(parameter.schema, value).map((fault) => `query: ${name}=${texts.join('&')}: ${fault}`);
  });
}

function requestFaults({ requestBody }: Documented, body: unknown): string[] {
  if (!requestBody) return body === undefined ? [] : ['request: no body is documented'];
  if (body === undefined) return requestBody.required ? ['request: a body is required'] : [];
  return faultsOf(requestBody.schema, body).map((fault) => `request: ${fault}`);
}

function responseFor({ responses }: Documented, status: number): DocumentedResponse | undefined {
  const exact = responses.find((one) => one.status === String(status));
  return exact ?? (status >= 400 ? responses.find((one) => one.status === 'default') : undefined);
}

/** Submissions of bulks, and a new name for a beneficiary, are documented as if no caller could be wrong. */
const isWithoutFailures = ({ responses }: Documented) => responses.every(({ status }) => /^(2|409)/.test(status));

function responseFaults(documented: Documented, { status, responseBody, mediaType }: Exchange): string[] {
  const where = `response ${status}`;
  if (status >= 500) return [`${where}: the sandbox itself failed`];
  const code = (responseBody as { errorCode?: string } | undefined)?.errorCode;
  if (UNDOCUMENTED.some((one) => one.status === status && one.errorCode === code)) return [];
  const response = responseFor(documented, status);
  if (!response && status >= 400 && isWithoutFailures(documented)) return [];
  if (!response) return [`${where}: this status is not documented`];
  if (mediaType !== 'application/json') return [];
  if (!response.schema) return responseBody === undefined ? [] : [`${where}: no body is documented`];
  if (responseBody === undefined) return [`${where}: a body is documented`];
  return faultsOf(response.schema, responseBody).map((fault) => `${where}: ${fault}`);
}

/** Everything in which an exchange differs from Weavr's documents. */
function disagreements(exchange: Exchange): string[] {
  const { operation, status } = exchange;
  const { api, path } = placeOf(exchange.path);
  const documented = documents![api].serving(operation.method, path);
  if (!documented) return [`${api} has no ${operation.method} ${path}`];
  const mayBeWrong = status === 400;
  return [
    ...queryFaults(documented, exchange.query, mayBeWrong),
    // Only what was understood has to be right: a 400 is for what is not, and 401, 403 and 404 come before it.
    ...(status < 300 || status === 409 ? requestFaults(documented, exchange.requestBody) : []),
    ...responseFaults(documented, exchange),
  ];
}

/** Holds every exchange it is shown against the documents: where they disagree, and which parameters were ever sent. */
export function watchExchanges() {
  const problems = new Set<string>();
  const parameters = new Map<string, Set<string>>();
  const onExchange = (exchange: Exchange) => {
    const { operation, query } = exchange;
    for (const problem of disagreements(exchange)) problems.add(`${operation.id}: ${problem}`);
    parameters.set(operation.id, new Set([...(parameters.get(operation.id) ?? []), ...query.keys()]));
  };
  return { problems, parameters, onExchange: documents && onExchange };
}
