import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';
import type { Environment } from './environment.ts';

/** No secret of ours is nearly as long. */
const MAX_BYTES = 65_536;

/**
 * The environment with what stands in the folder `SECRETS_DIR`, a file a variable: `database-url` is `DATABASE_URL`. So do
 * OpenFaaS (`/var/openfaas/secrets`) and mounted Secrets of Kubernetes hand them over. What is in the environment goes first.
 *
 * @throws Permanent `config-invalid` for a folder or a file that is there and cannot be read
 */
export function withSecretFiles(environment: Environment, names: readonly string[]): Environment {
  const folder = environment.SECRETS_DIR?.trim();
  if (!folder) return environment;
  if (!isFolder(folder)) throw invalid(folder, 'is no folder that can be read');
  const found = names.flatMap((name) => {
    if (environment[name]?.trim()) return [];
    const text = readSecret(folder, name.toLowerCase().replaceAll('_', '-'));
    return text === undefined ? [] : [[name, text] as const];
  });
  return { ...environment, ...Object.fromEntries(found) };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function readSecret(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_BYTES)
      throw invalid(folder, `"${file}" in it is no file of at most ${MAX_BYTES} bytes`);
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (error instanceof Permanent) throw error;
    throw invalid(folder, `"${file}" in it cannot be read (${code ?? 'unknown'})`);
  }
}

function invalid(folder: string, what: string): Permanent {
  return new Permanent(
    'config-invalid',
    `The configuration is wrong; correct these environment variables:\n  SECRETS_DIR="${folder}": ${what}.`,
  );
}
