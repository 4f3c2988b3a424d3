import type { Pool } from 'pg';
import { listPauses, type PauseRequest, type PauseView, pause, resume } from './pause.ts';

/** What operators do with the ledger. Rights and owners are checked by the caller. */
export interface Operations {
  /** Puts a brake on a function or a provider. @throws Permanent `pause-unknown` */
  pause(request: PauseRequest): Promise<PauseView>;
  /** Takes it off; false where there was none. @throws Permanent `pause-unknown` */
  resume(request: { name: string }): Promise<{ resumed: boolean }>;
  /** All brakes, oldest first. */
  listPauses(): Promise<PauseView[]>;
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
      wake(lanes.filter((lane) => lane !== '(paused)'));
      return { resumed };
    },
    listPauses: () => listPauses(pool),
  };
}
