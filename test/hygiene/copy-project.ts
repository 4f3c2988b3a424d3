import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFiles, root } from '../house/project.ts';

/** Copies the project as another person would have it, packages linked, to a folder that may be changed. */
export async function copyProject({
  to,
  wanted = () => true,
}: {
  to: string;
  wanted?: (path: string) => boolean;
}): Promise<void> {
  for (const path of await projectFiles()) {
    if (!wanted(path)) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(root, path), join(to, path)).catch(ignoreMissing);
  }
  await symlink(join(root, 'node_modules'), join(to, 'node_modules'));
}

/** A file that is listed but was removed since. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
