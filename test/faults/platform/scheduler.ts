import { createHousekeeping } from '#shared/ledger';
import { runScheduler } from '#shared/scheduler';
import { chain } from '../chain/topology.ts';
import { type Surroundings, tell } from './surroundings.ts';

export async function beScheduler({ pool, wake, log }: Surroundings): Promise<() => Promise<void>> {
  const stop = new AbortController();
  const housekeeping = createHousekeeping({ pool, source: chain.source, wake });
  const ended = runScheduler({ housekeeping, wake, log, signal: stop.signal });
  tell({ kind: 'ready' });
  return async () => {
    stop.abort();
    await ended;
  };
}
