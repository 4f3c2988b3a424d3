import pg from 'pg';
import type { DatabaseLog } from './embedded/log.ts';

export type { Pool, PoolClient } from 'pg';

export interface ConnectOptions {
  readonly url: string;
  /** Most sessions at a time. All processes together must stay under the server's 60. */
  readonly max: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** The server ends a statement that takes longer. Default 30 s. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a free or a new session. Default 10 s. */
  readonly connectionTimeoutMs?: number;
  /** Lost sessions are reported here; the pool replaces them by itself. */
  readonly log?: DatabaseLog;
}

/**
 * A pool of sessions. `int8` reads as `bigint`, `numeric` as a string (it may have more digits than a number
 * holds), `timestamptz` as a `Date`. A session lost while idle or in use never ends the process: what was
 * running rejects, the next query gets a new session.
 */
export function connect(options: ConnectOptions): pg.Pool {
  const { statementTimeoutMs = 30_000, connectionTimeoutMs = 10_000 } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.applicationName,
    // The ledger's statements are prepared and few: planning them anew for each set of values costs a third.
    options: '-c plan_cache_mode=force_generic_plan -c jit=off',
    statement_timeout: statementTimeoutMs,
    // The server's own limit answers first; this is for a server that is gone without a word.
    query_timeout: statementTimeoutMs + 5_000,
    connectionTimeoutMillis: connectionTimeoutMs,
    idleTimeoutMillis: 30_000,
    // Statements that are sent without waiting for each other's answers share one trip to the server.
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf },
  });
  const report = (error: Error) => {
    options.log?.warn(
      { application: options.applicationName, error: error.message },
      'database session lost',
    );
  };
  pool.on('error', report);
  // A session that is checked out reports on its own emitter; without a listener that would end the process.
  pool.on('connect', (client) => {
    client.on('error', report);
  });
  return pool;
}

const parserOf: pg.CustomTypesConfig['getTypeParser'] = (type, format) => {
  if (type === pg.types.builtins.INT8 && format !== 'binary') return BigInt;
  return pg.types.getTypeParser(type, format);
};
