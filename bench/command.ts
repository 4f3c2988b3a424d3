import { Hono } from 'hono';
import { z } from 'zod';
import type { Pool } from '#shared/database';
import { type CommandDefinition, defineFunction, type Ports } from '#shared/function';
import { createLocalCommands } from '#shared/host';
import { createCommandLedger, newRunId } from '#shared/ledger';
import { untold } from '#shared/telemetry';
import { type Benchmark, type Measurement, measured, median } from './benchmark.ts';
import { requestsPerSecond } from './http/requests-per-second.ts';
import { placed, topology } from './ledger/topology.ts';
import { clear, silent, withLedger } from './ledger/with-ledger.ts';

const ROUNDS = 3;
const REQUESTS = 3_000;
const FULL_REQUESTS = 20_000;

/** A command (event, reply, one row) beside the same durable rows written by hand, both answered by Hono. */
export default {
  name: 'command',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, ({ pool }) => measure(pool, full ? FULL_REQUESTS : REQUESTS)),
} satisfies Benchmark;

async function measure(pool: Pool, count: number): Promise<readonly Measurement[]> {
  const request = { headers: { 'content-type': 'application/json' }, body: '{"user":"carol"}' };
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await clear(pool);
    bare.push(await requestsPerSecond(byHand(pool), { request, count }));
    await clear(pool);
    ours.push(await requestsPerSecond(throughCommands(pool), { request, count }));
  }
  return [
    measured({ what: 'commands: event, reply, one row', value: median(ours), unit: '/s' }),
    measured({
      ...{ what: '… ÷ bare Hono + pg', value: median(ours) / median(bare), unit: '×', digits: 2 },
      goal: { atLeast: 0.6 },
    }),
  ];
}

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

function throughCommands(pool: Pool): Hono {
  const commands = createLocalCommands({
    commands: [
      {
        definition: follow,
        topology: { ...placed('follow-user', 'pipeline.started'), triggers: [], command: 'user.follow' },
        timeoutMs: 10_000,
      },
    ],
    ledger: createCommandLedger({ pool, source: topology.source, wake: () => undefined }),
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 0.5 },
    log: silent,
    tracing: untold,
  });
  const principal = { sub: 'alice', account: 'alice', roles: [] };
  const app = new Hono();
  app.post('/', async (context) => {
    const answer = await commands.send({ type: 'user.follow', data: await context.req.json(), principal });
    return Response.json(answer.body, { status: answer.status });
  });
  return app;
}

const ROWS = {
  effect: `insert into effect (run, body) values ($1, '{}')`,
  run: `insert into ledger.run (id, flow, owner, title, state) values ($1, 'command', 'alice', 'x', 'completed')`,
  event: `insert into ledger.event (id, run, type, source, data) values (gen_random_uuid(), $1, 'x', 's', $2)`,
  delivery: `insert into ledger.delivery (run, event, function, trigger, owner, lane, state, open, reply)
    values ($1, $1, 'follow-user', 0, 'alice', 'light', 'done', false, '{"ok":true}')`,
};

/** Each row by its own prepared statement, in one transaction, as one would write it. */
function byHand(pool: Pool): Hono {
  const app = new Hono();
  app.post('/', async (context) => {
    const data = JSON.stringify(await context.req.json());
    const run = newRunId();
    const tx = await pool.connect();
    try {
      await tx.query('begin');
      await tx.query({ name: 'hand-effect', text: ROWS.effect, values: [run] });
      await tx.query({ name: 'hand-run', text: ROWS.run, values: [run] });
      await tx.query({ name: 'hand-event', text: ROWS.event, values: [run, data] });
      await tx.query({ name: 'hand-delivery', text: ROWS.delivery, values: [run] });
      await tx.query('commit');
    } finally {
      tx.release();
    }
    return context.json({ ok: true });
  });
  return app;
}
