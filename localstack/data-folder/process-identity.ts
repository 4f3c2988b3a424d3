import { readFile } from 'node:fs/promises';

/** Tells a process from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: boot id and start time of the process; elsewhere empty, and the number alone counts. */
  readonly born: string;
}

export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, born: await birthOf(pid) };
}

/** Does this very process still run? */
export async function isAlive({ pid, born }: ProcessIdentity): Promise<boolean> {
  if (!isThere(pid)) return false;
  return born === '' || born === (await birthOf(pid));
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function birthOf(pid: number): Promise<string> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // proc(5): field 22 is the start time; the second field, the name, may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return 'ended';
    return `${boot.trim()} ${fields[19]}`;
  } catch {
    return '';
  }
}
