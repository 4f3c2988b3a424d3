import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second that `/proc/<pid>/stat` counts in: 100 on every Linux that Node runs on (proc_pid_stat(5)). */
const TICKS = 100;

/** A process and all that it started, parents first. */
export async function processTree(pid: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (each) => ({ pid: each, fields: await statOf(each) })));
  const children = Map.groupBy(found, ({ fields }) => Number(fields[1]));
  const below = (parent: number): readonly number[] => [
    parent,
    ...(children.get(parent) ?? []).flatMap((child) => below(child.pid)),
  ];
  return below(pid);
}

/** CPU seconds, user and system, of the process and its descendants, also of those that have ended and been waited for. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const all = await Promise.all((await processTree(pid)).map(statOf));
  // utime, stime, cutime, cstime
  const ticks = all
    .flatMap((fields) => fields.slice(11, 15).map(Number))
    .reduce((sum, each) => sum + each, 0);
  return ticks / TICKS;
}

/** Proportional set size in bytes: what is shared between processes counts once (proc_pid_smaps(5)). */
export async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1_024;
}

/** The fields of `/proc/<pid>/stat` from the state on; none when it has ended. */
async function statOf(pid: number): Promise<readonly string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Its words, separated by spaces; empty when it has ended. */
export async function commandOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
}
