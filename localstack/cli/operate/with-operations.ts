import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, loadConfig } from '#shared/config';
import {
  connect,
  findEmbeddedPostgres,
  type Pool,
  pendingMigrations,
  readMigrations,
  startEmbeddedPostgres,
} from '#shared/database';
import { Permanent } from '#shared/errors';
import { createOperations, ledgerMigrations, type Operations } from '#shared/ledger';
import { readTopology, type Topology } from '#shared/topology';
import { openTransport, transportSettings } from '../../../platform/open-transport.ts';
import { readInstance } from '../../data-folder/index.ts';
import { dataPaths } from '../../embedded/paths.ts';
import { projectFolder } from '../project-folder.ts';

const quiet = { info: () => undefined, warn: () => undefined };
/** Wake-ups are sent together a few milliseconds later. */
const SENDING_MS = 50;

/** The database of an installation, for the while of one command. */
export interface LedgerAccess {
  readonly config: Config;
  readonly pool: Pool;
  /** With its password. */
  readonly url: string;
  readonly topology: Topology;
  /** Tells lanes of due work; sent before the command ends. */
  readonly wake: (lanes: readonly string[]) => void;
  /** Whether a platform works on DATA_DIR. */
  readonly isRunning: boolean;
}

/** Asks and mends the ledger, see {@link withLedger}. */
export function withOperations<Answer>(
  use: (operations: Operations, around: { isRunning: boolean }) => Promise<Answer>,
): Promise<Answer> {
  return withLedger(({ pool, topology, wake, isRunning }) =>
    use(createOperations({ pool, source: topology.source, wake }), { isRunning }),
  );
}

/**
 * Works on the ledger itself, past the HTTP interface: an operator must be able to ask while that is down. Uses
 * DATABASE_URL, else the Postgres of DATA_DIR, which is started for the while where no platform runs.
 *
 * @throws Permanent `data-missing`, `database-behind`
 */
export async function withLedger<Answer>(use: (access: LedgerAccess) => Promise<Answer>): Promise<Answer> {
  const config = loadConfig();
  const isRunning = (await readInstance(config.dataDir)) !== undefined;
  const database = await openDatabase(config);
  const { url } = database;
  const pool = connect({ url, max: 2, applicationName: 'millrace operator', connectionTimeoutMs: 5_000 });
  const topology = readTopology({ path: join(projectFolder, 'events.yaml') });
  const settings = transportSettings(config);
  const transport = openTransport({ settings, pool, url, lanes: Object.keys(topology.profiles), log: quiet });
  let isSending = false;
  try {
    await checkSchema(pool);
    const wake = (lanes: readonly string[]) => {
      isSending ||= lanes.length > 0;
      transport.send(lanes);
    };
    return await use({ config, pool, url, topology, wake, isRunning });
  } finally {
    if (isSending) await sleep(SENDING_MS);
    await transport.close();
    await pool.end();
    await database.close();
  }
}

async function openDatabase(config: Config): Promise<{ url: string; close(): Promise<void> }> {
  const outside = config.databaseUrl?.reveal();
  if (outside !== undefined) return { url: outside, close: async () => undefined };
  const dataDir = dataPaths(config.dataDir).postgres;
  const running = await findEmbeddedPostgres({ dataDir });
  if (running !== undefined) return { url: running.url, close: async () => undefined };
  if (!existsSync(join(dataDir, 'cluster'))) {
    throw new Permanent(
      'data-missing',
      `There is no platform's data in ${config.dataDir}; set DATA_DIR to the folder of your platform, or DATABASE_URL.`,
    );
  }
  const server = await startEmbeddedPostgres({ dataDir, log: quiet });
  return { url: server.url, close: () => server.stop() };
}

async function checkSchema(pool: Pool): Promise<void> {
  const pending = await pendingMigrations({ pool, migrations: await readMigrations(ledgerMigrations) });
  if (pending.length === 0) return;
  throw new Permanent(
    'database-behind',
    `The database lacks ${pending.join(', ')}, which the next start of the platform applies: npm start`,
  );
}
