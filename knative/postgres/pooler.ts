import { Permanent } from '#shared/errors';
import type { SessionBudget } from '#shared/topology';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';
import { containerSecurity } from '../pod/security.ts';
import { DIRECT, MAX_CONNECTIONS, POOL, POOLERS } from './figures.ts';
import { directSessions } from './platform-sessions.ts';

const name = 'ledger-pooler';

/**
 * PgBouncer before the ledger: thousands of sessions of pods share a hundred of Postgres, for a transaction each.
 * Either of the two takes all clients when the other is gone.
 *
 * @throws Permanent `pool-too-large`
 */
export function pooler({ connections }: Pick<SessionBudget, 'connections'>): KubernetesObject {
  if (directSessions() > DIRECT)
    throw new Permanent(
      'pool-too-large',
      `knative/postgres/figures.ts: ${DIRECT} direct sessions are fewer than ${directSessions()}, which listen or migrate (knative/installation.ts).`,
    );
  const sessions = POOLERS * POOL + DIRECT;
  if (sessions > MAX_CONNECTIONS)
    throw new Permanent(
      'pool-too-large',
      `knative/postgres/figures.ts: ${POOLERS} poolers × ${POOL} + ${DIRECT} direct = ${sessions} sessions, above max_connections ${MAX_CONNECTIONS}.`,
    );
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Pooler',
    metadata: { name, labels: labels({ name, component: 'database' }), annotations: beforeMigration },
    spec: {
      cluster: { name: 'ledger' },
      instances: POOLERS,
      type: 'rw',
      pgbouncer: {
        poolMode: 'transaction',
        parameters: {
          max_client_conn: String(connections),
          default_pool_size: String(POOL),
          max_db_connections: String(POOL),
          // Named statements live in the pooler, and are prepared where they are needed.
          max_prepared_statements: '200',
          // Postgres has these for everybody; see the Cluster.
          ignore_startup_parameters: 'options,statement_timeout,extra_float_digits',
          query_wait_timeout: '10',
          server_idle_timeout: '60',
        },
      },
      template: {
        metadata: { labels: labels({ name, component: 'database' }) },
        spec: {
          containers: [
            {
              name: 'pgbouncer',
              resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
              securityContext: containerSecurity,
            },
          ],
        },
      },
    },
  };
}
