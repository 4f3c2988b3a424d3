import type { Housekeeping } from '#shared/ledger';

/** A host whose row is so old is dead (it renews every 10 s). */
const SILENT_MS = 30_000;

interface Duty {
  readonly name: string;
  readonly everyMs: number;
  /** Takes at most this part of the time: the longer it was, the later it comes again. */
  readonly share?: number;
  readonly run: () => Promise<void>;
}

/**
 * Runs every duty at its own pace until `signal` aborts. A duty that fails (the database is away) is logged and
 * comes again at its next turn.
 */
export async function runScheduler(options: {
  housekeeping: Housekeeping;
  wake: (lanes: readonly string[]) => void;
  log: { warn(fields: object, message: string): void };
  signal: AbortSignal;
}): Promise<void> {
  const { housekeeping, wake, log, signal } = options;
  const duties: readonly Duty[] = [
    { name: 'promote', everyMs: 500, run: () => housekeeping.promote() },
    // It alone looks at what lies below the bound of claims, which an open snapshot may make long.
    { name: 'wake', everyMs: 1_000, share: 0.02, run: async () => wake(await housekeeping.dueLanes()) },
    { name: 'take-over', everyMs: 2_000, run: () => housekeeping.takeOver({ silentMs: SILENT_MS }) },
    { name: 'tick', everyMs: 2_000, run: () => housekeeping.tick() },
    { name: 'clock', everyMs: 5_000, run: () => housekeeping.watchClock() },
    { name: 'settle', everyMs: 5_000, run: () => housekeeping.settleStranded() },
  ];
  await Promise.all(duties.map((duty) => repeat(duty, { log, signal })));
}

async function repeat(
  duty: Duty,
  { log, signal }: { log: { warn(fields: object, message: string): void }; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const before = performance.now();
    try {
      await duty.run();
    } catch (error) {
      if (!signal.aborted)
        log.warn({ error, duty: duty.name }, 'a duty of the scheduler failed; it comes again');
    }
    const took = performance.now() - before;
    await pause(Math.max(duty.everyMs, duty.share === undefined ? 0 : took / duty.share - took), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  // It may have been aborted while the duty ran: then there is no event to wait for.
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
