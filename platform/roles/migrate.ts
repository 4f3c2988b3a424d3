import { connect, migrate, type Pool, readMigrations } from '#shared/database';
import { MillraceError } from '#shared/errors';
import { ledgerMigrations, syncTopology } from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { databaseUrls } from '../open-ledger.ts';
import { topologyPath } from '../paths.ts';
import type { StartRole } from '../running-role.ts';

const SESSIONS = 2;

/**
 * Brings the ledger to what this version expects, past any pooler, and its functions and subscriptions to events.yaml. Done
 * once, however many do it at once. A ledger that a newer version has used stays as it is: migrations add, so this version
 * works on it, and to go back to it must not wait for what cannot be undone.
 *
 * @throws Permanent `migration-failed` and the like; Conflict `function-busy`, `flow-busy`
 */
export const startMigration: StartRole = async ({ config, log }) => {
  const { directUrl } = databaseUrls(config);
  const topology = readTopology({ path: topologyPath });
  const pool = connect({ url: directUrl, max: SESSIONS, applicationName: 'millrace migrate', log });
  try {
    const applied = await migrateUnlessNewer(pool);
    if (applied === undefined) log.warn({}, 'the ledger is of a newer version, and stays as it is');
    else {
      await syncTopology(pool, topology);
      log.info({ applied, functions: topology.functions.length }, 'the ledger is up to date');
    }
  } finally {
    await pool.end();
  }
  return { port: undefined, stop: async () => undefined };
};

/** @returns what was applied; nothing where a newer version was here before */
async function migrateUnlessNewer(pool: Pool): Promise<readonly string[] | undefined> {
  try {
    return await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'migration-unknown') return undefined;
    throw error;
  }
}
