import type { Config } from '#shared/config';
import type { Inbox } from '#shared/inbox';
import { consumeNotices } from '#shared/notices';
import { inboundQueueName, openQueues } from '#shared/queue';
import type { Log } from '#shared/telemetry';

/**
 * Reads the queue of the inbound bucket's notices, where they come by one. Elsewhere there is nothing to read: a folder is
 * watched, a webhook posts, and the sweep finds everything anyhow.
 *
 * @throws Permanent `queue-missing` and the like
 */
export async function startInbound(options: {
  config: Config;
  inbox: Pick<Inbox, 'look'>;
  log: Log;
}): Promise<{ stop(): Promise<void> }> {
  const { config, inbox, log } = options;
  if (config.notices !== 'queue') return { stop: async () => undefined };
  const queues = openQueues(config.aws);
  const queue = inboundQueueName(config.queuePrefix, 'inbox');
  await queues.check(queue);
  const consumer = consumeNotices({ queues, queue, bucket: config.buckets.inbox, look: inbox.look, log });
  return {
    async stop() {
      await consumer.stop();
      queues.close();
    },
  };
}
