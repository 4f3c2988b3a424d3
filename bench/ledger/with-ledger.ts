import { join } from 'node:path';
import { connect, migrate, type Pool, readMigrations, startEmbeddedPostgres } from '#shared/database';
import { ledgerMigrations, syncTopology } from '#shared/ledger';
import { createLog } from '#shared/telemetry';
import { topology } from './topology.ts';

/** Sessions of everything that is compared: ours, the bare statement's, each peer's. */
export const SESSIONS = 8;

export const silent = createLog({ service: 'bench', level: 'silent' });

/** A Postgres of its own, as the platform starts it, with the ledger and the tables of the benchmarks. */
export interface BenchLedger {
  readonly pool: Pool;
  readonly url: string;
  /** Of the postmaster; its sessions are its children. */
  readonly pid: number;
  readonly scratch: string;
}

export async function withLedger<Result>(
  scratch: string,
  use: (ledger: BenchLedger) => Promise<Result>,
): Promise<Result> {
  const server = await startEmbeddedPostgres({ dataDir: join(scratch, 'postgres'), log: silent });
  const pool = connect({ url: server.url, max: SESSIONS, applicationName: 'bench' });
  try {
    await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
    await syncTopology(pool, topology);
    await pool.query('create table effect (id bigint generated always as identity, run uuid, body jsonb)');
    await pool.query('create table bare_step (id bigint primary key, state text not null)');
    await pool.query('create table bare_event (id bigint primary key, body jsonb)');
    return await use({ pool, url: server.url, pid: server.pid, scratch });
  } finally {
    await pool.end();
    await server.stop();
  }
}

/** Forgets what earlier rounds left, so that each begins alike. */
export async function clear(pool: Pool): Promise<void> {
  await pool.query('truncate ledger.run, ledger.event, ledger.delivery, effect, bare_step, bare_event');
  await pool.query('checkpoint');
}
