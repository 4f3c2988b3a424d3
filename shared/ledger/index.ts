/** The ledger: the truth about what has happened and what is due. docs/guarantees.md says what holds. */
export { backoffMs } from './backoff.ts';
export { type CommandIds, commandIds } from './command-ids.ts';
export {
  type CommandLedger,
  type CommandRecord,
  type CommandResult,
  createCommandLedger,
  type KeptAnswer,
} from './command-ledger.ts';
export type { CommitRequest } from './commit.ts';
export type {
  AttemptView,
  BulkRetry,
  DeliveryDetail,
  DeliveryFilter,
  DeliveryQuery,
  ListedDelivery,
} from './deliveries.ts';
export { createElection, type Election } from './election.ts';
export type { FailOutcome } from './fail.ts';
export type { FunctionFigures, LedgerFigures } from './figures.ts';
export type { Transaction, WriteResult } from './handler-write.ts';
export { createHostDeaths, type HostDeaths } from './host-deaths.ts';
export { createHousekeeping, type Housekeeping } from './housekeeping.ts';
export { newRunId, runIdFor } from './ids.ts';
export { createLeases, type Leases } from './leases.ts';
export { createLedger, type Ledger } from './ledger.ts';
export type {
  ArtifactView,
  Claim,
  DeliveryState,
  DeliveryView,
  NewEvent,
  RunFailure,
  RunState,
  RunView,
} from './model.ts';
export { createOperations, type Operations } from './operations.ts';
export type { Outcomes, OutcomesCursor } from './outcomes.ts';
export { loadRunRows } from './parcel/load-run-rows.ts';
export { readRunRows } from './parcel/read-run-rows.ts';
export { type RunRows, runRows } from './parcel/rows.ts';
export type { PauseRequest, PauseView } from './pause.ts';
export { Postponed, type ProviderTake } from './provider.ts';
export type { PublishRequest } from './publish.ts';
export type { Replayed, ReplayRequest } from './replay.ts';
export {
  createLedgerRetention,
  type ErasureView,
  type LedgerRetention,
  type RemovedRun,
  recordErasure,
} from './retention.ts';
export { SCHEDULE_OWNER, type ScheduleView } from './schedules.ts';
export { syncTopology } from './subscriptions.ts';
export type { Timeline, TimelineStep, WaitingJoin } from './timeline.ts';
export { stepsFor } from './timeline-steps.ts';
export { tracedLedger } from './traced-ledger.ts';
export { inTransaction } from './transaction.ts';
export type { StorageUsage } from './usage.ts';
export { createWakeUps, type WakeUp, type WakeUps } from './wake-ups.ts';
export { createWalks, type Walks } from './walks.ts';
export { createWorkLedger, type ProgressReport, type WorkLedger } from './work.ts';
/** Folder of the numbered migrations. */
export const ledgerMigrations = new URL('./migrations/', import.meta.url);
