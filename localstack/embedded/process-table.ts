import { readdir, readFile } from 'node:fs/promises';

interface ProcessMemory {
  readonly parent: number;
  readonly bytes: number;
}

/** One look at all processes of the system. */
export interface ProcessTable {
  /** Bytes in memory (`VmRSS`) of a process and everything that it started, directly or not. */
  treeBytes(pid: number): number;
  /** The process and everything that it started, parents first. */
  tree(pid: number): readonly number[];
}

/**
 * Reads `/proc/<pid>/status` (proc_pid_status(5)) of every process: a lane's FFmpeg counts for the lane. Empty where
 * the system has no `/proc`, so that nothing is limited there.
 */
export async function readProcessTable(): Promise<ProcessTable> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => [pid, await memoryOf(pid)] as const));
  const table = new Map(found.filter((entry): entry is [number, ProcessMemory] => entry[1] !== undefined));
  const children = Map.groupBy(table.keys(), (pid) => table.get(pid)?.parent);

  function tree(pid: number): readonly number[] {
    if (!table.has(pid)) return [];
    return [pid, ...(children.get(pid) ?? []).flatMap(tree)];
  }

  return {
    tree,
    treeBytes: (pid) => tree(pid).reduce((sum, each) => sum + (table.get(each)?.bytes ?? 0), 0),
  };
}

/** A process that has ended since it was listed, and one of the kernel's own, has no memory. */
async function memoryOf(pid: number): Promise<ProcessMemory | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (parent === undefined || kibibytes === undefined) return undefined;
  return { parent: Number(parent), bytes: Number(kibibytes) * 1_024 };
}
