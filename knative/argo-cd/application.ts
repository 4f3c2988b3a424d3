import type { Environment } from '../environments.ts';
import { namespaces } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { REPOSITORY } from './repository.ts';

/**
 * Keeps one environment as this repository says: what is gone from it goes, what somebody changed by hand comes back.
 * An upgrade is over when the smoke test (a PostSync hook of the overlay) has passed.
 */
export function application({ name, namespace, revision }: Environment): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: `millrace-${name}`,
      namespace: namespaces.argoCd,
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      project: `millrace-${name}`,
      source: { repoURL: REPOSITORY, targetRevision: revision, path: `knative/generated/overlays/${name}` },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true, allowEmpty: false },
        syncOptions: [
          'CreateNamespace=false',
          'ServerSideApply=true',
          'PruneLast=true',
          'PrunePropagationPolicy=foreground',
        ],
        retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
      },
      // Knative writes its own notes beside ours; the autoscaler decides how many pods stream.
      ignoreDifferences: [
        {
          group: 'serving.knative.dev',
          kind: 'Service',
          jqPathExpressions: [
            '.metadata.annotations."serving.knative.dev/creator"',
            '.metadata.annotations."serving.knative.dev/lastModifier"',
          ],
        },
        { group: 'apps', kind: 'Deployment', name: 'streams', jsonPointers: ['/spec/replicas'] },
      ],
    },
  };
}
