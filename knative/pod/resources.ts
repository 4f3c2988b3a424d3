import { quantity } from '../kubernetes/quantity.ts';

/** What a pod is given. Sizes in bytes, CPU as Kubernetes writes it. */
export interface PodFigures {
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly requests: { readonly cpu: string; readonly memoryBytes: number };
  readonly diskBytes: number;
  readonly tmpBytes: number;
  readonly gpu: number;
}

/** Requests and limits of a container. A GPU is not shared: both are the same. */
export function resources({ cpu, memoryBytes, requests, diskBytes, gpu }: PodFigures): object {
  const devices = gpu === 0 ? {} : { 'nvidia.com/gpu': String(gpu) };
  const disk = { 'ephemeral-storage': quantity(diskBytes) };
  return {
    requests: { cpu: requests.cpu, memory: quantity(requests.memoryBytes), ...disk, ...devices },
    limits: { cpu, memory: quantity(memoryBytes), ...disk, ...devices },
  };
}
