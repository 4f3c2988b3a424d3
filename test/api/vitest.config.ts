import { defineConfig } from 'vitest/config';

/** The HTTP interface tried by a program that knows nothing of it but `/openapi.json`; needs Python 3 with pip. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/api/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: false,
  },
});
