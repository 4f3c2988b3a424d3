import type { Environment } from '../environments.ts';
import { BROKER, CONFIG, namespaces } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
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

/** Production on Knative's Broker for RabbitMQ; the cluster operator's RabbitMQ is called `rabbitmq`. */
export function rabbitmqOverlay({ namespace }: Environment): Kustomization {
  return {
    resources: ['../production'],
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
