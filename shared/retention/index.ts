/** Retention: old runs, leftovers and personal data go, in the ledger and in the store, a bounded piece at a time. */
export { createRetention, type Retention } from './create-retention.ts';
export { createUpkeep, type Upkeep } from './create-upkeep.ts';
