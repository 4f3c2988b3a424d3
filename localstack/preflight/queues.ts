import type { Config } from '#shared/config';
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
  const names = queuesOf(config);
  if (names.length === 0) return { ok: true, note: '' };
  const queues = openQueues(config.aws);
  try {
    for (const name of names) await queues.check(name);
    return {
      ok: true,
      note: `${names.length === 1 ? '1 queue' : `${names.length} queues`} at ${queues.endpoint}`,
    };
  } finally {
    queues.close();
  }
};

/** Wake-ups and notices choose for themselves whether SQS carries them. */
function queuesOf({ transport, notices, queuePrefix }: Config): readonly string[] {
  const lanes = transport === 'sqs' ? Object.keys(readTopology({ path: topologyPath }).profiles) : [];
  const wakes = lanes.map((lane) => wakeQueueName(queuePrefix, lane));
  return notices === 'queue' ? [...wakes, inboundQueueName(queuePrefix, 'inbox')] : wakes;
}
