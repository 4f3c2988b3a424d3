import type { Environment } from '../environments.ts';
import { namespaces } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { REPOSITORY } from './repository.ts';

const SERVER = 'https://kubernetes.default.svc';

/** What Argo CD may do for one environment: its own namespace, from this repository, and no right over the cluster. */
export function project({ name, namespace }: Environment): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: `millrace-${name}`, namespace: namespaces.argoCd },
    spec: {
      description: `Millrace, ${name}`,
      sourceRepos: [REPOSITORY],
      destinations: [{ server: SERVER, namespace }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      // Secrets come from the operator, never from Git.
      namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
      orphanedResources: { warn: true },
    },
  };
}
