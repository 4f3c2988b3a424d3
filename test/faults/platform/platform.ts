import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  connect,
  type EmbeddedPostgres,
  migrate,
  type Pool,
  readMigrations,
  startEmbeddedPostgres,
} from '#shared/database';
import { eventCatalogue } from '#shared/events';
import {
  createHousekeeping,
  createLedger,
  createOperations,
  type Housekeeping,
  type Ledger,
  ledgerMigrations,
  newRunId,
  type Operations,
  type PublishRequest,
  syncTopology,
} from '#shared/ledger';
import type { Topology } from '#shared/topology';
import { until } from '../../end-to-end/processes.ts';
import { freePort } from '../../free-port.ts';
import { chain } from '../chain/topology.ts';
import { createFaultPlan, type FaultPlan } from './fault-plan.ts';
import type { RoleSettings } from './messages.ts';
import type { Place } from './place.ts';
import { type Role, startRole } from './role.ts';
import { objectsInFolder, type StoredObjects } from './stored-objects.ts';

/** Processes of ours on a Postgres and a store of their own, with this test as their supervisor. */
export interface TestPlatform {
  readonly folder: string;
  /** The folder of the artifacts, where it is one. */
  readonly objects: string;
  /** What lies in the artifacts bucket. */
  readonly stored: StoredObjects;
  readonly pool: Pool;
  readonly faults: FaultPlan;
  readonly housekeeping: Housekeeping;
  readonly ledger: Ledger;
  readonly operations: Operations;
  /** The folder of the inbox, where it is one. */
  readonly inbox: string;
  /** Puts a file into the inbox, past the platform. */
  drop(key: string, text: string): Promise<void>;
  url(): string;
  /** Starts a process. A worker that dies is reported to the ledger at once, as the product's supervisor does. */
  start(role: RoleSettings['role'], more?: Partial<RoleSettings>): Promise<Role>;
  isAlive(role: Role): boolean;
  /** From now on nobody sees when it dies. */
  forget(role: Role): void;
  /** kill -9 of the server and a new one on the same folder and port, before or after which `between` runs. */
  crashDatabase(between?: () => Promise<void>): Promise<void>;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Resolves once no run is running and no tick is due; `meanwhile` runs before each look. */
  settled(limitMs?: number, meanwhile?: () => Promise<void>): Promise<void>;
  /** kill -9 of every process that this platform started, save Postgres. */
  killAll(): Promise<void>;
  /** Empties ledger, store and fault plan. */
  reset(): Promise<void>;
  remove(): Promise<void>;
}

const quiet = { info: () => undefined, warn: () => undefined };

export async function startTestPlatform(
  options: {
    topology?: Topology;
    settings?: Record<string, string>;
    objects?: string;
    work?: string;
    /** Default: folders of this platform, and wake-ups by Postgres. */
    place?: Place;
  } = {},
): Promise<TestPlatform> {
  const { topology = chain, settings, place } = options;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
  const objects = options.objects ?? join(folder, 'objects');
  const work = options.work ?? join(folder, 'work');
  const inbox = join(folder, 'inbox');
  const faults = createFaultPlan(join(folder, 'faults'));
  await mkdir(objects, { recursive: true });
  await mkdir(work, { recursive: true });
  await mkdir(inbox);
  const dataDir = join(folder, 'postgres');
  const port = await freePort();
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir,
      log: quiet,
      port,
      ...(settings === undefined ? {} : { settings }),
    });
  let server = await start();
  const { url } = server;
  const pool = connect({ url, max: 6, applicationName: 'faults test' });
  await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
  await syncTopology(pool, topology);
  // No primary key: one would hide a broken fence.
  await pool.query('create table effect (delivery uuid not null, run uuid not null)');
  // Rows of a product go with their run.
  await pool.query(`create function forget_effects() returns trigger language plpgsql as
    'begin delete from effect where run = old.id; return null; end'`);
  await pool.query(
    'create trigger forget after delete on ledger.run for each row execute function forget_effects()',
  );
  const housekeeping = createHousekeeping({ pool, source: topology.source, wake: () => undefined });
  const roles = new Set<Role>();
  let isUp: Promise<unknown> = Promise.resolve();
  const forgotten = new WeakSet<Role>();

  async function startOne(role: RoleSettings['role'], more: Partial<RoleSettings> = {}) {
    // A process that starts while Postgres is away ends at once.
    await isUp;
    const where = place === undefined ? {} : { place: place.settings };
    const settings = { role, databaseUrl: url, objects, work, inbox, ...where, ...more };
    const started = await startRole(settings, faults.folder);
    roles.add(started);
    void started.ended.then(async () => {
      roles.delete(started);
      if (started.host === undefined || forgotten.has(started)) return;
      const hosts = [started.host];
      await until({
        what: 'the ledger hears of the death',
        limitMs: 30_000,
        look: () =>
          housekeeping.takeOver({ silentMs: 30_000, hosts }).then(
            () => true,
            () => false,
          ),
      }).catch(() => undefined);
    });
    return started;
  }

  /** On the same port; another process of a busy machine may have it for a moment. */
  const startAgain = (): Promise<EmbeddedPostgres> =>
    until({
      what: 'Postgres starts again',
      limitMs: 60_000,
      everyMs: 250,
      look: () => start().catch(() => undefined),
    });

  const killAll = async (): Promise<void> => void (await Promise.all([...roles].map((role) => role.kill())));

  return {
    folder,
    objects,
    stored: place?.stored ?? objectsInFolder(objects),
    pool,
    faults,
    housekeeping,
    ledger: createLedger({ pool, source: topology.source, wake: () => undefined }),
    operations: createOperations({ pool, source: topology.source, wake: () => undefined }),
    inbox,
    async drop(key, text) {
      if (place !== undefined) return await place.drop(key, text);
      await mkdir(dirname(join(inbox, key)), { recursive: true });
      await writeFile(join(inbox, key), text);
    },
    isAlive: (role) => roles.has(role),
    forget: (role) => void forgotten.add(role),
    url: () => url,
    start: startOne,
    async crashDatabase(between = async () => undefined) {
      const back = Promise.withResolvers<void>();
      isUp = back.promise;
      try {
        const gone = new Promise<void>((resolve) => server.onExit(() => resolve()));
        process.kill(server.pid, 'SIGKILL');
        await gone;
        await between();
        server = await startAgain();
      } finally {
        back.resolve();
      }
    },
    stopDatabase: () => server.stop(),
    async startDatabase() {
      server = await startAgain();
    },
    rows: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pool.query(text, [...values])).rows as Row[],
    async settled(limitMs = 60_000, meanwhile = async () => undefined) {
      await until({
        what: 'every run settles',
        limitMs,
        look: async () => {
          await meanwhile();
          return pool
            .query(`(select from ledger.run where state = 'running' limit 1)
               union all (select from ledger.schedule where next_at <= ledger.ledger_now() limit 1)`)
            .then(
              ({ rowCount }) => rowCount === 0,
              () => false,
            );
        },
      }).catch(async (error: Error) => {
        throw new Error(`${error.message}; ${await unsettled(pool)}`);
      });
    },
    killAll,
    async reset() {
      await killAll();
      faults.clear();
      const tables = [
        'run',
        'event',
        'delivery',
        'attempt',
        'artifact',
        'join_group',
        'join_part',
        'join_key',
        'promise',
        'answer',
        'host',
        'pause',
        'noticed',
        'erasure',
      ];
      await pool.query(`truncate effect, ${tables.map((table) => `ledger.${table}`).join(', ')}`);
      await pool.query(`select setval('ledger.clock_shift', 0)`);
      // What a failure left paused or put off goes back to its lane.
      await syncTopology(pool, topology);
      await place?.empty();
      for (const each of [objects, inbox]) {
        await rm(each, { recursive: true, force: true });
        await mkdir(each, { recursive: true });
      }
    },
    async remove() {
      await killAll();
      await pool.end();
      await server.stop();
      place?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What stands of the first runs that do not settle. */
async function unsettled(pool: Pool): Promise<string> {
  const { rows } = await pool.query(
    `select r.id, r.title, r.state as run, d.function, d.state, d.open, d.seq, d.later_at, d.lane, d.attempts, d.lost,
       d.fence, d.started_at, d.host, h.renewed_at, h.dead_at, ledger.ledger_now() as now, (select last_value from ledger.due_seq) as last_seq
     from ledger.run r left join ledger.delivery d on d.run = r.id left join ledger.host h on h.id = d.host
     where r.state = 'running' order by r.id limit 20`,
  );
  const text = (row: unknown) =>
    JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return rows.map(text).join('\n');
}

/** A request for a run of the chain; the topic says how its first step behaves. */
export function chainRun(topic = 'does its work', id = newRunId()): PublishRequest {
  const { settings } = eventCatalogue['pipeline.started'].example as { settings: unknown };
  return {
    run: { id, flow: 'video', owner: 'alice', title: topic, labels: {} },
    event: { type: 'pipeline.started', data: { settings, topic } },
  };
}
