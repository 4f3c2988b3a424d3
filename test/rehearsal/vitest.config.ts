import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/rehearsal/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
