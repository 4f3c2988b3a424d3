import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inheritedEnvironment } from '#shared/config';
import { connect, migrate, type Pool, readMigrations } from '#shared/database';
import { eventCatalogue } from '#shared/events';
import {
  createLedger,
  createOperations,
  type Ledger,
  ledgerMigrations,
  newRunId,
  type Operations,
  syncTopology,
} from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../platform/paths.ts';
import { until } from '../end-to-end/processes.ts';
import { type Running, startMillrace } from '../hygiene/run-millrace.ts';
import { runGuide } from './guide.ts';
import { findSystemPostgres, type SystemPostgres, startSystemPostgres } from './system-postgres.ts';

const bin = await findSystemPostgres();

describe.runIf(bin !== undefined)('the guide’s own commands, on a Postgres of this machine', () => {
  let folder = '';
  let server: SystemPostgres;
  let pool: Pool;
  let ledger: Ledger;
  let operations: Operations;
  let platform: Running | undefined;
  const topology = readTopology({ path: topologyPath });
  let environment: { DATA_DIR: string; DATABASE_URL: string } & Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-backup-'));
    // The server may run as another user.
    await chmod(folder, 0o711);
    server = await startSystemPostgres({ bin: bin ?? '', folder: join(folder, 'postgres') });
    const { PATH = '' } = inheritedEnvironment();
    const data = join(folder, 'data');
    const backup = join(folder, 'backup');
    await Promise.all([mkdir(data), mkdir(backup)]);
    environment = {
      ...{ DATABASE_URL: server.url, DATA_DIR: data, BACKUP: backup, PORT: '0' },
      PATH: `${server.bin}:${PATH}`,
    };
    open(server.url);
    await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
    await syncTopology(pool, topology);
  }, 120_000);
  afterAll(async () => {
    await stop();
    await pool?.end();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function open(url: string): void {
    pool = connect({ url, max: 4, applicationName: 'backup-test' });
    const parts = { pool, source: topology.source, wake: () => undefined };
    ledger = createLedger(parts);
    operations = createOperations(parts);
  }
  async function start(): Promise<void> {
    platform = startMillrace({ words: ['start'], environment });
    await platform.said(/is ready at/);
  }
  async function stop(): Promise<void> {
    platform?.child.kill('SIGINT');
    await platform?.ended;
    platform = undefined;
  }
  /** Keywords and a script of a text: two steps, and files. */
  async function ask(): Promise<string> {
    const run = newRunId();
    const { settings } = eventCatalogue['pipeline.started'].example;
    const data = { settings: { ...settings, seconds: 10 }, topic: 'Why octopuses have three hearts' };
    await ledger.publish({
      run: { id: run, flow: 'script', owner: 'alice', title: 'Hearts', labels: {} },
      event: { type: 'pipeline.started', data },
    });
    return run;
  }
  const completed = (runs: readonly string[]) =>
    until({
      what: `${runs.length} runs complete`,
      limitMs: 120_000,
      everyMs: 250,
      look: async () => {
        const states = await Promise.all(runs.map(async (run) => (await ledger.getRun(run))?.state));
        return states.every((state) => state === 'completed');
      },
    });

  it('dump while work goes on; restored, what was finished stands, what was open is done, and the sweep finds the rest', async () => {
    await start();
    const finished = await Promise.all([ask(), ask()]);
    await completed(finished);
    // In the middle of its work while the dump is made.
    await operations.pause({ name: 'generate-script', by: 'the test', reason: 'a backup' });
    const waiting = await Promise.all([ask(), ask(), ask()]);
    await until({
      what: 'the open runs wait for their second step',
      limitMs: 60_000,
      everyMs: 100,
      look: async () =>
        (await operations.listDeliveries({ function: 'generate-script', state: 'due', limit: 10 })).deliveries
          .length === waiting.length,
    });
    await runGuide('dump', environment);

    // Today's work, of which the dump knows nothing.
    await operations.resume({ name: 'generate-script' });
    const today = await ask();
    await completed([...waiting, today]);
    await operations.pause({ name: 'take-script', by: 'the test', reason: 'it would take long' });
    const inbox = join(environment.DATA_DIR, 'inbox/scripts/alice');
    await mkdir(inbox, { recursive: true });
    await writeFile(join(inbox, 'late.md'), '# Late\n\nAn octopus has three hearts.\n');
    const late = await until({
      what: 'the file that came today has a run',
      limitMs: 60_000,
      everyMs: 250,
      look: async () =>
        (await ledger.listRuns({ owner: 'alice', flow: 'dropped-video', limit: 1 })).runs[0]?.id,
    });
    await stop();

    const restored = new URL(server.url);
    restored.pathname = '/restored';
    await pool.query('create database restored');
    await pool.end();
    await runGuide('restore', { ...environment, RESTORED: restored.href });
    environment.DATABASE_URL = restored.href;
    open(restored.href);
    expect(await ledger.getRun(today)).toBeUndefined();
    expect(await ledger.getRun(late)).toBeUndefined();
    for (const run of finished) expect(await ledger.getRun(run)).toMatchObject({ state: 'completed' });
    for (const run of waiting) expect(await ledger.getRun(run)).toMatchObject({ state: 'running' });

    // The brakes of then are on again; this one keeps the swept file from becoming a whole video here.
    await operations.pause({ name: 'take-script', by: 'the test', reason: 'it would take long' });
    const swept = await runGuide('sweep', environment);
    expect(swept).toMatch(/scripts\/alice\/late\.md {2}started the run \S+/);
    await operations.resume({ name: 'generate-script' });
    await start();
    await completed(waiting);
    const dead = await operations.listDeliveries({ state: 'dead', limit: 1 });
    expect(dead.deliveries).toEqual([]);
    // Of each step one result, though it had been done before in a day that is gone.
    const { rows } = await pool.query<{ twice: number }>(
      `select count(*)::int as twice from (
         select from ledger.artifact group by run, function, part, name having count(*) > 1) t`,
    );
    expect(rows[0]?.twice).toBe(0);
  }, 300_000);
});
