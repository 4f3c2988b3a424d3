import { NAMESPACE, namespaces, platform } from '../installation.ts';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Kustomization } from './kustomization.ts';

/** Streams of one pod at which another is welcome: each holds a socket and a few kilobytes. */
const STREAMS_A_POD = 2000;

/** Scales the Deployment of streams by what it is there for, where the cluster has KEDA. */
export const streamsScaler: KubernetesObject = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'streams', labels: labels({ name: 'streams', component: 'platform' }) },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'streams' },
    minReplicaCount: platform.streams.min,
    maxReplicaCount: platform.streams.max,
    cooldownPeriod: 600,
    // Prometheus away is no reason to have fewer.
    fallback: { failureThreshold: 3, replicas: platform.streams.max },
    triggers: [
      {
        type: 'prometheus',
        metadata: {
          serverAddress: `http://prometheus-operated.${namespaces.monitoring}:9090`,
          query: `sum(millrace_http_open_streams{app="streams",namespace="${NAMESPACE}"})`,
          threshold: String(STREAMS_A_POD),
        },
      },
    ],
  },
};

/**
 * KEDA makes an autoscaler of its own; two for one Deployment would fight. The query asks for the namespace of the
 * environment that this is put on: others in the cluster have streams too.
 */
export const kedaComponent: Kustomization = {
  resources: ['streams.yaml'],
  replacements: [
    {
      source: { kind: 'Namespace', fieldPath: 'metadata.name' },
      targets: [
        {
          select: { kind: 'ScaledObject', name: streamsScaler.metadata.name },
          fieldPaths: ['spec.triggers.0.metadata.query'],
          // Between the third quotation mark and the fourth.
          options: { delimiter: '"', index: 3 },
        },
      ],
    },
  ],
  patches: [{ target: { kind: 'HorizontalPodAutoscaler', name: 'streams' }, change: 'delete' }],
};
