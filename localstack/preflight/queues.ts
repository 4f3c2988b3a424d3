import { inboundQueueName, openQueues, wakeQueueName } from '#shared/queue';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../embedded/paths.ts';
import type { Check } from './check.ts';

/** A Broker needs a cluster. The queues that wake-ups and notices need are there, where SQS carries them. What is wrong names queue, endpoint and remedy. */
export const queuesCheck: Check = async ({ config }) => {
  if (config.transport === 'broker')
    return {
      ok: false,
      problem: 'TRANSPORT=broker: a Broker calls functions by HTTP, which on one machine nobody serves.',
      remedy:
        'Choose TRANSPORT=postgres or sqs here; parts of a cluster are started by `npx millrace serve`.',
    };
  if (config.transport !== 'sqs') return { ok: true, note: '' };
  const { profiles } = readTopology({ path: topologyPath });
  const queues = openQueues(config.aws);
  try {
    const names = Object.keys(profiles).map((lane) => wakeQueueName(config.queuePrefix, lane));
    if (config.notices === 'queue') names.push(inboundQueueName(config.queuePrefix, 'inbox'));
    for (const name of names) await queues.check(name);
    return { ok: true, note: `${names.length} queues at ${queues.endpoint}` };
  } finally {
    queues.close();
  }
};
