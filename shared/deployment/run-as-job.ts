import type { Config } from '#shared/config';
import { runJob } from '#shared/host';
import type { Log } from '#shared/telemetry';
import type { DeployedFunction } from './deployed-function.ts';
import { type Joined, joinLedger } from './join-ledger.ts';

/** What Kubernetes leaves a pod that must go, with time to say so to the ledger. */
const DRAIN_MS = 15_000;

/**
 * Works on the one wake-up that stands in a file, then ends with the exit code of `runJob`. SIGTERM gives the work back
 * when it does not end in time.
 */
export async function runAsJob(options: {
  deployed: DeployedFunction;
  config: Config;
  log: Log;
  path: string;
}): Promise<void> {
  const { log, path } = options;
  let joined: Joined | undefined;
  let leaving: Promise<void> | undefined;
  const leave = (graceMs: number): Promise<void> => {
    leaving ??= (joined?.leave(graceMs) ?? Promise.resolve()).catch((error: unknown) =>
      log.warn({ error }, 'did not end well; what was under way runs again'),
    );
    return leaving;
  };
  process.once('SIGTERM', () => {
    log.info({}, 'told to end');
    // Whoever has not joined yet holds nothing.
    if (joined === undefined) process.exit(1);
    void leave(DRAIN_MS);
  });
  const code = await runJob({
    path,
    log,
    host: {
      async take(delivery) {
        joined = await joinLedger(options);
        return joined.take(delivery);
      },
    },
  });
  await leave(0);
  log.info({ code }, 'ended');
  process.exit(code);
}
