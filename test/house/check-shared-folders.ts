import { readdir, readFile } from 'node:fs/promises';
import type { HouseCheck } from './check.ts';
import { inProject } from './project.ts';

const SENTENCE = /^\/\*\* \S[^\n]{20,}(\*\/\n|\n \*)/;

/** Every shared folder is one idea: an `index.ts` that begins with a sentence of purpose and names its exports. */
export const sharedFoldersCheck: HouseCheck = {
  name: 'shared folders have an index.ts with their purpose',
  run: async () => {
    const folders = await readdir(inProject('shared'), { withFileTypes: true });
    const found = await Promise.all(
      folders.filter((entry) => entry.isDirectory()).map(({ name }) => look(name)),
    );
    return found.flat();
  },
};

async function look(name: string): Promise<readonly string[]> {
  const path = `shared/${name}/index.ts`;
  const files = await readdir(inProject('shared', name));
  if (files.length === 0) return [];
  const text = await readFile(inProject(path), 'utf8').catch(() => undefined);
  if (text === undefined) return [`${path}: is missing; a shared folder is reached only through it`];
  const problems: string[] = [];
  if (!SENTENCE.test(text)) problems.push(`${path}:1: must begin with a sentence of purpose: /** … */`);
  if (/^export \*/m.test(text)) problems.push(`${path}: names its exports one by one, without "export *"`);
  return problems;
}
