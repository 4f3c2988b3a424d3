import { quantity } from '../kubernetes/quantity.ts';

/** The one place where a process may write. It has a size, so that one pod cannot fill its node. */
export function tmpVolume(bytes: number): object {
  return { name: 'tmp', emptyDir: { sizeLimit: quantity(bytes) } };
}

export const tmpMount = { name: 'tmp', mountPath: '/tmp' };

/**
 * Mode of files from Secrets. They are root's, and a Knative Service cannot say which group they are (fsGroup): what
 * others may not read, its process cannot. Nobody else is in the pod.
 */
export const READABLE = 0o444;
