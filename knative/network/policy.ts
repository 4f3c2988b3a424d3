import type { KubernetesObject } from '../kubernetes/object.ts';
import { beforeMigration } from '../kubernetes/sync-wave.ts';

/** Which pods may be reached by whom, and may reach what. What no policy allows is denied, by {@link denyAll}. */
export function policy(options: {
  name: string;
  pods: Readonly<Record<string, string>> | 'all';
  ingress?: readonly object[];
  egress?: readonly object[];
}): KubernetesObject {
  const { name, pods, ingress, egress } = options;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/part-of': 'millrace' },
      annotations: beforeMigration,
    },
    spec: {
      podSelector: pods === 'all' ? {} : { matchLabels: pods },
      policyTypes: [
        ...(ingress === undefined ? [] : ['Ingress']),
        ...(egress === undefined ? [] : ['Egress']),
      ],
      ...(ingress === undefined ? {} : { ingress }),
      ...(egress === undefined ? {} : { egress }),
    },
  };
}
