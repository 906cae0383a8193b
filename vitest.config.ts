import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Files share their worker's modules, which take longer to load than most files take to run; each has its own stack.
  test: { isolate: false, maxWorkers: '100%', testTimeout: 20_000, hookTimeout: 20_000 },
  // One graphql module: vite would pick its .mjs build, node its .js one.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
});
