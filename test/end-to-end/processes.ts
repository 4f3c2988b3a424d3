import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that belongs to a product under test. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Its words, separated by spaces. */
  readonly command: string;
}

/** Every living process that is of one of the groups, or works in the folder, or names it among its words. */
export async function processesOf(product: {
  groups: ReadonlySet<number>;
  folder: string;
}): Promise<readonly RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(look));
  return found.flatMap((entry) => {
    if (entry === undefined) return [];
    const { cwd, ...process } = entry;
    const isOurs =
      product.groups.has(process.group) ||
      process.command.includes(product.folder) ||
      cwd.startsWith(product.folder);
    return isOurs ? [process] : [];
  });
}

/** proc_pid_stat(5): after the name, which may hold brackets, come state, parent and process group. */
async function look(pid: number): Promise<(RunningProcess & { cwd: string }) | undefined> {
  const [stat, words, cwd] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie holds nothing; in a container nobody may ever collect it.
  if (state === undefined || state === 'Z' || state === 'X' || stat === '') return undefined;
  return { pid, parent: Number(parent), group: Number(group), command: words.replaceAll('\0', ' '), cwd };
}

export const isFfmpeg = ({ command }: RunningProcess) => /ffmpeg[^/]* -hide_banner/.test(command);
export const isPostgres = ({ command }: RunningProcess) => /\/postgres -D /.test(command);
export const isLane = ({ command }: RunningProcess) => command.includes('lane-process.ts');

/** Looks again and again until there is something. @throws Error after `limitMs`, saying what was waited for */
export async function until<Found>(request: {
  what: string;
  limitMs: number;
  everyMs?: number;
  look: () => Promise<Found | undefined | false>;
}): Promise<Found> {
  const end = performance.now() + request.limitMs;
  for (;;) {
    const found = await request.look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${request.what}: not within ${request.limitMs} ms`);
    await sleep(request.everyMs ?? 25);
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between our look and now.
  }
}
