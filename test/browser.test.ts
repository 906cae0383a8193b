import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examples } from '../src/http/examples.js';
import { guestOf } from '../src/http/graphiql.js';
import { type Stack, startStack } from './harness.js';

const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path && existsSync(path));

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whichever they are: the names of the tabs are the same. */
const IDS = { source: '1', destination: '2', transferProfile: '3', card: '4', newcomer: '5' };
const TABS = examples(IDS).map(({ query }) => /^(?:query|mutation) (\w+)/m.exec(query)?.[1] ?? '');

// On a build machine a missing browser is a failure, not a reason to look away.
const skipped = !CHROMIUM && !process.env.CI;
if (skipped) console.warn('Skipped: GraphiQL in a browser. Install Chromium, or say where it is in CHROMIUM.');

describe.skipIf(skipped)('GraphiQL in a browser that reaches nothing but the gateway', { timeout: 60_000 }, () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  /** Requests for anywhere else, and whatever the browser complained of. */
  let trespasses: string[];

  beforeAll(async () => {
    stack = await startStack((sandbox) => ({ graphiql: { guest: guestOf(sandbox) } }));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  beforeEach(async () => {
    trespasses = [];
    const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
    await context.route('**/*', (route) => {
      const url = route.request().url();
      if (url.startsWith(`${stack.url}/`)) return route.continue();
      trespasses.push(url);
      return route.abort();
    });
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && trespasses.push(message.text()));
    page.on('pageerror', ({ message }) => trespasses.push(message));
    await page.goto(`${stack.url}/graphql`);
  });
  afterEach(async () => {
    await page.context().close();
    expect(trespasses).toEqual([]);
  });

  const result = () => page.getByRole('region', { name: 'Result Window' });

  /** A tab is open when GraphiQL has kept that it is: it shows a tab before it has read it. */
  const isOpen = (name: string) =>
    page.waitForFunction(
      (index) => JSON.parse(sessionStorage.getItem('graphiql:tabState') ?? '{}').activeTabIndex === index,
      TABS.indexOf(name),
    );

  async function open(name: string) {
    await page.getByRole('tab').getByRole('button', { name, exact: true }).click();
    await isOpen(name);
  }

  /** Presses the button of the open tab; answers what was exchanged, once the result pane shows it. */
  async function run(name: string) {
    const answered = page.waitForResponse((response) => response.request().postDataJSON()?.operationName === name);
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const response = await answered;
    await result().getByText('"data"').waitFor();
    const { authorization = '' } = await response.request().allHeaders();
    return { answer: await response.json(), token: authorization.replace('Bearer ', '') };
  }

  it('shows the answer of the first tab beside it', async () => {
    await run('Welcome');
    await result().getByText('Acme Ltd').waitFor();
  });

  // All of them run over HTTP in another test; a browser takes a second for each.
  it('shows every tab, and runs some as they are', async () => {
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(TABS);
    for (const name of TABS.filter((_, index) => index % 4 === 1)) {
      await open(name);
      expect((await run(name)).answer, name).not.toHaveProperty('errors');
    }
  });

  it('is signed in after a reload too, anew, and has kept no token', async () => {
    await isOpen('Welcome');
    const before = await run('Welcome');
    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    expect(before.token).not.toBe('');
    expect(kept).not.toContain(before.token);
    await page.reload();
    const after = await run('Welcome');
    expect(after.answer.data).toEqual(before.answer.data);
    expect(after.token).not.toBe(before.token);
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(TABS);
    await open('Cards');
    expect((await run('Cards')).answer).toHaveProperty('data.managedCards.nodes');
  });
});
