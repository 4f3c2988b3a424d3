import type { Environment } from '../environments.ts';
import { BROKER, CONFIG, namespaces, PORT } from '../installation.ts';
import { selects } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { knative, ours, tcp } from '../network/peers.ts';
import { policy } from '../network/policy.ts';
import { brokerUrl } from '../platform/config-map.ts';
import type { Kustomization } from './kustomization.ts';

const CLASS = '/metadata/annotations/eventing.knative.dev~1broker.class';

/** Of wake-ups none need be kept for long: the ledger has what they tell of. */
export const kafkaSettings: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kafka-broker', labels: { 'app.kubernetes.io/part-of': 'millrace' } },
  data: {
    'default.topic.partitions': '12',
    'default.topic.replication.factor': '3',
    'default.topic.config.retention.ms': '3600000',
    'bootstrap.servers': 'kafka-bootstrap.kafka:9092',
  },
};

/** Production on Knative's Broker for Kafka. */
export function kafkaOverlay({ namespace }: Environment): Kustomization {
  return {
    resources: ['../production', 'settings.yaml'],
    namespace,
    patches: [
      {
        target: { kind: 'Broker', name: BROKER },
        change: [
          { op: 'replace', path: CLASS, value: 'Kafka' },
          {
            op: 'add',
            path: '/spec/config',
            value: { apiVersion: 'v1', kind: 'ConfigMap', name: kafkaSettings.metadata.name },
          },
        ],
      },
      address(brokerUrl.kafka(namespace)),
    ],
  };
}

const rabbitmqPods = { 'eventing.knative.dev/broker': BROKER };

/** This class runs its processes beside ours, where all is denied that nobody allows. */
export const rabbitmqNetwork: KubernetesObject = policy({
  name: 'rabbitmq-broker',
  pods: rabbitmqPods,
  ingress: [{ from: [ours({ 'app.kubernetes.io/part-of': 'millrace' })], ports: tcp(8080, 8443) }],
  egress: [
    { to: [{ namespaceSelector: {} }], ports: tcp(5671, 5672) },
    { to: knative, ports: tcp(80, 443, 8012, 8013, 8080, 8081, 8443, 8444) },
    { to: [ours(selects('scheduler'))], ports: tcp(PORT) },
  ],
});

/** And may be reached by them. */
export const toRabbitmq: KubernetesObject = policy({
  name: 'to-rabbitmq-broker',
  pods: { 'app.kubernetes.io/part-of': 'millrace' },
  egress: [{ to: [ours(rabbitmqPods)], ports: tcp(8080, 8443) }],
});

/** Production on Knative's Broker for RabbitMQ; the cluster operator's RabbitMQ is called `rabbitmq`. */
export function rabbitmqOverlay({ namespace }: Environment): Kustomization {
  return {
    resources: ['../production', 'network.yaml'],
    namespace,
    patches: [
      {
        target: { kind: 'Broker', name: BROKER },
        change: [
          { op: 'replace', path: CLASS, value: 'RabbitMQBroker' },
          {
            op: 'add',
            path: '/spec/config',
            value: {
              apiVersion: 'eventing.knative.dev/v1alpha1',
              kind: 'RabbitmqBrokerConfig',
              name: 'millrace',
              namespace: namespaces.eventing,
            },
          },
        ],
      },
      address(brokerUrl.rabbitmq(namespace)),
    ],
  };
}

const address = (value: string) => ({
  target: { kind: 'ConfigMap', name: CONFIG },
  change: [{ op: 'replace' as const, path: '/data/BROKER_URL', value }],
});
