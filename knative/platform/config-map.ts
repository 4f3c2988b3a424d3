import { BROKER, CONFIG, NAMESPACE, namespaces } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';

/**
 * The one place where a process may write; nothing there outlives its pod. Not a folder in it: that one would be made for
 * the keys that are mounted within, and be root's.
 */
export const DATA_DIR = '/tmp';

/** Where each class of Broker takes events. */
export const brokerUrl = {
  channel: (namespace: string) =>
    `http://broker-ingress.${namespaces.eventing}.svc.cluster.local/${namespace}/${BROKER}`,
  kafka: (namespace: string) =>
    `http://kafka-broker-ingress.${namespaces.eventing}.svc.cluster.local/${namespace}/${BROKER}`,
  rabbitmq: (namespace: string) => `http://${BROKER}-broker-ingress.${namespace}.svc.cluster.local`,
};

/** What every process is told. Knative sets PORT itself, and refuses a Service that does. */
export const configMap: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: CONFIG,
    labels: { 'app.kubernetes.io/part-of': 'millrace' },
    annotations: beforeMigration,
  },
  data: {
    HOST: '0.0.0.0',
    DATA_DIR,
    TRANSPORT: 'broker',
    BROKER_URL: brokerUrl.channel(NAMESPACE),
    OBJECTS: 's3',
    AWS_REGION: 'eu-central-1',
    INBOX_BUCKET: 'millrace-inbox',
    ARTIFACTS_BUCKET: 'millrace-artifacts',
    // Of AWS; a store that posts its notices (MinIO) has `webhook`.
    NOTICES: 'queue',
    TRUST_PROXY: 'true',
    LOG_LEVEL: 'info',
  },
};
