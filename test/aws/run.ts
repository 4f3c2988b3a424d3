import { parseArgs } from 'node:util';
import { startVitest, type TestModule } from 'vitest/node';
import { isServerName } from './servers/start-server.ts';

/**
 * `npm run test:aws -- [--server ministack|localstack|minio] [files]`. A test that is skipped counts as failed: a
 * server that is missing must not look like one that works.
 */
const { values, positionals } = parseArgs({
  options: {
    server: { type: 'string', default: 'ministack' },
    reporter: { type: 'string', multiple: true },
    'outputFile.json': { type: 'string' },
  },
  allowPositionals: true,
});
const { server, reporter, 'outputFile.json': json } = values;
if (!isServerName(server)) throw new Error(`--server ${server}: must be ministack, localstack or minio.`);
process.env.TEST_AWS_SERVER = server;

const vitest = await startVitest('test', positionals, {
  config: new URL('./vitest.config.ts', import.meta.url).pathname,
  watch: false,
  ...(reporter === undefined ? {} : { reporters: reporter }),
  ...(json === undefined ? {} : { outputFile: { json } }),
});
const modules = vitest.state.getTestModules();
const counts = new Map<string, { passed: number; failed: number; skipped: number }>();
for (const module of modules) {
  const driver = driverOf(module);
  const count = counts.get(driver) ?? { passed: 0, failed: 0, skipped: 0 };
  counts.set(driver, count);
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    count[state === 'pending' ? 'skipped' : state] += 1;
  }
}
await vitest.close();
const name = server === 'ministack' && process.env.AWS_ENDPOINT_URL ? process.env.AWS_ENDPOINT_URL : server;
let isGreen = modules.length > 0 && modules.every((module) => module.ok());
for (const [driver, { passed, failed, skipped }] of counts) {
  if (failed + skipped > 0 || passed === 0) isGreen = false;
  process.stdout.write(`${driver} on ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
}
if (!isGreen) process.exitCode = 1;

/** `shared/storage/s3/…` is the driver s3; what runs the product is named by its folder. */
function driverOf({ relativeModuleId }: TestModule): string {
  const found = /^shared\/(?:storage|transport)\/([^/]+)\//.exec(relativeModuleId);
  return found?.[1] ?? relativeModuleId.split('/').slice(0, 2).join('/');
}
