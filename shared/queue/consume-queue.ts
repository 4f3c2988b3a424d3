import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled, Permanent } from '#shared/errors';
import { deadLetterName } from './names.ts';
import { BATCH_SIZE, type QueueMessage, type Queues } from './open-queues.ts';

/** `done`: it is removed. `hand-back`: others may have it at once. `later`: it comes again when its visibility ends. */
export type Verdict = 'done' | 'hand-back' | 'later';

/** Reads a queue until it is stopped. */
export interface Consumer {
  /** Takes nothing more; what a wait that is under way still brings is handed back. */
  stop(): Promise<void>;
}

interface ConsumerOptions {
  readonly queues: Queues;
  readonly queue: string;
  /**
   * What becomes of a message.
   *
   * @throws Permanent: it can never be read; it is put into the dead-letter queue with the reason
   */
  readonly take: (body: string) => Promise<Verdict>;
  /** So many messages can be worked on now; none is received while it is 0. */
  readonly room?: () => number;
  readonly log: {
    warn(fields: object, message: string): void;
    info(fields: object, message: string): void;
  };
  readonly waitSeconds?: number;
}

/**
 * SQS could wait 20. A wait that is cut off may take the next message with it (servers for development: always, for as
 * long as it was to last), so it is short enough to be waited for when the consumer stops; an idle queue costs a request
 * every two seconds.
 */
const WAIT_SECONDS = 2;
const LOOK_FOR_ROOM_MS = 100;
const LEAST_PAUSE_MS = 500;
const MOST_PAUSE_MS = 15_000;
/** A server that does not end a wait when it should is not waited for longer. */
const GRACE_MS = 500;
/** Of a message that is put aside so much is kept, in characters. */
const KEPT_CHARACTERS = 200_000;

export function consumeQueue(options: ConsumerOptions): Consumer {
  const { queues, queue, take, room = () => BATCH_SIZE, log, waitSeconds = WAIT_SECONDS } = options;
  const stopping = new AbortController();
  const cutting = new AbortController();
  let isFailing = false;

  async function round(): Promise<void> {
    const max = Math.min(room(), BATCH_SIZE);
    if (max <= 0) return await pause(LOOK_FOR_ROOM_MS);
    const messages = await queues.receive(queue, { max, waitSeconds, signal: cutting.signal });
    if (messages.length === 0) return;
    if (stopping.signal.aborted) return await queues.handBack(queue, messages);
    const judged = await Promise.all(
      messages.map(async (message) => ({ message, verdict: await judge(message) })),
    );
    const those = (wanted: Verdict) =>
      judged.filter(({ verdict }) => verdict === wanted).map(({ message }) => message);
    const done = those('done');
    const back = those('hand-back');
    if (done.length > 0) await queues.remove(queue, done);
    if (back.length > 0) await queues.handBack(queue, back);
  }

  async function judge(message: QueueMessage): Promise<Verdict> {
    try {
      return await take(message.body);
    } catch (error) {
      if (!(error instanceof Permanent)) {
        log.warn({ error, queue }, 'a message could not be worked on; it comes again');
        return 'later';
      }
      return await putAside(message, error).then(
        () => 'done' as const,
        (cause: unknown) => {
          log.warn(
            { error: cause, queue },
            'a message that cannot be read could not be put aside; it comes again',
          );
          return 'later' as const;
        },
      );
    }
  }

  async function putAside({ body }: QueueMessage, why: Permanent): Promise<void> {
    const attributes = { code: why.code, reason: printable(why.message), queue };
    // SQS takes no empty body.
    await queues.send(deadLetterName(queue), [
      { body: body.slice(0, KEPT_CHARACTERS) || '(empty)', attributes },
    ]);
    log.warn({ queue, code: why.code }, `a message was put into the dead-letter queue: ${why.message}`);
  }

  async function run(): Promise<void> {
    let pauseMs = LEAST_PAUSE_MS;
    while (!stopping.signal.aborted) {
      try {
        await round();
        pauseMs = LEAST_PAUSE_MS;
        if (isFailing) log.info({ queue }, 'the queue can be read again');
        isFailing = false;
      } catch (error) {
        if (stopping.signal.aborted || error instanceof Cancelled) continue;
        // Said once, not with each try.
        if (!isFailing) log.warn({ error, queue }, 'a queue cannot be read; it is tried again');
        isFailing = true;
        await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS);
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      const cut = setTimeout(() => cutting.abort(), waitSeconds * 1_000 + GRACE_MS);
      await running;
      clearTimeout(cut);
    },
  };
}

/** What SQS takes in an attribute: no control characters, never empty. */
function printable(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[\p{Cc}\ufffe\uffff]/gu, ' ')
      .slice(0, 500) || 'unknown'
  );
}
