import { appendFileSync, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Transient } from '#shared/errors';

const LOOK_MS = 5;
const seen = new Set<string>();

/**
 * Does what a file of the folder asks for at this point: `<point>.kill`, `.stop`, `.throw` or `.hold`. The file is
 * renamed (`<point>.kill.taken`, with the process id in it), so that of several processes one does it, once. A held
 * process goes on when that file is gone.
 */
export function actAt(folder: string, point: string): Promise<void> | undefined {
  if (!seen.has(point)) {
    seen.add(point);
    appendFileSync(join(folder, 'reached'), `${point}\n`);
  }
  const asked = readdirSync(folder).find((name) => name.startsWith(`${point}.`) && !name.endsWith('.taken'));
  if (asked === undefined) return undefined;
  const taken = join(folder, `${asked}.taken`);
  try {
    renameSync(join(folder, asked), taken);
  } catch {
    // Another process was faster.
    return undefined;
  }
  const action = asked.slice(point.length + 1);
  if (action === 'throw') throw new Transient('fault', `The test asked for a failure at ${point}.`);
  writeFileSync(taken, String(process.pid));
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
  return action === 'hold' ? released(taken) : undefined;
}

async function released(path: string): Promise<void> {
  while (existsSync(path)) await sleep(LOOK_MS);
}
