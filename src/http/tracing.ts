import type { IncomingMessage } from 'node:http';
import { getOperationAST } from 'graphql';
import type { CallRecord } from '../weavr/core/client.js';
import { maskError } from './errors.js';
import type { Execute } from './steps.js';

/** Absent unless somebody installs it; does nothing unless an SDK is registered with it. */
const otel = await import('@opentelemetry/api').catch(() => undefined);

const SCOPE = 'weavr-graphql-gateway';

/** Serves a request inside the trace that its caller began, unless the process itself has begun one for it. */
export function inTraceOf<T>({ headers }: IncomingMessage, serve: () => T): T {
  if (!otel?.propagation.fields().length) return serve(); // nobody reads what callers send of it
  const active = otel.context.active();
  const parent = otel.trace.getSpan(active) ? active : otel.propagation.extract(active, headers);
  return otel.context.with(parent, serve);
}

/** Executes in a span for the operation: its type, name and first code, never its text or variables. */
export function inSpan(execute: Execute): Execute {
  if (!otel) return execute;
  const { context, SpanKind, SpanStatusCode, trace } = otel;
  return (execution) => {
    const { document, operationName, contextValue } = execution;
    const { operation: type = 'none', name } = getOperationAST(document, operationName) ?? {};
    const attributes = {
      'graphql.operation.type': type,
      'graphql.operation.name': name?.value,
      'request.id': contextValue.record.requestId,
    };
    const title = name ? `${type} ${name.value.slice(0, 100)}` : type;
    const span = trace.getTracer(SCOPE).startSpan(title, { kind: SpanKind.SERVER, attributes });
    if (!trace.isSpanContextValid(span.spanContext())) return execute(execution); // nobody collects spans
    return context.with(trace.setSpan(context.active(), span), async () => {
      try {
        const result = await execute(execution);
        const [error] = result.errors ?? [];
        if (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute('error.type', String(maskError(error).extensions.code));
        }
        return result;
      } finally {
        span.end();
      }
    });
  };
}

/** A span for a call that is over, in the trace of whatever made it. */
export function traceCall({ operation, api, method, status, noAnswer, requestRef, ms }: CallRecord) {
  if (!otel) return;
  const { SpanKind, SpanStatusCode, trace } = otel;
  const ended = Date.now();
  const span = trace.getTracer(SCOPE).startSpan(operation, {
    kind: SpanKind.CLIENT,
    startTime: ended - ms,
    attributes: {
      'http.request.method': method,
      'http.response.status_code': status,
      'weavr.api': api,
      'weavr.request_ref': requestRef,
    },
  });
  const failure = noAnswer ?? (status && status >= 400 ? String(status) : undefined);
  if (failure) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', failure);
  span.end(ended);
}
