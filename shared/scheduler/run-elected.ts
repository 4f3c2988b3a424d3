import { setTimeout as sleep } from 'node:timers/promises';
import type { Election } from '#shared/ledger';

/** How long the others wait for one that is silent. */
const TERM_MS = 10_000;
const STAND_EVERY_MS = 2_000;
/** Who has not been confirmed for so long stops by itself, before another one begins. */
const TRUST_MS = 8_000;
const WATCH_EVERY_MS = 250;

/**
 * Does the duties while this process is the elected one of several, until `signal` aborts. One that dies is followed within
 * {@link TERM_MS}; one that was stopped finds, when it goes on, that its time is over.
 *
 * @param duties ends soon after its signal aborts
 * @param onChange told whether it is elected, when that changes
 */
export async function runElected(options: {
  election: Election;
  candidate: string;
  duties: (signal: AbortSignal) => Promise<void>;
  onChange: (isElected: boolean) => void;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
  signal: AbortSignal;
  termMs?: number;
}): Promise<void> {
  const { election, candidate, duties, onChange, log, signal, termMs = TERM_MS } = options;
  const trustMs = (TRUST_MS * termMs) / TERM_MS;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let work: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  async function begin(): Promise<void> {
    // The last time's duties have to end first: none runs twice in one process.
    if (work?.stop.signal.aborted === false) return;
    await work?.ended;
    if (signal.aborted) return;
    const stop = new AbortController();
    log.info({ candidate }, 'this scheduler is the elected one');
    onChange(true);
    work = { stop, ended: duties(stop.signal) };
  }

  function end(why: string): void {
    if (work === undefined || work.stop.signal.aborted) return;
    work.stop.abort();
    onChange(false);
    log.info({ candidate }, why);
  }

  // A statement may hang for longer than the trust lasts, and the whole process may have been stopped.
  const watch = setInterval(() => {
    if (performance.now() - confirmedAt > trustMs) end('this scheduler could not renew its election');
  }, WATCH_EVERY_MS);

  while (!signal.aborted) {
    const asked = performance.now();
    try {
      const isElected = await election.stand({ candidate, termMs });
      if (isElected) {
        confirmedAt = asked;
        if (performance.now() - asked <= trustMs) await begin();
      } else end('another scheduler was elected');
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'the election could not be asked for; it is tried again');
    }
    await sleep((STAND_EVERY_MS * termMs) / TERM_MS, undefined, { signal }).catch(() => undefined);
  }
  clearInterval(watch);
  end('this scheduler stops');
  await work?.ended;
  await election.resign(candidate).catch(() => undefined);
}
