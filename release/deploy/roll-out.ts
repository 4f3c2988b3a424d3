import { Permanent } from '#shared/errors';
import type { Checkout } from '../checkout.ts';
import type { Remote } from '../remote.ts';
import { awaitPlatform, awaitReady } from './await-ready.ts';
import type { Cluster, Target } from './cluster.ts';
import type { Patience } from './look-until.ts';
import { recordWanted } from './record.ts';

/** How a roll-out ended well. */
export type RolledOut = 'rolled-out' | 'superseded';

/**
 * Rolls one function, or the platform, out to the environment that follows the branch: what was pushed is written to Git,
 * the cluster follows, must become ready and answer the smoke test. Where it does not, Git names the release before again.
 *
 * @param digest of the pushed image, `sha256:…`
 * @param after what must be rolled out first: the platform, for whatever is not the platform itself
 * @returns `superseded` where the branch wants another version by now
 * @throws Permanent `rolled-back`, or `not-rolled-out` where there is nothing to go back to, with the reason;
 *   `platform-not-ready`, and nothing was changed
 */
export async function rollOut(options: {
  checkout: Checkout;
  remote: Remote;
  cluster: Cluster;
  target: Target;
  version: string;
  digest: string;
  patience: Patience;
  after?: { readonly target: Target; readonly patience: Patience } | undefined;
  signal: AbortSignal;
}): Promise<RolledOut> {
  const { checkout, remote, cluster, target, version, digest, patience, signal } = options;
  const { name, namespace } = target;
  const entry = `${version}@${digest}`;
  if (options.after !== undefined)
    await awaitPlatform({ checkout, remote, cluster, ...options.after, signal });
  let isWanted = true;
  const before = await recordWanted({
    checkout,
    remote,
    name,
    message: `chore(release): deploy ${name} ${version}\n\n${digest}`,
    change: (now) => {
      isWanted = now.version === version;
      return isWanted && now.digest !== entry ? { version, digest: entry } : undefined;
    },
  });
  if (!isWanted) return 'superseded';
  try {
    await awaitReady({ cluster, target, digest, patience, signal });
    await cluster.smoke(target);
    return 'rolled-out';
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // What was deployed already has nothing before it to go back to, and neither has a first release.
    const older = before?.digest;
    if (older === undefined)
      throw new Permanent('not-rolled-out', `${name} ${version} in ${namespace}: ${reason}`, { cause });
    const to = older.slice(0, older.indexOf('@'));
    const left = await recordWanted({
      checkout,
      remote,
      name,
      message: `chore(release): roll ${name} back to ${to}\n\n${reason}`,
      // A newer version that was merged meanwhile is on its way by itself.
      change: (now) =>
        now.digest === entry && now.version === version ? { version: to, digest: older } : undefined,
    });
    if (left === undefined)
      throw new Permanent('not-rolled-out', `${name} ${version} in ${namespace}: ${reason}`, { cause });
    throw new Permanent(
      'rolled-back',
      `${name} ${version} is rolled back to ${to} in ${namespace}: ${reason}`,
      { cause },
    );
  }
}
