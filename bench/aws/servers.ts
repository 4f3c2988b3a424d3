import type { AwsServer } from '../../test/aws/servers/aws-server.ts';
import { startMiniStack } from '../../test/aws/servers/mini-stack.ts';
import { startMinio } from '../../test/aws/servers/minio.ts';
import { type Measurement, skipped } from '../benchmark.ts';

/** How the servers are called in the table. */
const names: Readonly<Record<AwsServer['name'], string>> = {
  ministack: 'MiniStack',
  localstack: 'LocalStack',
  minio: 'MinIO',
  given: 'the given server',
};

/** Measures on S3 and SQS: MiniStack, or what `AWS_ENDPOINT_URL` names. Without Python nothing is measured, and said so. */
export async function onQueues(
  what: string,
  measure: (server: AwsServer, name: string) => Promise<readonly Measurement[]>,
): Promise<readonly Measurement[]> {
  return on(startMiniStack, what, measure);
}

/** Measures on S3: MinIO where Go is there or has built it, else MiniStack, which holds what is uploaded in memory. */
export async function onObjects(
  what: string,
  measure: (server: AwsServer, name: string) => Promise<readonly Measurement[]>,
): Promise<readonly Measurement[]> {
  return on(() => startMinio().catch(startMiniStack), what, measure);
}

async function on(
  start: () => Promise<AwsServer>,
  what: string,
  measure: (server: AwsServer, name: string) => Promise<readonly Measurement[]>,
): Promise<readonly Measurement[]> {
  const server = await start().catch((error: Error) => error);
  if (server instanceof Error) return [skipped(what, (server.message.split('\n')[0] ?? '').slice(0, 120))];
  try {
    return await measure(server, names[server.name]);
  } finally {
    await server.stop();
  }
}
