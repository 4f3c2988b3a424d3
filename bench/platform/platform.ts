import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';
import { processTree } from './process-tree.ts';

const launcher = fileURLToPath(new URL('../../bin/millrace.mjs', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 30_000;

/** `npm start` as a process of its own. */
export interface BenchPlatform {
  readonly url: string;
  readonly pid: number;
  /** Seconds from its start to the first good answer of `/ready`. */
  readonly seconds: number;
  /** When that was, as `performance.now()`. */
  readonly readyAt: number;
  /** A request of the installation's own account. */
  ask(path: string, body?: object): Promise<Response>;
  /** Where its Postgres answers, with password. */
  databaseUrl(): Promise<string>;
  /** Ctrl-C. */
  stop(): Promise<void>;
  /** kill -9 of everything at once: platform, lanes, FFmpeg, Postgres and its watchdog. */
  kill(): Promise<void>;
}

export async function startPlatform(dataDir: string): Promise<BenchPlatform> {
  const before = performance.now();
  const child = spawn(process.execPath, [launcher, 'start'], {
    env: {
      ...inheritedEnvironment(),
      ...{ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'error', RATE_LIMIT: '100000' },
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const { pid = -1 } = child;
  const kill = async (): Promise<void> => {
    for (const each of await processTree(pid)) end(each);
    await exited;
  };
  const url = await ready(child).catch(async (error: unknown) => {
    // Left alone it would hold on to our output, and whoever reads that would wait for it.
    await kill();
    throw error;
  });
  const readyAt = performance.now();
  return {
    url,
    pid,
    seconds: (readyAt - before) / 1_000,
    readyAt,
    async ask(path, body) {
      const token = (await readFile(join(dataDir, 'token'), 'utf8')).trim();
      return fetch(new URL(path, url), {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
    },
    async databaseUrl() {
      const read = async (name: string): Promise<string> =>
        (await readFile(join(dataDir, 'postgres', name), 'utf8')).trim();
      return `postgresql://millrace:${await read('password')}@127.0.0.1:${await read('port')}/postgres`;
    },
    async stop() {
      child.kill('SIGINT');
      const isStopped = await Promise.race([exited.then(() => true), sleep(STOP_MS, false, { ref: false })]);
      if (isStopped) return;
      await kill();
      throw new Error(`The platform did not stop within ${STOP_MS / 1_000} s.`);
    },
    kill,
  };
}

async function ready(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const url = await until('the platform says that it is ready', async () => {
    if (child.exitCode !== null) throw new Error(`The platform ended with ${child.exitCode}: ${said}`);
    return /is ready at (\S+)/.exec(said)?.[1];
  });
  await until('/ready answers', async () => (await fetch(`${url}/ready`)).ok || undefined);
  return url;
}

/** Looks every 5 ms until there is something. @throws Error after a minute, or `limitMs` */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  limitMs = START_MS,
): Promise<Found> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`Not within ${limitMs / 1_000} s: ${what}.`);
    await sleep(5);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
}
