import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import type { Weavr } from '../../weavr/core/client.js';
import type { Operation } from '../../weavr/core/operation.js';
import type { ById, CalendarDate, Nullish } from '../../weavr/core/shapes.js';
import type { TokenMemory } from '../../weavr/core/token-memory.js';

/** What a resolver has of the request it serves. */
export interface Context {
  weavr: Weavr;
  tokens: TokenMemory;
  /** Enum values that Weavr sent and this schema does not know yet, as `Enum.value`. */
  unrecognized: Set<string>;
  /** Counts a try at a secret before it is made, and refuses what is one too many. */
  attempt: <T>(trial: Trial, run: () => Promise<T>) => Promise<T>;
  /** Makes a link to a file: it wants the caller's session, or is used once within a minute. */
  linkTo: <In extends object>(file: FileRequest<In>) => Promise<FileLink>;
}

/** What is tried, but for the secret itself. */
export interface Trial {
  operation: string;
  /** Which kind of secret: tries at one kind count together. */
  secret: string;
  /** Whose it is, as the caller names them; the session's user where nobody is named. */
  owner?: string;
  /** A success is no proof that the caller knows it, and counts too. */
  provesNothing?: boolean;
}

/** A rendering of a read, to be streamed outside GraphQL. */
export interface FileRequest<In extends object> {
  operation: Operation<In>;
  /** Without a page: a file holds everything. */
  input: Partial<Nullish<In>> & ById;
  mediaType: FileLink['mediaType'];
}

export interface FileLink {
  url: string;
  mediaType: 'application/pdf' | 'text/csv';
  filename: string;
  expiresAt: number;
}

/** Input instants are epoch milliseconds, as Weavr's filters take them; output accepts every form Weavr sends. */
type Instant = { Input: number; Output: number | string };
type Text = { Input: string; Output: string };

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: Instant;
    LocalDate: { Input: CalendarDate; Output: CalendarDate | string };
    SafeInt: { Input: number; Output: number | string };
    MinorUnits: { Input: number; Output: number };
    Currency: Text;
    CountryCode: Text;
    EmailAddress: Text;
    Secret: Text;
    URL: Text;
  };
}>({
  plugins: [ErrorsPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
});

export type Types = typeof builder.$inferSchemaTypes;

builder.queryType({ description: 'Reads. Every field says which REST calls it makes.' });
builder.mutationType({ description: 'Writes. Each answers a union of its payload and what may go wrong.' });
