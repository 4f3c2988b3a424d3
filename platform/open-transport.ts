import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import { openQueues } from '#shared/queue';
import {
  createPostgresTransport,
  createSqsTransport,
  openBrokerTransport,
  type Transport,
} from '#shared/transport';

/** What carries wake-ups, as it travels to threads and processes of the platform. */
export type TransportSettings =
  | { readonly kind: 'postgres' }
  | {
      readonly kind: 'sqs';
      readonly endpoint: string | undefined;
      readonly region: string | undefined;
      readonly prefix: string;
    }
  | { readonly kind: 'broker'; readonly brokerUrl: string };

export function transportSettings({ transport, brokerUrl, aws, queuePrefix }: Config): TransportSettings {
  if (transport === 'broker' && brokerUrl !== undefined) return { kind: 'broker', brokerUrl };
  return transport === 'sqs' ? { kind: 'sqs', ...aws, prefix: queuePrefix } : { kind: 'postgres' };
}

/**
 * @param url of the database past a pooler: only the transport `postgres` needs it
 * @param wakes everything that is due (the scheduler), or what this process makes due. Only a Broker asks
 * @param count told of each sending by a Broker
 */
export function openTransport(options: {
  settings: TransportSettings;
  pool: Pool;
  url: string;
  lanes: readonly string[];
  wakes?: 'all' | 'new';
  count?: (outcome: 'sent' | 'failed') => void;
  log: Parameters<typeof createSqsTransport>[0]['log'];
}): Transport {
  const { settings, pool, url, lanes, wakes = 'new', count, log } = options;
  switch (settings.kind) {
    case 'postgres':
      return createPostgresTransport({ pool, url, log });
    case 'broker':
      return openBrokerTransport({
        ...{ pool, brokerUrl: settings.brokerUrl, of: wakes, log },
        ...(count === undefined ? {} : { count }),
      });
    case 'sqs': {
      const { endpoint, region, prefix } = settings;
      return createSqsTransport({ queues: openQueues({ endpoint, region }), prefix, lanes, log });
    }
  }
}
