import type { Topology } from '#shared/topology';
import type { KubernetesObject } from '../kubernetes/object.ts';

/** No more GPUs than all GPU functions may hold at once: a mistake elsewhere cannot take the rest of the cluster's. */
export function gpuQuota({ functions, profiles }: Topology): KubernetesObject {
  const most = functions.reduce((sum, { profile }) => {
    const { gpu = 0, scale } = profiles[profile] ?? {};
    return sum + gpu * (scale?.max ?? 0);
  }, 0);
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'gpus', labels: { 'app.kubernetes.io/part-of': 'millrace' } },
    spec: { hard: { 'requests.nvidia.com/gpu': String(most) } },
  };
}
