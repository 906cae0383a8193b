const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** JSON with its whole numbers of 16 digits and more in quotes: the Simulator's ids are numbers, and would be rounded. */
export const longNumbersAsText = (json: string) =>
  json.replace(STRING_OR_NUMBER, (token) => (/^-?\d{16,}$/.test(token) ? `"${token}"` : token));
