import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  migrate,
  type Pool,
  type PoolClient,
  readMigrations,
  startEmbeddedPostgres,
} from '#shared/database';
import {
  createLeases,
  createWorkLedger,
  ledgerMigrations,
  syncTopology,
  type WorkLedger,
} from '#shared/ledger';
import type { Profile, Topology } from '#shared/topology';
import { type Benchmark, type Measurement, median } from './benchmark.ts';

const SMALL = { finished: 200_000, passing: 20_000 };
const FULL = { finished: 5_000_000, passing: 500_000 };
/** Deliveries that one turn of the churn makes, claims and finishes. */
const TURN = 500;
const LOOKS = 15;
/** Buffers may differ by so much from what the same claim read in the fresh ledger. */
const TOLERANCE = 0.15;
const END_MS = 5_000;

const profile: Profile = {
  ...{ run: 'service', cpu: '1', memoryBytes: 2 ** 28, diskBytes: undefined, gpu: 0, timeoutMs: 30_000 },
  ...{ attempts: 3, concurrency: 8, scale: { min: 0, max: 10 } },
};
const topology: Topology = {
  source: 'urn:bench',
  profiles: { light: profile },
  flows: {},
  functions: [
    {
      ...{ name: 'step', area: 'bench', profile: 'light', emits: [], puts: {}, promises: undefined },
      triggers: [{ kind: 'event', type: 'pipeline.started' }],
    },
  ],
};

/** Buffers that a claim of one delivery reads: in a small ledger, beside finished deliveries, under churn with an open snapshot. */
export default {
  name: 'claim',
  async run({ scratch, full = false }) {
    const { finished, passing } = full ? FULL : SMALL;
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      debug: () => undefined,
    };
    const server = await startEmbeddedPostgres({ dataDir: join(scratch, 'postgres'), log });
    const pool = connect({
      url: server.url,
      max: 6,
      applicationName: 'bench claim',
      statementTimeoutMs: 1_200_000,
    });
    try {
      return await measure(pool, { url: server.url, finished, passing });
    } finally {
      // A failure may have left a session checked out, which the end of the pool would wait for.
      await Promise.race([pool.end(), sleep(END_MS, undefined, { ref: false })]);
      await server.stop();
    }
  },
} satisfies Benchmark;

async function measure(
  pool: Pool,
  { url, finished, passing }: { url: string; finished: number; passing: number },
): Promise<readonly Measurement[]> {
  await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
  await syncTopology(pool, topology);
  const claims = await createClaims(pool, url);
  // As many as keep the trees as deep as they then stay, or the depth would be measured.
  await addFinished(pool, SMALL.finished / 2);
  await pool.query('vacuum analyze');
  await claims.churn(TURN);
  const fresh = await claims.buffers();

  await addFinished(pool, finished);
  await pool.query('vacuum analyze');
  await claims.churn(TURN);
  const beside = await claims.buffers();

  const reader = await pool.connect();
  await reader.query('begin isolation level repeatable read');
  await reader.query('select count(*) from ledger.host');
  const under: number[] = [];
  for (let passed = 0; passed < passing; passed += passing / 10) {
    await claims.churn(passing / 10);
    under.push(await claims.buffers());
  }
  // The bound keeps half a second of what was claimed in sight.
  await sleep(600);
  const after = await claims.buffers();
  const unbounded = await claims.buffers({ from: 0n, looks: 1 });
  await reader.query('rollback');
  reader.release();
  await claims.close();

  const row = (what: string, value: number): Measurement => {
    const change = (value / fresh - 1) * 100;
    return {
      what,
      value: `${value} (${change >= 0 ? '+' : ''}${change.toFixed(0)} %)`,
      goal: `± ${TOLERANCE * 100} %`,
      isMet: Math.abs(change) <= TOLERANCE * 100,
    };
  };
  const count = (value: number): string => value.toLocaleString('en');
  return [
    { what: 'buffers a claim reads, small ledger', value: `${fresh}`, goal: '', isMet: true },
    row(`… beside ${count(finished)} finished deliveries`, beside),
    row(`… at the worst, while ${count(passing)} more pass under an open snapshot`, Math.max(...under)),
    row('… half a second later, the snapshot still open', after),
    {
      what: '… the same from the beginning, without the bound',
      value: `${unbounded}`,
      goal: '',
      isMet: true,
    },
  ];
}

/** A host that claims through the work ledger; what it asks with is then explained. */
async function createClaims(pool: Pool, url: string) {
  let values: readonly unknown[] = [];
  const asking = connect({ url, max: 1, applicationName: 'bench claim' });
  asking.on('connect', (client: PoolClient) => {
    const query = client.query.bind(client) as (...asked: readonly unknown[]) => unknown;
    // A pool asks with a callback, which must come along.
    client.query = ((...asked: readonly [{ name?: string; values?: readonly unknown[] }, ...unknown[]]) => {
      if (asked[0].name === 'claim') values = asked[0].values ?? [];
      return query(...asked);
    }) as typeof client.query;
  });
  const work: WorkLedger = createWorkLedger({
    pool: asking,
    source: topology.source,
    wake: () => undefined,
  });
  const host = await createLeases(pool).enrol({ home: 'bench', lane: 'light', pid: process.pid });
  const request = { host, lane: 'light', functions: ['step'], suspects: false };
  const text = await readFile(new URL('../shared/ledger/sql/claim.sql', import.meta.url), 'utf8');
  const client = await pool.connect();

  return {
    /** Makes, claims and finishes deliveries, so many; then leaves as many due as claims are explained. */
    async churn(count: number): Promise<void> {
      for (let done = 0; done < count; done += TURN) {
        await addDue(pool, TURN);
        for (let left = TURN; left > 0; ) {
          const claimed = await work.claim({ ...request, limit: 100 });
          if (claimed.length === 0) break;
          await finish(
            pool,
            claimed.map(({ id }) => id),
          );
          left -= claimed.length;
        }
      }
      await addDue(pool, 6 * LOOKS);
      await finish(
        pool,
        (await work.claim({ ...request, limit: 1 })).map(({ id }) => id),
      );
    },
    /** The median of some claims of one delivery, each finished; with the bound that the host has, or `from`. */
    async buffers({ from, looks = LOOKS }: { from?: bigint; looks?: number } = {}): Promise<number> {
      const found: number[] = [];
      await prepare(client, text);
      for (let look = 0; look < looks; look += 1) {
        const claimed = await work.claim({ ...request, limit: 1 });
        await finish(
          pool,
          claimed.map(({ id }) => id),
        );
        found.push(await explain(client, { host, bound: String(from ?? values[5]) }));
        const { rows } = await client.query<{ id: string }>(
          `select id from ledger.delivery where open and later_at is null and lane = 'light' and state = 'leased'`,
        );
        await finish(
          pool,
          rows.map(({ id }) => id),
        );
      }
      return median(found);
    },
    async close(): Promise<void> {
      client.release();
      await asking.end();
    },
  };
}

async function prepare(client: PoolClient, text: string): Promise<void> {
  await client.query('deallocate all');
  await client.query(`prepare claims as ${text}`);
}

async function explain(
  client: PoolClient,
  { host, bound }: { host: string; bound: string },
): Promise<number> {
  // It holds: claims that are undone would fill their page with versions that nobody makes otherwise.
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, unknown> }] }>(
    `explain (analyze, buffers, format json) execute claims ('${host}', 'light', '{step}', 1, false, ${bound})`,
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
  return Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']);
}

/** Runs with one event and one finished delivery each. */
async function addFinished(pool: Pool, count: number): Promise<void> {
  const BATCH = 100_000;
  for (let done = 0; done < count; done += BATCH) await insert(pool, Math.min(BATCH, count - done), 'done');
}

async function addDue(pool: Pool, count: number): Promise<void> {
  await insert(pool, count, 'due');
}

async function insert(pool: Pool, count: number, state: 'done' | 'due'): Promise<void> {
  await pool.query(
    `with run as (
       insert into ledger.run (id, flow, owner, title, state)
       select ledger.new_id(), 'bench', 'bench', 'a run', case $2 when 'due' then 'running' else 'completed' end
       from generate_series(1, $1::int) returning id
     ),
     event as (
       insert into ledger.event (id, run, type, source, data)
       select ledger.new_id(), id, 'pipeline.started', 'urn:bench', '{}' from run returning id, run
     )
     insert into ledger.delivery (run, event, function, trigger, owner, lane, state, open)
     select run, id, 'step', 0, 'bench', 'light', $2, $2 = 'due' from event`,
    [count, state],
  );
}

async function finish(pool: Pool, ids: readonly string[]): Promise<void> {
  await pool.query(
    `update ledger.delivery set state = 'done', open = false, host = null, ended_at = ledger.ledger_now()
     where id = any ($1::uuid[])`,
    [[...ids]],
  );
}
