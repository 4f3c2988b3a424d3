import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import { type AwsServer, givenServer } from './aws-server.ts';
import { pythonPackage } from './python-package.ts';
import { plainEnvironment, startServer } from './server-process.ts';

const VERSION = '1.5.33';

/**
 * MiniStack (S3, SQS, IAM …) on a free port of the loopback address, its data in a temporary folder; or the server
 * that `AWS_ENDPOINT_URL` names. Installed with pip the first time (about 10 s), ready in about a second.
 */
export async function startMiniStack(): Promise<AwsServer> {
  const given = givenServer();
  if (given !== undefined) return given;
  const python = process.env.PYTHON || 'python3';
  const packages = await pythonPackage({ python, name: 'ministack', version: VERSION });
  const folder = await mkdtemp(join(tmpdir(), 'millrace-ministack-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const region = 'us-east-1';
  const started = await startServer({
    command: python,
    args: ['-m', 'ministack'],
    env: {
      ...plainEnvironment(),
      PYTHONPATH: packages,
      PYTHONDONTWRITEBYTECODE: '1',
      // Signatures and CORS of single buckets are looked at only with this.
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'ERROR',
      S3_DATA_DIR: join(folder, 's3'),
      STATE_DIR: join(folder, 'state'),
      TMPDIR: folder,
    },
    url: `${endpoint}/_ministack/health`,
    withinMs: 60_000,
  });
  return {
    name: 'ministack',
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    async stop() {
      await started.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => started.end('SIGKILL'),
  };
}
