import { readFile } from 'node:fs/promises';
import type { HouseCheck } from './check.ts';
import { inProject } from './project.ts';

const pages = ['docs/guarantees.md', 'docs/attack.md'];
const SHOWN = /\[(?<file>[^\]]+\.(?:test|contract)\.ts)\]\([^)]*\): (?<name>.*?)(?=<br>| \|)/g;

/** Each test that these pages name exists under that name, and no guarantee is without one. */
export const guaranteesCheck: HouseCheck = {
  name: 'guarantees are shown by living tests',
  run: async () => (await Promise.all(pages.map(faultsOf))).flat(),
};

async function faultsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(inProject(page), 'utf8');
  const named = [...text.matchAll(SHOWN)].map(({ groups }) => ({ file: '', name: '', ...groups }));
  const missing = await Promise.all(
    named.map(async ({ file, name }) => {
      const source = await readFile(inProject(file), 'utf8').catch(() => '');
      return source.includes(name) ? [] : [`${page}: ${file} has no test "${name}"`];
    }),
  );
  const bare = text.split('\n').filter((line) => /^\| \d+ \|.*\|\s*\|$/.test(line));
  return [...missing.flat(), ...bare.map((line) => `${page}: shown by nothing: ${line.slice(0, 60)}…`)];
}
