/** Secrets with what travels badly in them, so that every form of them is another. */
export const PLANTED = {
  apiKey: 'planted-api/key+"1\\2',
  backOfficeKey: 'planted-back-office/key+"of\\32-characters',
  password: 'planted pass"word\\/+é&=%',
  code: '739184',
  pin: 'planted-pin/+"\\',
  cardNumber: 'planted-pan/+"\\5412',
  cvv: 'planted-cvv/+"\\',
  dateOfBirth: '1987-03-09',
  mobile: '79554433',
  redisPassword: 'planted redis"pass\\/+é',
};

const inBase64 = (text: string, before: number) => Buffer.from('_'.repeat(before) + text).toString('base64');

/** What base64 makes of a text wherever in something longer it begins, without what depends on its neighbours. */
function base64Forms(text: string) {
  const bytes = Buffer.byteLength(text);
  return [0, 1, 2].map((before) => {
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes) * 8) / 6);
    return inBase64(text, before).slice(from, to);
  });
}

const asDigits = (text: string) => (/^\d+$/.test(text) ? new RegExp(`(?<!\\d)${text}(?!\\d)`) : undefined);

/** The forms in which a secret could be found. */
export function formsOf(secret: string): Map<string, string> {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret);
  const base64 = base64Forms(secret);
  return new Map([
    ['plain', secret],
    ['JSON-escaped', escaped],
    ['JSON-escaped twice', JSON.stringify(escaped).slice(1, -1)],
    ['URL-encoded', encoded],
    ['URL-encoded as a form', encoded.replaceAll('%20', '+')],
    ...base64.map((form, index) => [`base64 at ${index}`, form] as const),
    ...base64.map((form, index) => [`base64url at ${index}`, form.replaceAll('+', '-').replaceAll('/', '_')] as const),
  ]);
}

/** Which secrets are in a text, and how. */
export function found(secrets: Record<string, string>, text: string): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const digits = asDigits(secret);
    const isIn = (form: string) => (digits && form === secret ? digits.test(text) : text.includes(form));
    return [...formsOf(secret)].filter(([, form]) => isIn(form)).map(([how]) => `${name}, ${how}`);
  });
}
