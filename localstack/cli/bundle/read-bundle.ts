import type { z } from 'zod';
import { Conflict } from '#shared/errors';
import { type RunRows, runRows } from '#shared/ledger';
import { checkKey } from '#shared/storage';
import { findFiles } from './find-files.ts';
import { FORMAT_VERSION, type Manifest, manifest, PARTS } from './manifest.ts';
import { type Archive, openArchive, refused } from './read-archive.ts';
import { migrationNames } from './versions.ts';

const MOST_MANIFEST_BYTES = 8e6;
const MOST_ROWS_BYTES = 128e6;
/** Where files of runs lie; inbox, keys and whatever else there is are no business of a bundle. */
const OF_A_RUN = /^(?:runs|output)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/./;

export interface OpenBundle {
  readonly archive: Archive;
  readonly manifest: Manifest;
  readonly rows: RunRows;
}

/**
 * Opens and examines a bundle from anywhere. Of files only the list was examined: their bytes are when they are copied.
 *
 * @throws Permanent `bundle-refused`, `bundle-too-large`, `file-missing`; Conflict `bundle-newer`
 */
export async function openBundle({
  path,
  maxBytes,
}: {
  path: string;
  maxBytes: number;
}): Promise<OpenBundle> {
  const parts: readonly string[] = Object.values(PARTS);
  const archive = await openArchive({
    path,
    maxBytes,
    isExpected: (name) => parts.includes(name) || /^objects\/\d{4,6}$/.test(name),
  });
  try {
    const page = readPart(manifest, await archive.text(PARTS.manifest, { maxBytes: MOST_MANIFEST_BYTES }));
    await checkVersion(page);
    const rows = readPart(runRows, await archive.text(PARTS.rows, { maxBytes: MOST_ROWS_BYTES }));
    if (rows.run.id !== page.run.id) throw refused('its rows are of another run than it says');
    checkFiles(page, archive);
    checkKeys(page, rows);
    return { archive, manifest: page, rows };
  } catch (error) {
    archive.close();
    throw error;
  }
}

function readPart<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(`it holds what is no JSON (${error instanceof Error ? error.message.slice(0, 100) : ''})`);
  }
  // Nesting without end overflows the stack of any parser that follows it.
  const parsed = ((): z.ZodSafeParseResult<z.output<Schema>> => {
    try {
      return schema.safeParse(value);
    } catch {
      throw refused('it is nested too deeply');
    }
  })();
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refused(`"${issue?.path.join('.') ?? ''}" is wrong: ${issue?.message ?? ''}`);
}

async function checkVersion({ version, versions }: Manifest): Promise<void> {
  const here = new Set(await migrationNames());
  const unknown = versions.migrations.filter((name) => !here.has(name));
  if (version <= FORMAT_VERSION && unknown.length === 0) return;
  throw new Conflict(
    'bundle-newer',
    `The bundle was made by a newer Millrace (${versions.millrace}); update this one first.`,
  );
}

function checkFiles({ files }: Manifest, archive: Archive): void {
  const entries = files.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const there = archive.names.filter((name) => name.startsWith('objects/'));
  if (new Set(entries).size !== entries.length || entries.length !== there.length)
    throw refused('its list of files and its files differ');
  for (const name of entries) if (!there.includes(name)) throw refused(`it has no ${name}`);
}

/** A bundle brings the files that its rows name, and no others; all of them lie where files of runs do. */
function checkKeys({ files }: Manifest, rows: RunRows): void {
  const named = new Map(findFiles(rows).map(({ artifact }) => [artifact.key, artifact]));
  for (const key of named.keys()) checkPlace(key);
  for (const { key, bytes, sha256 } of files) {
    const artifact = named.get(key);
    if (artifact?.bytes !== bytes || artifact.sha256 !== sha256)
      throw refused(`no row names the file "${key.slice(0, 80)}" as it is`);
  }
}

function checkPlace(key: string): void {
  try {
    checkKey(key);
  } catch {
    throw refused(`"${key.slice(0, 80)}" is no key of an object`);
  }
  if (runOf(key) === undefined) throw refused(`"${key.slice(0, 80)}" is no place of a run's files`);
}

/** The runs whose files its rows name, itself aside: those it was forked from. */
export function otherRuns(rows: RunRows): readonly string[] {
  const runs = findFiles(rows).flatMap(({ artifact }) => runOf(artifact.key) ?? []);
  return [...new Set(runs)].filter((run) => run !== rows.run.id);
}

function runOf(key: string): string | undefined {
  return OF_A_RUN.exec(key)?.[1];
}
