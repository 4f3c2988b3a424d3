import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../free-port.ts';
import type { AwsServer } from './aws-server.ts';
import { pythonPackage } from './python-package.ts';
import { plainEnvironment, startServer } from './server-process.ts';

/** The last that needs no token; newer dependencies than its own time break it. */
const VERSION = '4.14.0';
const BEFORE = '2026-03-10T00:00:00Z';

/** LocalStack (S3 and SQS) without Docker, on a free port. It needs Python 3.13. */
export async function startLocalStack(): Promise<AwsServer> {
  const python = await findPython();
  const packages = await pythonPackage({
    python,
    name: 'localstack-core',
    version: VERSION,
    extra: 'runtime',
    before: BEFORE,
  });
  const folder = await mkdtemp(join(tmpdir(), 'millrace-localstack-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const started = await startServer({
    command: python,
    args: ['-m', 'localstack.runtime.main'],
    env: {
      ...plainEnvironment(),
      PYTHONPATH: packages,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      LOCALSTACK_VOLUME_DIR: folder,
      TMPDIR: folder,
      FILESYSTEM_ROOT: folder,
      SERVICES: 's3,sqs,iam,sts',
      EAGER_SERVICE_LOADING: '0',
      DISABLE_EVENTS: '1',
      SKIP_SSL_CERT_DOWNLOAD: '1',
      LS_LOG: 'warning',
      DEFAULT_REGION: 'us-east-1',
    },
    url: `${endpoint}/_localstack/health`,
    withinMs: 120_000,
  });
  return {
    name: 'localstack',
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    async stop() {
      await started.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => started.end('SIGKILL'),
  };
}

/** Python 3.13 from PATH or pyenv. @throws Error where there is none */
export async function findPython(): Promise<string> {
  const pyenv = join(
    process.env.PYENV_ROOT || join(homedir(), '.pyenv'),
    'versions',
    '3.13*',
    'bin',
    'python3.13',
  );
  for (const python of [process.env.PYTHON313 ?? '', 'python3.13', ...globSync(pyenv)]) {
    if (python === '') continue;
    const isThere = await promisify(execFile)(python, ['--version'], { timeout: 10_000 }).then(
      ({ stdout }) => stdout.startsWith('Python 3.13'),
      () => false,
    );
    if (isThere) return python;
  }
  throw new Error('LocalStack 4.14 needs Python 3.13; set PYTHON313 to it, or put python3.13 on the PATH.');
}
