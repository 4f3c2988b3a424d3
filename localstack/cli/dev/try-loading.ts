import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inheritedEnvironment } from '#shared/config';

const LIMIT_MS = 30_000;

/**
 * Loads files in a process of their own, so that half-written code replaces nothing that runs.
 *
 * @returns what is wrong with them, as Node says it; undefined when they load
 */
export function tryLoading({
  project,
  files,
}: {
  project: string;
  files: readonly string[];
}): Promise<string | undefined> {
  const urls = files.map((file) => pathToFileURL(join(project, file)).href);
  const program = `for (const url of ${JSON.stringify(urls)}) await import(url); process.exit(0);`;
  const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const options = { cwd: project, env: inheritedEnvironment(), timeout: LIMIT_MS, maxBuffer: 2 ** 20 };
  return new Promise((resolve) => {
    execFile(process.execPath, words, options, (error, _, said) => {
      if (error === null) resolve(undefined);
      else resolve(said.split('\n    at ')[0]?.trim() || error.message);
    });
  });
}
