import type { InvalidField } from './errors.js';

interface RawField {
  fieldName?: string;
  error?: string;
  params?: unknown[];
  message?: string;
}

/** The fields of a 400, in the words of whichever API refused. */
export interface InvalidBody {
  /** Multi, and the newer routes of Back Office. */
  syntaxErrors?: { invalidFields?: RawField[] };
  /** The older routes of Back Office. */
  validationErrors?: RawField[];
  /** The Simulator. */
  validation?: { fields?: { name: string; errors?: { type: string; params?: string[] }[] }[] };
}

const pathOf = (name = '') => name.split(/[.[\]]+/).filter(Boolean);

const normal = ({ fieldName, error = 'INVALID', params, message }: RawField): InvalidField => ({
  path: pathOf(fieldName),
  rule: error,
  params: (params ?? []).map(String),
  message,
});

/** Every broken rule, in Multi's words; `asked` is the body that broke them, as JSON. */
export function invalidFields({ syntaxErrors, validationErrors, validation }: InvalidBody, asked?: string) {
  const fromSimulator = validation?.fields?.flatMap(({ name, errors = [] }) =>
    errors.map(({ type, params = [] }) => ({ path: pathOf(name), rule: type, params })),
  );
  if (fromSimulator) return fromSimulator;
  if (syntaxErrors?.invalidFields) return syntaxErrors.invalidFields.map(normal);
  const body: unknown = asked && JSON.parse(asked);
  return (validationErrors ?? []).map(normal).map((field) => ({ ...field, rule: inMultisWords(field, body) }));
}

/** Back Office has one word for the length of a text or list and for the size of a number, where Multi has two. */
function inMultisWords({ rule, path }: InvalidField, body: unknown) {
  if (rule === 'DEPENDS_ON') return 'REQUIRES';
  const value = path.reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], body);
  return rule === 'RANGE' && (typeof value === 'string' || Array.isArray(value)) ? 'SIZE' : rule;
}
