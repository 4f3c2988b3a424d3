import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { Permanent } from '#shared/errors';

export interface Migration {
  /** `0001-ledger`: applied in the order of its number. */
  readonly name: string;
  readonly sql: string;
}

/** Any number that nobody else locks ("millrace" in hexadecimal). */
const LOCK_KEY = '7883954450482159461';
/** Building an index over millions of rows takes its time. */
const LIMIT_MS = 600_000;

/** Reads `NNNN-name.sql` from a folder (`new URL('./migrations/', import.meta.url)`), in order. */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const file of files) {
    if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(file)) {
      throw new Permanent(
        'migration-name',
        `The migration ${file} must be called like 0001-what-it-does.sql.`,
      );
    }
    const name = file.slice(0, -'.sql'.length);
    if (migrations.at(-1)?.name.slice(0, 4) === name.slice(0, 4)) {
      throw new Permanent('migration-name', `Two migrations have the number of ${file}.`);
    }
    migrations.push({ name, sql: await readFile(new URL(file, folder), 'utf8') });
  }
  return migrations;
}

/**
 * Brings the database to the newest migration; answers the names applied now. Each runs whole or not at all in
 * a transaction of its own, under a lock, so that any number of processes may call this at once.
 *
 * @throws Permanent `migration-changed` an applied one was edited; `migration-unknown` the database is newer
 *   than this program; `migration-order` one was put in before the last applied
 */
export async function migrate(options: {
  pool: Pool;
  migrations: readonly Migration[];
}): Promise<readonly string[]> {
  const applied: string[] = [];
  const client = await options.pool.connect();
  try {
    for (;;) {
      const name = await applyNext(client, options.migrations);
      if (name === undefined) break;
      applied.push(name);
    }
    client.release();
  } catch (error) {
    // Whatever state the session is in, nobody else gets it.
    client.release(true);
    throw error;
  }
  return applied;
}

/**
 * The names that {@link migrate} would apply, in order; changes nothing.
 *
 * @throws Permanent as {@link migrate} does
 */
export async function pendingMigrations(options: {
  pool: Pool;
  migrations: readonly Migration[];
}): Promise<readonly string[]> {
  const { pool, migrations } = options;
  const found = await pool.query<{ there: boolean }>(
    `SELECT to_regclass('millrace_migration') IS NOT NULL AS there`,
  );
  const done = found.rows[0]?.there
    ? (await pool.query<AppliedRow>('SELECT name, checksum FROM millrace_migration ORDER BY name')).rows
    : [];
  const pending: AppliedRow[] = [];
  for (;;) {
    const next = nextOf([...done, ...pending], migrations);
    if (next === undefined) return pending.map(({ name }) => name);
    pending.push({ name: next.name, checksum: checksum(next.sql) });
  }
}

interface AppliedRow {
  readonly name: string;
  readonly checksum: string;
}

async function applyNext(client: PoolClient, migrations: readonly Migration[]): Promise<string | undefined> {
  const run = (text: string, values?: unknown[]) => {
    const patient: QueryConfig & { query_timeout: number } = { text, query_timeout: LIMIT_MS };
    return client.query(values === undefined ? patient : { ...patient, values });
  };
  await run(`BEGIN; SET LOCAL statement_timeout = ${LIMIT_MS}; SET LOCAL lock_timeout = ${LIMIT_MS}`);
  try {
    await run('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await run(`CREATE TABLE IF NOT EXISTS millrace_migration (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
    const { rows } = await run('SELECT name, checksum FROM millrace_migration ORDER BY name');
    const next = nextOf(rows as AppliedRow[], migrations);
    if (next !== undefined) {
      await run(next.sql).catch((cause: Error) => {
        throw new Permanent(
          'migration-failed',
          `Migration ${next.name} failed and was undone: ${cause.message}`,
          {
            cause,
          },
        );
      });
      await run('INSERT INTO millrace_migration (name, checksum) VALUES ($1, $2)', [
        next.name,
        checksum(next.sql),
      ]);
    }
    await run('COMMIT');
    return next?.name;
  } catch (error) {
    await run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function nextOf(done: readonly AppliedRow[], migrations: readonly Migration[]): Migration | undefined {
  for (const row of done) {
    const known = migrations.find((migration) => migration.name === row.name);
    if (known === undefined) {
      throw new Permanent(
        'migration-unknown',
        `The database has migration ${row.name}, which this program does not know: it was used by a newer version. Start that version, or another database.`,
      );
    }
    if (checksum(known.sql) !== row.checksum) {
      throw new Permanent(
        'migration-changed',
        `Migration ${row.name} was edited after it was applied to this database; undo the edit and write a new migration.`,
      );
    }
  }
  const next = migrations.find((migration) => !done.some((row) => row.name === migration.name));
  const last = done.at(-1);
  if (next !== undefined && last !== undefined && next.name < last.name) {
    throw new Permanent(
      'migration-order',
      `Migration ${next.name} comes before ${last.name}, which is applied already; give it a higher number.`,
    );
  }
  return next;
}

/** Line endings are not content: a checkout on another system must not look edited. */
function checksum(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}
