import { defineConfig } from 'vitest/config';

const server = process.env.TEST_AWS_SERVER || 'ministack';

/** What each server is fit for: MinIO has no queues; LocalStack gets the contract suites (it knows no wrong keys). */
const tests: Readonly<Record<string, readonly string[]>> = {
  ministack: ['**/*.aws.test.ts'],
  localstack: [
    'shared/storage/s3/s3-{store,bucket}.aws.test.ts',
    'shared/transport/sqs/sqs-transport.aws.test.ts',
    'localstack/provision/*.aws.test.ts',
  ],
  minio: ['shared/storage/**/*.aws.test.ts', '**/*.minio.test.ts'],
};

/**
 * Tests on S3 and SQS, `*.aws.test.ts` beside the code; `npm run test:aws` runs them. They need Python (MiniStack,
 * LocalStack), Go (MinIO), or `AWS_ENDPOINT_URL`.
 */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: [...(tests[server] ?? [])],
    exclude: ['**/node_modules/**', 'data/**'],
    globalSetup: ['test/aws/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
