import { namespaces } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { inNamespace, ours, outside, tcp } from './peers.ts';
import { policy } from './policy.ts';

const database = { 'app.kubernetes.io/component': 'database' };

/** Ours may ask it, its replicas follow each other, its operator looks after it, its backups leave. */
export const databasePolicies: readonly KubernetesObject[] = [
  policy({
    name: 'database',
    pods: database,
    ingress: [
      { from: [ours({ 'app.kubernetes.io/part-of': 'millrace' })], ports: tcp(5432) },
      { from: [inNamespace(namespaces.postgresOperator)], ports: tcp(8000, 5432) },
      // Prometheus, and Grafana's dashboard of one run, which asks the ledger itself.
      { from: [inNamespace(namespaces.monitoring)], ports: tcp(9187, 9127, 5432) },
      { from: [ours(database)], ports: tcp(5432, 8000) },
    ],
    egress: [
      { to: [ours(database)], ports: tcp(5432, 8000) },
      // The API server, which the instances ask who leads; the store of backups.
      { to: [outside], ports: tcp(443, 6443) },
    ],
  }),
];
