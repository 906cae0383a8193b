import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';
import { type Stack, startStack } from './harness.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const post = (path: string, headers: Record<string, string>) =>
  fetch(stack.url + path, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });

test.each([
  'application/json ; charset=utf-8',
  'application/json;',
  'application/json; charset=utf8',
  'Application/JSON; charset="UTF-8"',
  'application/json; profile="a;b"',
])('accepts the media type %s', async (type) => {
  expect((await post('/graphql', { 'content-type': type })).status).toBe(200);
});

test.each(['application/json, text/plain', 'application/json; charset=latin1', 'application/jsonp', 'text/plain'])(
  'refuses the media type %s',
  async (type) => {
    expect((await post('/graphql', { 'content-type': type })).status).toBe(415);
  },
);

test('answers at a path with a slash, and reads the scheme in any letter case', async () => {
  const headers = { 'content-type': 'application/json', authorization: `bearer ${stack.token}` };
  expect((await post('/graphql/', headers)).status).toBe(200);
});

test.each(['https://user:pw@weavr.example', 'https://user@weavr.example'])('refuses credentials in %s', (url) => {
  expect(() => readConfig([], { WEAVR_BASE_URL: url })).toThrow(ConfigError);
});

test.each([
  ['application/json; charset="utf-8"', 'application/json'],
  ['application/json;q=0.5, application/graphql-response+json', 'application/graphql-response+json'],
  ['application/json;q=0, */*', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
])('answers Accept: %s with %s', async (accept, type) => {
  const answer = await post('/graphql', { 'content-type': 'application/json', accept });
  expect(answer.headers.get('content-type')).toContain(type);
});

test('answers 406 where both types are excluded', async () => {
  const accept = 'application/*;q=0, text/html';
  expect((await post('/graphql', { 'content-type': 'application/json', accept })).status).toBe(406);
});
