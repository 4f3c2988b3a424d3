/**
 * What every peer's program shares. Each is told a database, how many two-step runs and its own settings, finishes
 * them, and prints one line of JSON: deliveries a second and its own CPU seconds meanwhile.
 */
import pg from 'pg';

/** About 1 KB, as in our events and rows. */
export const body = { products: [{ name: 'a.txt', key: 'x'.repeat(1_000), bytes: 1 }] };

/** The row that a step writes; where the steps write none, their number is counted instead. */
export const INSERT = 'insert into peer_effect (run, body) values ($1, $2)';

const LIMIT_MS = 240_000;

/**
 * @param {(setting: { url: string, runs: number, pool: pg.Pool, counted(): void }) => Promise<{ start(): Promise<unknown>, stop(): Promise<unknown> }>} prepare
 *   puts the work there; `start` lets the workers at it; each step that has ended for good calls `counted` or has a row
 */
export async function measurePeer(prepare) {
  const { url, runs, ...rest } = JSON.parse(process.argv[2] ?? '{}');
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await pool.query('drop table if exists peer_effect');
  await pool.query('create table peer_effect (id bigint generated always as identity, run text, body jsonb)');
  let counted = 0;
  const count = () => {
    counted += 1;
  };
  const peer = await prepare({ url, runs, pool, ...rest, counted: count });
  const before = process.cpuUsage();
  const started = performance.now();
  await peer.start();
  for (;;) {
    const { rows } = await pool.query('select count(*)::int as n from peer_effect');
    if (Math.max(rows[0].n, counted) >= runs * 2) break;
    if (performance.now() - started > LIMIT_MS)
      throw new Error(`${counted} or ${rows[0].n} of ${runs * 2} after ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(
    `${JSON.stringify({ perSecond: (runs * 2) / seconds, cpuSeconds: (user + system) / 1e6 })}\n`,
  );
  await Promise.race([peer.stop(), new Promise((resolve) => setTimeout(resolve, 5_000))]);
  process.exit(0);
}
