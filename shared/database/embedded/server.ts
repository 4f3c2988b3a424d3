import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type MillraceError, Transient } from '#shared/errors';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { cannotRun, clusterArgument, ROLE } from './cluster.ts';
import { explain } from './explain.ts';
import { isAlive, readPostmaster, stopPostmaster } from './postmaster.ts';
import type { ServerLog } from './server-log.ts';
import { serverArguments } from './settings.ts';

/** Recovery after a crash reads the whole log written since the last checkpoint: minutes at the worst. */
const START_LIMIT_MS = 120_000;

export interface ServerOptions {
  readonly folder: string;
  readonly cluster: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly port: number;
  readonly password: string;
  readonly log: ServerLog;
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts a server of its own session (Ctrl-C is for us to handle first) and waits until it answers. */
export async function launch(options: ServerOptions): Promise<number> {
  const { binaries, cluster, account, log, folder } = options;
  const child = spawn(
    binaries.postgres,
    ['-D', clusterArgument(cluster, account), ...serverArguments(options.port, options.settings)],
    {
      ...account,
      cwd: cluster,
      detached: true,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log.handle.fd, log.handle.fd],
    },
  );
  const ended = new Promise<MillraceError>((resolve) => {
    child.on('error', (cause) => resolve(cannotRun(binaries.postgres, cause)));
    child.on(
      'exit',
      () =>
        void log
          .tail()
          .catch(() => '')
          .then((said) => resolve(explain(said, folder))),
    );
  });
  child.unref();
  const failure = await Promise.race([ended, ready(child, options)]);
  if (failure === undefined && child.pid !== undefined) return child.pid;
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    await stopPostmaster(child.pid);
  }
  throw failure ?? new Transient('database-stopped', 'The database did not start.');
}

async function ready(child: ChildProcess, options: ServerOptions): Promise<MillraceError | undefined> {
  for (let waited = 0; waited < START_LIMIT_MS; waited += 10) {
    const postmaster = await readPostmaster(options.cluster);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') {
      if (await answers(databaseUrl(options), 5_000)) return undefined;
    }
    if (child.exitCode !== null || child.signalCode !== null) return new Promise(() => undefined);
    await sleep(10);
  }
  const said = explain(await options.log.tail(), options.folder);
  return new Transient(
    'database-slow',
    `The database did not start within ${START_LIMIT_MS / 1_000} s. ${said.message}`,
  );
}

export function databaseUrl({ port, password }: { port: number; password: string }): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/postgres`;
}

/** Whether our password opens this server and it answers within the time. */
export async function answers(url: string, milliseconds: number): Promise<boolean> {
  return withClient(url, milliseconds, async (client) => {
    await client.query('SELECT 1');
  });
}

/** Ends what a dead platform's sessions still hold (locks, open transactions) on a server taken over. */
export async function endSessions(url: string): Promise<boolean> {
  return withClient(url, 5_000, async (client) => {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
  });
}

async function withClient(
  url: string,
  milliseconds: number,
  work: (client: pg.Client) => Promise<void>,
): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: milliseconds,
    query_timeout: milliseconds,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Calls back once when the process is gone; an adopted server is nobody's child, so it is looked at. */
export function whenGone(pid: number, gone: () => void): { cancel(): void } {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    gone();
  }, 100);
  timer.unref();
  return { cancel: () => clearInterval(timer) };
}
