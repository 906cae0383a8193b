import type { Operation } from '../../weavr/core/operation.js';
import type { Session } from './sessions.js';
import type { State } from './state.js';

/** What a handler sees of one REST call besides its input. */
export interface Call<Refusal extends string = string> {
  state: State;
  /** Who calls; an anonymous call of a handler that asks is a bug of its row. */
  session: Session;
  now: number;
  /** Declines: 409 with one of the row's codes. */
  refuse(code: Refusal): never;
  /** What the client accepts; a handler may answer a `Rendering` instead of JSON. */
  accept: string;
}

/** What a handler sees of a call by a session, whether it came over HTTP or from a bulk. */
export const callOf = (state: State, session: Session, now: number, accept = 'application/json'): Call => ({
  state,
  session,
  now,
  refuse: (code) => {
    throw new Failure(409, { errorCode: code });
  },
  accept,
});

/** Thrown by handlers; the server writes it as Weavr's own failure. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly body?: object,
    readonly headers: Record<string, string> = {},
  ) {
    super(`answers ${status}`);
  }
}

export const notFound = () => new Failure(404, { code: 'NOT_FOUND', message: 'Not found.' });
export const forbidden = (errorCode: 'STEP_UP_REQUIRED' | 'ACCESS_TOKEN_REQUIRED' | 'INSUFFICIENT_PERMISSIONS') =>
  new Failure(403, { errorCode });

/** A file instead of JSON, and the JSON's own statuses other than 200. */
export class Rendering {
  constructor(
    readonly mediaType: string,
    readonly body: NodeJS.ReadableStream | string,
  ) {}
}

type HandlerOf<O> =
  O extends Operation<infer In, infer Out, infer Refusal>
    ? (input: In, call: Call<Refusal>) => Out | Rendering | Promise<Out | Rendering>
    : never;

/** One handler per operation of a contract row: a missing one does not compile, nor does an undocumented refusal. */
export type Handlers<Row> = { [Id in keyof Row]: HandlerOf<Row[Id]> };
