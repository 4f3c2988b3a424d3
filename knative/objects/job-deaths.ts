import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

const name = 'job-deaths';
const all = labels({ name, component: 'platform' });

/**
 * Tells the scheduler why a Job's pod ended (memory, its node, its deadline); that it ended the ledger knows by the lease.
 * Its ServiceAccount is the only one that has a token of the API server.
 */
export const jobDeaths: readonly KubernetesObject[] = [
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, labels: all },
    automountServiceAccountToken: true,
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name, labels: all },
    rules: [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, labels: all },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name }],
  },
  {
    apiVersion: 'sources.knative.dev/v1',
    kind: 'ApiServerSource',
    metadata: { name, labels: all },
    spec: {
      serviceAccountName: name,
      mode: 'Resource',
      resources: [
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          selector: {
            matchLabels: {
              'app.kubernetes.io/part-of': 'millrace',
              'app.kubernetes.io/component': 'function',
            },
          },
        },
      ],
      sink: { ref: { apiVersion: 'v1', kind: 'Service', name: 'scheduler' }, uri: '/job-deaths' },
    },
  },
];
