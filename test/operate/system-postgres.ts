import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '#shared/database';
import { until } from '../end-to-end/processes.ts';
import { freePort } from '../free-port.ts';

/** Debian's. pg_dump of an older version refuses a newer server, so both must come from one package. */
const ROOT = '/usr/lib/postgresql';
/** Postgres refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** A whole Postgres of the machine: a server with its own pg_dump and pg_restore, for one test. */
export interface SystemPostgres {
  readonly url: string;
  /** Where its programs are. */
  readonly bin: string;
  stop(): Promise<void>;
}

/** Where the newest Postgres of this machine has its programs, if it has one with all of them. */
export async function findSystemPostgres(): Promise<string | undefined> {
  const versions = await readdir(ROOT).catch((): string[] => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const bin = join(ROOT, version, 'bin');
    const names = await readdir(bin).catch((): string[] => []);
    if (['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'].every((name) => names.includes(name)))
      return bin;
  }
  return undefined;
}

/** Starts one in the folder, with an empty database. */
export async function startSystemPostgres(request: {
  bin: string;
  folder: string;
  /** Its superuser. */
  user?: string;
}): Promise<SystemPostgres> {
  const { bin, folder, user: superuser = 'millrace' } = request;
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? NOBODY : {};
  await mkdir(folder, { recursive: true });
  if (isRoot) await chown(folder, NOBODY.uid, NOBODY.gid);
  const data = join(folder, 'cluster');
  const words = ['-D', data, '-U', superuser, '--auth=trust', '--no-sync', '-E', 'UTF8'];
  const made = spawnSync(join(bin, 'initdb'), words, { ...user, encoding: 'utf8', timeout: 60_000 });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const server: ChildProcess = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    { ...user, stdio: 'ignore' },
  );
  const url = `postgresql://${superuser}@127.0.0.1:${port}/postgres`;
  await until({ what: 'Postgres answers', limitMs: 30_000, everyMs: 100, look: () => answers(url) });
  return {
    url,
    bin,
    async stop() {
      if (server.exitCode !== null) return;
      server.kill('SIGQUIT');
      await once(server, 'exit');
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const pool = connect({ url, max: 1, applicationName: 'look' });
  try {
    await pool.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await pool.end();
  }
}
