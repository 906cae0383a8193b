import { EventEmitter, on } from 'node:events';
import { createLogger } from '../src/http/log.js';
import type { Stack } from './harness.js';

// biome-ignore lint/suspicious/noExplicitAny: a line is whatever JSON was written, and tests look at all of it
export type Line = Record<string, any>;
type Headers = Record<string, string>;

export const JSON_TYPE = { 'content-type': 'application/json' };

/** A log to look at. A request's line comes once its answer is over: whoever wants it waits for it. */
export function watchLog() {
  const written = new EventEmitter();
  const lines = on(written, 'line');
  const texts: string[] = [];
  const logger = createLogger('info', {
    write(text: string) {
      texts.push(text);
      written.emit('line', JSON.parse(text));
    },
  });

  /** The next line of a request; faults and warnings before it are let go. */
  async function next(): Promise<Line> {
    for (;;) {
      const { value } = await lines.next();
      if (value[0].route) return value[0];
    }
  }

  return { logger, texts, next };
}

/** Sends requests as they are to a stack, as Acme's root user if told no other, and answers them with their lines. */
export function asker(stackOf: () => Stack, { next }: ReturnType<typeof watchLog>) {
  const user = () => ({ authorization: `Bearer ${stackOf().token}` });

  async function send(path: string, init?: { method?: string; body?: string; headers?: Headers }) {
    const response = await fetch(stackOf().url + path, init);
    const text = await response.text();
    return { response, text, line: await next() };
  }

  const post = (body: string, headers: Headers = user()) =>
    send('/graphql', { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } });

  const ask = (query: string, headers?: Headers, variables?: object) =>
    post(JSON.stringify({ query, variables }), headers);

  return { user, send, post, ask };
}
