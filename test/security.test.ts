import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('SECURITY.md', 'utf8');

/** The rows of the table of threats, without its head and its headings. */
const rows = page.split('\n').filter((line) => /^\| (?!threat |\*\*)/.test(line));

/** What the last column names: `file`: "a test", "another", `file`: "…". */
function proofsIn(row: string) {
  const proof = row.split(' | ').at(-1) ?? '';
  return [...proof.matchAll(/`([\w-]+)`: ((?:"(?:[^"\\]|\\.)*"(?:, )?)+)/g)].flatMap(([, file, names = '']) =>
    [...names.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name = '']) => ({ file, name: name.replaceAll('\\"', '"') })),
  );
}

it.each(rows)('a threat on the security page has its tests: %.60s', (row) => {
  const proofs = proofsIn(row);
  expect(proofs).not.toEqual([]);
  for (const { file, name } of proofs) expect(readFileSync(`test/${file}.test.ts`, 'utf8')).toContain(name);
});

it('there are threats on the security page', () => {
  expect(rows.length).toBeGreaterThan(50);
});
