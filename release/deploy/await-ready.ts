import { Permanent } from '#shared/errors';
import { type Checkout, versionsOf } from '../checkout.ts';
import type { Remote } from '../remote.ts';
import type { Cluster, Standing, Target } from './cluster.ts';
import { digestOf } from './digests.ts';
import { lookUntil, type Patience } from './look-until.ts';
import { digestsOf, toNewest } from './record.ts';

/** Of one function, once its image was pushed. */
export const PATIENCE: Patience = { everyMs: 5_000, limitMs: 600_000 };
/** Of the platform, whose image may still be built for both architectures. */
export const PLATFORM_PATIENCE: Patience = { everyMs: 15_000, limitMs: 1_800_000 };

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
  const missing = async () => notRunning(await cluster.look(target), digest);
  const last = await lookUntil({ patience, signal, missing });
  if (last === '') return;
  const { name, namespace } = target;
  throw new Permanent(
    'not-ready',
    `${name} in ${namespace} was not ready with ${digest} within ${patience.limitMs / 1000} s: ${last}`,
  );
}

/**
 * Waits until the cluster runs the platform in the version that the branch wants: its migration has made what a function of
 * the same merge reads.
 *
 * @throws Permanent `platform-not-ready`
 */
export async function awaitPlatform(options: {
  checkout: Checkout;
  remote: Remote;
  cluster: Cluster;
  target: Target;
  patience: Patience;
  signal: AbortSignal;
}): Promise<void> {
  const { checkout, remote, cluster, target, patience, signal } = options;
  const missing = async () => {
    await toNewest(checkout, remote);
    const version = (await versionsOf(checkout))[target.name];
    const entry = (await digestsOf(checkout))[target.name];
    if (version === undefined) return '';
    if (entry?.startsWith(`${version}@`) !== true) return `the image of ${version} is not pushed yet`;
    return notRunning(await cluster.look(target), digestOf(entry));
  };
  const last = await lookUntil({ patience, signal, missing });
  if (last === '') return;
  throw new Permanent(
    'platform-not-ready',
    `${target.name} in ${target.namespace} must be there first, and was not within ${patience.limitMs / 1000} s: ${last}`,
  );
}

/** @returns why not, or nothing */
function notRunning({ image, isReady, why }: Standing, digest: string): string {
  if (image?.endsWith(`@${digest}`) !== true) return `it runs ${image ?? 'nothing'}`;
  return isReady ? '' : why || 'it does not say why';
}
