/** One instance is the first, the others follow; a first that is lost is replaced in seconds. */
export const INSTANCES = 3;
export const POOLERS = 2;
/** Sessions that Postgres itself takes; each has a process and some megabytes there. */
export const MAX_CONNECTIONS = 200;
/** Of each pooler, with the ledger. A transaction of the ledger takes milliseconds, so few serve many. */
export const POOL = 60;
/** Migrations, LISTEN, replication, superusers: past the pooler. */
export const DIRECT = 40;
