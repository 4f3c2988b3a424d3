import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import { openQueues } from '#shared/queue';
import { createPostgresTransport, createSqsTransport, type Transport } from '#shared/transport';

/** What carries wake-ups, as it travels to threads and processes of the platform. */
export type TransportSettings =
  | { readonly kind: 'postgres' }
  | {
      readonly kind: 'sqs';
      readonly endpoint: string | undefined;
      readonly region: string | undefined;
      readonly prefix: string;
    };

export function transportSettings({ transport, aws, queuePrefix }: Config): TransportSettings {
  return transport === 'sqs' ? { kind: 'sqs', ...aws, prefix: queuePrefix } : { kind: 'postgres' };
}

/** @param url of the database past a pooler: only the transport `postgres` needs it */
export function openTransport(options: {
  settings: TransportSettings;
  pool: Pool;
  url: string;
  lanes: readonly string[];
  log: Parameters<typeof createSqsTransport>[0]['log'];
}): Transport {
  const { settings, pool, url, lanes, log } = options;
  if (settings.kind === 'postgres') return createPostgresTransport({ pool, url, log });
  const { endpoint, region, prefix } = settings;
  return createSqsTransport({ queues: openQueues({ endpoint, region }), prefix, lanes, log });
}
