import type { KubernetesObject } from '../kubernetes/object.ts';

const part = { 'app.kubernetes.io/part-of': 'millrace' };

const monitor = (options: {
  kind: 'PodMonitor' | 'ServiceMonitor';
  name: string;
  selects: object;
  endpoint: object;
}): KubernetesObject => {
  const { kind, name, selects, endpoint } = options;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name, labels: part },
    spec: {
      selector: selects,
      [kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints']: [
        { path: '/metrics', interval: '15s', scrapeTimeout: '10s', ...endpoint },
      ],
    },
  };
};

/** The label of a series says which function it is of, whatever Knative calls the pod. */
const named = [
  { sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], targetLabel: 'app' },
  { sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_component'], targetLabel: 'component' },
];

/** Every process that lives long enough to be asked. Jobs and what scales to none are told of by the scheduler. */
export const monitors: readonly KubernetesObject[] = [
  // Knative names the port of the container itself.
  monitor({
    kind: 'PodMonitor',
    name: 'services',
    selects: {
      matchLabels: part,
      matchExpressions: [{ key: 'serving.knative.dev/service', operator: 'Exists' }],
    },
    endpoint: { port: 'user-port', relabelings: named },
  }),
  monitor({
    kind: 'PodMonitor',
    name: 'queues',
    selects: {
      matchLabels: part,
      matchExpressions: [{ key: 'serving.knative.dev/service', operator: 'Exists' }],
    },
    endpoint: { port: 'http-usermetric', relabelings: named },
  }),
  monitor({
    kind: 'ServiceMonitor',
    name: 'platform',
    // Knative gives its own Services the labels of ours; their pods are asked above.
    selects: {
      matchLabels: { ...part, 'app.kubernetes.io/component': 'platform' },
      matchExpressions: [{ key: 'serving.knative.dev/service', operator: 'DoesNotExist' }],
    },
    endpoint: { port: 'http', relabelings: named },
  }),
];

/** Postgres and PgBouncer, where CloudNativePG keeps them. */
export const databaseMonitors: readonly KubernetesObject[] = [
  monitor({
    kind: 'PodMonitor',
    name: 'ledger',
    selects: { matchLabels: { 'cnpg.io/cluster': 'ledger', 'cnpg.io/podRole': 'instance' } },
    endpoint: { port: 'metrics' },
  }),
  monitor({
    kind: 'PodMonitor',
    name: 'ledger-pooler',
    selects: { matchLabels: { 'cnpg.io/poolerName': 'ledger-pooler' } },
    endpoint: { port: 'metrics' },
  }),
];
