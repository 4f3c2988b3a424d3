import type { TopologyFunction } from '#shared/topology';
import { BROKER } from '../installation.ts';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { ClusterReady } from '../pod/figures.ts';
import { delivery } from './delivery.ts';
import { requestSeconds } from './request-time.ts';

/** A JobSink answers as soon as it has made the Job. */
const JOB_ANSWER_MS = 30_000;

/** Wakes one function. It filters on the extension `function` alone: who consumes what stands in the ledger. */
export function trigger({ fn, profile }: { fn: TopologyFunction; profile: ClusterReady }): KubernetesObject {
  const { name } = fn;
  const isJob = profile.run === 'job';
  return {
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: {
      name,
      labels: labels({ name, component: 'function', profile: fn.profile }),
      // The ledger knows the order; Kafka need not keep one.
      annotations: { 'kafka.eventing.knative.dev/delivery.order': 'unordered' },
    },
    spec: {
      broker: BROKER,
      filter: { attributes: { function: name } },
      subscriber: {
        ref: isJob
          ? { apiVersion: 'sinks.knative.dev/v1alpha1', kind: 'JobSink', name }
          : { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name },
      },
      delivery: delivery(isJob ? JOB_ANSWER_MS : requestSeconds(profile.timeoutMs) * 1000),
    },
  };
}
