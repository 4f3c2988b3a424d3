import { defineConfig } from 'vitest/config';

/**
 * Tests behind the watchdog of OpenFaaS, `*.watchdog.test.ts` beside the code, and of the whole behind a gateway;
 * `npm run test:openfaas` runs them. They need Go, or `OF_WATCHDOG_BIN`; without it something stands in for the watchdog,
 * and the run says so.
 */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['**/*.watchdog.test.ts', 'test/openfaas/*.test.ts'],
    exclude: ['**/node_modules/**', 'data/**'],
    globalSetup: ['test/openfaas/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // A watchdog always takes port 8081 for its metrics too: one at a time.
    fileParallelism: false,
  },
});
