import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#shared/config';
import { Permanent } from '#shared/errors';
import { type Instance, readInstance, readToken, tokenPath } from '../../data-folder/index.ts';
import { preflight } from '../../preflight/index.ts';
import { runPlatform } from '../run-platform.ts';
import type { Terminal } from '../terminal.ts';

/** A platform to talk to: the one that works on the data folder already, or one of this process. */
export interface ReachedPlatform {
  readonly url: string;
  readonly token: string;
  readonly isOwn: boolean;
  /** Rejects when a platform of this process cannot go on; never settles for another's. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Time for an instance that is just starting to say where it answers, in milliseconds. */
const STARTING_MS = 60_000;

/** @throws Permanent `preflight-failed`, `data-dir-in-use`, `token-missing` */
export async function reachPlatform(request: {
  config: Config;
  terminal: Terminal;
  signal: AbortSignal;
  /** Where it answered before: that address need not be said again. */
  known?: string | undefined;
}): Promise<ReachedPlatform> {
  const { config, terminal, signal, known } = request;
  const running = await findRunning({ dataDir: config.dataDir, signal });
  if (running !== undefined) {
    if (running.url !== known)
      terminal.say(terminal.dim(`Using the platform that runs at ${running.url} (process ${running.pid}).`));
    return join(config.dataDir, running.url);
  }
  // A free port: 8080 may be another program's, and nobody needs to know this one.
  const own = { ...config, port: 0, host: '127.0.0.1' };
  const before = performance.now();
  const notes = await preflight(own);
  terminal.say(terminal.dim(`Checked: ${notes.join(', ')}.`));
  const platform = await runPlatform({ config: own, command: 'demo', log: 'file', signal });
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  terminal.say(
    terminal.dim(`Started a platform at ${platform.url} in ${seconds} s; its log: ${platform.logPath}`),
  );
  return {
    url: platform.url,
    token: platform.token,
    isOwn: true,
    failed: platform.failed,
    close: () => platform.stop(),
  };
}

async function join(dataDir: string, url: string): Promise<ReachedPlatform> {
  const token = await readToken(dataDir);
  if (token === undefined) {
    throw new Permanent(
      'token-missing',
      `A platform works on ${dataDir}, but its token (${tokenPath(dataDir)}) cannot be read; ` +
        'run this as the user who started it, or set DATA_DIR to a folder of your own.',
    );
  }
  const never = new Promise<never>(() => undefined);
  return { url, token, isOwn: false, failed: never, close: async () => undefined };
}

async function findRunning(request: {
  dataDir: string;
  signal: AbortSignal;
}): Promise<(Instance & { url: string }) | undefined> {
  const until = performance.now() + STARTING_MS;
  for (;;) {
    const found = await readInstance(request.dataDir);
    if (found === undefined) return undefined;
    const { url } = found;
    if (url !== undefined && (await answers(url))) return { ...found, url };
    if (performance.now() > until) {
      throw new Permanent(
        'platform-silent',
        `Process ${found.pid} works on ${request.dataDir} but does not answer; stop it (kill ${found.pid}) and try again.`,
      );
    }
    await sleep(250, undefined, { signal: request.signal });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
