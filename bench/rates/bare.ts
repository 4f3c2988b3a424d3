import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import { secondsSince } from '../benchmark.ts';
import { body } from '../ledger/chain.ts';
import { type BenchLedger, clear, SESSIONS } from '../ledger/with-ledger.ts';
import { type Rate, spent } from './rate.ts';

const SCRIPT = fileURLToPath(new URL('../peers/pgbench.sql', import.meta.url));
const LIMIT_MS = 300_000;
const run = promisify(execFile);

/** Who sends the bare statements: Debian's `pgbench` (postgresql-client, -contrib), or Node where it is not installed. */
export async function bareSender(): Promise<'pgbench' | 'node-pg'> {
  const found = await run('pgbench', ['--version'], { env: inheritedEnvironment() }).catch(() => undefined);
  return found === undefined ? 'node-pg' : 'pgbench';
}

/** What Postgres can do at best with a transaction a step: one prepared CTE writes all that a delivery of ours leaves. */
export async function bareRate(
  ledger: BenchLedger,
  { runs, sender }: { runs: number; sender: 'pgbench' | 'node-pg' },
): Promise<Rate> {
  const { pool } = ledger;
  await clear(pool);
  await pool.query('drop sequence if exists bare_turn');
  await pool.query('create sequence bare_turn cache 1');
  await pool.query(`insert into bare_step select n, 'due' from generate_series(1, $1::bigint) n`, [runs]);
  await pool.query('analyze bare_step');
  const send = sender === 'pgbench' ? throughPgbench : throughNode;
  const { perSecond, cpuSeconds } = await send(ledger, runs);
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from effect');
  if (rows[0]?.n !== runs * 2) throw new Error(`${rows[0]?.n} bare effects instead of ${runs * 2}`);
  return { perSecond, cpuMs: (cpuSeconds * 1_000) / (runs * 2) };
}

interface Sent {
  readonly perSecond: number;
  readonly cpuSeconds: number;
}

async function throughPgbench({ url, pid }: BenchLedger, runs: number): Promise<Sent> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const args = [
    ...['--no-vacuum', '--protocol', 'prepared', '--file', SCRIPT],
    ...['--client', String(SESSIONS), '--jobs', '2', '--transactions', String((runs * 2) / SESSIONS)],
    ...['--define', `runs=${runs}`, '--define', `body=${JSON.stringify(body)}`],
    ...['--host', hostname, '--port', port, '--username', username, pathname.slice(1)],
  ];
  const env = { ...inheritedEnvironment(), PGPASSWORD: decodeURIComponent(password) };
  const { result, cpuSeconds } = await spent([process.pid, pid], () =>
    run('pgbench', args, { env, timeout: LIMIT_MS }),
  );
  return { perSecond: Number(/tps = ([\d.]+)/.exec(result.stdout)?.[1]), cpuSeconds };
}

async function throughNode({ pool, pid }: BenchLedger, runs: number): Promise<Sent> {
  const text = `with done as (update bare_step set state = 'done' where id = $1 and state = 'due' returning id),
    effects as (insert into effect (run, body) select null, $2::jsonb from done),
    events as (insert into bare_event select id, $2::jsonb from done where id <= 1000000)
    insert into bare_step select id + 1000000, 'due' from done where id <= 1000000`;
  const ids = [0, 1_000_000].flatMap((from) => Array.from({ length: runs }, (_, index) => from + index + 1));
  const next = ids.values();
  const sent = JSON.stringify(body);
  const started = performance.now();
  const { cpuSeconds } = await spent([process.pid, pid], () =>
    Promise.all(
      Array.from({ length: SESSIONS }, async () => {
        for (const id of next) await pool.query({ name: 'bare-step', text, values: [id, sent] });
      }),
    ),
  );
  return { perSecond: (runs * 2) / secondsSince(started), cpuSeconds };
}
