import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serversFolder } from './python-package.ts';

const TIMEOUT_MS = 900_000;

/**
 * The path of a program built from its Go module in one exact version, the first time (which may take minutes), unless
 * one is given or installed.
 *
 * @throws Error with what the Go tool said
 */
export async function goProgram(request: {
  module: string;
  version: string;
  /** The last word of the module. */
  program: string;
  /** What the machine has it by, if so. */
  given: string | undefined;
}): Promise<string> {
  const { module, version, program, given } = request;
  const built = join(serversFolder(), `${program}-${version}`, program);
  const candidates = [given, built, join(homedir(), 'go', 'bin', program)];
  const found = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found !== undefined) return found;
  try {
    await promisify(execFile)('go', ['install', `${module}@${version}`], {
      env: { ...process.env, GOBIN: join(built, '..') },
      timeout: TIMEOUT_MS,
    });
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new Error(`go install ${module}@${version}: ${(stderr || message).trim()}`, { cause });
  }
  return built;
}
