import { readFile } from 'node:fs/promises';

/** Memory that a process holds, bytes (`VmRSS`, proc(5)); 0 where the system does not say. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1_024;
}
