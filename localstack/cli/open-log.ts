import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '#shared/config';
import { createLog, type Log } from '#shared/telemetry';

/** One older file of this size is kept; bytes. */
const LIMIT = 20_000_000;

export interface OpenLog {
  readonly log: Log;
  /** The file, when the log goes to one. */
  readonly path: string | undefined;
  close(): void;
}

/** The platform's log: JSON lines on stderr, or in `DATA_DIR/logs/millrace.log` where a person watches. */
export function openLog({ config, to }: { config: Config; to: 'stderr' | 'file' }): OpenLog {
  const path = to === 'file' ? join(config.dataDir, 'logs', 'millrace.log') : undefined;
  if (path !== undefined) rotate(path);
  // Where nothing can be written any more the platform goes on without its log: lines past 4 MB are dropped.
  const destination = pino.destination({ dest: path ?? 2, mkdir: true, sync: false, maxLength: 4_000_000 });
  let isBroken = false;
  destination.on('error', () => {
    isBroken = true;
  });
  const log = createLog({ service: 'millrace', level: config.logLevel, destination });
  return {
    log,
    path,
    close() {
      // flushSync tries again for ever, also on a full disk.
      if (isBroken) return;
      try {
        destination.flushSync();
      } catch {
        // Not opened yet, or its reader is gone: nothing is left to write to.
      }
    },
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LIMIT) renameSync(path, `${path}.1`);
}
