import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Config } from '#shared/config';
import { type Pool, readMigrations } from '#shared/database';
import { ledgerMigrations } from '#shared/ledger';
import { findFfmpeg } from '#shared/media';
import { version } from '../../../platform/version.ts';
import { projectFolder } from '../project-folder.ts';
import type { Manifest } from './manifest.ts';

const versionsPage = z.record(z.string(), z.string());

/** By function, as versions.yaml says. */
export async function functionVersions(): Promise<Readonly<Record<string, string>>> {
  return versionsPage.parse(parse(await readFile(join(projectFolder, 'versions.yaml'), 'utf8')));
}

export async function migrationNames(): Promise<readonly string[]> {
  return (await readMigrations(ledgerMigrations)).map(({ name }) => name);
}

/** What a run was packed with. */
export async function versionsHere({
  config,
  pool,
}: {
  config: Config;
  pool: Pool;
}): Promise<Manifest['versions']> {
  const [functions, migrations, postgres, ffmpeg] = await Promise.all([
    functionVersions(),
    migrationNames(),
    pool.query<{ server_version: string }>('show server_version'),
    // Functions that need none work without it.
    findFfmpeg({ explicit: config.ffmpegBin }).catch(() => undefined),
  ]);
  return {
    millrace: version,
    functions,
    node: process.version,
    postgres: postgres.rows[0]?.server_version ?? 'unknown',
    ...(ffmpeg === undefined ? {} : { ffmpeg: ffmpeg.version }),
    platform: `${process.platform}-${process.arch}`,
    migrations: [...migrations],
  };
}
