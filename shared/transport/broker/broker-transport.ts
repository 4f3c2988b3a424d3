import { setTimeout as sleep } from 'node:timers/promises';
import { Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import type { WakeUp } from '#shared/ledger';
import type { Transport } from '../transport.ts';
import { type PostWakeUp, WIDTH } from './post-wake-up.ts';

/** Taken from the ledger together. */
const BATCH = 100;
/** What commits make due within this time goes together: a look costs a statement. */
const GATHER_MS = 20;
/** After so many failures in a row the rest of a batch is left to the next wake-up. */
const GIVE_UP_AFTER = 3;
const REST_MS = { first: 1_000, longest: 30_000 };
const CLOSE_MS = 3_000;

/**
 * Wake-ups that name a delivery, posted to a Broker, which calls the host of its function. The ledger says who is to be
 * woken and counts each as sent when it is taken, so that one that is lost comes again later by itself. While the Broker
 * is away nothing is taken but a single wake-up now and then to see whether it is back.
 */
export function createBrokerTransport(options: {
  /** Takes what is to be woken in these lanes: new work of services (a committer), or everything (the scheduler). */
  take: (request: { lanes: readonly string[]; limit: number }) => Promise<readonly WakeUp[]>;
  post: PostWakeUp;
  /** Told of each sending. */
  count?: (outcome: 'sent' | 'failed') => void;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}): Transport {
  const { take, post, count = () => undefined, log } = options;
  const waiting = new Set<string>();
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  let isClosed = false;
  let restMs = 0;
  let restUntil = 0;

  async function work(): Promise<void> {
    while (waiting.size > 0) {
      if (!isClosed) await sleep(GATHER_MS);
      const lanes = [...waiting];
      waiting.clear();
      if (performance.now() < restUntil) return;
      const limit = restMs === 0 ? BATCH : 1;
      const taken = await take({ lanes, limit });
      if (taken.length === 0) continue;
      await reach('notify.sending');
      if (!(await sendAll(taken))) return;
      if (taken.length === limit) for (const lane of lanes) waiting.add(lane);
    }
  }

  /** Answers whether the Broker takes them. */
  async function sendAll(wakeUps: readonly WakeUp[]): Promise<boolean> {
    const queue = wakeUps.values();
    let failures = 0;
    let failure: unknown;
    const sendSome = async (): Promise<void> => {
      for (const wakeUp of queue) {
        if (failures >= GIVE_UP_AFTER) return;
        try {
          await post(wakeUp, stop.signal);
          failures = 0;
          count('sent');
        } catch (error) {
          failures += 1;
          failure = error;
          count('failed');
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(WIDTH, wakeUps.length) }, sendSome));
    if (failures === 0) {
      if (restMs > 0) log.info({}, 'wake-ups are taken again');
      restMs = 0;
      return true;
    }
    // Said once, not with each wake-up.
    if (restMs === 0 && !isClosed)
      log.warn({ error: failure }, 'a wake-up could not be sent; it is sent again while its work is due');
    restMs = Math.min(REST_MS.longest, Math.max(REST_MS.first, restMs * 2));
    restUntil = performance.now() + restMs;
    return false;
  }

  return {
    send(lanes) {
      if (isClosed) return;
      for (const lane of lanes) waiting.add(lane);
      if (waiting.size === 0) return;
      working ??= work()
        .catch((error) => {
          if (!isClosed) log.warn({ error }, 'whom to wake could not be asked; the scheduler asks again');
        })
        .finally(() => {
          working = undefined;
        });
    },
    async listen() {
      throw new Permanent(
        'broker-wakes-by-name',
        'A Broker calls the hosts of functions, and nobody can listen to it; use TRANSPORT=postgres or TRANSPORT=sqs where hosts look for work themselves.',
      );
    },
    async close() {
      isClosed = true;
      const late = setTimeout(() => stop.abort(), CLOSE_MS);
      await working;
      clearTimeout(late);
      stop.abort();
    },
  };
}
