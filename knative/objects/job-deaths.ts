import { PORT } from '../installation.ts';
import { labels, selects } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { ours, outside, tcp } from '../network/peers.ts';
import { policy } from '../network/policy.ts';

const name = 'job-deaths';
const all = labels({ name, component: 'platform' });

/**
 * Tells the scheduler how pods of Jobs end (memory, eviction, a crash), so that it need not wait for the end of their lease,
 * and can say why. Its ServiceAccount is the only one that has a token of the API server.
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
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
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
          apiVersion: 'v1',
          kind: 'Pod',
          selector: {
            matchLabels: {
              'app.kubernetes.io/part-of': 'millrace',
              'app.kubernetes.io/component': 'function',
            },
            // Pods of Jobs alone: those of Services come and go all day.
            matchExpressions: [{ key: 'batch.kubernetes.io/job-name', operator: 'Exists' }],
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
