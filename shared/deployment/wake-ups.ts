import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import type { Log } from '#shared/telemetry';
import { createPostgresTransport, type Transport } from '#shared/transport';

/** What tells others that a commit made work due for them; nothing is listened to here. SQS is loaded only where it is used. */
export async function openWakeUps(options: {
  config: Config;
  pool: Pool;
  url: string;
  lanes: readonly string[];
  log: Log;
}): Promise<Pick<Transport, 'send' | 'close'>> {
  const { config, pool, url, lanes, log } = options;
  if (config.transport === 'postgres') return createPostgresTransport({ pool, url, log });
  const { createSqsTransport, openQueues } = await import('./sqs-wake-ups.ts');
  return createSqsTransport({ queues: openQueues(config.aws), prefix: config.queuePrefix, lanes, log });
}
