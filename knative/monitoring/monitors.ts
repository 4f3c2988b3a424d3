import type { KubernetesObject } from '../kubernetes/object.ts';
import { secrets } from '../objects/secrets.ts';

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

/** What people reach tells of itself only to who has a token of the role admin. */
const withToken = {
  authorization: { type: 'Bearer', credentials: { name: secrets.metrics, key: 'token' } },
};

const NAME = 'app.kubernetes.io/name';
const isOfKnative = { key: 'serving.knative.dev/service', operator: 'Exists' };

/**
 * Every process that lives long enough to be asked. Jobs and what scales to none are told of by the scheduler.
 * queue-proxy is not asked: since Serving 1.19 it listens at 9091 only with `request-metrics-protocol: prometheus`, and
 * what does not listen would be down for ever.
 */
export const monitors: readonly KubernetesObject[] = [
  // Knative names the port of the container itself.
  monitor({
    kind: 'PodMonitor',
    name: 'services',
    selects: {
      matchLabels: part,
      matchExpressions: [isOfKnative, { key: NAME, operator: 'NotIn', values: ['ingress'] }],
    },
    endpoint: { port: 'user-port', relabelings: named },
  }),
  monitor({
    kind: 'PodMonitor',
    name: 'ingress',
    selects: { matchLabels: { ...part, [NAME]: 'ingress' }, matchExpressions: [isOfKnative] },
    endpoint: { port: 'user-port', relabelings: named, ...withToken },
  }),
  monitor({
    kind: 'ServiceMonitor',
    name: 'platform',
    // Knative gives its own Services the labels of ours; their pods are asked above.
    selects: {
      matchLabels: { ...part, 'app.kubernetes.io/component': 'platform' },
      matchExpressions: [
        { key: 'serving.knative.dev/service', operator: 'DoesNotExist' },
        { key: NAME, operator: 'NotIn', values: ['streams'] },
      ],
    },
    endpoint: { port: 'http', relabelings: named },
  }),
  monitor({
    kind: 'ServiceMonitor',
    name: 'streams',
    selects: { matchLabels: { ...part, [NAME]: 'streams' } },
    endpoint: { port: 'http', relabelings: named, ...withToken },
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
