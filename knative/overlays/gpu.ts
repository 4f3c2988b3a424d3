import type { Kustomization } from './kustomization.ts';

/**
 * Production on a cluster that has nodes with GPUs. The functions that need one stand here and not in the base: on any
 * other cluster their Jobs would wait for a node for ever.
 */
export function gpuOverlay(files: readonly string[], namespace: string): Kustomization {
  return { namespace, resources: ['../production', ...files] };
}
