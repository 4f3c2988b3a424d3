import { join } from 'node:path';
import {
  connect,
  embeddedPostgresVersion,
  findEmbeddedPostgres,
  type Pool,
  pendingMigrations,
  readMigrations,
} from '#shared/database';
import { MillraceError } from '#shared/errors';
import { ledgerMigrations } from '#shared/ledger';
import type { Examination, Finding } from './finding.ts';

const OLDEST_MAJOR = 15;
/** Tokens are dated by this machine and deliveries by the database's; a tenth of a token's grace. */
const MOST_SKEW_MS = 5_000;
const ANSWER_MS = 5_000;

type Found = Omit<Finding, 'subject'>;

/** The database: the programs of the embedded one, or the outside one; reachable, new enough, in order. */
export const database: Examination = {
  subject: 'database',
  look: async ({ config }) => {
    const outside = config.databaseUrl?.reveal();
    if (outside !== undefined) return ask(outside, `the database of DATABASE_URL (${placeOf(outside)})`);
    const version = await embeddedPostgresVersion();
    const server = await findEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres') });
    if (server !== undefined) return ask(server.url, `the embedded Postgres (process ${server.pid})`);
    return [
      { state: 'fit', says: `the embedded Postgres ${version} is installed; it starts with the platform` },
    ];
  },
};

async function ask(url: string, name: string): Promise<readonly Found[]> {
  const pool = connect({
    url,
    max: 1,
    applicationName: 'millrace doctor',
    statementTimeoutMs: ANSWER_MS,
    connectionTimeoutMs: ANSWER_MS,
  });
  try {
    return [
      await versionOf(pool, name),
      await migrationsOf(pool),
      await skewOf(pool),
      ...(await silentHosts(pool)),
    ];
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    const says = `${name} cannot be asked: ${reasonOf(error)}`;
    const remedy = 'Start it, or correct DATABASE_URL (without it, Millrace uses its own Postgres).';
    return [{ state: 'fault', says, remedy }];
  } finally {
    await pool.end();
  }
}

/** The driver's words name host and user, never the password. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  if (code === 'ENOTFOUND') return 'there is no such host';
  return message || code || 'unknown';
}

async function versionOf(pool: Pool, name: string): Promise<Found> {
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  const version = rows[0]?.server_version ?? 'unknown';
  const says = `${name} answers: Postgres ${version}`;
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return { state: 'fit', says };
  return { state: 'fault', says, remedy: `Millrace needs Postgres ${OLDEST_MAJOR} or newer.` };
}

async function migrationsOf(pool: Pool): Promise<Found> {
  const migrations = await readMigrations(ledgerMigrations);
  try {
    const pending = await pendingMigrations({ pool, migrations });
    if (pending.length === 0)
      return { state: 'fit', says: `its ${migrations.length} migrations are applied` };
    return {
      state: 'advice',
      says: `migrations that are not applied yet: ${pending.join(', ')}`,
      remedy: 'The next start applies them; nothing to do.',
    };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { state: 'fault', says: error.message };
  }
}

async function skewOf(pool: Pool): Promise<Found> {
  const before = Date.now();
  const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
  const middle = (before + Date.now()) / 2;
  const skew = Math.round((rows[0]?.now.getTime() ?? middle) - middle);
  if (Math.abs(skew) <= MOST_SKEW_MS) return { state: 'fit', says: "its clock agrees with this machine's" };
  const seconds = (Math.abs(skew) / 1000).toFixed(0);
  return {
    state: 'fault',
    says: `its clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's: tokens and waits would be wrong`,
    remedy: 'Let both take their time from a time server (systemctl status systemd-timesyncd).',
  };
}

/** Hosts that fell silent with work in their hands; a scheduler takes it from them within half a minute. */
async function silentHosts(pool: Pool): Promise<readonly Found[]> {
  const there = await pool.query<{ there: boolean }>(
    `select to_regclass('ledger.host') is not null as there`,
  );
  if (!there.rows[0]?.there) return [];
  const { rows } = await pool.query<{ hosts: bigint; deliveries: bigint }>(
    `select count(distinct h.id) as hosts, count(*) as deliveries
     from ledger.host h join ledger.delivery d on d.host = h.id and d.open and d.state = 'leased'
     where h.dead_at is not null or h.renewed_at < ledger.ledger_now() - interval '90 seconds'`,
  );
  const { hosts = 0n, deliveries = 0n } = rows[0] ?? {};
  if (deliveries === 0n) return [];
  return [
    {
      state: 'advice',
      says: `${deliveries} deliveries are in the hands of ${hosts} processes that fell silent`,
      remedy: 'A running platform takes them back within half a minute; start one: npm start',
    },
  ];
}

function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
