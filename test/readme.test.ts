import { readdirSync, readFileSync } from 'node:fs';
import { getDirective } from '@graphql-tools/utils';
import { isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { settings } from '../src/config.js';
import { schema } from '../src/schema/index.js';
import type { Operation } from '../src/weavr/core/operation.js';
import { measure } from './economy.js';
import { startStack } from './harness.js';

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const settingsTable = () =>
  table(
    ['variable', 'default', ''],
    settings.map(({ name, fallback, about }) => [`\`${name}\``, fallback && `\`${fallback}\``, about]),
  );

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'bareStatuses' in value;

/** Each row's operations: the tables that `src/weavr/<row>.ts` export. */
async function rows(): Promise<[string, Operation[]][]> {
  const names = readdirSync('src/weavr')
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace('.ts', ''));
  const all = await Promise.all(
    names.map(async (name): Promise<[string, Operation[]]> => {
      const exported: object = await import(`../src/weavr/${name}.ts`);
      return [name, Object.values(exported).flatMap((table) => Object.values(table ?? {}).filter(isOperation))];
    }),
  );
  return all.filter(([, operations]) => operations.length > 0);
}

/** A back office session obtains its tokens itself; the operation's name is another's in Multi. */
const isTheSessions = ({ auth, path }: Operation) => auth === 'API_KEY' && path.startsWith('/multi/backoffice/');

/** The fields that call an operation first, by its operationId; links to single objects are left out. */
function fieldsByOperation() {
  const fields = new Map<string, Set<string>>();
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      const [id] = getDirective(schema, field, 'upstream')?.[0]?.operations ?? [];
      const isPayload = type.name.endsWith('Payload');
      if (!id || isPayload || (!isRoot && !/(Get|Statement|StatementDeprecated)$/.test(id))) continue;
      fields.set(id, (fields.get(id) ?? new Set()).add(isRoot ? field.name : `${type.name}.${field.name}`));
    }
  }
  return fields;
}

async function coverageTable() {
  const fields = fieldsByOperation();
  return table(
    ['row', 'operations', 'GraphQL fields'],
    (await rows()).map(([name, operations]) => {
      const own = new Set(
        operations
          .filter((operation) => !operation.list && !isTheSessions(operation))
          .flatMap(({ id }) => [...(fields.get(id) ?? [])]),
      );
      const lookups = operations
        .filter(({ list }) => list)
        .flatMap(({ id }) => [...(fields.get(id) ?? [])].filter((field) => !field.includes('.')));
      return [`\`${name}\``, String(operations.length), [...lookups, ...own].map((field) => `\`${field}\``).join(' ')];
    }),
  );
}

/** What documented queries cost in REST calls. */
async function economyTable() {
  const stack = await startStack();
  const rows = await measure(stack);
  await stack.close();
  for (const { about, ours, minimum } of rows) expect(ours, about).toBeGreaterThanOrEqual(minimum);
  return table(
    ['query', 'REST calls', 'a call per field', 'fewest possible'],
    rows.map(({ about, ours, plain, minimum }) => [about, `**${ours}**`, String(plain), String(minimum)]),
  );
}

const fill = (text: string, section: string, content: string) =>
  text.replace(new RegExp(`(<!-- ${section} -->\\n)[\\s\\S]*?(<!-- /${section} -->)`), `$1\n${content}\n\n$2`);

it('says in the README what there is (npm test -- -u writes it)', async () => {
  const readme = readFileSync('README.md', 'utf8');
  const sections = { settings: settingsTable(), coverage: await coverageTable(), economy: await economyTable() };
  const filled = Object.entries(sections).reduce((text, [section, content]) => fill(text, section, content), readme);
  await expect(filled).toMatchFileSnapshot('../README.md');
});
