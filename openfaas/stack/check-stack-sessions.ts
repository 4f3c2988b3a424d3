import { Permanent } from '#shared/errors';
import { lineIn, poolSize, type Topology } from '#shared/topology';
import { clusterReady } from '../../knative/pod/figures.ts';

/** Beside its work a host renews its lease. */
const LEASE_SESSIONS = 1;

/**
 * All pods that there may be find a session with the database. On OpenFaaS a Job's function is a server too, with all
 * its slots, so it may hold more than `events.yaml` is checked for.
 *
 * @throws Permanent `stack-sessions`
 */
export function checkStackSessions(topology: Topology, page: string): void {
  const { database, functions } = topology;
  if (database === undefined) return;
  const needed = functions.reduce((sum, fn) => {
    const { scale, concurrency } = clusterReady(topology, fn);
    return sum + scale.max * (poolSize({ concurrency }) + LEASE_SESSIONS);
  }, database.platform);
  if (needed <= database.connections) return;
  throw new Permanent(
    'stack-sessions',
    `events.yaml:${lineIn(page, ['database', 'connections'])}: database.connections: ${database.connections} is below ${needed}, which all functions and the ` +
      'platform may hold on OpenFaaS; raise it and what the pooler takes, or lower scale.max',
  );
}
