import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keysFolder, tokenPath } from '../../data-folder/index.ts';
import type { Examination, Finding } from './finding.ts';

/** Files that only their owner may read: the first token, the keys that sign tokens, the database's password. */
export const secrets: Examination = {
  subject: 'secrets',
  look: async ({ config }) => {
    const keys = keysFolder(config.dataDir);
    const names = await readdir(keys).catch(() => []);
    const paths = [
      tokenPath(config.dataDir),
      join(config.dataDir, 'postgres', 'password'),
      ...names.map((name) => join(keys, name)),
    ];
    const found = await Promise.all(paths.map(examine));
    const there = found.filter((one) => one !== undefined);
    if (there.length === 0) return [{ state: 'fit', says: 'no token yet; the first start makes one' }];
    const open = there.filter(({ state }) => state !== 'fit');
    return open.length > 0
      ? open
      : [
          {
            state: 'fit',
            says: `token, keys and password are readable by their owner only (${there.length} files)`,
          },
        ];
  },
};

async function examine(path: string): Promise<Omit<Finding, 'subject'> | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  if (!isOpen) return { state: 'fit', says: path };
  const mode = (found.mode & 0o777).toString(8);
  return {
    state: 'fault',
    says: `${path} can be read by others (mode ${mode}): who reads it can act as you`,
    remedy: `chmod 600 '${path}'`,
  };
}
