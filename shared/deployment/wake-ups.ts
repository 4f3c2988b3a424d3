import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import type { Log } from '#shared/telemetry';
import { createPostgresTransport, openBrokerTransport, type Transport } from '#shared/transport';

/** What tells others that a commit made work due for them; nothing is listened to here. SQS is loaded only where it is used. */
export async function openWakeUps(options: {
  config: Config;
  pool: Pool;
  url: string;
  lanes: readonly string[];
  log: Log;
}): Promise<Pick<Transport, 'send' | 'close'>> {
  const { config, pool, url, lanes, log } = options;
  const { transport, brokerUrl } = config;
  if (transport === 'postgres') return createPostgresTransport({ pool, url, log });
  if (transport === 'broker' && brokerUrl !== undefined)
    return openBrokerTransport({ pool, brokerUrl, of: 'new', log });
  const { createSqsTransport, openQueues } = await import('./sqs-wake-ups.ts');
  return createSqsTransport({ queues: openQueues(config.aws), prefix: config.queuePrefix, lanes, log });
}
