import { connect, migrate, readMigrations } from '#shared/database';
import { ledgerMigrations, syncTopology } from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { databaseUrls } from '../open-ledger.ts';
import { topologyPath } from '../paths.ts';
import type { StartRole } from '../running-role.ts';

const SESSIONS = 2;

/**
 * Brings the ledger to what this version expects, past any pooler, and its functions and subscriptions to events.yaml. Done
 * once, however many do it at once.
 *
 * @throws Permanent `migration-unknown` and the like; Conflict `function-busy`, `flow-busy`
 */
export const startMigration: StartRole = async ({ config, log }) => {
  const { directUrl } = databaseUrls(config);
  const topology = readTopology({ path: topologyPath });
  const pool = connect({ url: directUrl, max: SESSIONS, applicationName: 'millrace migrate', log });
  try {
    const applied = await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
    await syncTopology(pool, topology);
    log.info({ applied, functions: topology.functions.length }, 'the ledger is up to date');
  } finally {
    await pool.end();
  }
  return { port: undefined, stop: async () => undefined };
};
