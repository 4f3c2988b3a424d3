import type { WorkLedger } from '#shared/ledger';
import type { Log } from '#shared/telemetry';

/** What the ledger says a host works on and the host does not know of; it is given back, uncounted. */
export interface UnknownClaims {
  /** For some time from now the ledger may hold such claims. */
  suspect(): void;
  /** Whoever claims waits for this first: what they get would be taken for unknown. */
  settled(): Promise<void>;
  stop(): void;
}

/** The server may still begin a claim whose answer was lost as late as this: it ends no statement before. */
const SUSPECT_MS = 40_000;
const EVERY_MS = 2_000;
/** Without any suspicion it asks as seldom as this. */
const SELDOM_MS = 30_000;
const MOST_SELDOM_MS = 300_000;
/** The backlog of a lane is read for it: the longer that takes, the more seldom it is done. */
const SHARE = 0.02;

/**
 * @param known ids of the deliveries that the host works on
 * @param isClaiming whether a claim of the host is on its way: its answer is unknown yet
 */
export function createUnknownClaims(options: {
  readonly work: Pick<WorkLedger, 'disown'>;
  readonly host: string;
  readonly lane: string;
  readonly known: () => readonly string[];
  readonly isClaiming: () => boolean;
  readonly log: Log;
}): UnknownClaims {
  const { work, host, lane, known, isClaiming, log } = options;
  let suspectUntil = Number.NEGATIVE_INFINITY;
  let askedAt = performance.now();
  let asking: Promise<void> = Promise.resolve();
  let isAsking = false;
  let tookMs = 0;

  async function ask(): Promise<void> {
    isAsking = true;
    const begun = performance.now();
    try {
      const count = await work.disown({ host, lane, except: known() });
      if (count > 0) log.warn({ lane, count }, 'gave back what the ledger held for this host unknown to it');
    } catch (error) {
      log.warn({ error, lane }, 'what is held unknown could not be given back yet');
    } finally {
      isAsking = false;
      tookMs = performance.now() - begun;
    }
  }

  function look(): Promise<void> {
    const now = performance.now();
    const [least, most] = now < suspectUntil ? [EVERY_MS, SELDOM_MS] : [SELDOM_MS, MOST_SELDOM_MS];
    const pause = Math.min(most, Math.max(least, tookMs / SHARE));
    // Who waits for an earlier answer claims once it is there: a later question would know nothing of that claim.
    if (isAsking || now - askedAt < pause || isClaiming()) return asking;
    askedAt = now;
    asking = ask();
    return asking;
  }

  const timer = setInterval(look, EVERY_MS);
  timer.unref();

  return {
    suspect() {
      // What was asked before the suspicion does not count, save where suspicions come in a row.
      if (performance.now() >= suspectUntil) askedAt = Number.NEGATIVE_INFINITY;
      suspectUntil = performance.now() + SUSPECT_MS;
    },
    settled: look,
    stop: () => clearInterval(timer),
  };
}
