import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';
import { secrets } from '../objects/secrets.ts';
import { INSTANCES, MAX_CONNECTIONS } from './figures.ts';

const name = 'ledger';

/** The ledger, for whoever has no managed Postgres: CloudNativePG (https://cloudnative-pg.io) keeps it. */
export const cluster: KubernetesObject = {
  apiVersion: 'postgresql.cnpg.io/v1',
  kind: 'Cluster',
  metadata: { name, labels: labels({ name, component: 'database' }), annotations: beforeMigration },
  spec: {
    instances: INSTANCES,
    imageName: 'ghcr.io/cloudnative-pg/postgresql:18',
    inheritedMetadata: { labels: labels({ name, component: 'database' }) },
    bootstrap: {
      initdb: {
        database: 'millrace',
        owner: 'millrace',
        secret: { name: secrets.ledgerOwner },
        dataChecksums: true,
      },
    },
    // What is committed is on two disks before anybody hears of it.
    postgresql: {
      synchronous: { method: 'any', number: 1, dataDurability: 'preferred' },
      parameters: {
        max_connections: String(MAX_CONNECTIONS),
        shared_buffers: '1GB',
        effective_cache_size: '3GB',
        // Settings of a session do not pass a pooler; without these two the ledger plans every statement anew.
        plan_cache_mode: 'force_generic_plan',
        jit: 'off',
        statement_timeout: '30s',
        idle_in_transaction_session_timeout: '10s',
        // An old snapshot makes claims slow (docs/alerts.md, OldSnapshot).
        transaction_timeout: '15min',
        autovacuum_vacuum_scale_factor: '0.02',
        autovacuum_naptime: '15s',
        log_min_duration_statement: '1s',
      },
    },
    storage: { size: '50Gi' },
    walStorage: { size: '20Gi' },
    resources: { requests: { cpu: '1', memory: '4Gi' }, limits: { cpu: '4', memory: '4Gi' } },
    affinity: {
      enablePodAntiAffinity: true,
      topologyKey: 'kubernetes.io/hostname',
      podAntiAffinityType: 'preferred',
    },
    primaryUpdateStrategy: 'unsupervised',
    primaryUpdateMethod: 'switchover',
  },
};
