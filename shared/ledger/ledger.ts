import type { Pool } from 'pg';
import { Transient } from '#shared/errors';
import type { EventType } from '#shared/events';
import { reach } from '#shared/faults';
import type { ArtifactView, DeliveryView, NewEvent, RunView } from './model.ts';
import { type Published, type PublishRequest, publish } from './publish.ts';
import {
  artifactsOf,
  deliveriesOf,
  eventsOf,
  getRun,
  listRuns,
  promisesOf,
  type RunQuery,
} from './read-models.ts';
import { cancelRun, removeRun, retryStep } from './runs.ts';

/** What front doors and command lines do with the ledger. Owners are checked by the caller. */
export interface Ledger {
  /** @throws Conflict `idempotency-key-reused` */
  publish(request: PublishRequest): Promise<Omit<Published, 'lanes'>>;
  getRun(id: string): Promise<RunView | undefined>;
  listRuns(query: RunQuery): Promise<{ runs: RunView[]; next?: string }>;
  /** Ordered by run, then by creation. */
  deliveriesOf(runs: readonly string[]): Promise<DeliveryView[]>;
  artifactsOf(run: string): Promise<ArtifactView[]>;
  promisesOf(run: string): Promise<{ name: string; keys: string[] }[]>;
  /** Its events of some types, in the order in which they came. */
  eventsOf(
    run: string,
    types: readonly EventType[],
  ): Promise<ReadonlyArray<NewEvent & { readonly id: string }>>;
  cancelRun(request: { run: string }): Promise<'cancelled' | 'already-settled'>;
  /** @throws Conflict `nothing-to-retry`, `run-cancelled` */
  retryStep(request: { run: string; function: string }): Promise<{ retried: number }>;
  /** @throws Conflict `run-open` */
  removeRun(request: { run: string }): Promise<{ keys: readonly string[]; hasForks: boolean }>;
  /** @throws Transient `ledger-unreachable` */
  health(): Promise<void>;
}

/** @param wake told of the lanes for which new work became due */
export function createLedger(options: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): Ledger {
  const { pool, source, wake } = options;
  return {
    async publish(request) {
      const { lanes, ...published } = await publish(pool, source, request);
      await reach('publish.unannounced');
      wake(lanes);
      return published;
    },
    getRun: (id) => getRun(pool, id),
    listRuns: (query) => listRuns(pool, query),
    deliveriesOf: (runs) => deliveriesOf(pool, runs),
    artifactsOf: (run) => artifactsOf(pool, run),
    promisesOf: (run) => promisesOf(pool, run),
    eventsOf: (run, types) => eventsOf(pool, run, types),
    cancelRun: ({ run }) => cancelRun(pool, run),
    async retryStep(request) {
      const { retried, lanes } = await retryStep(pool, request);
      await reach('retry.unannounced');
      wake(lanes);
      return { retried };
    },
    removeRun: ({ run }) => removeRun(pool, run),
    async health() {
      try {
        await pool.query('select 1');
      } catch (error) {
        throw new Transient('ledger-unreachable', 'The ledger cannot be reached; it will be tried again.', {
          cause: error,
        });
      }
    },
  };
}
