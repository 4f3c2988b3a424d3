import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { callerFolder } from '#shared/config';
import { Conflict } from '#shared/errors';
import { createOperations, type RunRows, readRunRows } from '#shared/ledger';
import { type ObjectStore, openStore, storeSettings } from '#shared/storage';
import { listenForInterrupt } from '../interrupt.ts';
import { timelineLines } from '../operate/why.ts';
import { type LedgerAccess, withLedger } from '../operate/with-operations.ts';
import { bytesText } from '../operate/words.ts';
import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import { findFiles, type RunFile } from './find-files.ts';
import { knownSecrets } from './known-secrets.ts';
import { type BundledFile, FORMAT_VERSION, type Manifest, objectEntry, PARTS } from './manifest.ts';
import { createMasking, type Masking } from './mask.ts';
import { versionsHere } from './versions.ts';
import { type ArchivePart, fileExists, writeArchive } from './write-archive.ts';

/** The options of `millrace bundle` as typed. */
export interface BundleWords {
  readonly out?: string;
  /** Every file of the run, not only those that its unfinished steps read. */
  readonly all?: boolean;
  /** Only if it is this account's run. */
  readonly owner?: string;
  readonly maxMb: number;
}

/**
 * `millrace bundle`: a run that has ended, as one file: its rows, the files that its unfinished steps read, versions,
 * topology. What is a secret here does not go into it. Whoever holds the database may do this; `--owner` is for those who
 * do it in somebody's name.
 *
 * @throws Permanent `run-unknown`; Conflict `run-open`, `run-too-large`, `bundle-too-large`, `file-exists`
 */
export async function bundle(request: {
  terminal: Terminal;
  run: string;
  words: BundleWords;
}): Promise<void> {
  const { terminal, run, words } = request;
  const path = resolve(callerFolder({ projectFolder }), words.out ?? `millrace-${run.slice(0, 60)}.zip`);
  const interrupt = listenForInterrupt({ terminal, message: 'Stopping; nothing is left behind.' });
  const { signal } = interrupt;
  try {
    await withLedger(async (access) => {
      const rows = await readRunRows(access.pool, { run, owner: words.owner });
      await refuseExisting(path);
      const masking = createMasking(
        await knownSecrets({ dataDir: access.config.dataDir, databaseUrl: access.url }),
      );
      const store = await openStore(storeSettings(access.config).artifacts);
      const files = await chooseFiles({
        files: findFiles(rows),
        store,
        masking,
        all: words.all ?? false,
        signal,
      });
      checkSize(files, words.maxMb);
      const masked = masking.rows(rows);
      const why = masking.text(await whyText(access, rows));
      const page = await manifestOf({ access, rows: masked, files, masked: masking.taken() });
      const packed = files.filter(({ entry }) => entry !== undefined);
      terminal.say(`${sentence(page)} ${packed.length} of ${files.length} files go with it:`);
      await writeArchive({
        path,
        signal,
        parts: [
          { name: PARTS.manifest, text: `${JSON.stringify(page, undefined, 2)}\n` },
          { name: PARTS.why, text: why },
          { name: PARTS.topology, text: await readFile(join(projectFolder, 'events.yaml'), 'utf8') },
          { name: PARTS.rows, text: JSON.stringify(masked) },
          ...packed.map((file) => objectPart(file, store, signal)),
        ],
        onPart: (part) => sayPart({ part, packed, terminal }),
      });
      for (const file of files)
        if (file.left === 'gone from the store' || file.left === 'holds a secret')
          terminal.complain(`Left out: ${file.name} ${file.left}.`);
    });
  } finally {
    interrupt.dispose();
  }
  terminal.say(path);
  terminal.say(`Elsewhere: npx millrace replay-bundle ${path.split('/').at(-1)}`);
}

/** Before the work, not after it. */
async function refuseExisting(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw fileExists(path);
}

async function chooseFiles(request: {
  files: readonly RunFile[];
  store: ObjectStore;
  masking: Masking;
  all: boolean;
  signal: AbortSignal;
}): Promise<readonly BundledFile[]> {
  const { files, store, masking, all, signal } = request;
  const chosen: BundledFile[] = [];
  let packed = 0;
  for (const { artifact, isNeeded } of files) {
    const left = isNeeded || all ? await whyLeft() : 'not needed';
    if (left === undefined) packed += 1;
    chosen.push({ ...artifact, ...(left === undefined ? { entry: objectEntry(packed) } : { left }) });

    async function whyLeft(): Promise<BundledFile['left']> {
      const found = await store.head(artifact.key);
      if (found?.bytes !== artifact.bytes) return 'gone from the store';
      const holds = await masking.isIn(await store.get(artifact.key, { signal }));
      return holds ? 'holds a secret' : undefined;
    }
  }
  return chosen;
}

function checkSize(files: readonly BundledFile[], maxMb: number): void {
  const bytes = files.reduce((sum, file) => sum + (file.entry === undefined ? 0 : file.bytes), 0);
  if (bytes <= maxMb * 1e6) return;
  throw new Conflict(
    'bundle-too-large',
    `The files of the bundle have ${Math.ceil(bytes / 1e6)} MB, more than ${maxMb} MB; --max-mb allows more.`,
  );
}

/** What `millrace why` says of it, for whoever only looks into the bundle. */
async function whyText({ pool, topology, wake }: LedgerAccess, { run }: RunRows): Promise<string> {
  const operations = createOperations({ pool, source: topology.source, wake });
  const timeline = await operations.timelineOf(run.id);
  if (timeline === undefined) return '';
  const nobodys = { ...timeline, run: { ...timeline.run, owner: 'somebody' } };
  return `${timelineLines(nobodys, true).join('\n')}\n`;
}

async function manifestOf(request: {
  access: LedgerAccess;
  rows: RunRows;
  files: readonly BundledFile[];
  masked: number;
}): Promise<Manifest> {
  const { access, rows, files, masked } = request;
  const { config, pool } = access;
  const { id, flow, title, state } = rows.run;
  return {
    format: 'millrace-bundle',
    version: FORMAT_VERSION,
    packedAt: new Date().toISOString(),
    run: { id, flow, title, state },
    versions: await versionsHere({ config, pool }),
    settings: {
      objects: config.objects,
      transport: config.transport,
      languageModel: config.languageModel.provider,
    },
    files: [...files],
    masked,
  };
}

function objectPart(file: BundledFile, store: ObjectStore, signal: AbortSignal): ArchivePart {
  const { entry: name = '', type, bytes, key } = file;
  return { name, type, bytes, open: () => store.get(key, { signal }) };
}

function sentence({ run, masked }: Manifest): string {
  const secrets = masked === 0 ? '' : ` Secrets taken out: ${masked}.`;
  return `"${run.title}" (${run.flow}), ${run.state}.${secrets}`;
}

function sayPart(of: { part: ArchivePart; packed: readonly BundledFile[]; terminal: Terminal }): void {
  const { part, packed, terminal } = of;
  const at = packed.findIndex(({ entry }) => entry === part.name);
  const file = packed[at];
  if (file !== undefined)
    terminal.say(`  ${at + 1} of ${packed.length}  ${file.name} (${bytesText(file.bytes)})`);
}
