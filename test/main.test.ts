import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** Starts the command and answers what it has printed once `until` appears in it. */
async function start(args: string[], until: RegExp) {
  child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    env: { ...process.env, WEAVR_API_KEY: '' },
  });
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    if (until.test(printed)) return printed;
  }
  return printed;
}

const exitOf = async (command: ChildProcess) => (await once(command, 'exit'))[0] as number | null;

it('starts on the embedded sandbox, says so, serves, and leaves with 0 on SIGTERM', async () => {
  const printed = await start(['--port', '0'], /password/);
  expect(printed).toMatch(/GraphiQL .*\/graphql/);
  expect(printed).toContain('embedded sandbox');
  expect(printed).toContain('root@acme.example');
  const [url] = /http:\S+\/graphql/.exec(printed) ?? [];
  const response = await fetch(url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
  child?.kill('SIGTERM');
  expect(await exitOf(child!)).toBe(0);
});

it('runs the sandbox alone, for any REST client', async () => {
  const printed = await start(['--only-sandbox'], /password/);
  const [url] = /http:\S+\/multi/.exec(printed) ?? [];
  const response = await fetch(`${url}/login_with_password`, {
    method: 'POST',
    headers: { 'api-key': 'sandbox-api-key', 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'root@acme.example', password: { value: 'Passw0rd!' } }),
  });
  expect(await response.json()).toMatchObject({ tokenType: 'ACCESS', identity: { type: 'CORPORATE' } });
});

it('ends with 2 and one line when a setting makes no sense', async () => {
  child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', '--port', 'abc']);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  expect(await exitOf(child)).toBe(2);
  expect(said.trim()).toBe('PORT must be a port (flag --port)');
});
