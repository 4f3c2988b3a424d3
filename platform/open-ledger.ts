import type { Config } from '#shared/config';
import { connect, type Pool } from '#shared/database';
import { Permanent } from '#shared/errors';
import type { Log } from '#shared/telemetry';
import { readTopology, type Topology } from '#shared/topology';
import type { Transport } from '#shared/transport';
import { openTransport, transportSettings } from './open-transport.ts';
import { topologyPath } from './paths.ts';

/** The ledger as a process of its own works with it. It need not be there yet. */
export interface LedgerAccess {
  readonly pool: Pool;
  readonly topology: Topology;
  /** CloudEvents `source` of what is published. */
  readonly source: string;
  /** Tells others of the lanes for which work became due. */
  readonly wake: (lanes: readonly string[]) => void;
  /** Hears of them. @throws Permanent `broker-wakes-by-name` */
  readonly listen: Transport['listen'];
  /** Sends what waits. */
  close(): Promise<void>;
}

/**
 * @param sessions with the database, at most; `knative/installation.ts` reckons with them
 * @param wakes, count as {@link openTransport} has them
 * @throws Permanent `database-url-missing`
 */
export function openLedger(
  options: { config: Config; role: string; sessions: number; log: Log } & Pick<
    Parameters<typeof openTransport>[0],
    'wakes' | 'count'
  >,
): LedgerAccess {
  const { config, role, sessions, log, ...waking } = options;
  const { url, directUrl } = databaseUrls(config);
  const topology = readTopology({ path: topologyPath });
  const pool = connect({ url, max: sessions, applicationName: `millrace ${role}`, log });
  const lanes = Object.keys(topology.profiles);
  const settings = transportSettings(config);
  const transport = openTransport({ settings, pool, url: directUrl, lanes, log, ...waking });
  return {
    pool,
    topology,
    source: topology.source,
    wake: (due) => transport.send(due),
    listen: (...asked) => transport.listen(...asked),
    async close() {
      await transport.close();
      await pool.end();
    },
  };
}

/** @throws Permanent `database-url-missing` */
export function databaseUrls(config: Config): { url: string; directUrl: string } {
  const url = config.databaseUrl?.reveal();
  if (url === undefined) {
    throw new Permanent(
      'database-url-missing',
      'DATABASE_URL is not set; set it to the ledger of the installation (`npx millrace start` needs none: it brings its own).',
    );
  }
  return { url, directUrl: config.databaseDirectUrl?.reveal() ?? url };
}
