import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { identify, isAlive } from '../../data-folder/index.ts';

const identity = z.object({ pid: z.int().positive(), born: z.string().min(1) });

const pathIn = (dataDir: string) => join(dataDir, 'dev-process.json');

/** Notes the platform's process, so that a later `millrace dev` knows it for its own. */
export async function noteProcess({ dataDir, pid }: { dataDir: string; pid: number }): Promise<void> {
  await writeFile(pathIn(dataDir), JSON.stringify(await identify(pid)));
}

export async function forgetProcess(dataDir: string): Promise<void> {
  await rm(pathIn(dataDir), { force: true });
}

/**
 * Ends the platform's process that a killed `millrace dev` left (it ends by itself, unless it hangs): it would hold the
 * port. Only the very process that was noted is ended, never another one that got its number.
 *
 * @returns its id, if there was one
 */
export async function endLeftover(dataDir: string): Promise<number | undefined> {
  const noted = await readFile(pathIn(dataDir), 'utf8').catch(() => '');
  const found = identity.safeParse(parse(noted)).data;
  if (found === undefined || !(await isAlive(found))) return undefined;
  process.kill(found.pid, 'SIGKILL');
  for (let tries = 0; tries < 100 && (await isAlive(found)); tries++) await sleep(50);
  await forgetProcess(dataDir);
  return found.pid;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
