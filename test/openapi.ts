import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Where Weavr's OpenAPI documents lie; without them nothing is held against them. */
const FOLDER = process.env.WEAVR_OPENAPI_DIR;

export const NO_DOCUMENTS = 'WEAVR_OPENAPI_DIR names no folder with multi.yml, multi-backoffice.yml and simulator.yml';

/** A JSON schema, as far as the tests look into it. */
export interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  maximum?: number;
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  explode?: boolean;
  schema: Schema;
}

type Content = Record<string, { schema: Schema }>;

interface RawOperation {
  operationId: string;
  deprecated?: boolean;
  security?: Record<string, unknown>[];
  parameters?: (Parameter | Schema)[];
  requestBody?: { required?: boolean; content: Content } | Schema;
  responses: Record<string, { content?: Content } | Schema>;
}

interface RawDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components: Record<string, Record<string, unknown>>;
}

/** What one operation answers with one status; without a schema it has no body. */
export interface DocumentedResponse {
  status: string;
  schema?: Schema;
}

/** One operation of a document: references followed, schemas closed. */
export interface Documented {
  id: string;
  deprecated: boolean;
  /** The names of the security schemes that go together, for every way to be let in. */
  security: string[][];
  parameters: Parameter[];
  requestBody?: { required: boolean; schema: Schema };
  responses: DocumentedResponse[];
}

/** Properties that are required by a schema that does not declare them: they cannot be asked of anybody. */
export const REQUIRED_BUT_UNDECLARED: Record<string, string> = {
  'ChargeFee.destination': 'left over from a fee between two instruments',
  'ManagedAccountIBAN.type': 'bank details have no discriminator',
};

/** One of Weavr's documents. */
export class OpenApi {
  /** Every property that is required and not declared, as it is met. */
  readonly slips = new Set<string>();
  readonly #raw: RawDocument;
  readonly #patterns: [path: string, pattern: RegExp][];
  readonly #closed = new Map<string, Schema>();
  readonly #operations = new Map<string, Documented>();

  constructor(file: string) {
    const text = readFileSync(file, 'utf8');
    this.#raw = parse(text, { uniqueKeys: false, prettyErrors: false }) as RawDocument; // an OpenAPI document is that
    const paths = Object.keys(this.#raw.paths).sort((a, b) => a.split('{').length - b.split('{').length);
    this.#patterns = paths.map((path) => [path, new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)]);
  }

  /** Its operations as `GET /path`. */
  get routes() {
    return Object.entries(this.#raw.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  operation(method: string, path: string): Documented | undefined {
    const known = this.#operations.get(`${method} ${path}`);
    const raw = this.#raw.paths[path]?.[method.toLowerCase()];
    if (known || !raw) return known;
    const documented = this.#read(raw);
    this.#operations.set(`${method} ${path}`, documented);
    return documented;
  }

  /** The operation that serves a path of the wire: literal routes come before those with parameters. */
  serving(method: string, wirePath: string): Documented | undefined {
    const found = this.#patterns.find(([path, pattern]) => pattern.test(wirePath) && this.operation(method, path));
    return found && this.operation(method, found[0]);
  }

  #read(raw: RawOperation): Documented {
    const requestBody = raw.requestBody && this.#follow<{ required?: boolean; content: Content }>(raw.requestBody);
    return {
      id: raw.operationId,
      deprecated: raw.deprecated ?? false,
      security: (raw.security ?? []).map((together) => Object.keys(together).sort()),
      parameters: (raw.parameters ?? []).map((one) => this.#parameter(one)),
      requestBody: requestBody && {
        required: requestBody.required ?? false,
        schema: this.#closedBody(requestBody.content)!,
      },
      responses: Object.entries(raw.responses).map(([status, response]) => ({
        status,
        schema: this.#closedBody(this.#follow<{ content?: Content }>(response).content),
      })),
    };
  }

  /** Every list of members that the document knows, wherever it stands. */
  enums(): string[][] {
    const found: string[][] = [];
    const look = (value: unknown) => {
      if (!value || typeof value !== 'object') return;
      if ('enum' in value && Array.isArray(value.enum)) found.push(value.enum.map(String));
      Object.values(value).forEach(look);
    };
    look(this.#raw);
    return found;
  }

  #parameter(raw: Parameter | Schema): Parameter {
    const parameter = this.#follow<Parameter>(raw);
    return { ...parameter, schema: this.#close(parameter.schema) };
  }

  #closedBody(content: Content = {}) {
    const { schema } = content['application/json'] ?? {};
    return schema && this.#close(schema);
  }

  #follow<T>(value: T | Schema): T {
    const { $ref } = value as Schema;
    if (!$ref) return value as T; // whoever asks knows what stands there
    const [section = '', name = ''] = $ref.split('/').slice(2);
    return this.#follow(this.#raw.components[section]?.[name] as T);
  }

  /** A schema that admits what is declared and nothing else. */
  #close(schema: Schema, name = ''): Schema {
    const known = schema.$ref && this.#closed.get(schema.$ref);
    if (known) return known;
    const all = this.#alternatives(schema, name).map((one) => this.#closeOne(one, nameOf(schema) ?? name));
    const closed = all.length === 1 ? all[0]! : { anyOf: all };
    if (schema.$ref) this.#closed.set(schema.$ref, closed);
    return closed;
  }

  #closeOne({ properties, required = [], items, ...rest }: Schema, name: string): Schema {
    if (items) return { ...rest, items: this.#close(items, name) };
    if (!properties) return rest;
    const closed = Object.entries(properties).map(([key, property]) => [key, this.#close(property, name)] as const);
    for (const key of required) if (!(key in properties)) this.slips.add(`${name}.${key}`);
    return {
      additionalProperties: false,
      ...rest,
      properties: Object.fromEntries(closed),
      required: [...new Set(required)].filter((key) => key in properties),
    };
  }

  /**
   * The shapes a value may have, each without allOf, oneOf or discriminator. Variants of a discriminator are the base's
   * alternatives, and contain the base in turn: as a part of something it stands for itself alone.
   */
  #alternatives(schema: Schema, name: string, asPart = false): Schema[] {
    const { discriminator, allOf, oneOf, anyOf, ...own } = this.#follow<Schema>(schema);
    if (discriminator?.mapping && !asPart) {
      const { propertyName, mapping } = discriminator;
      return Object.entries(mapping).flatMap(([value, $ref]) =>
        this.#alternatives({ $ref }, name).map((variant) => merge(variant, tag(propertyName, value))),
      );
    }
    const either = oneOf ?? anyOf;
    // Weavr's unions without a discriminator overlap, so that "exactly one" would refuse what Weavr sends.
    if (either) return either.flatMap((one) => this.#alternatives(one, name).map((variant) => merge(own, variant)));
    if (!allOf) return [own];
    const parts = allOf.map((part) => this.#alternatives(part, name, true));
    return parts.reduce((all, part) => all.flatMap((left) => part.map((right) => merge(left, right))), [own]);
  }
}

const nameOf = ({ $ref }: Schema) => $ref?.split('/').at(-1);

const tag = (propertyName: string, value: string): Schema => ({
  properties: { [propertyName]: { const: value } },
  required: [propertyName],
});

const merge = (left: Schema, right: Schema): Schema => ({
  ...left,
  ...right,
  ...((left.properties || right.properties) && { properties: { ...left.properties, ...right.properties } }),
  ...((left.required || right.required) && { required: [...(left.required ?? []), ...(right.required ?? [])] }),
});

/** The paths of all values a schema can hold: `cards[].state.state`, and `*` for names that are not fixed. */
export function leavesOf({ properties, items, anyOf, additionalProperties }: Schema, path = ''): string[] {
  if (anyOf) return [...new Set(anyOf.flatMap((one) => leavesOf(one, path)))];
  if (items) return leavesOf(items, `${path}[]`);
  const under = (key: string) => (path ? `${path}.${key}` : key);
  if (properties) return Object.entries(properties).flatMap(([key, property]) => leavesOf(property, under(key)));
  return typeof additionalProperties === 'object' ? leavesOf(additionalProperties, under('*')) : [path];
}

export const API_PREFIXES = { BACK_OFFICE: '/multi/backoffice', MULTI: '/multi', SIMULATOR: '/simulate/api' } as const;
export type DocumentedApi = keyof typeof API_PREFIXES;

/** The API that a path of the wire belongs to, and the path in that API's document. */
export function placeOf(path: string): { api: DocumentedApi; path: string } {
  for (const [api, prefix] of Object.entries(API_PREFIXES))
    if (path.startsWith(`${prefix}/`)) return { api: api as DocumentedApi, path: path.slice(prefix.length) }; // its own key
  throw new RangeError(`${path} is in no API of Weavr`);
}

/** Weavr's documents, where they are at hand. */
export const documents: Record<DocumentedApi, OpenApi> | undefined = FOLDER
  ? {
      MULTI: new OpenApi(join(FOLDER, 'multi.yml')),
      BACK_OFFICE: new OpenApi(join(FOLDER, 'multi-backoffice.yml')),
      SIMULATOR: new OpenApi(join(FOLDER, 'simulator.yml')),
    }
  : undefined;
