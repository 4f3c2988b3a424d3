import type { Housekeeping } from '#shared/ledger';

/** A host whose row is so old is dead (it renews every 10 s). */
const SILENT_MS = 30_000;

interface Duty {
  readonly name: string;
  readonly everyMs: number;
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
    { name: 'wake', everyMs: 1_000, run: async () => wake(await housekeeping.dueLanes()) },
    { name: 'take-over', everyMs: 2_000, run: () => housekeeping.takeOver({ silentMs: SILENT_MS }) },
    { name: 'tick', everyMs: 2_000, run: () => housekeeping.tick() },
    { name: 'settle', everyMs: 5_000, run: () => housekeeping.settleStranded() },
  ];
  await Promise.all(duties.map((duty) => repeat(duty, { log, signal })));
}

async function repeat(
  duty: Duty,
  { log, signal }: { log: { warn(fields: object, message: string): void }; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await duty.run();
    } catch (error) {
      if (!signal.aborted)
        log.warn({ error, duty: duty.name }, 'a duty of the scheduler failed; it comes again');
    }
    await pause(duty.everyMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
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
