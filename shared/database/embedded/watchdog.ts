import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, waitForEnd } from './postmaster.ts';

/**
 * The shell waits on a pipe that only this process holds. When the process ends without a word (kill -9), the
 * pipe closes, and unless a new platform took the server over within three seconds (it then ends this shell
 * first) the server is stopped. Arguments: pid, postmaster.pid.
 */
const SCRIPT = `trap '' INT TERM HUP
read -r word
[ "$word" = released ] && exit 0
sleep 3
ours() { read -r found < "$2" 2>/dev/null && [ "$found" = "$1" ] && kill -0 "$1" 2>/dev/null; }
for signal in INT QUIT KILL; do
  ours "$1" "$2" || exit 0
  kill -s "$signal" "$1"
  waited=0
  while [ "$waited" -lt 100 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; waited=$((waited + 1)); done
done`;

export interface Watchdog {
  /** Ends the watch and leaves the server alone. */
  release(): Promise<void>;
}

export interface Watched {
  /** Our own folder; the watchdog's process id is kept there for the platform that comes after us. */
  readonly folder: string;
  readonly cluster: string;
  readonly pid: number;
}

/** Makes sure that the server does not outlive this process for more than a few seconds. */
export async function watch({ folder, cluster, pid }: Watched): Promise<Watchdog> {
  const child = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'millrace-watchdog', String(pid), join(cluster, 'postmaster.pid')],
    {
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  unref(child);
  await writeFile(watchdogFile(folder), `${child.pid ?? 0}\n`, { mode: 0o600 });
  return {
    async release() {
      child.stdin?.end('released\n');
      if (child.pid !== undefined) await waitForEnd(child.pid, 1_000);
    },
  };
}

/** Ends the watchdog that a dead platform left, so that it cannot stop the server while we take it over. */
export async function endFormerWatchdog(folder: string): Promise<void> {
  const pid = Number(await readFile(watchdogFile(folder), 'utf8').catch(() => ''));
  await rm(watchdogFile(folder), { force: true });
  if (!Number.isSafeInteger(pid) || pid < 2 || !isAlive(pid)) return;
  if (!(await isWatchdog(pid))) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return;
  }
  await waitForEnd(pid, 1_000);
}

/** Process ids are used again: be sure before killing. Without /proc we leave it (it gives up by itself). */
async function isWatchdog(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('\0millrace-watchdog\0');
}

function watchdogFile(folder: string): string {
  return join(folder, 'watchdog.pid');
}

/** A forgotten server must not keep the process from ending. */
function unref(child: ChildProcess): void {
  child.unref();
  const pipe = child.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null;
  pipe?.unref?.();
}
