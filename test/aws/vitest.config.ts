import { defineConfig } from 'vitest/config';

/** Tests on S3 and SQS, `*.aws.test.ts` beside the code: they need Python (MiniStack) or `AWS_ENDPOINT_URL`. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['**/*.aws.test.ts'],
    exclude: ['**/node_modules/**', 'data/**'],
    globalSetup: ['test/aws/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
