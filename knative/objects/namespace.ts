import { NAMESPACE } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';

/** Pods that do not keep to the restricted Pod Security Standard are refused by the API server itself. */
export const namespace: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: NAMESPACE,
    labels: {
      'app.kubernetes.io/part-of': 'millrace',
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'latest',
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    },
    annotations: beforeMigration,
  },
};
