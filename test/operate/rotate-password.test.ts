import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inheritedEnvironment } from '#shared/config';
import { connect, migrate, type Pool, readMigrations } from '#shared/database';
import { createLedger, ledgerMigrations, newRunId, syncTopology } from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../platform/paths.ts';
import { runGuide } from './guide.ts';
import { findSystemPostgres, type SystemPostgres, startSystemPostgres } from './system-postgres.ts';

const bin = await findSystemPostgres();

describe.runIf(bin !== undefined)('the password of the database', () => {
  let folder = '';
  let server: SystemPostgres;
  let environment: Record<string, string>;
  const pools: Pool[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-password-'));
    await chmod(folder, 0o711);
    server = await startSystemPostgres({
      bin: bin ?? '',
      folder: join(folder, 'postgres'),
      user: 'postgres',
    });
    const { PATH = '' } = inheritedEnvironment();
    environment = { SUPERUSER_URL: server.url, NEW_PASSWORD: 'another', PATH: `${server.bin}:${PATH}` };
    const admin = open('postgres');
    await admin.query('create role millrace login');
    await admin.query('alter database postgres owner to millrace');
  }, 120_000);
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function open(user: string): Pool {
    const url = new URL(server.url);
    url.username = user;
    const pool = connect({ url: url.href, max: 2, applicationName: user });
    pools.push(pool);
    return pool;
  }

  const topology = readTopology({ path: topologyPath });
  async function publish(pool: Pool): Promise<void> {
    const ledger = createLedger({ pool, source: topology.source, wake: () => undefined });
    const run = { id: newRunId(), flow: 'keywords', owner: 'ann', title: 'A run', labels: {} };
    await ledger.publish({ run, event: { type: 'pipeline.started', data: { topic: 'bees' } } });
  }

  it('changes by a second name that has all the rights of the first: both work, until the first is closed', async () => {
    const first = open('millrace');
    const migrations = await readMigrations(ledgerMigrations);
    await migrate({ pool: first, migrations });
    await syncTopology(first, topology);
    await publish(first);

    await runGuide('the next name for the database', environment);
    const second = open('millrace_b');
    await Promise.all([publish(first), publish(second)]);
    // An upgrade meanwhile: migrations change tables of the first, and make new ones.
    const next = {
      name: '9999-of-the-test.sql',
      sql: 'alter table ledger.run add column extra text; create table ledger.extra ()',
    };
    await migrate({ pool: second, migrations: [...migrations, next] });
    await syncTopology(second, topology);
    await Promise.all([publish(first), publish(second)]);

    await runGuide('close the first name', environment);
    await publish(second);
    await expect(open('millrace').query('select 1')).rejects.toThrow(/not permitted to log in/);
    const { rows } = await second.query<{ runs: number }>('select count(*)::int as runs from ledger.run');
    expect(rows).toEqual([{ runs: 6 }]);
  }, 120_000);
});
