import { BROKER, CONFIG, NAMESPACE, namespaces } from '../installation.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';
import type { GeneratedConfigMap } from '../overlays/kustomization.ts';

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
export const settings = {
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
  // Of the production overlay; each overlay has its own.
  PUBLIC_URL: 'https://app.millrace.example',
  // An operator's own app, where links of notifications lead; empty: to a page of ours.
  APP_URL: '',
  TRUST_PROXY: 'true',
  LOG_LEVEL: 'info',
};

/** The ConfigMap of these settings, named after what is in it: pods with others are new pods. */
export function settingsMap(of: Readonly<Record<string, string>>): GeneratedConfigMap {
  return {
    name: CONFIG,
    literals: Object.entries(of).map(([name, value]) => `${name}=${value}`),
    options: { labels: { 'app.kubernetes.io/part-of': 'millrace' }, annotations: beforeMigration },
  };
}

/** Where kinds that Kustomize does not know name ConfigMaps and Secrets; an operator's secretGenerator is followed too. */
export const nameReferences = {
  nameReference: ['ConfigMap', 'Secret'].map((kind) => ({
    kind,
    version: 'v1',
    fieldSpecs: ['spec/template/spec', 'spec/job/spec/template/spec'].flatMap((pod) =>
      kind === 'ConfigMap'
        ? [place(pod, 'containers/envFrom/configMapRef/name')]
        : [place(pod, 'containers/envFrom/secretRef/name'), place(pod, 'volumes/secret/secretName')],
    ),
  })),
};

function place(pod: string, path: string): object {
  const kind = pod.startsWith('spec/job')
    ? { group: 'sinks.knative.dev', kind: 'JobSink' }
    : { group: 'serving.knative.dev', kind: 'Service' };
  return { path: `${pod}/${path}`, ...kind };
}
