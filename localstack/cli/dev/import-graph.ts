import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** `import … from`, `export … from` (types alone are nothing at run time), `import()`, and threads by `new URL()`. */
const edges = [
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)[^;'"]*?from\s*['"](?<to>[^'"]+)['"]/g,
  /(?:^|\n)\s*import\s*['"](?<to>[^'"]+)['"]/g,
  /\bimport\(\s*['"](?<to>[^'"]+)['"]/g,
  /\bnew URL\(\s*['"](?<to>\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url/g,
];

/**
 * The project's own files that a program loads, found by reading what each imports; from the project's folder,
 * with slashes. A file that is missing is part of it: it may be about to be written.
 *
 * @param without files that are not looked into: programs of their own
 */
export async function importGraph(request: {
  project: string;
  roots: readonly string[];
  without?: readonly string[];
}): Promise<ReadonlySet<string>> {
  const { project, roots, without = [] } = request;
  const found = new Set<string>();
  const open = [...roots];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path) || without.includes(path)) continue;
    found.add(path);
    if (path.endsWith('.ts')) open.push(...(await importsOf(project, path)));
  }
  return found;
}

async function importsOf(project: string, path: string): Promise<readonly string[]> {
  const text = await readFile(join(project, path), 'utf8').catch(() => '');
  return edges
    .flatMap((edge) => [...text.matchAll(edge)])
    .map(({ groups }) => groups?.to ?? '')
    .flatMap((to) => {
      if (to.startsWith('#shared/')) return [`shared/${to.slice('#shared/'.length)}/index.ts`];
      if (!to.startsWith('.')) return [];
      return [relative(project, resolve(project, dirname(path), to)).replaceAll('\\', '/')];
    });
}
