import type { Config } from '#shared/config';
import type { DropOwners, Inbox } from '#shared/inbox';
import { consumeNotices } from '#shared/notices';
import { inboundQueueName, openQueues } from '#shared/queue';
import type { Log } from '#shared/telemetry';

/**
 * The storage-and-queue adapter as a part of the platform: notices of the inbound bucket come by its queue. Without S3
 * and SQS there is nothing to read: a folder is watched, and the sweep finds everything anyhow.
 *
 * @throws Permanent `queue-missing` and the like
 */
export async function startInbound(options: {
  config: Config;
  inbox: Pick<Inbox, 'look'>;
  log: Log;
}): Promise<{ stop(): Promise<void> }> {
  const { config, inbox, log } = options;
  if (!readsNotices(config)) return { stop: async () => undefined };
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

/** Whose dropped files are; keys are believed on a folder of this machine unless told otherwise. */
export function dropOwners({ inbox, objects }: Config): DropOwners {
  return { owner: inbox.owner, owners: inbox.owners ?? (objects === 's3' ? 'configured' : 'prefix') };
}

/** Do notices of the inbound bucket come by a queue? */
export function readsNotices({ objects, transport }: Config): boolean {
  return objects === 's3' && transport === 'sqs';
}
