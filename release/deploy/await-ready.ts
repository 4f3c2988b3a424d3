import { setTimeout as sleep } from 'node:timers/promises';
import { Permanent } from '#shared/errors';
import type { Cluster, Target } from './cluster.ts';

export interface Patience {
  /** Between two looks. */
  readonly everyMs: number;
  /** For one function to be there and ready. */
  readonly limitMs: number;
}

export const PATIENCE: Patience = { everyMs: 5_000, limitMs: 600_000 };

/**
 * Waits until the image of that digest is what the cluster runs, and it is ready.
 *
 * @param digest `sha256:…`
 * @throws Permanent `not-ready`, with what the cluster said last
 */
export async function awaitReady(options: {
  cluster: Cluster;
  target: Target;
  digest: string;
  patience: Patience;
  signal: AbortSignal;
}): Promise<void> {
  const { cluster, target, digest, patience, signal } = options;
  const looks = Math.max(1, Math.ceil(patience.limitMs / patience.everyMs));
  let last = '';
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await sleep(patience.everyMs, undefined, { signal });
    const { image, isReady, why } = await cluster.look(target);
    if (image?.endsWith(`@${digest}`) && isReady) return;
    last = image?.endsWith(`@${digest}`) ? why : `it runs ${image ?? 'nothing'}`;
  }
  const { name, namespace } = target;
  throw new Permanent(
    'not-ready',
    `${name} in ${namespace} was not ready with ${digest} within ${patience.limitMs / 1000} s: ${last}`,
  );
}
