import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import { Permanent } from '#shared/errors';

const run = promisify(execFile);

/** Tried with our tests (MIT licence). */
const VERSION = '1.5.33';
const INSTALL_MS = 300_000;
const ASK_MS = 10_000;

export interface InstalledMiniStack {
  readonly python: string;
  /** Folder of its packages. */
  readonly packages: string;
}

/**
 * Installs MiniStack with pip into a folder of its own, the first time (about 10 s, 40 MB). It appears by a rename, so two
 * starts at once end with one whole folder.
 *
 * @throws Permanent `python-missing`, `ministack-not-installed`: what to do
 */
export async function installMiniStack({
  folder,
  say,
}: {
  folder: string;
  say: (line: string) => void;
}): Promise<InstalledMiniStack> {
  const python = await findPython();
  const packages = join(folder, `ministack-${VERSION}`);
  if (existsSync(packages)) return { python, packages };
  say(`Installing MiniStack ${VERSION} with pip; this happens once.`);
  const aside = `${packages}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  try {
    const words = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-input',
      '--target',
      aside,
      `ministack==${VERSION}`,
    ];
    await run(python, words, { timeout: INSTALL_MS, env: inheritedEnvironment() });
    await rename(aside, packages).catch((error: unknown) => {
      if (!existsSync(packages)) throw error;
    });
    return { python, packages };
  } catch (cause) {
    const why = (cause as { stderr?: string; message: string }).stderr || (cause as Error).message;
    throw new Permanent(
      'ministack-not-installed',
      `MiniStack could not be installed: ${why.trim().slice(-500)}\nIs pip there, and the network? ${WITHOUT}`,
      { cause },
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

const WITHOUT =
  'Or start LocalStack (docker compose --file localstack/compose.yaml up --wait) and set AWS_ENDPOINT_URL=http://127.0.0.1:4566.';

async function findPython(): Promise<string> {
  for (const python of ['python3', 'python']) {
    const asked = await run(python, ['-c', 'import sys; print(sys.version_info >= (3, 10))'], {
      timeout: ASK_MS,
      env: inheritedEnvironment(),
    }).catch(() => undefined);
    if (asked?.stdout.trim() === 'True') return python;
  }
  throw new Permanent(
    'python-missing',
    `There is no Python 3.10 or newer on PATH, which MiniStack needs. Install it. ${WITHOUT}`,
  );
}
