import type { Pool } from '#shared/database';
import { createWakeUps } from '#shared/ledger';
import type { Transport } from '../transport.ts';
import { createBrokerTransport } from './broker-transport.ts';
import { createWakeUpPost } from './post-wake-up.ts';

/**
 * Wake-ups by the Broker at an address.
 *
 * @param of `new`: of what this process makes due for services; `all`: of everything, which only the scheduler does
 */
export function openBrokerTransport(
  options: { pool: Pool; brokerUrl: string; of: 'new' | 'all' } & Pick<
    Parameters<typeof createBrokerTransport>[0],
    'count' | 'log'
  >,
): Transport {
  const { pool, brokerUrl, of, ...more } = options;
  const wakeUps = createWakeUps({ pool });
  return createBrokerTransport({
    ...more,
    take: (request) => wakeUps.take({ ...request, of }),
    post: createWakeUpPost({ address: () => brokerUrl }),
  });
}
