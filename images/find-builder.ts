import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import type { Builder } from './image-command.ts';

const LIMIT_MS = 10_000;

/** The program that can build images here: it is installed, and what it needs to run answers. */
export async function findBuilder(): Promise<Builder | undefined> {
  // Docker's command line is of no use without its daemon, nor without buildx.
  if ((await works('docker', 'info')) && (await works('docker', 'buildx', 'version'))) return 'docker';
  if (await works('podman', 'info')) return 'podman';
  return undefined;
}

const works = (program: string, ...words: string[]): Promise<boolean> =>
  promisify(execFile)(program, words, { timeout: LIMIT_MS, env: inheritedEnvironment() }).then(
    () => true,
    () => false,
  );
