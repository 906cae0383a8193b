import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Lexer,
  NoSchemaIntrospectionCustomRule,
  parse,
  Source,
  specifiedRules,
  TokenKind,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { assertWithinLimits, LIMITS, tooLarge } from './limits.js';
import { assertSensitiveAlone } from './mutations.js';
import { LiteralsRule } from './values.js';

const MAX_ERRORS = 5;
/** Of accepted documents: some hundred of the usual size. */
const CACHE_BYTES = 32 * 1024 * 1024;
const BYTES_PER_TOKEN = 512;

/** Refuses subscriptions while the schema has none; graphql-js leaves that to the executor. */
const KnownOperationsRule: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    context.reportError(new GraphQLError(`There is no ${node.operation} to be asked for.`, { nodes: node }));
  },
});

const RULES = [
  KnownOperationsRule,
  ...specifiedRules.map((rule) => (rule === ValuesOfCorrectTypeRule ? LiteralsRule : rule)),
];

interface Rules {
  /** Whether `__schema` and `__type` are answered, and misspelt names get suggestions. */
  introspection: boolean;
}

/**
 * Parses, limits and validates each distinct document once; what is accepted is remembered, within so many bytes.
 * Nothing here may depend on the request: a document that one caller had accepted is accepted for all.
 */
export function useDocuments(schema: GraphQLSchema, { introspection }: Rules): Plugin {
  const rules = introspection ? RULES : [...RULES, NoSchemaIntrospectionCustomRule];
  const options = { maxErrors: MAX_ERRORS, hideSuggestions: !introspection };
  const accepted = new LRUCache<string, DocumentNode>({
    maxSize: CACHE_BYTES,
    sizeCalculation: bytesOf,
    memoMethod: (text) => {
      const document = read(text);
      assertWithinLimits(document);
      assertSensitiveAlone(schema, document);
      const errors = validate(schema, document, rules, options);
      if (errors.length) throw new AggregateError(errors.map(invalid));
      return document;
    },
  });
  return {
    onParse: ({ params, setParsedDocument }) => setParsedDocument(accepted.memo(String(params.source))),
    onValidate: ({ setResult }) => setResult([]), // what has been parsed is valid
  };
}

/** `spec` lets application/json have the 200 that GraphQL over HTTP wants there. */
const http = { spec: true, status: 400 };

/** Keeps BAD_USER_INPUT of values; what does not fit the schema gets the code that servers commonly use. */
const invalid = ({ message, nodes, extensions }: GraphQLError) =>
  new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...extensions, http } });

function read(text: string) {
  if (text.length > LIMITS.characters.maximum) throw tooLarge('characters');
  try {
    return parse(text, { maxLexicalTokens: LIMITS.tokens.maximum });
  } catch (error) {
    throw error instanceof GraphQLError ? unreadable(text, error.positions?.[0] ?? 0) : error;
  }
}

/** What stopped the parser, without its message, which repeats the text that it found. */
function unreadable(text: string, position: number) {
  const source = new Source(text);
  const lexer = new Lexer(source);
  let tokens = 0;
  let found = 'a malformed word';
  try {
    for (; lexer.token.start < position && lexer.token.kind !== TokenKind.EOF; tokens++) lexer.advance();
    found = lexer.token.kind;
  } catch {} // the lexer could not read it either
  if (tokens > LIMITS.tokens.maximum) return tooLarge('tokens');
  const extensions = { code: 'GRAPHQL_PARSE_FAILED', http };
  return new GraphQLError(`Syntax error: unexpected ${found}.`, { source, positions: [position], extensions });
}

/** What a document occupies, by its tokens (comments are tokens too) and its text. */
function bytesOf({ loc }: DocumentNode, text: string) {
  let tokens = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) tokens++;
  return tokens * BYTES_PER_TOKEN + text.length * 2;
}
