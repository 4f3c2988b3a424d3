import type { TopologyFunction } from '#shared/topology';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

/**
 * A Job starts by its own Trigger and nobody else. Enforced where Eventing has `authentication-oidc` alone, which must stay
 * off as long as whoever sends wake-ups has no token: the Broker would refuse them (docs/knative.md).
 */
export function eventPolicy({ name, profile }: TopologyFunction): KubernetesObject {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'EventPolicy',
    metadata: { name, labels: labels({ name, component: 'function', profile }) },
    spec: {
      to: [{ ref: { apiVersion: 'sinks.knative.dev/v1alpha1', kind: 'JobSink', name } }],
      from: [{ ref: { apiVersion: 'eventing.knative.dev/v1', kind: 'Trigger', name } }],
    },
  };
}
