import { Failure } from './handlers.js';

/** Back Office's newer routes refuse a body in Multi's words; all others have their own. */
const IN_MULTIS_WORDS = /^\/multi\/backoffice\/(bulks|fees|users)(\/|$)/;

interface MultiBody {
  message?: string;
  errorCode?: string;
  syntaxErrors?: { invalidFields?: { fieldName: string; error: string; params: string[] }[] };
}

/** A failure as the API that was called puts it: the same 400 has two bodies. */
export function inTheWordsOf(path: string, error: unknown): unknown {
  if (path.startsWith('/simulate/')) return error instanceof Failure ? inTheSimulatorsWords(error) : error;
  const spoken = path.startsWith('/multi/backoffice/') && !IN_MULTIS_WORDS.test(path);
  if (!spoken || !(error instanceof Failure) || error.status !== 400) return error;
  const { message, syntaxErrors }: MultiBody = error.body ?? {};
  const validationErrors = syntaxErrors?.invalidFields?.map(({ fieldName, error: rule, params }) => ({
    fieldName,
    message: `${fieldName} is not valid`,
    error: BACK_OFFICE_RULES.get(rule) ?? rule,
    params,
  }));
  return new Failure(400, { message, validationErrors });
}

/** The Simulator tells of other failures than a refusal no code. */
function inTheSimulatorsWords({ status, body, headers }: Failure): Failure {
  const { errorCode, message = errorCode, syntaxErrors }: MultiBody = body ?? {};
  const fields = syntaxErrors?.invalidFields?.map(({ fieldName: name, error: type, params }) => ({
    name,
    errors: [{ type, params }],
  }));
  if (status === 400) return new Failure(400, { message, validation: { invalid: true, fields } });
  return new Failure(status, status === 409 || !message ? body : { message }, headers);
}

/** Rules that Back Office knows by another name. */
const BACK_OFFICE_RULES = new Map([
  ['SIZE', 'RANGE'],
  ['REQUIRES', 'DEPENDS_ON'],
  ['EXACTLY', 'RANGE'],
]);
