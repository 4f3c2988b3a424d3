import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Files under a folder, as paths relative to it. A folder that goes meanwhile has none; the others keep theirs. */
export async function filesUnder(folder: string): Promise<readonly string[]> {
  return (await filesBelow(folder, '')).sort();
}

async function filesBelow(root: string, path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(
    (error: { code?: string }) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const found: string[] = [];
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(root, inner)));
    else if (entry.isFile()) found.push(inner);
  }
  return found;
}
