import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayOptions } from '../src/gateway.js';
import { listening, openGateway } from './faulting.js';
import { type Stack, startStack } from './harness.js';

const PDF = '%PDF-1.3 %%EOF';
const PDF_HEADERS = { 'content-type': 'application/pdf' };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** Downloads a file from a Weavr that answers each call in turn as it is told to. */
async function download(turns: RequestListener[], options: Partial<GatewayOptions> = {}) {
  let calls = 0;
  const weavr = createServer((req, res) => turns[Math.min(calls++, turns.length - 1)]?.(req, res));
  const gateway = await openGateway(stack, { baseUrl: await listening(weavr), ...options });
  onTestFinished(async () => {
    await gateway.close();
    weavr.close().closeAllConnections();
  });
  const url = new URL('/downloads/managed_accounts/1/statement.pdf', gateway.url);
  const response = await fetch(url, { headers: { authorization: 'Bearer token' } });
  const text = await response.text();
  const code = response.ok ? undefined : JSON.parse(text).errors[0].extensions.code;
  return { status: response.status, text, code, calls };
}

/** Writes for as long as somebody reads. */
function writeOn(res: ServerResponse) {
  const more = () => {
    while (res.write(Buffer.alloc(65_536, ' ')));
  };
  res.on('drain', more);
  more();
}

const fail: RequestListener = (_req, res) => res.writeHead(503).end();
const serve: RequestListener = (_req, res) => res.writeHead(200, PDF_HEADERS).end(PDF);

describe('a file', () => {
  it('comes from a further try when the first two fail', async () => {
    const reset: RequestListener = (_req, res) => res.socket?.resetAndDestroy();
    expect(await download([reset, fail, serve])).toMatchObject({ status: 200, text: PDF, calls: 3 });
  });

  it('is tried for no more than twice again', async () => {
    expect(await download([fail, fail, fail, serve])).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', calls: 3 });
  });

  it('is none when it is packed as nobody asked for', async () => {
    const packed: RequestListener = (_req, res) =>
      res.writeHead(200, { ...PDF_HEADERS, 'content-encoding': 'gzip' }).end(gzipSync(PDF));
    expect(await download([packed])).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', calls: 2 });
  });

  it('is not fetched from elsewhere', async () => {
    let heard = 0;
    const elsewhere = createServer((_req, res) => {
      heard += 1;
      res.end(PDF);
    });
    const location = await listening(elsewhere);
    const redirect: RequestListener = (_req, res) => res.writeHead(302, { location }).end();
    expect(await download([redirect])).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', calls: 1 });
    elsewhere.close();
    expect(heard).toBe(0);
  });
});

describe('a refusal in the place of a file', () => {
  it('is given up when its body has no end', async () => {
    let abandoned: Promise<unknown> | undefined;
    const endless: RequestListener = (_req, res) => {
      abandoned = once(res, 'close');
      writeOn(res.writeHead(409, { 'content-type': 'application/json' }));
    };
    expect(await download([endless])).toMatchObject({ status: 409, code: 'CONFLICT', calls: 1 });
    await abandoned;
  });

  it('is told by its status when its body breaks', async () => {
    const broken: RequestListener = (_req, res) => {
      res.writeHead(403, { 'content-type': 'application/json', 'content-length': '100' });
      res.write('{"errorCode":', () => res.destroy());
    };
    expect(await download([broken])).toMatchObject({ status: 403, code: 'FORBIDDEN', calls: 1 });
  });
});
