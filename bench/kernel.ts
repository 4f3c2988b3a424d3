import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { z } from 'zod';
import { connect, migrate, type Pool, readMigrations, startEmbeddedPostgres } from '#shared/database';
import {
  type CommandDefinition,
  defineFunction,
  type FunctionDefinition,
  type Ports,
} from '#shared/function';
import {
  createHostMetrics,
  createLaneHost,
  createLocalCommands,
  createReceiver,
  startHostLease,
} from '#shared/host';
import { serve } from '#shared/http';
import {
  createCommandLedger,
  createLeases,
  createLedger,
  createWorkLedger,
  ledgerMigrations,
  newRunId,
  syncTopology,
} from '#shared/ledger';
import { createFilesystemStore } from '#shared/storage';
import { createLog, createMetrics, untold } from '#shared/telemetry';
import type { Profile, Topology, TopologyFunction } from '#shared/topology';
import { createPostgresTransport } from '#shared/transport';
import { type Benchmark, type Measurement, median } from './benchmark.ts';

const ROUNDS = 3;
/** Two deliveries each. */
const RUNS = 5_000;
const SESSIONS = 8;
const CONCURRENCY = 64;
const LATENCIES = 300;
const REQUESTS = 3_000;

const BODY = { products: [{ name: 'a.txt', key: 'x'.repeat(1_000), bytes: 1 }] };
const PROFILE: Profile = {
  ...{ run: 'service', cpu: '1', memoryBytes: 2 ** 28, diskBytes: undefined, gpu: 0, timeoutMs: 30_000 },
  ...{ attempts: 3, concurrency: CONCURRENCY, scale: { min: 0, max: 1 } },
};
const fn = (name: string, on: 'pipeline.started' | 'pipeline.video.placed'): TopologyFunction => ({
  ...{ name, area: 'bench', profile: 'light', triggers: [{ kind: 'event', type: on }] },
  ...{ emits: ['pipeline.video.placed'], puts: {}, promises: undefined },
});
const TOPOLOGY: Topology = {
  source: 'urn:bench',
  profiles: { light: PROFILE },
  flows: {
    video: {
      title: 'Bench',
      starts: ['pipeline.started'],
      completed: 'pipeline.completed',
      failed: 'pipeline.failed',
    },
  },
  functions: [fn('first-step', 'pipeline.started'), fn('second-step', 'pipeline.video.placed')],
};
const SILENT = createLog({ service: 'bench', level: 'silent' });

/** The ledger's hot path beside its bare peers: the same database, processes and sessions in one run. */
const benchmark = {
  name: 'kernel',
  async run({ scratch }) {
    const server = await startEmbeddedPostgres({ dataDir: join(scratch, 'postgres'), log: SILENT });
    const pool = connect({ url: server.url, max: SESSIONS, applicationName: 'bench' });
    try {
      await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
      await syncTopology(pool, TOPOLOGY);
      await pool.query('create table effect (id bigint generated always as identity, run uuid, body jsonb)');
      await pool.query('create table peer (id bigint primary key, state text not null, body jsonb)');
      const setting = { pool, url: server.url, scratch };
      return [
        ...(await warmHost()),
        ...(await commands(setting)),
        ...(await throughput(setting)),
        ...(await latency(setting)),
      ];
    } finally {
      await pool.end();
      await server.stop();
    }
  },
} satisfies Benchmark;

export default benchmark;

interface Setting {
  readonly pool: Pool;
  readonly url: string;
  readonly scratch: string;
}

async function throughput(setting: Setting): Promise<readonly Measurement[]> {
  const bare: number[] = [];
  const own: number[] = [];
  const emits: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await barePerSecond(setting));
    own.push(await chainPerSecond({ ...setting, writes: 'own row' }));
    emits.push(await chainPerSecond({ ...setting, writes: 'nothing' }));
  }
  const ratio = median(own) / median(bare);
  return [
    only('bare: one prepared CTE a step, deliveries/s', median(bare)),
    {
      what: 'deliveries/s, each with a row of its own',
      value: `${Math.round(median(own))}`,
      goal: '≥ 3,500',
      isMet: median(own) >= 3_500,
    },
    { what: '… ÷ bare', value: `${ratio.toFixed(2)} ×`, goal: '≥ 0.45 ×', isMet: ratio >= 0.45 },
    {
      what: 'deliveries/s, emits only, in arrays',
      value: `${Math.round(median(emits))}`,
      goal: '≥ 10,000',
      isMet: median(emits) >= 10_000,
    },
    only('… ÷ bare', median(emits) / median(bare), '×'),
  ];
}

/** What pgbench would send: claim, end, effect and next step in one statement, prepared, on as many sessions. */
async function barePerSecond({ pool }: Setting): Promise<number> {
  const steps = RUNS * 2;
  await pool.query('truncate peer, effect');
  await pool.query(`insert into peer select n, 'due', null from generate_series(1, $1::bigint) n`, [RUNS]);
  const text = `with done as (update peer set state = 'done' where id = $1 and state = 'due' returning id),
    effects as (insert into effect (run, body) select null, $2::jsonb from done)
    insert into peer select id + 1000000, 'due', $2::jsonb from done where id <= 1000000`;
  const ids = [
    ...Array.from({ length: RUNS }, (_, index) => index + 1),
    ...Array.from({ length: RUNS }, (_, index) => index + 1_000_001),
  ];
  const body = JSON.stringify(BODY);
  const next = ids.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      for (const id of next) await pool.query({ name: 'bare-step', text, values: [id, body] });
    }),
  );
  return steps / seconds(started);
}

async function chainPerSecond(options: Setting & { writes: 'own row' | 'nothing' }): Promise<number> {
  const { pool, writes } = options;
  await clear(pool);
  await publishMany(pool, RUNS);
  const step = (name: string, consumes: 'pipeline.started' | 'pipeline.video.placed', isLast: boolean) =>
    defineFunction({
      name,
      summary: 'A step of the benchmark.',
      consumes: [consumes],
      needs: [],
      async handle({ run }) {
        const emits = isLast ? [] : [{ type: 'pipeline.video.placed' as const, data: BODY }];
        if (writes === 'nothing') return { emits };
        return {
          emits,
          write: async (tx) => {
            await tx.query('insert into effect (run, body) values ($1, $2)', [run.id, JSON.stringify(BODY)]);
            return {};
          },
        };
      },
    }) as unknown as FunctionDefinition;
  const host = await hostOf(options, [
    step('first-step', 'pipeline.started', false),
    step('second-step', 'pipeline.video.placed', true),
  ]);
  const started = performance.now();
  host.wake();
  for (;;) {
    const { rows } = await pool.query('select 1 from ledger.delivery where open limit 1');
    if (rows.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const took = seconds(started);
  await host.stop();
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from ledger.delivery where state = 'done'`,
  );
  if (rows[0]?.n !== RUNS * 2) throw new Error(`${rows[0]?.n} deliveries are done, not ${RUNS * 2}.`);
  return (RUNS * 2) / took;
}

async function hostOf({ pool, url, scratch }: Setting, definitions: readonly FunctionDefinition[]) {
  let wake: () => void = () => undefined;
  const work = createWorkLedger({
    pool,
    source: TOPOLOGY.source,
    wake: (lanes) => lanes.length > 0 && wake(),
  });
  const host = await createLeases(pool).enrol({ home: 'bench', lane: 'light', pid: process.pid });
  const lease = startHostLease({ url, host, onDead: () => process.exit(3) });
  await lease.looking;
  const laneHost = createLaneHost({
    host,
    lane: 'light',
    concurrency: CONCURRENCY,
    functions: definitions.map((definition) => {
      const topology = TOPOLOGY.functions.find(({ name }) => name === definition.name);
      if (topology === undefined) throw new Error(`no function ${definition.name}`);
      return { definition, topology };
    }),
    work,
    lease,
    store: await createFilesystemStore({ root: join(scratch, 'objects') }),
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 0.5 },
    log: SILENT,
    metrics: createHostMetrics(createMetrics({ service: 'bench' })),
    workRoot: join(scratch, 'work'),
    report: () => undefined,
  });
  wake = laneHost.wake;
  return {
    wake: laneHost.wake,
    async stop() {
      await laneHost.drain(5_000);
      await lease.stop();
    },
  };
}

/** Committed in one process, started in another: two hosts' worth of connections, wake-ups by NOTIFY. */
async function latency(setting: Setting): Promise<readonly Measurement[]> {
  const { pool, url } = setting;
  await clear(pool);
  const other = connect({ url, max: 2, applicationName: 'bench sender' });
  const receiving = createPostgresTransport({ pool, url, log: SILENT });
  const sending = createPostgresTransport({ pool: other, url, log: SILENT });
  const taken: number[] = [];
  const published = new Map<string, number>();
  const host = await hostOf(setting, [
    defineFunction({
      name: 'first-step',
      summary: 'Notes when it starts.',
      consumes: ['pipeline.started'],
      needs: [],
      async handle({ run }) {
        taken.push(performance.now() - (published.get(run.id) ?? Number.NaN));
        return {};
      },
    }) as unknown as FunctionDefinition,
  ]);
  await receiving.listen(() => host.wake());
  const ledger = createLedger({ pool: other, source: TOPOLOGY.source, wake: (lanes) => sending.send(lanes) });
  for (let turn = 0; turn < LATENCIES; turn += 1) {
    const id = newRunId();
    await ledger.publish({
      run: { id, flow: 'video', owner: 'bench', title: 'B', labels: {} },
      event: { type: 'pipeline.started', data: STARTED },
    });
    published.set(id, performance.now());
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await host.stop();
  await receiving.close();
  await sending.close();
  await other.end();
  // A start before the publisher heard of its own commit is no wait at all.
  const sorted = taken
    .map((ms) => Math.max(0, ms))
    .filter((ms) => !Number.isNaN(ms))
    .sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return [
    {
      what: 'emit to start by NOTIFY, p50',
      value: `${at(0.5).toFixed(1)} ms`,
      goal: '≤ 2 ms',
      isMet: at(0.5) <= 2,
    },
    {
      what: 'emit to start by NOTIFY, p99',
      value: `${at(0.99).toFixed(1)} ms`,
      goal: '≤ 8 ms',
      isMet: at(0.99) <= 8,
    },
  ];
}

const STARTED = {
  topic: 'Bench',
  settings: { format: 'long', width: 1920, height: 1080, fps: 30, seconds: 60, language: 'en' },
};

async function warmHost(): Promise<readonly Measurement[]> {
  const receiver = createReceiver({
    host: { take: async () => 'not-due' },
    metrics: createMetrics({ service: 'bench' }),
    health: async () => undefined,
  });
  const hono = new Hono();
  hono.post('/', async (context) => {
    await context.req.arrayBuffer();
    return context.body(null, 202);
  });
  const headers = {
    ...{ 'ce-specversion': '1.0', 'ce-id': '0198c0de-0000-8000-a000-000000000000.1', 'ce-source': 'urn:w' },
    ...{ 'ce-type': 'millrace.wake-up', 'ce-function': 'first-step' },
  };
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await requestsPerSecond(hono, () => ({ path: '/', headers, body: null })));
    ours.push(await requestsPerSecond({ fetch: receiver.fetch }, () => ({ path: '/', headers, body: null })));
  }
  const ratio = median(ours) / median(bare);
  return [
    {
      what: 'wake-up through a host ÷ bare Hono',
      value: `${ratio.toFixed(2)} ×`,
      goal: '≥ 0.6 ×',
      isMet: ratio >= 0.6,
    },
  ];
}

async function commands({ pool }: Setting): Promise<readonly Measurement[]> {
  const follow = defineFunction({
    name: 'follow-user',
    summary: 'Writes one row.',
    command: {
      type: 'user.follow',
      data: z.strictObject({ user: z.string() }),
      reply: z.object({ ok: z.boolean() }),
    },
    needs: [],
    async handle({ run }) {
      return {
        write: async (tx) => {
          await tx.query('insert into effect (run, body) values ($1, $2)', [run.id, '{}']);
          return { reply: { ok: true } };
        },
      };
    },
  }) as unknown as CommandDefinition;
  const local = createLocalCommands({
    commands: [
      {
        definition: follow,
        topology: { ...fn('follow-user', 'pipeline.started'), triggers: [], command: 'user.follow' },
        timeoutMs: 10_000,
      },
    ],
    ledger: createCommandLedger({ pool, source: TOPOLOGY.source, wake: () => undefined }),
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 0.5 },
    log: SILENT,
    tracing: untold,
  });
  const principal = { sub: 'alice', account: 'alice', roles: [] };
  const ours = new Hono();
  ours.post('/', async (context) => {
    const answer = await local.send({ type: 'user.follow', data: await context.req.json(), principal });
    return Response.json(answer.body, { status: answer.status });
  });
  // The same durable rows, each by its own statement in one transaction, as one would write it by hand.
  const bare = new Hono();
  bare.post('/', async (context) => {
    const data = JSON.stringify(await context.req.json());
    const run = newRunId();
    const tx = await pool.connect();
    try {
      await tx.query('begin');
      await tx.query({
        name: 'b0',
        text: 'insert into effect (run, body) values ($1, $2)',
        values: [run, '{}'],
      });
      await tx.query({
        name: 'b1',
        text: `insert into ledger.run (id, flow, owner, title, state) values ($1, 'command', 'alice', 'x', 'completed')`,
        values: [run],
      });
      await tx.query({
        name: 'b2',
        text: `insert into ledger.event (id, run, type, source, data) values (gen_random_uuid(), $1, 'x', 's', $2)`,
        values: [run, data],
      });
      await tx.query({
        name: 'b3',
        text: `insert into ledger.delivery (run, event, function, trigger, owner, lane, state, open, reply)
          values ($1, $1, 'follow-user', 0, 'alice', 'light', 'done', false, '{"ok":true}')`,
        values: [run],
      });
      await tx.query('commit');
    } finally {
      tx.release();
    }
    return context.json({ ok: true });
  });
  const rates = { ours: [] as number[], bare: [] as number[] };
  const request = () => ({
    path: '/',
    headers: { 'content-type': 'application/json' },
    body: '{"user":"carol"}',
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    await clear(pool);
    rates.bare.push(await requestsPerSecond(bare, request));
    await clear(pool);
    rates.ours.push(await requestsPerSecond(ours, request));
  }
  const ratio = median(rates.ours) / median(rates.bare);
  return [
    only('commands/s', median(rates.ours)),
    {
      what: 'command ÷ bare Hono + pg',
      value: `${ratio.toFixed(2)} ×`,
      goal: '≥ 0.6 ×',
      isMet: ratio >= 0.6,
    },
  ];
}

async function requestsPerSecond(
  application: { fetch(request: Request): Response | Promise<Response> },
  request: () => { path: string; headers: Record<string, string>; body: string | null },
): Promise<number> {
  const server = await serve(application, { port: 0, hostname: '127.0.0.1' });
  const sendOne = async (): Promise<void> => {
    const { path, headers, body } = request();
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`The benchmark was answered ${answer.status}: ${said}`);
  };
  try {
    for (let index = 0; index < 200; index += 1) await sendOne();
    let left = REQUESTS;
    const started = performance.now();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (left > 0) {
          left -= 1;
          await sendOne();
        }
      }),
    );
    return REQUESTS / seconds(started);
  } finally {
    await server.close({ graceMs: 1_000 });
  }
}

/** Opens runs whose first delivery is due, 1 KB each, without the cost of publishing them one by one. */
async function publishMany(pool: Pool, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => newRunId());
  const data = JSON.stringify({ ...STARTED, topic: 'x'.repeat(900).slice(0, 200) });
  await pool.query(
    `insert into ledger.run (id, flow, owner, title) select id, 'video', 'bench', 'B' from unnest($1::uuid[]) id`,
    [ids],
  );
  await pool.query(
    `insert into ledger.event (id, run, type, source, data)
     select overlay(id::text placing '0001' from 33)::uuid, id, 'pipeline.started', 'urn:bench', $2 from unnest($1::uuid[]) id`,
    [ids, data],
  );
  await pool.query(
    `insert into ledger.delivery (run, event, function, trigger, owner, lane)
     select id, overlay(id::text placing '0001' from 33)::uuid, 'first-step', 0, 'bench', 'light' from unnest($1::uuid[]) id`,
    [ids],
  );
  await pool.query('analyze ledger.run, ledger.event, ledger.delivery');
}

async function clear(pool: Pool): Promise<void> {
  await pool.query('truncate ledger.run, ledger.event, ledger.delivery, effect');
}

function only(what: string, value: number, unit = ''): Measurement {
  const shown = unit === '' ? String(Math.round(value)) : `${value.toFixed(2)} ${unit}`;
  return { what, value: shown, goal: '', isMet: true };
}

function seconds(started: number): number {
  return (performance.now() - started) / 1_000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    for (const { what, value, goal } of await benchmark.run({ scratch }))
      process.stdout.write(`${what.padEnd(44)} ${value.padStart(10)}  ${goal}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
