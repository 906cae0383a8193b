import {
  ConflictError,
  IdempotencyConflictError,
  type InvalidField,
  NotFoundError,
  OutcomeUnknownError,
  ValidationError,
  type WeavrError,
} from '../../weavr/core/errors.js';
import type { ConflictAction } from '../../weavr/core/refusals.js';
import { builder } from './builder.js';
import { enumType } from './enums.js';

const MutationError = builder.interfaceRef<WeavrError>('MutationError').implement({
  description:
    'What a mutation answers instead of its payload. Conditions of the session or of the connection are GraphQL errors instead.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: "Weavr's errorCode where it sent one, else a stable name of the case. An open set.",
    }),
    message: t.exposeString('message', { description: 'For developers, not for end users.' }),
    requestRef: t.exposeString('requestRef', {
      nullable: true,
      description: "Weavr's reference of the call, for a support request.",
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the very same request may succeed later, or be repeated safely.',
    }),
  }),
});

const ConflictActionEnum = enumType<ConflictAction>('ConflictAction', 'What helps against a refusal.', {
  FIX_INPUT: 'Correct a value and send again.',
  DO_FIRST: 'Complete something else first: verify, enrol, fund, unblock, empty, activate.',
  REFRESH: 'The object has moved on: read it again and show its state.',
  RETRY_LATER: 'Wait, or start the challenge again.',
  DENIED: 'The platform, a provider or a limit refuses: show it, do not repeat.',
  CONTACT_SUPPORT: "The programme's configuration or a code that is not known yet: a matter for the operator.",
});

const InvalidInputField = builder.objectRef<InvalidField>('InvalidInputField').implement({
  description: 'One value of the input that broke a rule.',
  fields: (t) => ({
    path: t.exposeStringList('path', { description: 'Where it stands in the arguments: `["input", "friendlyName"]`.' }),
    rule: t.exposeString('rule', {
      description: "Weavr's name of the rule: REQUIRED, SIZE, REGEX, IN, RANGE, … An open set.",
    }),
    params: t.exposeStringList('params', { description: "The rule's parameters, such as its bounds." }),
    message: t.exposeString('message', { nullable: true, description: "Weavr's explanation, where it gave one." }),
  }),
});

builder.objectType(ValidationError, {
  name: 'ValidationError',
  description: 'Weavr found the input invalid (HTTP 400). Nothing happened.',
  interfaces: [MutationError],
  fields: (t) => ({
    fields: t.field({ type: [InvalidInputField], description: 'Every broken rule.', resolve: ({ fields }) => fields }),
  }),
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'Weavr understood the request and declined it (HTTP 409). Nothing happened.',
  interfaces: [MutationError],
  fields: (t) => ({
    action: t.field({ type: ConflictActionEnum, description: 'What helps.', resolve: ({ action }) => action }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: "There is no such object, or it is not the caller's (HTTP 404). Nothing happened.",
  interfaces: [MutationError],
});

builder.objectType(IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description:
    'The idempotency key belongs to another request, or to one that is still running. Nothing further happened.',
  interfaces: [MutationError],
});

builder.objectType(OutcomeUnknownError, {
  name: 'OutcomeUnknownError',
  description:
    'The request was sent and no whole answer came: it may have happened. With a key it can be repeated safely, else read the state first.',
  interfaces: [MutationError],
  fields: (t) => ({
    idempotencyKey: t.exposeString('idempotencyKey', {
      nullable: true,
      description: 'The key it was sent with. Repeat with this one, never with a new one.',
    }),
    operation: t.string({ description: "Weavr's operationId.", resolve: ({ origin }) => origin.operation }),
    sentAt: t.expose('sentAt', { type: 'DateTime', description: 'When it was sent.' }),
  }),
});

/** What every mutation may answer instead of its payload. */
export const mutationErrors = [
  ValidationError,
  ConflictError,
  NotFoundError,
  IdempotencyConflictError,
  OutcomeUnknownError,
];
