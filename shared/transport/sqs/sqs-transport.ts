import { setTimeout as sleep } from 'node:timers/promises';
import { reach } from '#shared/faults';
import { type Consumer, consumeQueue, type Queues, wakeQueueName } from '#shared/queue';
import type { ListenOptions, Transport } from '../transport.ts';
import { readWakeUpMessage, wakeUpMessage } from './wake-up-message.ts';

/** At most so many wake-ups of one lane go together, and wake as many hosts; more would find nothing to do. */
const MOST_TOGETHER = 10;
const CLOSE_MS = 2_000;

interface Listener extends ListenOptions {
  readonly lanes: readonly string[];
  readonly onWake: (lane: string) => void;
}

/**
 * Wake-ups by SQS, one queue a lane. A message wakes one of the hosts that have room, and goes once that host looks into
 * the ledger: from then on the ledger is responsible. So there is no visibility heartbeat and no redrive; what is lost
 * the scheduler sends again within a second, and the slow poll of every host finds.
 */
export function createSqsTransport(options: {
  queues: Queues;
  /** How the names of our queues begin. */
  prefix: string;
  /** All that there are: a queue each. */
  lanes: readonly string[];
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}): Transport {
  const { queues, prefix, lanes: every, log } = options;
  const listeners: Listener[] = [];
  const consumers: Consumer[] = [];
  const waiting = new Map<string, number>();
  const sending = new Map<string, Promise<void>>();
  const failing = new Set<string>();
  let isClosed = false;

  async function flush(lane: string): Promise<void> {
    for (let count = waiting.get(lane); count !== undefined; count = waiting.get(lane)) {
      waiting.delete(lane);
      try {
        await reach('notify.sending');
        await queues.send(
          wakeQueueName(prefix, lane),
          Array.from({ length: count }, () => ({ body: wakeUpMessage(lane) })),
        );
        failing.delete(lane);
      } catch (error) {
        // Said once, not with each wake-up.
        if (!failing.has(lane))
          log.warn({ error, lane }, 'a wake-up could not be sent; the slow poll will find the work');
        failing.add(lane);
      }
    }
    sending.delete(lane);
  }

  /** Answers whether somebody here could begin with it. */
  function tell(lane: string): boolean {
    let isTold = false;
    for (const { onWake, lanes, room } of listeners) {
      if (!lanes.includes(lane) || (room !== undefined && room(lane) <= 0)) continue;
      onWake(lane);
      isTold = true;
    }
    return isTold;
  }

  return {
    send(lanes) {
      if (isClosed) return;
      for (const lane of lanes) {
        if (!every.includes(lane)) continue;
        tell(lane);
        waiting.set(lane, Math.min((waiting.get(lane) ?? 0) + 1, MOST_TOGETHER));
        // While one batch is on its way the next one gathers.
        if (!sending.has(lane)) sending.set(lane, flush(lane));
      }
    },
    async listen(onWake, { lanes = every, room } = {}) {
      await Promise.all(lanes.map((lane) => queues.check(wakeQueueName(prefix, lane))));
      listeners.push({ onWake, lanes, ...(room === undefined ? {} : { room }) });
      for (const lane of lanes) {
        consumers.push(
          consumeQueue({
            queues,
            queue: wakeQueueName(prefix, lane),
            log,
            ...(room === undefined ? {} : { room: () => room(lane) }),
            async take(body) {
              readWakeUpMessage(body, lane);
              // It had room when it asked; while it waited its slots were filled.
              return tell(lane) ? 'done' : 'hand-back';
            },
          }),
        );
      }
    },
    async close() {
      isClosed = true;
      const sent = Promise.all(sending.values());
      await Promise.all([
        Promise.race([sent, sleep(CLOSE_MS, undefined, { ref: false })]),
        ...consumers.map((consumer) => consumer.stop()),
      ]);
      queues.close();
    },
  };
}
