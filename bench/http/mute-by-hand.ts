import { Hono } from 'hono';
import { connect } from '#shared/database';
import { serve } from '#shared/http';
import { newRunId } from '#shared/ledger';
import { SESSIONS } from '../ledger/with-ledger.ts';

/**
 * What one would write without functions, in a process of its own: the rows that muting somebody leaves, each by its own
 * prepared statement, in one transaction. It asks nobody who he is.
 */
const pool = connect({ url: process.argv[2] ?? '', max: SESSIONS, applicationName: 'by-hand' });
const ROWS = {
  mute: 'insert into people.mute (muter, muted) values ($1, $2) on conflict do nothing',
  run: `insert into ledger.run (id, flow, owner, title, state) values ($1, 'command', $2, 'user.mute', 'completed')`,
  event: `insert into ledger.event (id, run, type, source, data) values (gen_random_uuid(), $1, 'user.mute', 's', $2)`,
  delivery: `insert into ledger.delivery (run, event, function, trigger, owner, lane, state, open)
    values ($1, $1, 'mute-user', 0, $2, 'light', 'done', false)`,
};

const app = new Hono();
app.put('/users/:id/mute', async (context) => {
  const by = context.req.header('x-account') ?? '';
  const user = context.req.param('id');
  const run = newRunId();
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    await tx.query({ name: 'mute', text: ROWS.mute, values: [by, user] });
    await tx.query({ name: 'run', text: ROWS.run, values: [run, by] });
    await tx.query({ name: 'event', text: ROWS.event, values: [run, { user }] });
    await tx.query({ name: 'delivery', text: ROWS.delivery, values: [run, by] });
    await tx.query('commit');
  } finally {
    tx.release();
  }
  return context.body(null, 204);
});

const server = await serve(app, { port: 0, hostname: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ message: 'ready', port: server.port })}\n`);
process.once('SIGTERM', async () => {
  await server.close({ graceMs: 1_000 });
  await pool.end();
});
