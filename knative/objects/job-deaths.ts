import { PORT } from '../installation.ts';
import { labels, selects } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { ours, outside, tcp } from '../network/peers.ts';
import { policy } from '../network/policy.ts';

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
  // Knative makes a pod of its own for the source; all else is denied to it as to everybody.
  policy({
    name,
    pods: { 'eventing.knative.dev/sourceName': name },
    egress: [
      { to: [outside], ports: tcp(443, 6443) },
      { to: [ours(selects('scheduler'))], ports: tcp(PORT) },
    ],
  }),
  policy({
    name: `${name}-to-scheduler`,
    pods: selects('scheduler'),
    ingress: [{ from: [ours({ 'eventing.knative.dev/sourceName': name })], ports: tcp(PORT) }],
  }),
];
