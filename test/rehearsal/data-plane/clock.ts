/** Time of the rehearsed cluster, in milliseconds. */
export interface Clock {
  now(): number;
  /** Ends early, and without an error, where the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Real time, so many times faster. */
export function createFastClock(speed: number): Clock {
  return {
    now: () => performance.now() * speed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        // A longer one would fire at once; nothing here lasts for 24 days.
        const timer = setTimeout(end, Math.min(ms / speed, 2 ** 31 - 1));
        signal?.addEventListener('abort', end, { once: true });
      }),
  };
}

/** Time that passes only when a test says so. */
export interface ManualClock extends Clock {
  /** How long was slept, in the order of falling asleep. */
  readonly slept: readonly number[];
  /** Lets time pass; wakes whoever slept until then, the earliest first. */
  advance(ms: number): Promise<void>;
  /** Resolves once somebody sleeps for exactly so long. */
  sleeping(ms: number): Promise<void>;
  /** Lets time pass to the next waking as often as anybody sleeps, until the work is done. */
  through<Result>(work: Promise<Result>): Promise<Result>;
}

export function createManualClock(): ManualClock {
  let now = 0;
  const slept: number[] = [];
  const sleepers = new Set<{ ms: number; until: number; wake: () => void }>();
  let fell = Promise.withResolvers<void>();
  const next = () => [...sleepers].sort((a, b) => a.until - b.until)[0];

  async function advance(ms: number): Promise<void> {
    const end = now + ms;
    for (let first = next(); first !== undefined && first.until <= end; first = next()) {
      now = first.until;
      first.wake();
      // Whoever woke may fall asleep again within the same time.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    now = end;
  }

  return {
    slept,
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          ms,
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        slept.push(ms);
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
        fell.resolve();
        fell = Promise.withResolvers();
      }),
    advance,
    async sleeping(ms) {
      while (![...sleepers].some((each) => each.ms === ms)) await fell.promise;
    },
    async through(work) {
      let isDone = false;
      const end = (): void => {
        isDone = true;
      };
      const done = work.then(end, end);
      while (!isDone) {
        const first = next();
        if (first === undefined) await Promise.race([done, fell.promise]);
        else await advance(first.until - now);
      }
      return work;
    },
  };
}
