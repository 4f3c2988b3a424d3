import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import type { AwsServer } from './aws-server.ts';
import { goProgram } from './go-program.ts';
import { plainEnvironment, startServer } from './server-process.ts';

const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/**
 * MinIO (S3 with real signatures) on a free port, built from its Go module the first time (minutes). Another start on
 * the same folder and port goes on with what was stored: for tests that kill it.
 */
export async function startMinio(request: { folder?: string; port?: number } = {}): Promise<AwsServer> {
  const command = await goProgram({
    module: 'github.com/minio/minio',
    version: VERSION,
    program: 'minio',
    given: process.env.MINIO_BIN,
  });
  const folder = request.folder ?? (await mkdtemp(join(tmpdir(), 'millrace-minio-')));
  const port = request.port ?? (await freePort());
  const credentials = { accessKeyId: 'millrace-test', secretAccessKey: 'millrace-test-secret' };
  const endpoint = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const started = await startServer({
    command,
    args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, folder],
    env: {
      ...plainEnvironment(),
      MINIO_ROOT_USER: credentials.accessKeyId,
      MINIO_ROOT_PASSWORD: credentials.secretAccessKey,
      // Buckets are found in the name of the host too.
      MINIO_DOMAIN: 's3.localhost.localstack.cloud',
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    },
    url: `${endpoint}/minio/health/live`,
    withinMs: 60_000,
  });
  return {
    name: 'minio',
    endpoint,
    region: 'us-east-1',
    credentials,
    async stop() {
      await started.end('SIGTERM');
      if (request.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
    kill: () => started.end('SIGKILL'),
  };
}
