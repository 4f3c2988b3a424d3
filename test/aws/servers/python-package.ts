import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;

/** Where servers for tests are kept between runs. */
export function serversFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace', 'servers');
}

/**
 * The folder (for PYTHONPATH) of a Python package in one exact version with all it needs, installed the first time. It
 * appears by a rename: two runs at once end with one whole folder.
 *
 * @throws Error that says what is missing
 */
export async function pythonPackage(request: {
  python: string;
  name: string;
  version: string;
  /** In brackets behind the name. */
  extra?: string;
  /** Nothing that it needs may be newer than this (RFC 3339). */
  before?: string;
}): Promise<string> {
  const { python, name, version, extra, before } = request;
  const folder = join(serversFolder(), `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}-${Date.now()}`;
  const wanted = `${name}${extra === undefined ? '' : `[${extra}]`}==${version}`;
  await mkdir(serversFolder(), { recursive: true });
  try {
    if (before === undefined) {
      await run(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '--target', aside, wanted], {
        timeout: TIMEOUT_MS,
      });
    } else {
      const uv = join(await pythonPackage({ python: 'python3', name: 'uv', version: '0.13.9' }), 'bin', 'uv');
      const target = ['--python', python, '--target', aside, '--exclude-newer', before];
      await run(uv, ['pip', 'install', '--quiet', ...target, wanted], { timeout: TIMEOUT_MS });
    }
    await rename(aside, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } catch (cause) {
    throw new Error(`${wanted} could not be installed for ${python}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
