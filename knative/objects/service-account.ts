import { type Component, labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';

/** A name for what a process may do (a cloud role binds to it); no process of ours speaks to Kubernetes. */
export function serviceAccount(name: string, component: Component): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name,
      labels: labels({ name, component }),
      annotations: beforeMigration,
    },
    automountServiceAccountToken: false,
  };
}
