import { connect, migrate, type Pool, readMigrations } from '#shared/database';
import type { ArtifactRef, EventType } from '#shared/events';
import {
  type Claim,
  type CommitRequest,
  createHousekeeping,
  createLeases,
  createLedger,
  createOperations,
  createWorkLedger,
  type Housekeeping,
  type Leases,
  type Ledger,
  ledgerMigrations,
  type NewEvent,
  newRunId,
  type Operations,
  syncTopology,
  type WorkLedger,
} from '#shared/ledger';
import type { Profile, Topology, TopologyFunction, Trigger } from '#shared/topology';
import { createTestDatabase } from './database.ts';

const PROFILE: Profile = {
  run: 'service',
  cpu: '1',
  memoryBytes: 2 ** 28,
  diskBytes: undefined,
  gpu: 0,
  timeoutMs: 30_000,
  attempts: 3,
  concurrency: 8,
  scale: { min: 0, max: 10 },
};

/** Triggers of each function, by name; what functions emit is up to the test. */
export function testTopology(triggers: Readonly<Record<string, readonly Trigger[]>>): Topology {
  return {
    source: 'urn:test',
    profiles: { light: PROFILE, heavy: { ...PROFILE, run: 'job', attempts: 2 } },
    flows: {
      video: {
        title: 'Video',
        starts: ['pipeline.started'],
        completed: 'pipeline.completed',
        failed: 'pipeline.failed',
      },
    },
    functions: Object.entries(triggers).map(
      ([name, of]): TopologyFunction => ({
        name,
        area: 'video',
        profile: 'light',
        triggers: of,
        emits: [],
        puts: {},
        promises: undefined,
      }),
    ),
  };
}

export function on(type: EventType): Trigger {
  return { kind: 'event', type };
}

export interface LedgerFixture {
  readonly url: string;
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly work: WorkLedger;
  readonly leases: Leases;
  readonly housekeeping: Housekeeping;
  readonly operations: Operations;
  /** Lanes that were woken, oldest first. */
  readonly woken: string[];
  /** Enrols a host of the lane. */
  host(options?: { home?: string; lane?: string }): Promise<string>;
  /** Opens a run of flow `video`; answers its id. */
  start(options?: { owner?: string; title?: string; labels?: Record<string, string> }): Promise<string>;
  /** Claims due deliveries of the functions (all by default). */
  claim(host: string, options?: ClaimOptions): Promise<readonly Claim[]>;
  /** Claims exactly one; fails where there is none. */
  claimOne(host: string, options?: ClaimOptions): Promise<Claim>;
  /** Rows of any statement. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Sets ledger time ahead. */
  shiftClock(interval: string): Promise<void>;
  sync(topology: Topology): Promise<void>;
  close(): Promise<void>;
}

export interface ClaimOptions {
  readonly functions?: readonly string[];
  readonly limit?: number;
  readonly suspects?: boolean;
  readonly lane?: string;
}

/** A ledger on a fresh database of the run's Postgres. `max`: sessions of its pool. */
export async function createLedgerFixture(topology: Topology, { max = 10 } = {}): Promise<LedgerFixture> {
  const database = await createTestDatabase();
  const pool = connect({ url: database.url, max, applicationName: 'ledger-test' });
  await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
  await syncTopology(pool, topology);
  const woken: string[] = [];
  const parts = {
    pool,
    source: topology.source,
    wake: (lanes: readonly string[]) => void woken.push(...lanes),
  };
  const ledger = createLedger(parts);
  const work = createWorkLedger(parts);
  const leases = createLeases(pool);
  const every = topology.functions.map(({ name }) => name);

  const claim = (host: string, options: ClaimOptions = {}): Promise<readonly Claim[]> =>
    work.claim({
      host,
      lane: options.lane ?? 'light',
      functions: options.functions ?? every,
      limit: options.limit ?? 100,
      suspects: options.suspects ?? false,
    });

  return {
    url: database.url,
    pool,
    ledger,
    work,
    leases,
    housekeeping: createHousekeeping(parts),
    operations: createOperations(parts),
    woken,
    host: ({ home = 'home', lane = 'light' } = {}) => leases.enrol({ home, lane, pid: 1 }),
    async start({ owner = 'alice', title = 'A title', labels = {} } = {}) {
      const run = { id: newRunId(), flow: 'video', owner, title, labels };
      return (await ledger.publish({ run, event: { type: 'pipeline.started', data: { topic: title } } })).run;
    },
    claim,
    async claimOne(host, options) {
      const [claimed] = await claim(host, { ...options, limit: 1 });
      if (claimed === undefined) throw new Error('nothing was due');
      return claimed;
    },
    rows: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pool.query(text, [...values])).rows as Row[],
    async shiftClock(interval) {
      await pool.query(
        `select setval('ledger.clock_shift',
           coalesce(pg_sequence_last_value('ledger.clock_shift'), 0) + 1000 * extract(epoch from $1::interval)::bigint)`,
        [interval],
      );
    },
    sync: (changed) => syncTopology(pool, changed),
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

/** A commit request of a claim that publishes `events`. */
export function commitOf(
  claim: Claim,
  events: readonly NewEvent[] = [],
  more: Partial<CommitRequest> = {},
): CommitRequest {
  return { claim, events, artifacts: [], usage: {}, ...more };
}

export function eventOf(type: EventType, key?: string): NewEvent {
  return { type, key, data: {} };
}

/** An artifact as a handler's `put` answers it. */
export function artifactOf(claim: Claim, name: string): ArtifactRef {
  return {
    name,
    key: `runs/${claim.run}/${claim.id}/${claim.fence}-abcdef/${name}`,
    type: 'text/plain',
    bytes: 5,
    sha256: 'a'.repeat(64),
  };
}

/** Lets everybody go once `count` have arrived. */
export function barrier(count: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return opened;
  };
}

/** Resolves once `count` other sessions of this database wait for a lock. */
export async function waitingForLocks(fixture: LedgerFixture, count: number): Promise<void> {
  for (;;) {
    const [row] = await fixture.rows<{ waiting: bigint }>(
      `select count(*) as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (Number(row?.waiting ?? 0) >= count) return;
  }
}

/** Runs `work` on every item, `width` at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
