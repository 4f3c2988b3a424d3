import type { Config } from '#shared/config';
import { ensureToken, keysFolder, lockFolder } from '../data-folder/index.ts';
import type { Platform } from '../embedded/index.ts';
import { openLog } from './open-log.ts';

/** A platform of this process, with the folder's lock and token. */
export interface OwnPlatform {
  readonly url: string;
  readonly token: string;
  readonly logPath: string | undefined;
  /** Rejects when the platform cannot go on. */
  readonly failed: Promise<never>;
  /** Drains and gives the folder back; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Takes the data folder, starts everything, and tells others on this machine where it answers.
 *
 * @throws Permanent `data-dir-in-use` and whatever the platform refuses
 */
export async function runPlatform(request: {
  config: Config;
  command: 'start' | 'demo';
  log: 'stderr' | 'file';
  signal: AbortSignal;
}): Promise<OwnPlatform> {
  const { config, command, signal } = request;
  const lock = await lockFolder({ dataDir: config.dataDir, command });
  const log = openLog({ config, to: request.log });
  // Ctrl-C gives up a start that is under way; a platform that has started is stopped by `stop` alone, in order.
  const starting = new AbortController();
  const giveUp = () => starting.abort();
  signal.addEventListener('abort', giveUp);
  let platform: Platform | undefined;
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    try {
      await platform?.stop();
    } finally {
      log.close();
      await lock.release();
    }
  };
  try {
    // Loaded here, so that `millrace --help` does not wait for a platform it never starts.
    const [{ startPlatform }, { createAuth }] = await Promise.all([
      import('../embedded/index.ts'),
      import('#shared/auth'),
    ]);
    const auth = createAuth({ keysFolder: keysFolder(config.dataDir), clock: { now: () => new Date() } });
    const token = await ensureToken({ dataDir: config.dataDir, auth });
    platform = await startPlatform({ config, log: log.log, signal: starting.signal });
    signal.removeEventListener('abort', giveUp);
    // Whoever waits for it hears of it; nobody waiting must not end the process.
    platform.failed.catch(() => undefined);
    const url = reachable(platform.url);
    await lock.announce(url);
    return {
      url,
      token,
      logPath: log.path,
      failed: platform.failed,
      stop() {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An address to listen on every network (`0.0.0.0`) is none to connect to. */
function reachable(url: string): string {
  const parsed = new URL(url);
  if (['0.0.0.0', '[::]'].includes(parsed.hostname)) parsed.hostname = '127.0.0.1';
  return parsed.origin;
}
