import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Permanent } from '#shared/errors';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explain } from './explain.ts';

/** The one database role; it owns everything. */
export const ROLE = 'millrace';

/** Where a server must look for its cluster: root's folders may be closed to its account, its own are not. */
export function clusterArgument(cluster: string, account: Account | undefined): string {
  return account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : cluster;
}

export interface ClusterOptions {
  readonly folder: string;
  readonly cluster: string;
  readonly password: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}

/**
 * Makes the cluster where there is none. It is made aside and renamed when whole, so an interrupted initdb
 * leaves nothing that could be taken for a database.
 *
 * @throws Permanent `database-version`
 */
export async function prepareCluster(options: ClusterOptions): Promise<void> {
  const { folder, cluster, binaries } = options;
  for (const name of await readdir(folder)) {
    if (name.startsWith('cluster.new-')) await rm(join(folder, name), { recursive: true, force: true });
  }
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(missing);
  if (version === undefined) {
    await refuseForeignFolder(cluster);
    await make(options);
  } else if (version.trim() !== binaries.major) {
    throw new Permanent(
      'database-version',
      `The database in ${folder} was made by Postgres ${version.trim()}, but this Millrace brings Postgres ${binaries.major}: move its data with pg_dump and pg_restore of those versions, or set DATA_DIR to another folder.`,
    );
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

/** An empty folder may be replaced; one that holds anything else is somebody's. */
async function refuseForeignFolder(cluster: string): Promise<void> {
  await rmdir(cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return;
    throw new Permanent(
      'data-folder-foreign',
      `${cluster} holds files but no database; move them away, or set DATA_DIR to another folder.`,
      { cause: error },
    );
  });
}

async function make({ folder, cluster, password, account, binaries }: ClusterOptions): Promise<void> {
  const half = join(folder, `cluster.new-${randomBytes(4).toString('hex')}`);
  const secret = `${half}.password`;
  try {
    await mkdir(half, { mode: 0o700 });
    await writeFile(secret, `${password}\n`, { mode: 0o600 });
    if (account !== undefined) {
      await giveTo(half, account);
      await giveTo(secret, account);
    }
    await initdb({ binaries, account, cluster: half, passwordFile: join('..', basename(secret)), folder });
    await rename(half, cluster);
    const parent = await open(folder);
    await parent.sync().finally(() => parent.close());
  } finally {
    await rm(secret, { force: true });
    await rm(half, { recursive: true, force: true });
  }
}

async function giveTo(path: string, { uid, gid }: Account): Promise<void> {
  await chown(path, uid, gid).catch((cause: unknown) => {
    throw new Permanent(
      'database-account',
      `Postgres does not run as root, and user ${uid} cannot be given ${path}: start Millrace as an ordinary user, or set DATABASE_URL.`,
      { cause },
    );
  });
}

interface Initdb {
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly cluster: string;
  /** Relative to the cluster, which is the working folder. */
  readonly passwordFile: string;
  readonly folder: string;
}

function initdb({ binaries, account, cluster, passwordFile, folder }: Initdb): Promise<void> {
  const settings = [
    `--pgdata=${clusterArgument(cluster, account)}`,
    `--username=${ROLE}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, settings, {
      ...account,
      cwd: cluster,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-8_192);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (cause) => reject(cannotRun(binaries.initdb, cause)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(explain(output, folder))));
  });
}

/** A program that is there but "not found" lacks its loader: Alpine's musl, where these need glibc. */
export function cannotRun(program: string, cause: Error): Permanent {
  return new Permanent(
    'database-binaries-unusable',
    `${program} cannot be run on this system (${cause.message}); it needs glibc and a folder that allows programs. Set DATABASE_URL to a Postgres of your own.`,
    { cause },
  );
}
