import { link, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#shared/function';
import { hasCode, makeKeyFile } from './key-file.ts';
import { CURRENT_NAME, makePrivateJwk } from './signing-keys.ts';

const DAY_MS = 86_400_000;
/** The next key is published for so long before it signs: others keep what they read for some minutes. */
const LEAD_MS = DAY_MS;
/** No token is good for longer than a year: then nobody asks for its key any more. */
const LONGEST_TOKEN_MS = 366 * DAY_MS;
const NEXT_NAME = 'token-key.retired-next.json';
const STAMPED = /^token-key\.retired-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.json$/;

/**
 * Moves the keys that sign tokens one step on, where it is time: publishes the next one, lets it sign a day later, and
 * removes those whose last token has ended. Stopped anywhere, the next call goes on there.
 *
 * @param options `folder` is this process's own: no other rotates its keys
 */
export async function rotateKeys(options: {
  folder: string;
  clock: Clock;
  everyDays: number;
}): Promise<'unchanged' | 'published' | 'in use'> {
  const { folder, clock, everyDays } = options;
  const now = clock.now();
  await removeOld(folder, now);
  const current = join(folder, CURRENT_NAME);
  const next = join(folder, NEXT_NAME);
  const since = await madeAt(current);
  if (since === undefined) return 'unchanged';
  const published = await madeAt(next);
  if (published === undefined) {
    if (now.getTime() - since.getTime() < everyDays * DAY_MS) return 'unchanged';
    await makeKeyFile({ folder, path: next, content: await makePrivateJwk(now) });
    return 'published';
  }
  if (now.getTime() - published.getTime() < LEAD_MS) return 'unchanged';
  const retired = `token-key.retired-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.json`;
  await link(current, join(folder, retired)).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await rename(next, current);
  return 'in use';
}

/** What it says itself; the time of the file, where somebody else made it. */
async function madeAt(path: string): Promise<Date | undefined> {
  try {
    const { since } = JSON.parse(await readFile(path, 'utf8')) as { since?: unknown };
    const said = typeof since === 'string' ? new Date(since) : undefined;
    return said === undefined || Number.isNaN(said.getTime()) ? (await stat(path)).mtime : said;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function removeOld(folder: string, now: Date): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  for (const name of names) {
    const [, year, month, day, hour, minute, second] = STAMPED.exec(name) ?? [];
    if (year === undefined) continue;
    const retiredAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (now.getTime() - retiredAt > LONGEST_TOKEN_MS) await unlink(join(folder, name));
  }
}
