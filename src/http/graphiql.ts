import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Sandbox } from '../sandbox/index.js';
import { refuse } from './errors.js';
import { type Example, type ExampleIds, examples } from './examples.js';

export interface GraphiQLOptions {
  /** Lets the examples run unedited, with a fresh session in the header pane; without it the visitor signs in. */
  guest?: Guest;
}

/** Whom the sandbox lets in without a password. */
export interface Guest {
  ids: ExampleIds;
  /** Answers a token. */
  signIn(): string | Promise<string>;
}

/** A page for people: GraphiQL, opened with examples. It needs nothing but this server. */
export interface GraphiQL {
  /** Whether a browser asks for the page, or the page for one of its files. */
  serves(req: IncomingMessage): boolean;
  serve(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

const TITLE = 'Weavr GraphQL gateway';
const FILES = '/graphiql/';
const VISITOR = 'root@acme.example';

/** A warp and a weft. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f766e"/><path d="M11 6v9m0 5v6M21 6v3m0 5v12M6 11h9m5 0h6M6 21h3m5 0h12" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/></svg>`;

/**
 * Colours are HSL. GraphiQL moves a tab away from under the first click on it, and tabs that find no room out of sight:
 * here they stay where they are, in as many rows as it takes.
 */
const STYLE = `
body { --brand: 175, 77%, 26%; margin: 0; overflow: hidden; }
body.graphiql-dark { --brand: 172, 60%, 45%; }
@media (prefers-color-scheme: dark) { body:not(.graphiql-light) { --brand: 172, 60%, 45%; } }
.graphiql-container, .graphiql-dialog, .graphiql-tooltip { --color-primary: var(--brand) !important; }
.graphiql-session-header { height: auto !important; }
.graphiql-tabs { flex-wrap: wrap; gap: 4px; padding-bottom: 8px; }
.graphiql-tab { transform: none !important; border-radius: 6px; font-size: 13px; }
.graphiql-logo { flex-shrink: 0; white-space: nowrap; }
.graphiql-logo svg { width: 28px; }
#root { height: 100vh; }
`;

/**
 * Starts the page. What is typed outlives a reload, never the browser's tab; headers do not even outlive a reload.
 * GraphiQL adds an empty tab to those it has kept, unless it is told what was in the open one.
 */
const START = `
(() => {
  const { version, files, ...options } = JSON.parse(document.getElementById('options').textContent);
  self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => files + label + '.js' };
  if (sessionStorage.getItem('examples') !== version) {
    sessionStorage.clear();
    sessionStorage.setItem('examples', version);
  }
  const kept = JSON.parse(sessionStorage.getItem('graphiql:tabState'));
  const open = kept?.tabs[kept.activeTabIndex];
  sessionStorage.setItem('graphiql:query', open?.query ?? '');
  sessionStorage.setItem('graphiql:variables', open?.variables ?? '');
  const storing = { storage: sessionStorage, shouldPersistHeaders: false, onEditQuery() {} };
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), { ...options, ...storing });
})();
`;

/** Nothing but this server. The editor writes styles as it runs; fonts and icons are inside the stylesheet. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function createGraphiQL({ guest }: GraphiQLOptions): GraphiQL {
  const tabs = examples(guest?.ids);
  return {
    serves: (req) => req.method === 'GET' && (asksForFile(req) || asksForPage(req)),
    serve: async (req, res) => (asksForFile(req) ? serveFile(req, res) : servePage(res, tabs, await guest?.signIn())),
  };
}

export const guestOf = (sandbox: Pick<Sandbox, 'signIn' | 'state'>): Guest => ({
  ids: idsIn(sandbox),
  signIn: () => sandbox.signIn(VISITOR),
});

/** The seed begins with two accounts in euro and cards that spend from them, with transfers, and knows one newcomer. */
function idsIn({ state }: Pick<Sandbox, 'state'>): ExampleIds {
  const [source, destination] = state.managedAccounts.all();
  const [transfer] = state.transfers.all();
  const card = state.managedCards.all().find(({ id }) => !state.spendRules.has(id));
  const newcomer = state.corporates.all().find((corporate) => !state.isVerified(corporate.id));
  return {
    source: source!.id,
    destination: destination!.id,
    transferProfile: transfer!.profileId,
    card: card!.id,
    newcomer: newcomer!.id.id,
  };
}

const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?')[0] ?? url;
const asksForFile = (req: IncomingMessage) => pathOf(req).startsWith(FILES);
const asksForPage = (req: IncomingMessage) =>
  pathOf(req) === '/graphql' && (req.headers.accept?.includes('text/html') ?? false);

async function servePage(res: ServerResponse, tabs: Example[], token: string | undefined) {
  const { folder } = await files();
  res.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  res.end(render(folder, tabs, token));
}

async function serveFile(req: IncomingMessage, res: ServerResponse) {
  const file = (await files()).byPath.get(pathOf(req));
  if (!file) return refuse(req, res, 404, 'NOT_FOUND', 'There is no such file: open /graphql again.');
  const unpacks = /\bgzip\b/.test(req.headers['accept-encoding'] ?? '');
  res.writeHead(200, {
    ...HEADERS,
    'content-type': file.mediaType,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(unpacks && { 'content-encoding': 'gzip' }),
  });
  res.end(unpacks ? file.gzipped : file.body);
}

interface Files {
  /** Named for what is inside, so that browsers may keep it for ever. */
  folder: string;
  byPath: Map<string, File>;
}

interface File {
  mediaType: string;
  body: Buffer;
  gzipped: Buffer;
}

let loading: Promise<Files> | undefined;

/** The page's scripts and styles: 9 MB, so they are read when a browser first asks, and packed once. */
function files() {
  loading ??= loadFiles();
  return loading;
}

async function loadFiles(): Promise<Files> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const texts = {
    'graphiql.js': bundle.js + START,
    'graphiql.css': bundle.css + STYLE,
    'editorWorkerService.js': bundle.editorWorkerService,
    'json.js': bundle.jsonWorker,
    'graphql.js': bundle.graphqlWorker,
  };
  const folder = `${FILES}${digest(Object.values(texts).join())}/`;
  const packed = Object.entries(texts).map(async ([name, text]) => [folder + name, await pack(name, text)] as const);
  return { folder, byPath: new Map(await Promise.all(packed)) };
}

async function pack(name: string, text: string): Promise<File> {
  const body = Buffer.from(text);
  const mediaType = `${name.endsWith('.css') ? 'text/css' : 'text/javascript'}; charset=utf-8`;
  return { mediaType, body, gzipped: await promisify(gzip)(body) };
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Links are relative, so that the page works behind a proxy's prefix too. */
function render(folder: string, tabs: Example[], token: string | undefined) {
  const files = folder.slice(1);
  const options = {
    files,
    version: digest(JSON.stringify(tabs)),
    title: TITLE,
    logo: LOGO,
    defaultTabs: tabs,
    defaultHeaders: token ? JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2) : SIGN_IN_FIRST,
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${TITLE}</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(LOGO)}">
    <link rel="stylesheet" href="${files}graphiql.css">
  </head>
  <body>
    <noscript>This page is GraphiQL and needs JavaScript.</noscript>
    <div id="root"></div>
    <script type="application/json" id="options">${JSON.stringify(options).replaceAll('<', '\\u003c')}</script>
    <script src="${files}graphiql.js"></script>
  </body>
</html>
`;
}

/** A comment, so that signing in itself is sent without a token. */
const SIGN_IN_FIRST = `{
  // "Authorization": "Bearer <the token that SignIn answers>"
}`;
