import { document } from '../kubernetes/write-yaml.ts';
import type { Kustomization, Patch } from './kustomization.ts';

const HEADER = '# Generated from events.yaml and versions.yaml: npm run generate\n';

/** @param kind a component is a part that overlays take or leave */
export function writeKustomization(
  page: Kustomization,
  kind: 'Kustomization' | 'Component' = 'Kustomization',
): string {
  const { patches, ...rest } = page;
  return (
    HEADER +
    document({
      apiVersion: `kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`,
      kind,
      ...rest,
      // Within the page: a patch in a file of its own would look like a whole object.
      ...(patches === undefined ? {} : { patches: patches.map(written) }),
    })
  );
}

function written({ target, change }: Patch): object {
  if (change !== 'delete') return { target, patch: document(change) };
  const { kind, name } = target;
  const patch = document({ $patch: 'delete', apiVersion: 'v1', kind, metadata: { name } });
  return { target, patch };
}
