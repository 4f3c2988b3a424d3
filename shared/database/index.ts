/** The database: the embedded Postgres and its supervisor, pools, and numbered migrations. */
export { type ConnectOptions, connect, type Pool, type PoolClient } from './connect.ts';
export { embeddedPostgresVersion, type FoundPostgres, findEmbeddedPostgres } from './embedded/inspect.ts';
export type { DatabaseLog } from './embedded/log.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/start.ts';
export { type Migration, migrate, pendingMigrations, readMigrations } from './migrate.ts';
