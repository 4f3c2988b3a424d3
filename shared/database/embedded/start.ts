import { chmod, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MillraceError, Permanent } from '#shared/errors';
import { type Account, postgresAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { prepareCluster } from './cluster.ts';
import { explain } from './explain.ts';
import { lockFolder } from './folder-lock.ts';
import type { DatabaseLog } from './log.ts';
import { databasePassword } from './password.ts';
import { findOrphan, stopPostmaster } from './postmaster.ts';
import { answers, databaseUrl, endSessions, launch, whenGone } from './server.ts';
import { openServerLog, type ServerLog } from './server-log.ts';
import { tryPort } from './try-port.ts';
import { endFormerWatchdog, type Watchdog, watch } from './watchdog.ts';

export interface EmbeddedPostgresOptions {
  /** A folder for the database alone (cluster, password, log); made where missing. */
  readonly dataDir: string;
  /** Exactly this port; without it the last one used, or any that is free. */
  readonly port?: number;
  readonly log: DatabaseLog;
  /** Server settings over ours, for tests that want speed (`{ fsync: 'off' }`). */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** With password: never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** True where a server that a killed platform had left was taken over. */
  readonly adopted: boolean;
  /** Ends sessions, writes a checkpoint, waits for the process and lets the folder go. Callable twice. */
  stop(): Promise<void>;
  /** Called once if the server ends without `stop`; the folder is free by then: start anew. */
  onExit(callback: (reason: MillraceError) => void): void;
}

interface Preparation {
  readonly folder: string;
  readonly cluster: string;
  readonly password: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly log: ServerLog;
}

/**
 * Runs the Postgres that npm installed on a data folder: as root (it then runs as `nobody`) or as anybody, in
 * folders with spaces or closed to others, after any kind of crash. It listens on 127.0.0.1 only, and does not
 * outlive this process by more than seconds.
 *
 * @throws Permanent `data-folder-in-use` `data-folder-foreign` `data-folder-owner` `database-version`
 *   `database-binaries-missing` `database-binaries-unusable` `database-account` `port-taken`
 * @throws Transient `disk-full` `database-slow` `database-stopped`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await openFolder(options.dataDir);
  const password = await databasePassword(folder);
  const lock = await lockFolder({ folder, secret: password });
  const cluster = join(folder, 'cluster');
  let log: ServerLog | undefined;
  try {
    log = await openServerLog(folder);
    const account = await postgresAccount(cluster);
    const binaries = await findBinaries(account);
    const preparation = { folder, cluster, password, account, binaries, log };
    await prepareCluster(preparation);
    const orphan = await takeOver(preparation, options);
    const server = orphan ?? (await launchOnPort(preparation, options));
    const watchdog = await watch({ folder, cluster, pid: server.pid });
    await writeFile(join(folder, 'port'), `${server.port}\n`);
    options.log.info(
      { port: server.port, pid: server.pid, adopted: orphan !== undefined },
      orphan === undefined ? 'database started' : 'database of a killed platform taken over',
    );
    return supervise({ ...preparation, ...server, adopted: orphan !== undefined, watchdog, lock });
  } catch (error) {
    await log?.close();
    await lock.release();
    throw error;
  }
}

/** Others may pass through (Postgres may be another user) but see nothing. */
async function openFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    const folder = await realpath(path);
    if (process.getuid?.() === 0) await chmod(folder, 0o711);
    return folder;
  } catch (cause) {
    const said = (cause as Error).message;
    throw new Permanent(
      'data-folder-owner',
      `The data folder ${path} cannot be made or opened (${said}); choose one that you may write with DATA_DIR.`,
      { cause },
    );
  }
}

/** A server that a killed platform left: taken over while healthy and as wanted, else stopped. */
async function takeOver(
  { folder, cluster, password }: Preparation,
  { port, log }: EmbeddedPostgresOptions,
): Promise<{ pid: number; port: number } | undefined> {
  await endFormerWatchdog(folder);
  const orphan = await findOrphan(cluster);
  if (orphan === undefined) return undefined;
  const wanted = port === undefined || port === orphan.port;
  const url = databaseUrl({ port: orphan.port, password });
  // Elsewhere than on Linux the former watchdog may still be about to stop it.
  const keeps = process.platform === 'linux' && wanted && orphan.status === 'ready';
  if (keeps && (await endSessions(url)) && (await answers(url, 5_000))) return orphan;
  log.warn({ pid: orphan.pid }, 'stopping the database that a killed platform left');
  await stopPostmaster(orphan.pid);
  return undefined;
}

async function launchOnPort(
  preparation: Preparation,
  { port: asked, settings = {} }: EmbeddedPostgresOptions,
): Promise<{ pid: number; port: number }> {
  const last = Number(await readFile(join(preparation.folder, 'port'), 'utf8').catch(() => '0'));
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(asked, attempt < 5 ? last : 0);
    try {
      return { pid: await launch({ ...preparation, port, settings }), port };
    } catch (error) {
      if (attempt === 20 || !passes(error)) throw error;
      await sleep(250);
    }
  }
}

/** Somebody took the free port between our look and the server's; or a killed server's sessions still end. */
function passes(error: unknown): boolean {
  const code = error instanceof MillraceError ? error.code : '';
  return code === 'port-taken' || code === 'database-still-ending';
}

async function choosePort(asked: number | undefined, last: number): Promise<number> {
  if (asked !== undefined) {
    if ((await tryPort(asked)) !== undefined) return asked;
    throw new Permanent(
      'port-taken',
      `Port ${asked}, asked for the database, is taken by another program; choose another or none.`,
    );
  }
  const port = (last > 1_023 && last < 65_536 ? await tryPort(last) : undefined) ?? (await tryPort(0));
  if (port !== undefined) return port;
  throw new Permanent('port-taken', 'The system has no free port on 127.0.0.1 for the database.');
}

interface Supervised extends Preparation {
  readonly pid: number;
  readonly port: number;
  readonly adopted: boolean;
  readonly watchdog: Watchdog;
  readonly lock: { release(): Promise<void> };
}

function supervise(server: Supervised): EmbeddedPostgres {
  const { pid, port, password, adopted, log, folder } = server;
  const callbacks: ((reason: MillraceError) => void)[] = [];
  let lost: MillraceError | undefined;
  let stopping: Promise<void> | undefined;
  const bounding = setInterval(() => void log.bound().catch(() => undefined), 10_000).unref();
  const watching = whenGone(pid, () => {
    if (stopping !== undefined) return;
    stopping = (async () => {
      lost = explain(await log.tail(), folder);
      await letGo();
      for (const callback of callbacks) callback(lost);
    })();
  });

  async function letGo(): Promise<void> {
    clearInterval(bounding);
    watching.cancel();
    await server.watchdog.release();
    await log.close();
    await server.lock.release();
  }

  return {
    url: databaseUrl({ port, password }),
    port,
    pid,
    adopted,
    stop() {
      stopping ??= stopPostmaster(pid).then(letGo);
      return stopping;
    },
    onExit(callback) {
      if (lost === undefined) callbacks.push(callback);
      else callback(lost);
    },
  };
}
