import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AwsServer } from './aws-server.ts';
import { serversFolder } from './python-package.ts';
import { freePort, plainEnvironment, startServer } from './server-process.ts';

const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/**
 * MinIO (S3 with real signatures) on a free port, built from its Go module the first time (minutes). Another start on
 * the same folder and port goes on with what was stored: for tests that kill it.
 */
export async function startMinio(request: { folder?: string; port?: number } = {}): Promise<AwsServer> {
  const command = await minioProgram();
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

async function minioProgram(): Promise<string> {
  const built = join(serversFolder(), `minio-${VERSION}`, 'minio');
  const candidates = [process.env.MINIO_BIN, built, join(homedir(), 'go', 'bin', 'minio')];
  const found = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found !== undefined) return found;
  try {
    await promisify(execFile)('go', ['install', `github.com/minio/minio@${VERSION}`], {
      env: { ...process.env, GOBIN: join(built, '..') },
      timeout: 900_000,
    });
  } catch (cause) {
    throw new Error(`MinIO could not be built (go install github.com/minio/minio@${VERSION}).`, { cause });
  }
  return built;
}
