import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Permanent } from '#shared/errors';
import { findBinaries } from './binaries.ts';
import { readPassword } from './password.ts';
import { isAlive, readPostmaster } from './postmaster.ts';
import { answers, databaseUrl } from './server.ts';

/** The embedded server as somebody else started it. */
export interface FoundPostgres {
  /** With password: never log it. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
}

/** The server that runs on the folder now and answers, whoever started it; starts and stops nothing. */
export async function findEmbeddedPostgres({
  dataDir,
}: {
  dataDir: string;
}): Promise<FoundPostgres | undefined> {
  const folder = await realpath(dataDir).catch(() => undefined);
  if (folder === undefined) return undefined;
  const postmaster = await readPostmaster(join(folder, 'cluster'));
  const password = await readPassword(folder);
  if (postmaster === undefined || password === undefined || !isAlive(postmaster.pid)) return undefined;
  const { pid, port } = postmaster;
  const url = databaseUrl({ port, password });
  return (await answers(url, 5_000)) ? { url, pid, port } : undefined;
}

/**
 * The version of the Postgres that npm installed, asked of the program itself.
 *
 * @throws Permanent `database-binaries-missing`, `database-binaries-unusable`
 */
export async function embeddedPostgresVersion(): Promise<string> {
  const { postgres } = await findBinaries(undefined);
  try {
    const { stdout } = await promisify(execFile)(postgres, ['--version'], { timeout: 10_000 });
    return /\d[\w.]*/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (cause) {
    throw new Permanent(
      'database-binaries-unusable',
      `The Postgres at ${postgres} does not start (${(cause as Error).message.split('\n')[0]}); run npm ci again, or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}
