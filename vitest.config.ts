import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      'data/**',
      'test/{api,faults,openfaas,rehearsal}/**',
      '**/*.{aws,minio,watchdog}.test.ts',
    ],
    globalSetup: ['test/global-setup.ts'],
    // A machine that does much else may take ten times as long as is usual.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
