import type { Pool } from 'pg';
import { reach } from '#shared/faults';
import {
  type BulkRetry,
  type DeliveryDetail,
  type DeliveryFilter,
  type DeliveryQuery,
  type ListedDelivery,
  listDeliveries,
  readDelivery,
  retryDeliveries,
  retryDelivery,
} from './deliveries.ts';
import { type LedgerFigures, readFigures } from './figures.ts';
import { type Outcomes, type OutcomesCursor, readOutcomes } from './outcomes.ts';
import { listPauses, type PauseRequest, type PauseView, pause, resume } from './pause.ts';
import { type Replayed, type ReplayRequest, replay } from './replay.ts';
import { listSchedules, type ScheduleView } from './schedules.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { readUsage, type StorageUsage } from './usage.ts';

/** What operators do with the ledger. Rights and owners are checked by the caller. */
export interface Operations {
  /** Puts a brake on a function or a provider. @throws Permanent `pause-unknown` */
  pause(request: PauseRequest): Promise<PauseView>;
  /** Takes it off; false where there was none. @throws Permanent `pause-unknown` */
  resume(request: { name: string }): Promise<{ resumed: boolean }>;
  /** All brakes, oldest first. */
  listPauses(): Promise<PauseView[]>;
  /** Newest first. @throws Permanent `cursor-invalid` */
  listDeliveries(query: DeliveryQuery): Promise<{ deliveries: ListedDelivery[]; next?: string }>;
  readDelivery(id: string): Promise<DeliveryDetail | undefined>;
  /** Makes one dead delivery due again and reopens its run. @throws Conflict `nothing-to-retry`, `run-cancelled` */
  retryDelivery(request: { delivery: string }): Promise<void>;
  /** Dead deliveries by filter, at most 1,000 a call; `more` asks for another. */
  retryDeliveries(
    request: Omit<DeliveryFilter, 'state'> & { dryRun: boolean; limit?: number },
  ): Promise<BulkRetry>;
  /**
   * Forks a settled run at a step, or says what that would do.
   *
   * @throws Permanent `run-unknown`, `step-unknown`; Conflict `run-open`, `step-not-reached`, `function-gone`,
   *   `command-not-replayed`, `run-too-large`, `idempotency-key-reused`
   */
  replay(request: ReplayRequest): Promise<Replayed>;
  /** All schedules with their next tick, by function. */
  listSchedules(): Promise<ScheduleView[]>;
  /** What is due, later, leased, dead and joined, by function. */
  figures(): Promise<LedgerFigures>;
  /** Bytes that are kept, by function. */
  usage(): Promise<StorageUsage>;
  /** Runs that ended since a look before; without one none, and where to begin. */
  outcomes(after: OutcomesCursor | undefined): Promise<Outcomes>;
  /** Why everything of a run (or of the run of a delivery) is where it is. */
  timelineOf(id: string): Promise<Timeline | undefined>;
}

/** @param wake told of the lanes for which new work became due */
export function createOperations(options: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): Operations {
  const { pool, wake } = options;
  return {
    pause: (request) => pause(pool, request),
    async resume({ name }) {
      const { resumed, lanes } = await resume(pool, name);
      await reach('resume.unannounced');
      wake(lanes.filter((lane) => lane !== '(paused)'));
      return { resumed };
    },
    listPauses: () => listPauses(pool),
    listDeliveries: (query) => listDeliveries(pool, query),
    readDelivery: (id) => readDelivery(pool, id),
    async retryDelivery({ delivery }) {
      const { lanes } = await retryDelivery(pool, delivery);
      await reach('retry-delivery.unannounced');
      wake(lanes);
    },
    async retryDeliveries({ dryRun, limit, ...filter }) {
      const bound = limit === undefined ? {} : { limit };
      const { lanes, ...result } = await retryDeliveries(pool, filter, { dryRun, ...bound });
      if (!dryRun) await reach('retry-many.unannounced');
      wake(lanes);
      return result;
    },
    async replay(request) {
      const { lanes, ...replayed } = await replay(pool, request);
      if (replayed.created) await reach('replay.unannounced');
      wake(lanes);
      return replayed;
    },
    listSchedules: () => listSchedules(pool),
    figures: () => readFigures(pool),
    outcomes: (after) => readOutcomes(pool, after),
    usage: () => readUsage(pool),
    timelineOf: (id) => timelineOf(pool, id),
  };
}
