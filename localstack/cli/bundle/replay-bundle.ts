import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callerFolder, loadConfig } from '#shared/config';
import { connect, migrate, readMigrations, startEmbeddedPostgres } from '#shared/database';
import { Cancelled, Conflict, MillraceError } from '#shared/errors';
import {
  createLedger,
  createOperations,
  type Ledger,
  ledgerMigrations,
  loadRunRows,
  type RunRows,
  syncTopology,
} from '#shared/ledger';
import { type ObjectStore, openStore, storeSettings } from '#shared/storage';
import { readTopology } from '#shared/topology';
import { LOCAL_ACCOUNT } from '../../data-folder/index.ts';
import { dataPaths } from '../../embedded/paths.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { withLedger } from '../operate/with-operations.ts';
import { bytesText } from '../operate/words.ts';
import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import type { BundledFile, Manifest } from './manifest.ts';
import { type Archive, refused } from './read-archive.ts';
import { openBundle, otherRuns } from './read-bundle.ts';
import { functionVersions } from './versions.ts';

/**
 * `millrace replay-bundle`: puts a bundled run into the platform here, as a run of its owner that stands where it stood:
 * `why`, `retry` and `replay` work on it. The bundle may come from anybody: nothing of it is believed.
 *
 * @throws Permanent `bundle-refused`, `bundle-too-large`, `bundle-damaged`, `file-missing`; Conflict `bundle-newer`,
 *   `run-exists`, `flow-unknown`, `rows-collide`, `object-exists`
 */
export async function replayBundle(request: {
  terminal: Terminal;
  file: string;
  words: { retry?: boolean; maxMb: number };
}): Promise<void> {
  const { terminal, file, words } = request;
  const path = resolve(callerFolder({ projectFolder }), file);
  const interrupt = listenForInterrupt({
    terminal,
    message: 'Stopping; what was copied is taken away again.',
  });
  try {
    const opened = await openBundle({ path, maxBytes: words.maxMb * 1e6 });
    try {
      await makeDatabase();
      await withLedger(async ({ config, pool, topology, wake, isRunning }) => {
        const store = await openStore(storeSettings(config).artifacts);
        const { archive, manifest, rows } = opened;
        const ledger = createLedger({ pool, source: topology.source, wake });
        await refuseOthersFiles(ledger, rows);
        await withObjects({ archive, manifest, store, terminal, signal: interrupt.signal }, () =>
          loadRunRows(pool, rows, { owner: LOCAL_ACCOUNT }),
        );
        await sayWhereItStands({ terminal, manifest, rows });
        if (words.retry) {
          const operations = createOperations({ pool, source: topology.source, wake });
          const { retried } = await operations.retryDeliveries({ run: rows.run.id, dryRun: false });
          terminal.say(`${retried} dead deliveries are due again${isRunning ? '.' : '; start: npm start'}`);
        }
      });
    } finally {
      opened.archive.close();
    }
  } finally {
    interrupt.dispose();
  }
}

/** A laptop may have no platform's data yet: then its database is made, as the first start would. */
async function makeDatabase(): Promise<void> {
  const config = loadConfig();
  const dataDir = dataPaths(config.dataDir).postgres;
  if (config.databaseUrl !== undefined || existsSync(join(dataDir, 'cluster'))) return;
  const server = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: () => undefined },
  });
  const pool = connect({ url: server.url, max: 2, applicationName: 'millrace operator' });
  try {
    await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
    await syncTopology(pool, readTopology({ path: join(projectFolder, 'events.yaml') }));
  } finally {
    await pool.end();
    await server.stop();
  }
}

/**
 * A replay shares files with the runs it came from. Where such a run is here too, its files are its own: a bundle that names
 * them could have them removed with itself.
 */
async function refuseOthersFiles(ledger: Pick<Ledger, 'getRun'>, rows: RunRows): Promise<void> {
  for (const run of otherRuns(rows)) {
    if ((await ledger.getRun(run)) === undefined) continue;
    throw new Conflict(
      'rows-collide',
      `It shares files with the run ${run}, which is here; remove that one first.`,
    );
  }
}

/** Bytes before rows, as everywhere; where `load` or a copy fails, what was copied goes again. */
async function withObjects(
  request: {
    archive: Archive;
    manifest: Manifest;
    store: ObjectStore;
    terminal: Terminal;
    signal: AbortSignal;
  },
  load: () => Promise<void>,
): Promise<void> {
  const { archive, manifest, store, terminal, signal } = request;
  const copied: string[] = [];
  try {
    for (const file of manifest.files) {
      if (file.entry === undefined) continue;
      if (await copy({ archive, file, entry: file.entry, store, signal })) copied.push(file.key);
      terminal.say(`  ${file.name} (${bytesText(file.bytes)})`);
    }
    signal.throwIfAborted();
    await load();
  } catch (error) {
    await Promise.all(copied.map((key) => store.remove(key)));
    if (signal.aborted)
      throw new Cancelled('interrupted', 'Interrupted: nothing was loaded.', { cause: error });
    throw error;
  }
}

/** Answers whether an object was made: the same bytes may lie there already. Nothing is replaced. */
async function copy(request: {
  archive: Archive;
  file: BundledFile;
  entry: string;
  store: ObjectStore;
  signal: AbortSignal;
}): Promise<boolean> {
  const { archive, file, entry, store, signal } = request;
  const { key, bytes, type, sha256 } = file;
  if ((await store.head(key)) !== undefined) {
    if ((await digest(store, key, signal)) === sha256) return false;
    throw new Conflict('object-exists', `Another file lies at ${key} already.`);
  }
  const source = await archive.stream(entry);
  const body = new PassThrough();
  const reading = pipeline(source, body, { signal });
  const [stored, read] = await Promise.allSettled([
    store.put(key, body, { type, create: 'once', maxBytes: bytes, signal }),
    reading,
  ]);
  if (stored.status === 'fulfilled' && stored.value.sha256 === sha256 && stored.value.bytes === bytes)
    return true;
  if (stored.status === 'fulfilled') await store.remove(key);
  signal.throwIfAborted();
  if (stored.status === 'rejected' && stored.reason instanceof MillraceError) throw stored.reason;
  if (stored.status === 'rejected' && read.status === 'fulfilled') throw stored.reason;
  throw refused(`${file.name} is not what its checksum says`);
}

async function digest(store: ObjectStore, key: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await store.get(key, { signal })) hash.update(chunk);
  return hash.digest('hex');
}

async function sayWhereItStands(of: {
  terminal: Terminal;
  manifest: Manifest;
  rows: RunRows;
}): Promise<void> {
  const { terminal, manifest, rows } = of;
  const { run, versions, files } = manifest;
  terminal.say(`Loaded: "${run.title}" (${run.flow}), ${run.state}, as yours.`);
  const here = await functionVersions();
  const open = new Set(rows.delivery.filter(({ state }) => state === 'dead').map((one) => one.function));
  for (const name of open) {
    const [there, mine] = [versions.functions[name] ?? 'unknown', here[name] ?? 'unknown'];
    if (there !== mine) terminal.complain(`${name} was ${there} there and is ${mine} here.`);
  }
  for (const file of files)
    if (file.left === 'gone from the store' || file.left === 'holds a secret')
      terminal.complain(`It came without ${file.name}, which ${file.left.replace('gone', 'was gone')}.`);
  terminal.say(`  npx millrace why ${run.id}`);
  for (const one of rows.delivery.filter(({ state }) => state === 'dead').slice(0, 3))
    terminal.say(`  npx millrace retry ${one.id}   (${one.function})`);
}
