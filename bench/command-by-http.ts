import { fileURLToPath } from 'node:url';
import type { Pool } from '#shared/database';
import { type Benchmark, type Measurement, measured, median } from './benchmark.ts';
import { type Sent, sendAll, sendSteadily } from './http/load.ts';
import { withLedger } from './ledger/with-ledger.ts';
import { giveKeys } from './platform/given-keys.ts';
import { startRole, startServer } from './platform/role.ts';

const CLIENTS = 16;
const ROUNDS = 3;
const REQUESTS = 3_000;
const FULL_REQUESTS = 10_000;
const WARMING = 1_000;
const PEOPLE = 400;
const TABLES = ['people.mute', 'ledger.run', 'ledger.event', 'ledger.delivery'];

/**
 * A short command (somebody mutes somebody: one row) through everything that a client's request meets: token, rate
 * limit, checks, function, ledger. Beside it the same durable rows, written by hand and asking nothing.
 */
export default {
  name: 'command-by-http',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, async ({ pool, url }) => {
      const auth = await giveKeys(scratch);
      const environment = { DATABASE_URL: url, DATA_DIR: scratch, RATE_LIMIT: '10000000' };
      const byHand = fileURLToPath(new URL('./http/mute-by-hand.ts', import.meta.url));
      const servers = await Promise.all([startRole('ingress', environment), startServer([byHand, url], {})]);
      try {
        const people = await register(pool);
        const tokens = new Map<string, string>();
        for (const id of people)
          tokens.set(id, await auth.issue({ sub: id, account: id, roles: [], ttlSeconds: 3_600 }));
        const [ours, bare] = servers.map(({ url }) =>
          mutes(url, people, (by) => ({ authorization: `Bearer ${tokens.get(by)}`, 'x-account': by })),
        );
        if (ours === undefined || bare === undefined) throw new Error('There are two servers.');
        return await measure({ pool, ours, bare, count: full ? FULL_REQUESTS : REQUESTS });
      } finally {
        for (const server of servers) await server.stop();
      }
    }),
} satisfies Benchmark;

async function register(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@example.org', 'person_' || n, 'Person', 'none'
     from generate_series(1, $1::int) n returning id`,
    [PEOPLE],
  );
  return rows.map(({ id }) => id);
}

/** The first so many pairs of people, each once. */
function mutes(url: string, people: readonly string[], headersOf: (by: string) => Record<string, string>) {
  return (count: number): readonly Sent[] =>
    Array.from({ length: count }, (_, index) => {
      const by = people[index % PEOPLE] ?? '';
      const user = people[(index + 1 + Math.floor(index / PEOPLE)) % PEOPLE] ?? '';
      return { method: 'PUT', url: `${url}/users/${user}/mute`, headers: headersOf(by) };
    });
}

async function measure({
  pool,
  ours,
  bare,
  count,
}: {
  pool: Pool;
  ours: (count: number) => readonly Sent[];
  bare: (count: number) => readonly Sent[];
  count: number;
}): Promise<readonly Measurement[]> {
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (const requests of [bare, ours]) {
    await forget(pool);
    await sendAll(requests(WARMING), CLIENTS);
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, requests] of [
      ['bare', bare],
      ['ours', ours],
    ] as const) {
      await forget(pool);
      rates[name].push(await sendAll(requests(count), CLIENTS));
      await checkRows(pool, count);
    }
  const half = median(rates.ours) / 2;
  const [p50, p99] = await atRate(pool, ours(count), half);
  const [, bareP99] = await atRate(pool, bare(count), half);
  return [
    measured({ what: 'commands by HTTP, one row each', value: median(rates.ours), unit: '/s' }),
    measured({
      ...{ what: '… ÷ bare Hono + pg, the same rows', value: median(rates.ours) / median(rates.bare) },
      ...{ unit: '×', digits: 2, goal: { atLeast: 0.6 } },
    }),
    measured({ what: `… at half of that, ${Math.round(half)}/s, p50`, value: p50, unit: 'ms', digits: 1 }),
    measured({ what: '… at half of that, p99', value: p99, unit: 'ms', digits: 1, goal: { atMost: 50 } }),
    measured({ what: '… bare at that rate, p99', value: bareP99, unit: 'ms', digits: 1 }),
  ];
}

/** Medians of the rounds' p50 and p99, in milliseconds. */
async function atRate(
  pool: Pool,
  requests: readonly Sent[],
  perSecond: number,
): Promise<readonly [p50: number, p99: number]> {
  const rounds: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await forget(pool);
    await sendSteadily(requests.slice(0, WARMING / 2), perSecond);
    const sent = await sendSteadily(requests.slice(WARMING / 2), perSecond);
    const took = sent.toSorted((a, b) => a - b);
    const at = (share: number): number => took[Math.floor(took.length * share)] ?? Number.NaN;
    rounds.push([at(0.5), at(0.99)]);
  }
  return [median(rounds.map(([p50]) => p50)), median(rounds.map(([, p99]) => p99))];
}

/** That both wrote as many rows. */
async function checkRows(pool: Pool, count: number): Promise<void> {
  for (const table of TABLES) {
    const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    if (rows[0]?.n !== count) throw new Error(`${table} has ${rows[0]?.n} rows, and not ${count}.`);
  }
}

async function forget(pool: Pool): Promise<void> {
  await pool.query(`truncate ${TABLES.join(', ')}`);
  await pool.query('checkpoint');
}
