import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import { openQueues } from '#shared/queue';
import type { Log } from '#shared/telemetry';
import { createPostgresTransport, createSqsTransport, type Transport } from '#shared/transport';

/** What tells others that a commit made work due for them; nothing is listened to here. */
export function openWakeUps(options: {
  config: Config;
  pool: Pool;
  url: string;
  lanes: readonly string[];
  log: Log;
}): Pick<Transport, 'send' | 'close'> {
  const { config, pool, url, lanes, log } = options;
  if (config.transport === 'postgres') return createPostgresTransport({ pool, url, log });
  return createSqsTransport({ queues: openQueues(config.aws), prefix: config.queuePrefix, lanes, log });
}
