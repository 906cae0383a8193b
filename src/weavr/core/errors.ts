import { type InvalidBody, invalidFields } from './invalid-fields.js';
import type { Operation } from './operation.js';
import { type ConflictAction, conflictAction } from './refusals.js';
import type { NoAnswer } from './transport.js';

/** Where an error came from, for `extensions.weavr` and the log. Never a URL, a header or a body. */
export interface Origin {
  operation: string;
  httpStatus?: number;
  errorCode?: string;
  requestRef?: string;
}

/** Anything that Weavr, or the way to it, answers instead of a success. */
export class WeavrError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly origin: Origin,
  ) {
    super(message);
    this.name = new.target.name;
  }
  get requestRef() {
    return this.origin.requestRef;
  }
  /** Whether the very same request, with the same idempotency key, may succeed later. */
  get retryable() {
    return false;
  }
}

export interface InvalidField {
  /** Path in the body that Weavr received; the schema translates it to the caller's input. */
  path: string[];
  /** Weavr's name of the broken rule: REQUIRED, SIZE, REGEX, IN, … */
  rule: string;
  params: string[];
  message?: string;
}

/** Weavr found the input malformed (400). */
export class ValidationError extends WeavrError {
  constructor(
    origin: Origin,
    readonly fields: InvalidField[],
    message = 'Weavr found the input invalid.',
  ) {
    super('VALIDATION_FAILED', message, origin);
  }
}

/** Weavr understood and declined (409, and the bare 403 and 423 of a sign-in). */
export class ConflictError extends WeavrError {
  constructor(code: string, origin: Origin) {
    super(code, `Weavr declined: ${code}.`, origin);
  }
  get action(): ConflictAction {
    return conflictAction(this.code);
  }
  override get retryable() {
    return this.action === 'RETRY_LATER';
  }
}

/** The object does not exist, or belongs to somebody else (404). */
export class NotFoundError extends WeavrError {
  constructor(origin: Origin) {
    super('NOT_FOUND', 'Not found.', origin);
  }
}

/** The idempotency key belongs to another request (422), or its first request is still running (409). */
export class IdempotencyConflictError extends WeavrError {
  constructor(
    readonly running: boolean,
    origin: Origin,
  ) {
    super(
      running ? 'IDEMPOTENT_REQUEST_IN_PROGRESS' : 'IDEMPOTENCY_KEY_REUSED',
      running ? 'A request with this idempotency key is still running.' : 'Another request used this idempotency key.',
      origin,
    );
  }
  override get retryable() {
    return this.running;
  }
}

/** The write was sent and no whole answer came: it may or may not have happened. */
export class OutcomeUnknownError extends WeavrError {
  constructor(
    readonly idempotencyKey: string | undefined,
    readonly sentAt: number,
    origin: Origin,
  ) {
    super(
      'OUTCOME_UNKNOWN',
      'The request was sent, but its outcome is unknown. Read the state before trying again.',
      origin,
    );
  }
  override get retryable() {
    return this.idempotencyKey !== undefined;
  }
}

/** A sign-in with the right but expired password: the token serves only to set a new one. */
export class PasswordExpired extends WeavrError {
  constructor(
    readonly token: string,
    origin: Origin,
  ) {
    super('PASSWORD_EXPIRED', 'The password has expired.', origin);
  }
}

export type SessionCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'STEP_UP_REQUIRED'
  | 'ACCESS_TOKEN_REQUIRED'
  | 'NOT_IN_BACK_OFFICE'
  | 'BACK_OFFICE_ONLY';

const SESSION_MESSAGES: Record<SessionCode, string> = {
  UNAUTHENTICATED: 'Sign in first: the session is missing, expired or unknown.',
  FORBIDDEN: 'This session may not do that.',
  STEP_UP_REQUIRED: 'Step up first: the session must pass a second factor.',
  ACCESS_TOKEN_REQUIRED: 'Exchange this token first: requestAccessToken chooses the identity to act for.',
  NOT_IN_BACK_OFFICE: 'Back Office does not offer this operation.',
  BACK_OFFICE_ONLY: 'Only Back Office offers this operation.',
};

/** What the session lacks (401, 403), or would lack: then nothing was sent. */
export class SessionError extends WeavrError {
  constructor(code: SessionCode, origin: Origin) {
    super(code, SESSION_MESSAGES[code], origin);
  }
}

export type UpstreamCode =
  | 'RATE_LIMITED'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'BAD_USER_INPUT';

const UPSTREAM_MESSAGES: Record<UpstreamCode, string> = {
  RATE_LIMITED: "Weavr's rate limit is reached.",
  UPSTREAM_UNAVAILABLE: 'Weavr cannot be reached right now.',
  UPSTREAM_TIMEOUT: 'Weavr did not answer in time.',
  UPSTREAM_INVALID_RESPONSE: 'Weavr answered something that is not its contract.',
  BAD_USER_INPUT: 'An argument is not what Weavr takes.',
};

/** The way to Weavr failed, and nothing was changed. */
export class UpstreamError extends WeavrError {
  constructor(
    code: UpstreamCode,
    origin: Origin,
    readonly retryAfterSeconds?: number,
    message = UPSTREAM_MESSAGES[code],
  ) {
    super(code, message, origin);
  }
  override get retryable() {
    return this.code !== 'BAD_USER_INPUT';
  }
}

/** A read that was not made, because the request has made as many calls as it may. */
export class CallLimitError extends WeavrError {
  constructor(limit: number, origin: Origin) {
    super('QUERY_TOO_EXPENSIVE', `A request may make ${limit} REST calls, and this one has made them.`, origin);
  }
}

/** What Weavr answers with a failure, in any of its dialects. */
interface ErrorBody extends InvalidBody {
  errorCode?: string;
  code?: string;
  message?: string;
  token?: string;
}

/** What is no code in form may be anything that Weavr has inside: nobody is told of it. */
const CODE = /^[A-Z][A-Z0-9_]{0,99}$/;

const codeOf = ({ errorCode, code, message }: ErrorBody) =>
  [errorCode, code, message].find((said) => typeof said === 'string' && CODE.test(said));

export interface Failure {
  operation: Operation;
  httpStatus: number;
  body: unknown;
  /** The body that was sent, as JSON. */
  asked?: string;
  requestRef?: string;
  /** Seconds, from `x-ratelimit-reset` or `retry-after`. */
  retryAfterSeconds?: number;
  idempotencyKey?: string;
  sentAt: number;
}

/** The error that a failed answer stands for; the only place that reads Weavr's statuses and error bodies. */
export function toError(failure: Failure): WeavrError {
  const { operation, httpStatus, body, asked, requestRef, retryAfterSeconds, ...write } = failure;
  const fields: ErrorBody = body && typeof body === 'object' ? body : {};
  const errorCode = codeOf(fields) ?? operation.bareStatuses[httpStatus];
  const origin = { operation: operation.id, httpStatus, errorCode, requestRef };
  switch (httpStatus) {
    case 400:
      return new ValidationError(origin, invalidFields(fields, asked));
    case 401:
      return new SessionError('UNAUTHENTICATED', origin);
    case 403:
      if (operation.bareStatuses[403]) return new ConflictError(operation.bareStatuses[403], origin);
      if (errorCode === 'STEP_UP_REQUIRED' || errorCode === 'ACCESS_TOKEN_REQUIRED')
        return new SessionError(errorCode, origin);
      return new SessionError('FORBIDDEN', origin);
    case 404:
      return new NotFoundError(origin);
    case 409:
      if (fields.token) return new PasswordExpired(fields.token, origin);
      if (errorCode === 'IDEMPOTENT_REQUEST_IN_PROGRESS') return new IdempotencyConflictError(true, origin);
      return new ConflictError(errorCode ?? 'CONFLICT', origin);
    case 405:
    case 410:
    case 423:
      return new ConflictError(errorCode ?? `HTTP_${httpStatus}`, origin);
    case 422:
      return new IdempotencyConflictError(false, origin);
    case 429:
      return new UpstreamError('RATE_LIMITED', origin, retryAfterSeconds);
  }
  return httpStatus >= 500
    ? noWholeAnswer('UPSTREAM_UNAVAILABLE', operation, origin, write)
    : unexpected(operation, origin, write);
}

/** No read is lost by a missing answer; a write's outcome is. */
export function noWholeAnswer(
  code: UpstreamCode,
  { method }: Operation,
  origin: Origin,
  { idempotencyKey, sentAt }: { idempotencyKey?: string; sentAt: number },
) {
  return method === 'GET' ? new UpstreamError(code, origin) : new OutcomeUnknownError(idempotencyKey, sentAt, origin);
}

const REASONS: Partial<Record<NoAnswer['reason'], UpstreamCode>> = {
  TIMEOUT: 'UPSTREAM_TIMEOUT',
  TOO_LARGE: 'UPSTREAM_INVALID_RESPONSE',
};

/** The error of a call whose last word is that there was no whole answer. */
export function unanswered(
  operation: Operation,
  { sent, reason, retryAfterSeconds }: NoAnswer,
  write: { idempotencyKey?: string; sentAt: number },
) {
  const origin = { operation: operation.id };
  if (!sent) return new UpstreamError('UPSTREAM_UNAVAILABLE', origin, retryAfterSeconds);
  return noWholeAnswer(REASONS[reason] ?? 'UPSTREAM_UNAVAILABLE', operation, origin, write);
}

/** Redirects and statuses that no row of the contract knows; a 4xx is at least a refusal. */
function unexpected(operation: Operation, origin: Origin, write: { idempotencyKey?: string; sentAt: number }) {
  const status = origin.httpStatus ?? 0;
  if (status >= 400) return new UpstreamError('UPSTREAM_INVALID_RESPONSE', origin);
  return noWholeAnswer('UPSTREAM_INVALID_RESPONSE', operation, origin, write);
}

/** Null in the place of an object that is not there. */
export function nullIfMissing(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}

/** Null in the place of an object that this caller may not see. */
export function nullIfHidden(error: unknown): null {
  if (error instanceof SessionError && error.code === 'FORBIDDEN') return null;
  return nullIfMissing(error);
}
