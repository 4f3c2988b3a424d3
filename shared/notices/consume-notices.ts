import { type Consumer, consumeQueue, type Queues } from '#shared/queue';
import { readNoticeMessage } from './read-notices.ts';

/** So many objects are looked at side by side. */
const WIDTH = 4;

/**
 * The storage-and-queue adapter: reads the queue of a bucket's notifications and has each object looked at. A notice goes
 * once the ledger knows the object, or it can never be taken; what passes (the ledger or the store is away) comes again.
 * Twice, late, in any order: it is a word to look, never a fact.
 */
export function consumeNotices(options: {
  queues: Queues;
  queue: string;
  bucket: string;
  /** @throws Permanent: the notice is put aside; anything else: it comes again */
  look: (key: string) => Promise<void>;
  log: {
    warn(fields: object, message: string): void;
    info(fields: object, message: string): void;
  };
}): Consumer {
  const { queues, queue, bucket, look, log } = options;
  return consumeQueue({
    queues,
    queue,
    log,
    room: () => WIDTH,
    async take(body) {
      // A key that is gone is looked at as well: whether it is, the store knows.
      for (const { key } of readNoticeMessage(body, { bucket })) await look(key);
      return 'done';
    },
  });
}
