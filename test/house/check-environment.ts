import { readFile } from 'node:fs/promises';
import type { HouseCheck } from './check.ts';
import { inProject, projectFiles } from './project.ts';

const SOURCE = /\.(ts|mjs|js)$/;
/** Configuration itself; the compiled and the test code of no process of ours. */
const ALLOWED = /^shared\/config\/|\.test\.ts$|\/testing\/|^test\//;
const READS = /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[\s*['"]env|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/;

/** `process.env` is read in `shared/config` and nowhere else. */
export const environmentCheck: HouseCheck = {
  name: 'process.env only in shared/config',
  run: async () => {
    const files = (await projectFiles()).filter((path) => SOURCE.test(path) && !ALLOWED.test(path));
    const found = await Promise.all(files.map(readsIn));
    return found.flat();
  },
};

async function readsIn(path: string): Promise<readonly string[]> {
  const text = await readFile(inProject(path), 'utf8').catch(() => '');
  return text
    .split('\n')
    .flatMap((line, index) =>
      READS.test(line)
        ? [`${path}:${index + 1}: reads process.env; take a Config, or inheritedEnvironment() for a program`]
        : [],
    );
}
