import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where servers for tests are kept between runs. */
export function serversFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace', 'servers');
}

/**
 * The folder of a Python package in one exact version with all it needs, installed with pip the first time. It
 * appears by a rename: two runs at once end with one whole folder.
 *
 * @throws Error that says what is missing
 */
export async function pythonPackage(request: {
  python: string;
  name: string;
  version: string;
}): Promise<string> {
  const { python, name, version } = request;
  const folder = join(serversFolder(), `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}-${Date.now()}`;
  await mkdir(serversFolder(), { recursive: true });
  try {
    await run(
      python,
      ['-m', 'pip', 'install', '--quiet', '--no-input', '--target', aside, `${name}==${version}`],
      { timeout: 300_000 },
    );
    await rename(aside, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } catch (cause) {
    throw new Error(
      `${name} ${version} could not be installed with ${python} -m pip: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
