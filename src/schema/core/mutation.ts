import { randomUUID } from 'node:crypto';
import type { InputFieldMap, InputRef, InputShapeFromFields, ObjectRef } from '@pothos/core';
import { ValidationError } from '../../weavr/core/errors.js';
import type { Api, Operation } from '../../weavr/core/operation.js';
import type { Nullish } from '../../weavr/core/shapes.js';
import { builder, type Context, type Trial, type Types } from './builder.js';
import { mutationErrors } from './errors.js';
import { badInput } from './scalars.js';
import { upstream } from './upstream.js';

export type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;
export type PayloadFields<Payload extends object> = PothosSchemaTypes.ObjectFieldBuilder<Types, Payload>;
export type FieldMap = Record<string, PothosSchemaTypes.FieldRef<Types, unknown>>;

/** Calls the mutation's operation, or one that takes and answers the same, with the caller's idempotency key. */
type Call<In, Out> = (input: Nullish<In>, instead?: Operation<In, Out>) => Promise<Out>;

type Renamed = Record<string, string>;

interface Mutation<In, Out, Input extends InputFieldMap, Payload extends object> {
  description: string;
  deprecationReason?: string;
  /** Takes a password or a code: never beside another field, so that nobody guesses many in one request. */
  sensitive?: boolean | Tries<keyof Input & string>;
  /** Operations it may call besides its own. */
  also?: Operation[];
  /** Absent where the operation takes nothing: then the field has no argument. */
  input?: (t: InputFields) => Input;
  /** Input fields that Weavr knows by another name: Weavr's, at any depth, or its whole path, to ours. For this input or for all. */
  renamed?: Renamed | ((input: InputShapeFromFields<Input>) => Renamed);
  /** Where in the input Weavr's body stands, if not at its top. */
  within?: (input: InputShapeFromFields<Input>) => string[];
  resolve: (input: InputShapeFromFields<Input>, call: Call<In, Out>, context: Context) => Payload | Promise<Payload>;
  payload: (t: PayloadFields<Payload>) => FieldMap;
  /** Outcomes that are neither the payload nor an error. */
  outcomes?: (new (
    ...args: never[]
  ) => Error)[];
}

/** A secret that a mutation tries: few tries at one may fail. */
interface Tries<Field extends string> extends Pick<Trial, 'provesNothing'> {
  tries: string;
  /** The input field that says whose it is; absent where it is the session's user's. */
  of?: NoInfer<Field>;
}

/** For operations that take an id and answer 204: the payload reads the object again, if it is asked for. */
export const acknowledge = async <In>(input: In, call: (input: In) => Promise<void>) => {
  await call(input);
  return input;
};

interface Keyed {
  idempotencyKey?: string | null;
}

const KEY = /^[A-Za-z0-9_-]{1,255}$/;

/**
 * `mutation('blockManagedCard', api.managedCardBlock, { … })` makes the field, its `BlockManagedCardInput`,
 * `BlockManagedCardPayload` and `BlockManagedCardResult`, and an idempotency key wherever the operation takes one.
 */
export function mutation<In extends object, Out, Input extends InputFieldMap, Payload extends object>(
  name: string,
  operation: Operation<In, Out>,
  rules: Mutation<In, Out, Input, Payload>,
) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const takesKey = operation.idempotentIn.length > 0;
  type Given = InputShapeFromFields<Input> & Keyed;
  const input =
    rules.input || takesKey
      ? builder.inputType(`${title}Input`, {
          description: `Input of \`${name}\`.`,
          fields: (t) => ({ ...rules.input?.(t), ...(takesKey && { idempotencyKey: keyInput(t, operation) }) }),
        })
      : undefined;
  const payload = builder.objectRef<Payload & Keyed>(`${title}Payload`).implement({
    description: `What \`${name}\` did.`,
    fields: (t) => ({
      ...rules.payload(t as unknown as PayloadFields<Payload>), // the same builder: the payload with a key is a payload
      ...(takesKey && { idempotencyKey: keyOutput(t as unknown as PayloadFields<Keyed>, operation) }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      extensions: { ...upstream(operation, ...(rules.also ?? [])).extensions, sensitive: Boolean(rules.sensitive) },
      type: payload as unknown as ObjectRef<Types, object>, // Pothos infers nothing from a generic payload
      description: describe(rules, operation),
      deprecationReason: rules.deprecationReason,
      args: input && {
        input: t.arg({ type: input as unknown as InputRef<Given>, required: true, description: 'See its type.' }),
      },
      errors: {
        types: [...mutationErrors, ...(rules.outcomes ?? [])] as (new () => Error)[], // plugin-errors reads the class, it never makes one
        union: { name: `${title}Result`, description: `What \`${name}\` answers.` },
      },
      resolve: async (_root, args, context) => {
        const { idempotencyKey: key, ...rest } = (args as { input?: Partial<Given> }).input ?? {}; // as `args` says above
        const given = rest as unknown as InputShapeFromFields<Input>; // the key was the only field that is ours
        const idempotencyKey = takesKey ? keyOf(key, operation, context.weavr.session.api) : undefined;
        const call: Call<In, Out> = (body, instead = operation) =>
          context.weavr.call(instead, body, { idempotencyKey });
        const trial = trialOf(operation, rules.sensitive, rest);
        const run = async () => rules.resolve(given, call, context);
        try {
          return { ...(await (trial ? context.attempt(trial, run) : run())), idempotencyKey };
        } catch (error) {
          if (!(error instanceof ValidationError)) throw error;
          const renamed = typeof rules.renamed === 'function' ? rules.renamed(given) : rules.renamed;
          throw inOurWords(error, renamed, rules.within?.(given));
        }
      },
    }),
  );
}

const onlyInMulti = ({ inBackOffice, idempotentIn }: Operation) =>
  inBackOffice && !idempotentIn.includes('BACK_OFFICE');

const keyInput = (t: InputFields, operation: Operation) => {
  const elsewhere = onlyInMulti(operation) ? ' Not for back office sessions: Back Office takes no key here.' : '';
  return t.string({
    required: operation.movesMoney,
    description: operation.movesMoney
      ? 'Yours, 1 to 255 of A-Z a-z 0-9 _ -. Store it before the first attempt: the same key with the same input never pays twice.'
      : `Yours, 1 to 255 of A-Z a-z 0-9 _ -, so that a repetition has no second effect. Made and echoed when absent.${elsewhere}`,
  });
};

const keyOutput = (t: PayloadFields<Keyed>, operation: Operation) =>
  t.exposeString('idempotencyKey', {
    nullable: true,
    description: `The idempotency key the request was sent with${onlyInMulti(operation) ? '; null in a back office session' : ''}.`,
  });

/** The key to send: the caller's, or else one of ours; none where Weavr would not look at it. */
function keyOf(given: string | null | undefined, operation: Operation, api: Api) {
  const inVain = api === 'BACK_OFFICE' && onlyInMulti(operation);
  if (given === null || given === undefined) return inVain ? undefined : randomUUID();
  if (inVain) throw badInput('no input.idempotencyKey in a back office session: Back Office takes none here');
  if (!KEY.test(given)) throw badInput('input.idempotencyKey to be 1 to 255 of A-Z a-z 0-9 _ -');
  return given;
}

function trialOf({ id }: Operation, sensitive: boolean | Tries<string> | undefined, input: object): Trial | undefined {
  if (typeof sensitive !== 'object') return undefined;
  const { tries, of, provesNothing } = sensitive;
  const owner = of && String(input[of as keyof object]); // a field of this very input
  return { operation: id, secret: tries, owner, provesNothing };
}

function describe(
  { description, sensitive }: { description: string; sensitive?: boolean | Tries<string> },
  operation: Operation,
) {
  const tried = typeof sensitive === 'object' ? ' `RATE_LIMITED` after too many failed tries.' : '';
  const alone = sensitive ? ` Must be the only field of its operation.${tried}` : '';
  const codes = [...operation.refusals, ...Object.values(operation.bareStatuses)].sort();
  const declines = codes.length ? `\n\nWeavr may decline with: ${codes.join(', ')}.` : '';
  return description + alone + declines;
}

/** Paths of the caller's input instead of paths of Weavr's body. */
function inOurWords({ origin, fields, message }: ValidationError, renamed: Renamed = {}, within: string[] = []) {
  const ours = fields.map((field) => {
    const whole = renamed[field.path.join('.')];
    const parts = whole === undefined ? field.path.map((part) => renamed[part] ?? part) : [whole];
    const path = parts.flatMap((part) => part.split('.').filter(Boolean));
    return { ...field, path: ['input', ...within, ...path] };
  });
  return new ValidationError(origin, ours, message);
}
